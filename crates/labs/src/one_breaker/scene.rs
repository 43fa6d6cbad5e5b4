//! What the one-breaker lab shows at a moment: calls on their way, the wait, and the window as the breaker counts it.

use core::time::Duration;

use circuit_breaker::{Breaker as _, Bucket, State as Breaker, Window};
use clock::{Instant, NANOS_PER_SEC};

use super::OneBreaker;
use crate::breaking::Pending;
use crate::breaking::picture::{colour, words};
use crate::breaking::words::{ADMITTED, FAILED, REFUSED, SUCCEEDED, TIMED_OUT, percent};
use crate::lab::{Counter, Frame};
use crate::scene::{Align, At, Dot, Mark, NodeKind, Scene, Size, State, Wedge, at};
use crate::tape::Tape;

const ROWS: f32 = 17.2;
/// A call is drawn on its way for this long before the breaker is asked, and a reply for as long on each pipe.
const TRAVEL: Duration = Duration::from_millis(400);
/// Middle of the nodes; calls go out above it, and replies come back below.
const NODES: f32 = 3.9;
const OUT: f32 = NODES - 0.75;
const BACK: f32 = NODES + 0.75;
const CALLERS: f32 = 0.08;
const BREAKER: f32 = 0.47;
const BACKEND: f32 = 0.92;
/// Half the height of callers and backend, and of the breaker around its window.
const RADIUS: f32 = 1.9;
const AROUND: f32 = 3.7;
/// The window: a ring on which the seconds go round.
const RING: f32 = 3.2;
/// hystrix-go looks at the second that runs and at ten before it.
const SECONDS: u64 = 11;
/// A bucket fills its piece of the ring with so many calls, or with the most there are if that is more.
const MOST: u64 = 8;
/// First lines of the gauges for the errors and for the wait, and how far below the gauge is.
const ERRORS: f32 = 9.9;
const WAIT: f32 = 12.4;
const BELOW: f32 = 0.85;
/// First line of what is said about the latest change.
const CHANGE: f32 = 15.2;

impl OneBreaker {
    pub(super) fn show(&self, now: Instant, tape: &Tape) -> Frame {
        let window = self.caller.breaker.window(now);
        Frame {
            summary: self.summary(now, &window),
            counters: self.counters(),
            scene: Scene {
                rows: ROWS,
                marks: self.marks(now, &window, tape),
            },
        }
    }

    fn counters(&self) -> Vec<Counter> {
        let counter = |label, value: u32, state| Counter {
            label,
            value: f64::from(value),
            unit: "",
            state,
        };
        let caller = &self.caller;
        vec![
            counter("reached backend", caller.count(ADMITTED), State::Neutral),
            counter("of them in trouble", self.in_trouble, State::Neutral),
            counter("failed", caller.errors(), State::Rejected),
            counter("refused", caller.count(REFUSED), State::Rejected),
        ]
    }

    fn summary(&self, now: Instant, window: &Window) -> String {
        let (caller, state) = (&self.caller, self.caller.breaker.state(now));
        let Window {
            calls, failures, ..
        } = window;
        let (reached, refused) = (caller.count(ADMITTED), caller.count(REFUSED));
        let mut text = format!(
            "At {now} the breaker is {state}, with {failures} errors against {calls} calls in its window; {reached} calls have reached the backend, {refused} were refused."
        );
        if let Some(change) = &caller.latest {
            let told = change.to_string();
            text.push_str(" Latest change, at ");
            text.push_str(&change.at.to_string());
            text.push_str(": ");
            text.push_str(&told);
            text.push('.');
        }
        text
    }

    fn marks(&self, now: Instant, window: &Window, tape: &Tape) -> Vec<Mark> {
        let mut marks = self.pipes(now, tape);
        self.nodes(now, &mut marks);
        marks.push(ring(now, window));
        let share = format!("{} %", percent(window.failures, window.calls));
        for (y, text) in [(NODES - 0.35, &*share), (NODES + 0.6, "errors")] {
            let state = self.weight(window);
            marks.push(words(BREAKER, y, text, Align::Centre, state));
        }
        self.errors(window, &mut marks);
        self.wait(now, &mut marks);
        self.change(&mut marks);
        marks
    }

    fn nodes(&self, now: Instant, marks: &mut Vec<Mark>) {
        let caller = &self.caller;
        let state = caller.breaker.state(now);
        let trying = caller.pending.iter().any(Pending::is_trial);
        let rate = format!("{}/s", self.params.rate);
        let (backend, trouble) = match self.trouble {
            None => ("backend, well".to_owned(), State::Neutral),
            Some(trouble) => {
                let percent = (trouble.share * 100.0).round();
                (format!("backend, {percent} % errors"), State::Rejected)
            }
        };
        let told = if trying {
            "trial under way"
        } else {
            state.word()
        };
        let (client, server) = (NodeKind::Client, NodeKind::Server);
        let breaker = colour(state);
        marks.extend([
            node(CALLERS, client, RADIUS, rate, "callers", State::Neutral),
            node(BREAKER, server, AROUND, String::new(), "", breaker),
            Mark::Text {
                at: at(BREAKER, NODES + AROUND + 0.95),
                text: told.into(),
                size: Size::Body,
                align: Align::Centre,
                state: breaker,
            },
            node(
                BACKEND,
                server,
                RADIUS,
                caller.pending.len().to_string(),
                &backend,
                trouble,
            ),
        ]);
    }

    fn pipes(&self, now: Instant, tape: &Tape) -> Vec<Mark> {
        let due = self.next.into_iter().chain(self.arrivals.clone());
        let coming = due.take_while(|&at| at < now + TRAVEL);
        let coming = coming.zip(self.calls + 1..).map(|(at, call)| {
            let left = at.since(now).as_secs_f64() / TRAVEL.as_secs_f64();
            dot(1.0 - left, State::Neutral, call)
        });
        let pending = self.caller.pending.iter().map(|call| {
            let state = if call.is_trial() {
                State::Moved
            } else {
                State::Waiting
            };
            dot(call.progress(now), state, call.call)
        });
        let (near, far) = replies(now, tape);
        vec![
            pipe(at(0.15, OUT), at(BREAKER - 0.06, OUT), coming.collect()),
            pipe(at(BREAKER + 0.06, OUT), at(0.86, OUT), pending.collect()),
            pipe(at(0.86, BACK), at(BREAKER + 0.06, BACK), far),
            pipe(at(BREAKER - 0.06, BACK), at(0.15, BACK), near),
        ]
    }

    /// How long until a trial.
    fn wait(&self, now: Instant, marks: &mut Vec<Mark>) {
        let breaker = &self.caller.breaker;
        let waits = breaker.state(now) != Breaker::Closed;
        let left = breaker
            .next_deadline()
            .filter(|_| waits)
            .map(|at| at.since(now));
        let sleep = self.params.sleep;
        let (text, state) = match left {
            Some(left) if left.is_zero() => ("the next call is a trial".into(), State::Moved),
            Some(left) => {
                let left = left.as_secs_f64();
                (format!("next trial in {left:.1} s"), State::Rejected)
            }
            None if waits => ("waits for its trial".into(), State::Moved),
            None => (format!("sleep window {sleep} s"), State::Muted),
        };
        let share = left.map_or(0.0, |left| left.as_secs_f64() / sleep);
        marks.push(words(0.0, WAIT, text, Align::Left, state));
        marks.push(Mark::Bar {
            at: at(0.0, WAIT + BELOW),
            width: 1.0,
            share: share as f32,
            state: State::Rejected,
        });
    }

    /// How the share of errors is told: it counts once there are calls enough, and is bad from the threshold on.
    fn weight(&self, window: &Window) -> State {
        let share = percent(window.failures, window.calls);
        match window.calls as f64 >= self.params.volume {
            true if share >= self.params.percent => State::Rejected,
            true => State::Neutral,
            false => State::Muted,
        }
    }

    /// The share of errors, and from where on it opens.
    fn errors(&self, window: &Window, marks: &mut Vec<Mark>) {
        let text = format!("of {} calls in its window", window.calls);
        let limit = format!(
            "opens at {} %, {} calls",
            self.params.percent, self.params.volume
        );
        marks.push(words(0.0, ERRORS, text, Align::Left, State::Muted));
        marks.push(words(1.0, ERRORS, limit, Align::Right, State::Selected));
        marks.push(Mark::Bar {
            at: at(0.0, ERRORS + BELOW),
            width: 1.0,
            share: percent(window.failures, window.calls) as f32 / 100.0,
            state: State::Rejected,
        });
    }

    /// The latest change of state and its cause, a line for each part.
    fn change(&self, marks: &mut Vec<Mark>) {
        let Some(change) = &self.caller.latest else {
            return;
        };
        let told = change.to_string();
        let (state, cause) = told.split_once(": ").unwrap_or((&told, ""));
        let first = [&change.at.to_string(), ": ", state].concat();
        let state = colour(change.to);
        marks.push(words(0.0, CHANGE, first, Align::Left, state));
        // The second part says what the figure shows anyway: the threshold.
        let cause = cause
            .split_once(", the threshold")
            .map_or(cause, |(counts, _)| counts);
        let text = match change.call {
            Some(call) if change.to == Breaker::Open => format!("call {call}: {cause}"),
            _ => cause.to_owned(),
        };
        marks.push(words(0.0, CHANGE + 1.0, text, Align::Left, State::Neutral));
    }
}

/// What the breaker counts: a piece of the ring for each second, errors at the hole and good calls on top of them.
///
/// A second keeps its place on the ring until the present comes round to it.
fn ring(now: Instant, window: &Window) -> Mark {
    let turns = |at: Instant| {
        let (turn, within) = (SECONDS * NANOS_PER_SEC, at.as_nanos());
        ((within % turn) as f64 / turn as f64) as f32
    };
    let size = |bucket: &Bucket| bucket.failures + good(bucket);
    let most = window.buckets.iter().map(size).max().unwrap_or(0);
    let most = most.max(MOST) as f32;
    let mut wedges = Vec::new();
    for bucket in &window.buckets {
        let Some(began) = bucket.from else { continue };
        let from = turns(began);
        let mut inner = 0.0;
        let parts = [
            (bucket.failures, State::Rejected),
            (good(bucket), State::Served),
        ];
        for (count, state) in parts.into_iter().filter(|part| part.0 > 0) {
            let outer = inner + count as f32 / most;
            wedges.push(Wedge {
                from,
                to: from + 1.0 / SECONDS as f32,
                inner,
                outer,
                state,
            });
            inner = outer;
        }
    }
    Mark::Ring {
        at: at(BREAKER, NODES),
        radius: RING,
        wedges,
        now: turns(now),
    }
}

/// Calls that count as good; none where hystrix-go remembers errors longer than their calls.
fn good(bucket: &Bucket) -> u64 {
    bucket.calls.saturating_sub(bucket.failures)
}

/// Replies on their way between the breaker and the callers, and between the backend and the breaker.
fn replies(now: Instant, tape: &Tape) -> (Vec<Dot>, Vec<Dot>) {
    let (mut near, mut far) = (Vec::new(), Vec::new());
    let events = tape.events();
    let first = events.partition_point(|event| event.at + TRAVEL * 2 <= now);
    for event in &events[first..] {
        let (state, answered) = match event.kind {
            SUCCEEDED => (State::Served, true),
            FAILED => (State::Rejected, true),
            TIMED_OUT => (State::TimedOut, false),
            REFUSED => (State::Rejected, false),
            _ => continue,
        };
        let way = now.since(event.at).as_secs_f64() / TRAVEL.as_secs_f64();
        // An answer comes from the backend; a refusal, or a time that is up, only from here.
        let rest = if answered { way - 1.0 } else { way };
        if answered && way <= 1.0 {
            far.push(dot(way, state, event.subject));
        } else if (0.0..=1.0).contains(&rest) {
            near.push(dot(rest, state, event.subject));
        }
    }
    (near, far)
}

fn dot(progress: f64, state: State, subject: u32) -> Dot {
    Dot {
        progress: progress as f32,
        state,
        subject,
    }
}

fn pipe(from: At, to: At, dots: Vec<Dot>) -> Mark {
    Mark::Pipe { from, to, dots }
}

fn node(x: f32, kind: NodeKind, radius: f32, label: String, caption: &str, state: State) -> Mark {
    Mark::Node {
        at: at(x, NODES),
        kind,
        radius,
        label,
        caption: caption.into(),
        state,
    }
}
