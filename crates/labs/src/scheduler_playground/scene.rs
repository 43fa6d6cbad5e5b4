//! The lab as a scene: what each processor has run, above it what it ran in the recording, and how all tasks fare.

use core::time::Duration;

use clock::Instant;
use schedulers::Life;
use sim::Event;

use super::SchedulerPlayground;
use super::recording::Recording;
use crate::lab::{Counter, Frame, Lab};
use crate::scene::{Align, Mark, Scene, Span, State, at};
use crate::scheduling::picture::{lane, state_of, turns, words};
use crate::tape::Tape;

/// Height of the figure, in rows, and what of it the lanes take.
const ROWS: f32 = 13.4;
const LANES_ROWS: f32 = 9.6;
/// Rows of a lane at the most.
const EACH: f32 = 1.8;
/// Lanes of the recording, and of the model beside it, at the most.
const BESIDE: usize = 4;
/// Where lanes begin.
const LANES: f32 = 0.18;
/// Entries of the log that are looked at, and so many from before what is in sight, since a turn may have begun there.
const ENTRIES: usize = 30_000;
const BEFORE: usize = 300;
/// Cells of tasks.
const CELLS: usize = 2_000;

impl SchedulerPlayground {
    pub(super) fn show(&self, now: Instant, tape: &Tape) -> Frame {
        Frame {
            scene: Scene {
                rows: ROWS,
                marks: self.marks(now, tape.events()),
            },
            counters: self.counters(),
            summary: self.summary(),
        }
    }

    /// What of the run the lanes show.
    fn sight(&self, now: Instant) -> (Instant, Instant) {
        let micros = match self.params.window as u32 {
            0 => 100,
            1 => 1_000,
            2 => 10_000,
            3 => 100_000,
            _ => return (Instant::ZERO, Instant::ZERO + Self::length(&self.params)),
        };
        let length = Duration::from_micros(micros);
        let end = now.max(Instant::ZERO + length);
        (
            Instant::from_nanos(end.as_nanos() - length.as_nanos() as u64),
            end,
        )
    }

    fn marks(&self, now: Instant, events: &[Event]) -> Vec<Mark> {
        let machine = &self.desk.machine;
        let (from, to) = self.sight(now);
        let recorded = self
            .recording()
            .map_or(0, |recording| BESIDE.min(recording.workers as usize));
        let modelled = machine
            .workers()
            .len()
            .min(if recorded > 0 { BESIDE } else { 8 });
        let count = (recorded + modelled) as f32;
        let each = EACH.min(LANES_ROWS / count);
        let mut marks = Vec::new();
        let mut add = |nth: usize, name: String, spans: Vec<Span>, last: bool| {
            let y = each * (nth as f32 + 0.5);
            marks.push(words(0.0, y, name, Align::Left, State::Muted));
            marks.push(lane(LANES, y, 1.0 - LANES, (from, to, now), spans, last));
        };
        for worker in 0..recorded {
            let spans = self.recording().map_or_else(Vec::new, |recording| {
                ran(recording, worker as u32, from, now)
            });
            add(worker, format!("real {worker}"), spans, false);
        }
        let start = events.partition_point(|event| event.at < from);
        let start = start
            .saturating_sub(BEFORE)
            .max(events.len().saturating_sub(ENTRIES));
        let recent = &events[start..];
        for worker in 0..modelled {
            let mut spans = turns(worker as u32, recent, from, now);
            spans.iter_mut().for_each(|span| self.name(span));
            let name = if recorded > 0 { "model" } else { "P" };
            let last = worker + 1 == modelled;
            add(recorded + worker, format!("{name} {worker}"), spans, last);
        }
        marks.push(words(0.0, 11.9, "tasks", Align::Left, State::Muted));
        let tasks = machine.tasks();
        let latest = &tasks[tasks.len().saturating_sub(CELLS)..];
        marks.push(Mark::Cells {
            at: at(LANES, 11.2),
            width: 1.0 - LANES,
            height: 2.0,
            states: latest.iter().map(|task| state_of(task.life)).collect(),
            places: 0,
        });
        marks
    }

    /// A turn of the model gets the number that the task has in the recording, and is marked if it was not there.
    fn name(&self, span: &mut Span) {
        let Some(task) = span.subject.filter(|_| self.recording().is_some()) else {
            return;
        };
        let since = self.odd.partition_point(|&(at, _)| at < span.from);
        let mut then = self.odd[since..]
            .iter()
            .take_while(|(at, _)| *at == span.from);
        if then.any(|&(_, odd)| odd == task) {
            span.state = State::Rejected;
        }
        let task = &self.desk.machine.tasks()[task as usize];
        span.subject = Some(u32::from(task.program()));
    }

    fn counters(&self) -> Vec<Counter> {
        let machine = &self.desk.machine;
        let counter = |label, value: f64, unit, state| Counter {
            label,
            value: (value * 100.0).round() / 100.0,
            unit,
            state,
        };
        let count = |life| f64::from(machine.count(life));
        let mut counters = vec![
            counter("ready", count(Life::Ready), "", State::Waiting),
            counter("done", count(Life::Ended), "", State::Muted),
            counter("median", self.quantile(0.5), "ms", State::Served),
            counter(
                "99 of 100 within",
                self.quantile(0.99),
                "ms",
                State::TimedOut,
            ),
            counter("threads", f64::from(machine.threads()), "", State::Selected),
            counter("steals", f64::from(self.steals), "", State::Moved),
        ];
        if self.recording().is_some() {
            let share = 100.0 * f64::from(self.close) / f64::from(self.turns.max(1));
            counters.push(counter("turns as recorded", share, "%", State::Neutral));
        }
        counters
    }

    fn summary(&self) -> String {
        let machine = &self.desk.machine;
        format!(
            "{} tasks are done, {} can run and wait; 99 of 100 were done within {} ms.",
            machine.count(Life::Ended),
            machine.count(Life::Ready),
            self.quantile(0.99)
        )
    }
}

/// What a worker ran in the recording between two moments.
fn ran(recording: &Recording, worker: u32, from: Instant, now: Instant) -> Vec<Span> {
    let polls = &recording.polls;
    let start = polls.partition_point(|poll| poll.from < from);
    let end = polls.partition_point(|poll| poll.from <= now);
    let start = start
        .saturating_sub(BEFORE)
        .max(end.saturating_sub(ENTRIES));
    (polls[start..end].iter())
        .filter(|poll| poll.worker == worker && poll.to >= from)
        .map(|poll| Span {
            from: poll.from,
            to: poll.to.min(now),
            state: State::Served,
            height: 0.0,
            subject: Some(poll.task),
        })
        .collect()
}
