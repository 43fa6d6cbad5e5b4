//! A scheduler as marks: a lane for each worker, queues with the numbers of those who wait, and what every worker has run.

use clock::Instant;
use schedulers::{Life, Machine, Stage, Worker};
use sim::Event;

use super::words::worker_of;
use crate::scene::{Align, Mark, Size, Slot, Span, State, at};

/// Colour and shape of a task.
pub(crate) fn state_of(life: Life) -> State {
    match life {
        Life::Ready => State::Waiting,
        Life::Running => State::Served,
        Life::Waiting => State::Neutral,
        Life::InCall => State::TimedOut,
        Life::Ended => State::Muted,
    }
}

/// Words of a figure.
pub(crate) fn words(x: f32, y: f32, text: impl Into<String>, align: Align, state: State) -> Mark {
    Mark::Text {
        at: at(x, y),
        text: text.into(),
        size: Size::Small,
        align,
        state,
    }
}

/// What a worker is at, in a word or two.
pub(crate) fn at_work(worker: &Worker) -> String {
    match (worker.stage(), worker.task()) {
        (Stage::Running, Some(task)) => format!("runs {task}"),
        (Stage::InCall, Some(task)) => format!("{task} is in a call"),
        (Stage::Deciding, _) if worker.searching() => "searches".to_owned(),
        (Stage::Deciding, _) => "decides".to_owned(),
        (Stage::Asking, _) => "waits for you".to_owned(),
        _ => "sleeps".to_owned(),
    }
}

/// A queue with the numbers of those who wait in it.
pub(crate) fn queue(
    x: f32,
    y: f32,
    width: f32,
    places: u32,
    tasks: impl Iterator<Item = u32>,
    state: State,
) -> Mark {
    let slot = |subject| Slot {
        state,
        left: 1.0,
        subject,
    };
    Mark::Slots {
        at: at(x, y),
        width,
        places,
        occupants: tasks.map(slot).collect(),
        numbered: true,
    }
}

/// What a worker ran between two moments, one span a turn, read from the log.
pub(crate) fn turns(worker: u32, events: &[Event], from: Instant, now: Instant) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut open = false;
    for event in events
        .iter()
        .filter(|event| worker_of(event) == Some(worker))
    {
        let runs =
            event.kind >= super::words::kind_of(schedulers::What::Runs(schedulers::Rule::RunNext));
        let calls = event.kind == super::words::kind_of(schedulers::What::EntersCall);
        // What ends a turn: waiting, stepping aside, being interrupted, a call and what becomes of it, the end.
        let stops = matches!(event.kind, 2..=8 | 13);
        if open && (runs || stops) {
            if let Some(last) = spans.last_mut() {
                last.to = event.at;
            }
            open = false;
        }
        if runs || calls {
            spans.push(Span {
                from: event.at,
                to: now,
                state: if runs { State::Served } else { State::TimedOut },
                height: 0.0,
                subject: Some(event.subject),
            });
            open = true;
        }
    }
    spans.retain(|span| span.to >= from);
    spans
}

/// A lane of what a worker has run.
pub(crate) fn lane(
    x: f32,
    y: f32,
    width: f32,
    (from, to, now): (Instant, Instant, Instant),
    spans: Vec<Span>,
    labelled: bool,
) -> Mark {
    Mark::Track {
        at: at(x, y),
        width,
        height: 1.1,
        from,
        to,
        now,
        spans,
        labelled,
    }
}

/// How many tasks fare so, as a number for counters and charts.
pub(crate) fn count(machine: &Machine, life: Life) -> f64 {
    f64::from(machine.count(life))
}
