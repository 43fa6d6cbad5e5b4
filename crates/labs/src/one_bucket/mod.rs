//! One token bucket in front of one service: what a burst takes, what it leaves for those who come after, and how fast it recovers.

mod scene;
mod settings;

use core::time::Duration;

use clock::Instant;
use rate_limiter::{Limit, TokenBucket};
use sim::{ArrivalStream, Arrivals, Event, EventId, EventQueue, Fifo, Rng};

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::tape::Tape;

pub(crate) use settings::CHALLENGE;
use settings::{ACTIONS, CHARTS, KINDS, KNOBS, Params};

/// A request is drawn on its way for this long before it arrives, and for as long after its verdict.
const TRAVEL: Duration = Duration::from_millis(600);
/// The charts get a point this often.
const SAMPLE: Duration = Duration::from_millis(100);
/// Requests of one burst arrive this far apart: close enough that the bucket refills by less than a token during the default burst.
const BURST_GAP: Duration = Duration::from_millis(1);
/// When the opening burst arrives.
const OPENING: Instant = Instant::from_millis(1_000);
/// How long the callers are cut off by the action of that name.
const OUTAGE: Duration = Duration::from_secs(3);

/// After so long without a rejection, the next one is news.
const CALM: Duration = Duration::from_secs(1);

const ADMITTED: u16 = 0;
const REJECTED: u16 = 1;
const EMPTY: u16 = 2;
const BURST: u16 = 3;
const CUT_OFF: u16 = 4;
const BACK: u16 = 5;

const SEND_BURST: usize = 0;
const CUT_OFF_CALLERS: usize = 1;

#[derive(Clone, Copy, Debug)]
enum Due {
    /// The next request of the steady load leaves its caller.
    Depart,
    /// A request reaches the limiter; its cause is the burst or the end of the outage that sent it.
    Arrive(u32, Option<EventId>),
    /// Those held back by the outage set out.
    Release,
    /// The charts get a point.
    Sample,
}

/// A request after its verdict, still on the picture.
#[derive(Clone, Copy, Debug)]
struct Verdict {
    at: Instant,
    request: u32,
    admitted: bool,
}

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct OneBucket {
    params: Params,
    bucket: TokenBucket,
    steady: ArrivalStream,
    /// When the next request of the steady load arrives.
    next: Option<Instant>,
    queue: EventQueue<Due>,
    /// Requests given a number so far.
    requests: u32,
    approaching: Fifo<(Instant, u32)>,
    decided: Fifo<Verdict>,
    /// Callers are cut off until then; `held` requests wait behind the cut.
    outage: Option<(Instant, EventId)>,
    held: u32,
    /// The last admission, which is what emptied the bucket if the next request is rejected.
    last_admitted: Option<EventId>,
    /// The entry that says the bucket was found empty, and when it last turned somebody away.
    empty: Option<(EventId, Instant)>,
    admitted: u32,
    rejected: u32,
    window: Window,
}

/// Requests of the last second, in tenths.
#[derive(Clone, Debug, Default)]
struct Window {
    tenths: Fifo<[u32; 2]>,
    current: [u32; 2],
}

impl Window {
    const TENTHS: usize = 10;

    fn turn(&mut self) {
        self.tenths.push_back(core::mem::take(&mut self.current));
        if self.tenths.len() > Self::TENTHS {
            self.tenths.pop_front();
        }
    }

    fn per_second(&self, fate: usize) -> f64 {
        self.tenths.iter().map(|tenth| f64::from(tenth[fate])).sum()
    }
}

impl Lab for OneBucket {
    type Params = Params;

    const ABOUT: About = About {
        id: "one-bucket",
        title: "One bucket",
        summary: "A token bucket lets a burst through at once, and then passes only what drips in.",
        section: "4.2a",
        subject: "Request",
        duration: Duration::from_secs(30),
        poster: Duration::from_millis(1_330),
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = ACTIONS;
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        let arrivals = if params.random >= 0.5 {
            Arrivals::Poisson {
                per_second: params.offered,
            }
        } else {
            Arrivals::Constant {
                per_second: params.offered,
            }
        };
        let mut steady = arrivals.start(Rng::stream(seed, "steady load"));
        let next = steady.next();
        let mut lab = Self {
            params: params.clone(),
            bucket: TokenBucket::new(Limit::per_second(params.rate), params.burst as i64),
            steady,
            next,
            queue: EventQueue::new(),
            requests: 0,
            approaching: Fifo::new(),
            decided: Fifo::new(),
            outage: None,
            held: 0,
            last_admitted: None,
            empty: None,
            admitted: 0,
            rejected: 0,
            window: Window::default(),
        };
        lab.send(OPENING, lab.params.opening as u32, None);
        lab.schedule_departure();
        lab.queue.push(Instant::ZERO + SAMPLE, Due::Sample);
        lab
    }

    fn next_at(&self) -> Option<Instant> {
        self.queue.next_at()
    }

    fn step(&mut self, tape: &mut Tape) {
        let Some((now, due)) = self.queue.pop() else {
            return;
        };
        match due {
            Due::Depart => self.depart(now),
            Due::Arrive(request, cause) => self.arrive(now, request, cause, tape),
            Due::Release => self.release(now, tape),
            Due::Sample => self.sample(now, tape),
        }
    }

    fn act(&mut self, now: Instant, action: usize, tape: &mut Tape) {
        match action {
            SEND_BURST => {
                let cause = note(tape, now, None, BURST, 80, 0.0);
                self.send(now + TRAVEL, 80, Some(cause));
            }
            CUT_OFF_CALLERS if self.outage.is_none() => {
                let cause = note(tape, now, None, CUT_OFF, 0, OUTAGE.as_secs_f64());
                self.outage = Some((now + OUTAGE, cause));
                self.queue.push(now + OUTAGE, Due::Release);
            }
            _ => {}
        }
    }

    fn frame(&self, now: Instant, _tape: &Tape) -> Frame {
        self.show(now)
    }

    fn source(kind: u16) -> Option<&'static str> {
        match kind {
            ADMITTED | REJECTED | EMPTY => Some("crates/rate-limiter/src/token_bucket.rs:take"),
            _ => Some("crates/labs/src/one_bucket/mod.rs:send"),
        }
    }

    fn describe(event: &Event) -> String {
        let (request, value) = (event.subject, event.value);
        match event.kind {
            ADMITTED => format!("request {request} takes a token, {value:.1} left"),
            REJECTED => format!("request {request} finds {value:.2} of a token"),
            EMPTY => {
                format!("request {request} is the first to find less than one token ({value:.2})")
            }
            BURST => format!("{request} requests set out together"),
            CUT_OFF => format!("no caller gets through for {value:.0} s"),
            _ => format!("{request} requests that were held back set out together"),
        }
    }
}

/// Moving requests: from the caller to the limiter.
impl OneBucket {
    fn schedule_departure(&mut self) {
        if let Some(arrival) = self.next {
            self.queue.push(arrival - TRAVEL, Due::Depart);
        }
    }

    fn depart(&mut self, now: Instant) {
        let Some(arrival) = self.next else { return };
        self.next = self.steady.next();
        self.schedule_departure();
        if self.outage.is_some_and(|(until, _)| now < until) {
            self.held += 1;
        } else {
            self.send(arrival, 1, None);
        }
    }

    // ANCHOR: send
    /// Lets `count` requests arrive from `first` on.
    fn send(&mut self, first: Instant, count: u32, cause: Option<EventId>) {
        for nth in 0..count {
            let arrival = first + BURST_GAP * nth;
            self.requests += 1;
            self.queue.push(arrival, Due::Arrive(self.requests, cause));
            self.approaching.push_back((arrival, self.requests));
        }
    }
    // ANCHOR_END: send

    fn release(&mut self, now: Instant, tape: &mut Tape) {
        let Some((_, cut)) = self.outage.take() else {
            return;
        };
        let held = core::mem::take(&mut self.held);
        let cause = note(tape, now, Some(cut), BACK, held, 0.0);
        self.send(now + TRAVEL, held, Some(cause));
    }
}

/// Deciding and measuring.
impl OneBucket {
    // ANCHOR: arrive
    fn arrive(&mut self, now: Instant, request: u32, cause: Option<EventId>, tape: &mut Tape) {
        let admitted = self.bucket.allow(now, 1);
        let tokens = self.bucket.tokens_at(now);
        if admitted {
            self.admitted += 1;
            self.last_admitted = Some(note(tape, now, cause, ADMITTED, request, tokens));
        } else {
            self.rejected += 1;
            let empty = match self.empty {
                Some((empty, last)) if now.since(last) < CALM => empty,
                _ => note(tape, now, self.last_admitted, EMPTY, request, tokens),
            };
            self.empty = Some((empty, now));
            note(tape, now, Some(empty), REJECTED, request, tokens);
        }
        self.window.current[usize::from(!admitted)] += 1;
        self.decided.push_back(Verdict {
            at: now,
            request,
            admitted,
        });
        self.forget(now);
    }
    // ANCHOR_END: arrive

    /// Drops what has left the picture.
    fn forget(&mut self, now: Instant) {
        while self
            .decided
            .first()
            .is_some_and(|verdict| verdict.at + TRAVEL < now)
        {
            self.decided.pop_front();
        }
        // Bursts and steady load are two ordered queues merged by time of sending, so leave only what is at the front.
        while self
            .approaching
            .first()
            .is_some_and(|&(arrival, _)| arrival <= now)
        {
            self.approaching.pop_front();
        }
    }

    fn sample(&mut self, now: Instant, tape: &mut Tape) {
        self.window.turn();
        self.forget(now);
        let (admitted, rejected) = (self.window.per_second(0), self.window.per_second(1));
        tape.sample(0, now, admitted + rejected);
        tape.sample(1, now, self.params.rate);
        tape.sample(2, now, rejected);
        tape.sample(3, now, admitted);
        tape.sample(4, now, self.bucket.tokens_at(now).max(0.0));
        tape.sample(5, now, self.params.burst);
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
