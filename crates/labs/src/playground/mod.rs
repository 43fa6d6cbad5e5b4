//! One limiter of the reader's choice meets arrivals of the reader's choice, made up or brought along; where a real limiter's
//! decisions were recorded, the model decides about the same arrivals beside them.

mod scene;
mod settings;
mod words;

use core::time::Duration;

use clock::Instant;
use sim::{ArrivalStream, Event, EventId, EventQueue, Fifo, Rng};

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::limiters::Limiter;
use crate::tape::Tape;

pub(crate) use settings::Params;
use words::{ADMITS, BEGINS, BURST, DIFFERS, DIFFERS_AGAIN, LEAVES, REJECTS};

/// How long a run is.
const DURATION: Duration = Duration::from_secs(30);
/// A request is in sight for this long before it arrives.
const APPROACH: Duration = Duration::from_millis(600);
/// The charts get a point this often, and count requests over this many such stretches: a second.
const SAMPLE: Duration = Duration::from_millis(100);
const STRETCHES: usize = 10;
/// After so long without a rejection or a difference, the next one is news.
const CALM: Duration = Duration::from_secs(1);
/// Requests in the burst a reader sends, and how far apart they arrive, in the time of the file.
const SENT: u32 = 50;
const SENT_GAP: Duration = Duration::from_millis(1);

#[derive(Clone, Copy, Debug)]
enum Due {
    /// The next request of the pattern or the file arrives.
    Arrive,
    /// A request arrives that the reader sent, by the entry of the log.
    Sent(EventId),
    /// A request leaves the queue that this entry let in.
    Leave(EventId),
    /// The charts get a point.
    Sample,
}

/// A request at the limiter.
#[derive(Clone, Copy)]
struct Request {
    /// When, in the lab's time.
    now: Instant,
    /// When, in the time of the file.
    at: Instant,
    key: u16,
    /// Whether it was admitted in the recording.
    recorded: Option<bool>,
    cause: Option<EventId>,
}

/// Requests so far, or in some stretch of time.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    arrived: u32,
    admitted: u32,
    rejected: u32,
    /// Passed on to the service; behind a queue, those that have left it.
    passed: u32,
    /// Admitted in the recording.
    recorded: u32,
    /// Decided otherwise than in the recording.
    differing: u32,
}

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct Playground {
    params: Params,
    /// Nanoseconds of the file in a nanosecond of the lab.
    scale: u64,
    /// One for everybody, or one for each key.
    limiters: Vec<Limiter>,
    /// The made-up arrivals, and the next of them.
    pattern: ArrivalStream,
    next: Option<Instant>,
    /// Arrivals of the file that have come.
    given: usize,
    /// When the requests arrive that the reader has sent, in the time of the file.
    sent: Fifo<Instant>,
    queue: EventQueue<Due>,
    /// The time of the file up to which the limiters have been asked.
    asked: Instant,
    counts: Counts,
    /// What was counted when the last few points of the charts were drawn; the oldest is overwritten next.
    earlier: [Counts; STRETCHES],
    points: usize,
    last_rejection: Option<Instant>,
    last_difference: Option<Instant>,
}

impl Lab for Playground {
    type Params = Params;

    const ABOUT: About = About {
        id: "playground",
        title: "Your limiter, your arrivals",
        summary: "On average no more requests arrive than the rate lets through, and yet the day's peak is turned away once the burst is used up.",
        section: "4.2a",
        subject: "Request",
        duration: DURATION,
        poster: Duration::from_millis(9_000),
    };
    const KNOBS: &'static [Knob<Params>] = settings::KNOBS;
    const ACTIONS: &'static [Action] = &[Action {
        id: "burst",
        label: "Send 50 at once",
        help: "50 requests, 1 ms apart, arrive 0.6 s from now.",
    }];
    const KINDS: &'static [Kind] = words::KINDS;
    const TAKES: Option<&'static str> = Some("arrivals as CSV, or a recorded trace");
    const CHARTS: &'static [Chart] = settings::CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        let mut pattern = params.arrivals().start(Rng::stream(seed, "arrivals"));
        let next = pattern.next();
        let limiter = Limiter::new(settings::algorithm(params.algorithm), &params.limiter());
        let mut lab = Self {
            scale: params.scale(),
            limiters: vec![limiter; params.limiters()],
            params: params.clone(),
            pattern,
            next,
            given: 0,
            sent: Fifo::new(),
            queue: EventQueue::new(),
            asked: Instant::ZERO,
            counts: Counts::default(),
            earlier: [Counts::default(); STRETCHES],
            points: 0,
            last_rejection: None,
            last_difference: None,
        };
        lab.plan();
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
            Due::Arrive => self.arrive(now, tape),
            Due::Sent(cause) => {
                let at = self.sent.pop_front().unwrap_or(self.asked);
                let request = Request {
                    now,
                    at,
                    key: 0,
                    recorded: None,
                    cause: Some(cause),
                };
                self.decide(request, tape);
            }
            Due::Leave(entry) => self.leave(now, entry, tape),
            Due::Sample => self.sample(now, tape),
        }
    }

    fn act(&mut self, now: Instant, _action: usize, tape: &mut Tape) {
        let cause = note(tape, now, None, BURST, SENT, APPROACH.as_secs_f64());
        let first = self.in_file(now + APPROACH);
        for nth in 0..SENT {
            let at = first + SENT_GAP * nth;
            self.sent.push_back(at);
            self.queue.push(self.in_lab(at), Due::Sent(cause));
        }
    }

    fn frame(&self, now: Instant, tape: &Tape) -> Frame {
        self.show(now, tape)
    }

    fn source(kind: u16) -> Option<&'static str> {
        words::source(kind)
    }

    fn load(params: &mut Params, text: &str) -> Result<String, String> {
        params.load(text)
    }

    fn describe(event: &Event) -> String {
        words::describe(event)
    }
}

/// Two times: the lab's, in which things are drawn, and the file's, in which limiters decide.
impl Playground {
    fn in_lab(&self, at: Instant) -> Instant {
        Instant::from_nanos(at.as_nanos() / self.scale)
    }

    fn in_file(&self, now: Instant) -> Instant {
        Instant::from_nanos(now.as_nanos().saturating_mul(self.scale))
    }

    /// Puts the next arrival into the queue.
    fn plan(&mut self) {
        let next = match self.params.file() {
            Some(file) => file.arrivals.get(self.given).map(|arrival| arrival.at),
            None => self.next,
        };
        if let Some(at) = next {
            self.queue.push(self.in_lab(at), Due::Arrive);
        }
    }
}

/// Deciding.
impl Playground {
    fn arrive(&mut self, now: Instant, tape: &mut Tape) {
        let mut request = Request {
            now,
            at: now,
            key: 0,
            recorded: None,
            cause: None,
        };
        match self.params.file() {
            Some(file) => {
                let arrival = file.arrivals[self.given];
                request.at = arrival.at;
                request.key = arrival.key;
                request.recorded = file.recorded.then_some(arrival.admitted);
                self.counts.recorded += u32::from(file.recorded && arrival.admitted);
                self.given += 1;
            }
            None => self.next = self.pattern.next(),
        }
        self.plan();
        self.decide(request, tape);
    }

    /// Asks the limiter whose request it is.
    fn decide(&mut self, request: Request, tape: &mut Tape) {
        self.counts.arrived += 1;
        // Requests that the reader sends among those of a file may fall into the same moment of the lab in the other order.
        self.asked = self.asked.max(request.at);
        let limiter = if self.params.each {
            usize::from(request.key)
        } else {
            0
        };
        let verdict = self.limiters[limiter].decide(self.asked);
        let first = if verdict.admitted { ADMITS } else { REJECTS };
        let kind = first + self.params.algorithm as u16;
        let (now, subject) = (request.now, self.counts.arrived);
        let entry = note(tape, now, request.cause, kind, subject, verdict.number);
        match verdict.leaves {
            Some(at) => self.queue.push(self.in_lab(at).max(now), Due::Leave(entry)),
            None => self.counts.passed += u32::from(verdict.admitted),
        }
        if verdict.admitted {
            self.counts.admitted += 1;
        } else {
            self.reject(now, entry, tape);
        }
        if let Some(recorded) = request.recorded {
            self.compare(now, recorded, verdict.admitted, entry, tape);
        }
    }

    fn reject(&mut self, now: Instant, entry: EventId, tape: &mut Tape) {
        self.counts.rejected += 1;
        let calm = self.last_rejection.map(|last| now.since(last));
        if calm.is_none_or(|calm| calm >= CALM) {
            let secs = calm.unwrap_or_default().as_secs_f64();
            note(tape, now, Some(entry), BEGINS, self.counts.arrived, secs);
        }
        self.last_rejection = Some(now);
    }

    // ANCHOR: compare
    /// Holds the model's decision about the latest request against the recorded one.
    fn compare(
        &mut self,
        now: Instant,
        recorded: bool,
        model: bool,
        entry: EventId,
        tape: &mut Tape,
    ) {
        if recorded == model {
            return;
        }
        self.counts.differing += 1;
        let news = self
            .last_difference
            .is_none_or(|last| now.since(last) >= CALM);
        let kind = if news { DIFFERS } else { DIFFERS_AGAIN };
        let value = f64::from(u8::from(recorded));
        note(tape, now, Some(entry), kind, self.counts.arrived, value);
        self.last_difference = Some(now);
    }
    // ANCHOR_END: compare

    fn leave(&mut self, now: Instant, entry: EventId, tape: &mut Tape) {
        let admitted = tape.events()[entry.0 as usize];
        let waited = now.since(admitted.at).as_secs_f64() * self.scale as f64;
        note(tape, now, Some(entry), LEAVES, admitted.subject, waited);
        self.counts.passed += 1;
    }
}

/// Measuring.
impl Playground {
    /// The limiter with the least room at `at`, and how many requests it would admit at once.
    fn scarcest(&self, at: Instant) -> (usize, u32) {
        let rooms = self.limiters.iter().map(|limiter| limiter.available(at));
        let least = rooms.enumerate().min_by_key(|&(_, room)| room);
        least.unwrap_or_default()
    }

    fn sample(&mut self, now: Instant, tape: &mut Tape) {
        let oldest = &mut self.earlier[self.points % STRETCHES];
        self.points += 1;
        let before = core::mem::replace(oldest, self.counts);
        // A second of the lab may be many of the file.
        let rate = |now: u32, before: u32| f64::from(now - before) / self.scale as f64;
        let (counts, at) = (self.counts, self.in_file(now).max(self.asked));
        let values = [
            rate(counts.arrived, before.arrived),
            self.params.rate,
            rate(counts.rejected, before.rejected),
            rate(counts.passed, before.passed),
            f64::from(self.scarcest(at).1),
            f64::from(self.params.allowed()),
        ];
        for (line, value) in values.into_iter().enumerate() {
            tape.sample(line, now, value);
        }
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
