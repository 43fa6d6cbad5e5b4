//! What the three-breakers lab shows at a moment: the calls, a lane for each library, and where they differ, all on one time axis.

use core::time::Duration;

use circuit_breaker::{Breaker as _, State as Breaker};
use clock::Instant;

use super::settings::{DIFFER, DIFFER_FIRST, NAMES};
use super::{ThreeBreakers, of_lane};
use crate::bars::tick;
use crate::breaking::Caller;
use crate::breaking::picture::{colour, words};
use crate::breaking::words::{
    ADMITTED, CLOSES, FAILED, HALF_OPENS, OPENS, REFUSED, SUCCEEDED, TIMED_OUT,
};
use crate::lab::{Counter, Frame};
use crate::scene::{Align, Mark, Scene, Size, Span, State, at};
use crate::tape::Tape;

const ROWS: f32 = 22.4;
/// Tracks fill the figure up to here; the counts stand beside them.
const TRACK: f32 = 0.8;
const COUNTS: f32 = 0.83;
/// Middle of the calls' track.
const CALLS: f32 = 2.0;
/// First line of the first lane, and the distance of two lanes.
const FIRST: f32 = 4.0;
const APART: f32 = 4.9;
/// Line of the heading for what they differ in.
const DIFFERS: f32 = FIRST + 3.0 * APART + 0.4;

/// The stretch of time the tracks show.
struct Axis {
    from: Instant,
    to: Instant,
    now: Instant,
}

/// What a lane's tracks show: the states it was in, and what became of each call.
struct Past {
    states: Vec<Span>,
    calls: Vec<Span>,
    /// When the state began that has not ended yet, and its colour.
    since: Instant,
    state: State,
    /// Trials, marked on the state, as an open circuit of hystrix-go has no other for them.
    trials: Vec<Span>,
}

impl ThreeBreakers {
    pub(super) fn show(&self, now: Instant, tape: &Tape) -> Frame {
        Frame {
            scene: Scene {
                rows: ROWS,
                marks: self.marks(now, tape),
            },
            counters: self.counters(),
            summary: self.summary(now),
        }
    }

    fn counters(&self) -> Vec<Counter> {
        let counter = |label, value: u32, state| Counter {
            label,
            value: f64::from(value),
            unit: "",
            state,
        };
        let passed = |lane: usize| self.lanes[lane].count(ADMITTED);
        vec![
            counter("calls", self.made, State::Neutral),
            counter("decisions that differ", self.differed, State::Moved),
            counter(NAMES[0], passed(0), State::Neutral),
            counter(NAMES[1], passed(1), State::Neutral),
            counter(NAMES[2], passed(2), State::Neutral),
        ]
    }

    fn summary(&self, now: Instant) -> String {
        let (made, differed) = (self.made, self.differed);
        let mut text = format!("At {now}, of {made} calls, they differ on {differed}.");
        for (lane, name) in self.lanes.iter().zip(NAMES) {
            let (state, passed) = (lane.breaker.state(now), lane.count(ADMITTED));
            text.push_str(&format!(" {name} is {state} and has let {passed} through"));
            if let Some(change) = &lane.latest {
                text.push_str("; at ");
                text.push_str(&change.at.to_string());
                text.push(' ');
                text.push_str(&change.to_string());
            }
            text.push('.');
        }
        text
    }

    fn marks(&self, now: Instant, tape: &Tape) -> Vec<Mark> {
        // It stands still until the present is a second from its end.
        let from = now - (self.view - Duration::from_secs(1));
        let to = from + self.view;
        let axis = Axis { from, to, now };
        let calls = self.calls.iter().map(|call| {
            let state = match (call.at > now, call.good) {
                (true, _) => State::Muted,
                (false, true) => State::Served,
                (false, false) => State::Rejected,
            };
            let height = if call.good { 1.0 } else { -1.0 };
            Span {
                height,
                ..tick(call.at, state)
            }
        });
        let heading = "calls, up if they would succeed";
        let mut marks = vec![
            words(0.0, 0.6, heading, Align::Left, State::Neutral),
            track(CALLS, 1.4, &axis, calls.collect(), false),
        ];
        for (index, lane) in self.lanes.iter().enumerate() {
            let y = FIRST + APART * index as f32;
            lane_marks(index, lane, y, &axis, tape, &mut marks);
        }
        let events = tape.events().iter();
        let differ = events.filter(|event| matches!(event.kind, DIFFER | DIFFER_FIRST));
        let differ = differ.map(|event| tick(event.at, State::Moved)).collect();
        let heading = "decisions on which they differ";
        marks.push(words(0.0, DIFFERS, heading, Align::Left, State::Neutral));
        marks.push(track(DIFFERS + 1.3, 1.0, &axis, differ, true));
        marks.push(Mark::Tray {
            at: at(COUNTS, DIFFERS + 1.3),
            count: self.differed.into(),
            label: "",
            state: State::Moved,
        });
        marks
    }
}

fn lane_marks(
    index: usize,
    lane: &Caller,
    y: f32,
    axis: &Axis,
    tape: &Tape,
    marks: &mut Vec<Mark>,
) {
    let now = axis.now;
    let past = past(index, tape, now);
    let state = lane.breaker.state(now);
    let mut told = state.word().to_owned();
    if let Some(change) = &lane.latest {
        told = format!("{told} since {:.2} s", change.at.as_secs_f64());
    }
    marks.push(Mark::Text {
        at: at(0.0, y),
        text: NAMES[index].into(),
        size: Size::Body,
        align: Align::Left,
        state: State::Neutral,
    });
    marks.push(words(TRACK, y, told, Align::Right, colour(state)));
    marks.push(track(y + 1.1, 0.7, axis, past.states, false));
    marks.push(track(y + 2.6, 1.7, axis, past.calls, false));
    let tray = |y, kind, state| Mark::Tray {
        at: at(COUNTS, y),
        count: lane.count(kind).into(),
        label: "",
        state,
    };
    marks.push(tray(y + 2.1, ADMITTED, State::Served));
    marks.push(tray(y + 3.1, REFUSED, State::Rejected));
}

/// Reads a lane's past from the log.
fn past(index: usize, tape: &Tape, now: Instant) -> Past {
    let mut past = Past {
        states: Vec::new(),
        calls: Vec::new(),
        since: Instant::ZERO,
        state: State::Served,
        trials: Vec::new(),
    };
    for event in tape.events() {
        let Some((lane, kind)) = of_lane(event.kind) else {
            continue;
        };
        if lane != index {
            continue;
        }
        let after = match kind {
            OPENS => Breaker::Open,
            HALF_OPENS => Breaker::HalfOpen,
            CLOSES => Breaker::Closed,
            _ => {
                past.call(kind, event.at, event.subject);
                continue;
            }
        };
        past.end(event.at);
        past.state = colour(after);
    }
    past.end(now);
    past.states.append(&mut past.trials);
    past.calls.push(tick(now, State::Selected));
    past
}

impl Past {
    /// The state lasted until `at`.
    fn end(&mut self, at: Instant) {
        self.states.push(Span {
            to: at,
            ..tick(self.since, self.state)
        });
        self.since = at;
    }

    /// What became of a call: upwards if it was let through, downwards if not.
    fn call(&mut self, kind: u16, at: Instant, call: u32) {
        let state = match kind {
            ADMITTED => State::Waiting,
            SUCCEEDED => State::Served,
            FAILED | REFUSED => State::Rejected,
            TIMED_OUT => State::TimedOut,
            _ => {
                self.trials.push(tick(at, State::Moved));
                return;
            }
        };
        if matches!(kind, ADMITTED | REFUSED) {
            let height = if kind == ADMITTED { 1.0 } else { -1.0 };
            self.calls.push(Span {
                height,
                subject: Some(call),
                ..tick(at, state)
            });
        } else if let Some(span) = self
            .calls
            .iter_mut()
            .rfind(|span| span.subject == Some(call))
        {
            span.state = state;
        }
    }
}

fn track(y: f32, height: f32, axis: &Axis, spans: Vec<Span>, labelled: bool) -> Mark {
    Mark::Track {
        at: at(0.0, y),
        width: TRACK,
        height,
        from: axis.from,
        to: axis.to,
        // The present is a tick elsewhere: its knob would cover the words above.
        now: if labelled { axis.now } else { Instant::MAX },
        spans,
        labelled,
    }
}
