//! One customer's retry loop against a bucket for all, a bucket for each key, and both: who is still served.

mod limiters;
mod measure;
mod scene;
mod settings;
mod sources;
mod words;

use core::time::Duration;

use clock::Instant;
use sim::{Event, EventId, EventQueue, Rng};

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::tape::Tape;

use limiters::{BOTH, FIRST_ROTATED, Limiters, ONE, PER_KEY};
use measure::Recent;
pub(crate) use settings::Params;
use settings::{LOOP_LASTS, LOOP_STARTS, LOOPS_MAX, MORE_GREEDY};
use sources::{Greedy, Source};
use words::{
    ADMITS, ARRIVAL, ARRIVAL_NEW_KEY, BOTH_BY_KEY, BOTH_BY_SHARED, FORGOTTEN, FULL, KEY_REJECTS,
    ONE_REJECTS, ROTATES, STARTS, STOPS,
};

#[cfg(test)]
pub(crate) use limiters::BYTES_PER_KEY;
#[cfg(test)]
pub(crate) use measure::jain;

/// A request is in sight for this long before it arrives.
const APPROACH: Duration = Duration::from_millis(600);
/// The charts get a point this often.
const SAMPLE: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug)]
enum Due {
    /// The next request of a quiet customer arrives.
    Quiet,
    /// The loop with this number begins, sends its next request, or ends.
    Starts(usize),
    Greedy(usize),
    Stops(usize),
    /// The charts get a point.
    Sample,
}

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct FairnessByKey {
    params: Params,
    seed: u64,
    limiters: Limiters,
    quiet: Source,
    /// Which quiet customer sends the next request.
    who: Rng,
    greedy: Vec<Greedy>,
    queue: EventQueue<Due>,
    /// Requests given a number so far.
    requests: u32,
    /// Greedy customers use a new key for each request.
    rotating: bool,
    /// The entry that says so, if it was the reader's wish.
    rotated: Option<EventId>,
    /// Keys used for one request so far.
    new_keys: u32,
    /// A key had to go already.
    full: bool,
}

impl Lab for FairnessByKey {
    type Params = Params;

    const ABOUT: About = About {
        id: "fairness-by-key",
        title: "Fairness by key",
        summary: "One customer's retry loop takes the bucket that all share; a bucket for each key stops it, until it rotates its keys.",
        section: "4.2a",
        subject: "Request",
        duration: Duration::from_secs(30),
        poster: Duration::from_secs(12),
    };
    const KNOBS: &'static [Knob<Params>] = settings::KNOBS;
    const ACTIONS: &'static [Action] = settings::ACTIONS;
    const KINDS: &'static [Kind] = words::KINDS;
    const CHARTS: &'static [Chart] = settings::CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        let quiet = Source::quiet(params, seed);
        let starts = Instant::ZERO + LOOP_STARTS;
        let mut queue = EventQueue::new();
        if let Some(at) = quiet.next() {
            queue.push(at, Due::Quiet);
        }
        queue.push(starts, Due::Starts(0));
        queue.push(Instant::ZERO + SAMPLE, Due::Sample);
        Self {
            params: params.clone(),
            seed,
            limiters: Limiters::new(params),
            quiet,
            who: Rng::stream(seed, "who"),
            greedy: vec![Greedy::new(params, seed, 0, starts)],
            queue,
            requests: 0,
            rotating: params.rotate,
            rotated: None,
            new_keys: 0,
            full: false,
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
            Due::Quiet => self.quiet_request(now, tape),
            Due::Starts(nth) => self.start(nth, now, tape),
            Due::Greedy(nth) => self.greedy_request(nth, now, tape),
            Due::Stops(nth) => {
                let Greedy {
                    customer, started, ..
                } = self.greedy[nth];
                let lasted = LOOP_LASTS.as_secs_f64();
                note(tape, now, started, STOPS, customer, lasted);
            }
            Due::Sample => self.sample(now, tape),
        }
    }

    fn act(&mut self, now: Instant, action: usize, tape: &mut Tape) {
        if action == MORE_GREEDY {
            let nth = self.greedy.len();
            if nth < LOOPS_MAX.min(self.params.customers()) {
                let another = Greedy::new(&self.params, self.seed, nth, now);
                self.greedy.push(another);
                self.start(nth, now, tape);
            }
        } else if !self.rotating {
            self.rotating = true;
            self.rotated = Some(note(tape, now, None, ROTATES, 0, 0.0));
        }
    }

    fn frame(&self, now: Instant, tape: &Tape) -> Frame {
        self.show(now, tape)
    }

    fn source(kind: u16) -> Option<&'static str> {
        Some(words::source(kind))
    }

    fn describe(event: &Event) -> String {
        words::describe(event)
    }
}

/// Asking.
impl FairnessByKey {
    fn quiet_request(&mut self, now: Instant, tape: &mut Tape) {
        self.quiet.advance();
        if let Some(at) = self.quiet.next() {
            self.queue.push(at, Due::Quiet);
        }
        let others = self.params.customers() as u64 - 1;
        // At most 199.
        let customer = 1 + self.who.below(others) as u32;
        self.arrive(now, customer, false, None, tape);
    }

    // ANCHOR: loops
    /// A customer's loop begins, and sends until its time is over.
    fn start(&mut self, nth: usize, now: Instant, tape: &mut Tape) {
        let greedy = &mut self.greedy[nth];
        let rate = self.params.greedy;
        greedy.started = Some(note(tape, now, None, STARTS, greedy.customer, rate));
        if let Some(at) = greedy.source.next() {
            self.queue.push(at, Due::Greedy(nth));
        }
        self.queue.push(now + LOOP_LASTS, Due::Stops(nth));
    }

    fn greedy_request(&mut self, nth: usize, now: Instant, tape: &mut Tape) {
        let greedy = &mut self.greedy[nth];
        greedy.source.advance();
        if let Some(at) = greedy.source.next() {
            self.queue.push(at, Due::Greedy(nth));
        }
        // Whatever was decided last: to send so much, or to do it under new keys.
        let cause = greedy.started.max(self.rotated);
        let customer = greedy.customer;
        self.arrive(now, customer, self.rotating, cause, tape);
    }
    // ANCHOR_END: loops

    // ANCHOR: arrive
    /// Asks all three limiters about the same request.
    fn arrive(
        &mut self,
        now: Instant,
        customer: u32,
        new_key: bool,
        cause: Option<EventId>,
        tape: &mut Tape,
    ) {
        self.requests += 1;
        let request = self.requests;
        let (kind, key) = if new_key {
            self.new_keys += 1;
            (ARRIVAL_NEW_KEY, FIRST_ROTATED + self.new_keys)
        } else {
            (ARRIVAL, customer)
        };
        let arrival = note(tape, now, cause, kind, request, f64::from(customer));
        let answers = self.limiters.decide(now, key);
        let mut say = |cause, kind, value| note(tape, now, Some(cause), kind, request, value);

        let (one, key) = (answers.one, answers.key);
        let verdict = |admitted, lane: usize, rejects| {
            if admitted {
                ADMITS + lane as u16
            } else {
                rejects
            }
        };
        say(arrival, verdict(one.admitted, ONE, ONE_REJECTS), one.tokens);
        if let Some(forgotten) = answers.forgotten {
            let mut cause = arrival;
            if !self.full {
                self.full = true;
                cause = say(arrival, FULL, self.params.keys);
            }
            say(cause, FORGOTTEN, f64::from(forgotten));
        }
        let kind = verdict(key.admitted, PER_KEY, KEY_REJECTS);
        let by_key = say(arrival, kind, key.tokens);
        match answers.shared {
            Some(shared) => {
                let kind = verdict(shared.admitted, BOTH, BOTH_BY_SHARED);
                say(by_key, kind, shared.tokens)
            }
            None => say(by_key, BOTH_BY_KEY, key.tokens),
        };
    }
    // ANCHOR_END: arrive
}

/// Measuring.
impl FairnessByKey {
    /// What happened in the last two seconds.
    fn recent(&self, now: Instant, tape: &Tape) -> Recent {
        let mut greedy = vec![false; self.params.customers()];
        for one in &self.greedy {
            greedy[one.customer as usize] = true;
        }
        Recent::count(now, tape, greedy)
    }

    fn sample(&mut self, now: Instant, tape: &mut Tape) {
        let recent = self.recent(now, tape);
        for (line, lane) in [PER_KEY, ONE, BOTH].into_iter().enumerate() {
            if let Some(success) = recent.quiet_success(lane) {
                tape.sample(line, now, 100.0 * success);
            }
            tape.sample(3 + line, now, recent.greedy_rate(lane));
        }
        tape.sample(6, now, self.params.limit);
        self.queue.push(now + SAMPLE, Due::Sample);
    }
}

fn note(
    tape: &mut Tape,
    at: Instant,
    cause: Option<EventId>,
    kind: u16,
    subject: u32,
    value: f64,
) -> EventId {
    tape.event(Event {
        at,
        cause,
        kind,
        subject,
        value,
    })
}
