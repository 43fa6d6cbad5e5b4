//! One breaker in front of one backend, call by call: what it counts, which call trips it, how long it refuses, and what a trial does.

mod scene;
mod settings;

use core::time::Duration;

use circuit_breaker::Breaker as _;
use clock::Instant;
use sim::{ArrivalStream, Arrivals, Event, EventId, EventQueue, Rng};

use crate::breaking::words::{self, ADMITTED, REFUSED};
use crate::breaking::{Call, Caller};
use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::tape::Tape;

use settings::{ACTIONS, CHARTS, FAILS, KINDS, KNOBS, Params, WELL};

/// The charts get a point this often.
const SAMPLE: Duration = Duration::from_millis(100);
/// How long the reader's action breaks the backend.
const BROKEN: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug)]
enum Due {
    /// The next call is wanted.
    Call,
    /// The answer to a call is there, or its time is up.
    Answer(u32),
    /// The backend begins to fail.
    Begins,
    /// It is well again, if this is what the latest trouble ends with.
    Ends,
    /// The charts get a point.
    Sample,
}

/// What is wrong with the backend.
#[derive(Clone, Copy, Debug)]
struct Trouble {
    /// Share of errors, 0 to 1.
    share: f64,
    until: Instant,
    entry: EventId,
}

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct OneBreaker {
    params: Params,
    caller: Caller,
    arrivals: ArrivalStream,
    /// When the next call is wanted.
    next: Option<Instant>,
    /// Drawn for every call, refused or not: so no knob of the breaker changes another call's fate.
    fates: Rng,
    latencies: Rng,
    queue: EventQueue<Due>,
    calls: u32,
    trouble: Option<Trouble>,
    /// Calls that reached the backend while it was in trouble.
    in_trouble: u32,
}

impl Lab for OneBreaker {
    type Params = Params;

    const ABOUT: About = About {
        id: "one-breaker",
        title: "One breaker, step by step",
        summary: "Ten seconds of good calls outvote the errors: what the breaker counts, which call trips it, and who is refused after that.",
        section: "4.2b",
        subject: "Call",
        duration: Duration::from_secs(30),
        poster: Duration::from_millis(14_500),
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = ACTIONS;
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        let steady = Arrivals::Poisson {
            per_second: params.rate,
        };
        let mut arrivals = steady.start(Rng::stream(seed, "calls"));
        let next = arrivals.next();
        let mut queue = EventQueue::new();
        if params.lasts > 0.0 {
            queue.push(Instant::from_secs_f64(params.begins), Due::Begins);
        }
        if let Some(at) = next {
            queue.push(at, Due::Call);
        }
        queue.push(Instant::ZERO + SAMPLE, Due::Sample);
        Self {
            caller: Caller::new(params.breaker(), 0, Some(params.time_out())),
            params: params.clone(),
            arrivals,
            next,
            fates: Rng::stream(seed, "fates"),
            latencies: Rng::stream(seed, "latencies"),
            queue,
            calls: 0,
            trouble: None,
            in_trouble: 0,
        }
    }

    fn next_at(&self) -> Option<Instant> {
        self.queue.next_at()
    }

    fn step(&mut self, tape: &mut Tape) {
        let Some((now, due)) = self.queue.pop() else {
            return;
        };
        match due {
            Due::Call => self.call(now, tape),
            Due::Answer(call) => self.caller.answer(now, call, tape),
            Due::Begins => {
                let lasts = Duration::from_secs_f64(self.params.lasts);
                self.fail(now, self.params.errors, lasts, tape);
            }
            Due::Ends => self.recover(now, tape),
            Due::Sample => self.sample(now, tape),
        }
    }

    fn act(&mut self, now: Instant, _action: usize, tape: &mut Tape) {
        self.fail(now, 100.0, BROKEN, tape);
    }

    fn frame(&self, now: Instant, tape: &Tape) -> Frame {
        self.show(now, tape)
    }

    fn source(kind: u16) -> Option<&'static str> {
        Some(match kind {
            FAILS | WELL => "crates/labs/src/one_breaker/mod.rs:call",
            kind => words::source(kind),
        })
    }

    fn describe(event: &Event) -> String {
        match event.kind {
            FAILS => format!(
                "{} % of the calls fail for {} s",
                event.subject, event.value
            ),
            WELL => "every call succeeds again".to_owned(),
            kind => words::describe(kind, event.subject, event.value),
        }
    }
}

impl OneBreaker {
    // ANCHOR: call
    /// The next call asks the breaker; what the backend would make of it hangs on the call and the time alone.
    fn call(&mut self, now: Instant, tape: &mut Tape) {
        self.calls += 1;
        let (fate, spread) = (self.fates.unit(), self.latencies.unit());
        let share = self.trouble.map_or(0.0, |trouble| trouble.share);
        let takes = self.params.latency_ms / 1e3 * (0.5 + spread);
        let call = Call {
            number: self.calls,
            at: now,
            takes: Duration::from_secs_f64(takes),
            good: fate >= share,
        };
        if let Some(due) = self.caller.ask(call, None, tape) {
            self.queue.push(due, Due::Answer(call.number));
            self.in_trouble += u32::from(self.trouble.is_some());
        }
        self.next = self.arrivals.next();
        if let Some(at) = self.next {
            self.queue.push(at, Due::Call);
        }
    }
    // ANCHOR_END: call

    fn fail(&mut self, now: Instant, percent: f64, lasts: Duration, tape: &mut Tape) {
        let until = now + lasts;
        let entry = tape.event(Event {
            at: now,
            cause: None,
            kind: FAILS,
            subject: percent as u32,
            value: lasts.as_secs_f64(),
        });
        self.trouble = Some(Trouble {
            share: percent / 100.0,
            until,
            entry,
        });
        self.queue.push(until, Due::Ends);
    }

    fn recover(&mut self, now: Instant, tape: &mut Tape) {
        // A later trouble may have taken the place of the one that ends here.
        let Some(trouble) = self.trouble.take_if(|trouble| trouble.until <= now) else {
            return;
        };
        tape.event(Event {
            at: now,
            cause: Some(trouble.entry),
            kind: WELL,
            subject: 0,
            value: 0.0,
        });
    }

    /// Entries of this kind in the last second.
    fn recent(now: Instant, tape: &Tape, wanted: u16) -> usize {
        let events = tape.events();
        let first = events.partition_point(|event| event.at + Duration::from_secs(1) <= now);
        let recent = events[first..].iter();
        recent.filter(|event| event.kind == wanted).count()
    }

    fn sample(&mut self, now: Instant, tape: &mut Tape) {
        let window = self.caller.breaker.window(now);
        tape.sample(0, now, words::percent(window.failures, window.calls));
        tape.sample(1, now, self.params.percent);
        for (line, kind) in [(2, ADMITTED), (3, REFUSED)] {
            let count = Self::recent(now, tape, kind);
            tape.sample(line, now, count as f64);
        }
        self.queue.push(now + SAMPLE, Due::Sample);
    }
}
