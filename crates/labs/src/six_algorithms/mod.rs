//! Six limiters at the same limit see the very same requests: what each lets through, and what each has to remember for it.

mod arrivals;
mod scene;
mod settings;
mod words;

use core::time::Duration;

use clock::Instant;
use sim::{ArrivalStream, Event, EventId, EventQueue, Fifo};

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::limiters::{ALGORITHMS, LEAKY, Limiter, SLIDING_LOG, STORED_MOST};
use crate::tape::Tape;

pub(crate) use settings::Params;
use words::{ADMITS, ARRIVAL, BURST, LEAVES, OVER, REJECTS};

/// One lane for each algorithm.
const LANES: usize = ALGORITHMS;
/// A request is in sight for this long before it arrives.
const APPROACH: Duration = Duration::from_millis(600);
/// The charts get a point this often.
const SAMPLE: Duration = Duration::from_millis(100);
/// How long a run is.
const DURATION: Duration = Duration::from_secs(30);
/// Requests in the burst a reader sends, and how far apart they arrive.
const SENT: u32 = 50;
const SENT_GAP: Duration = Duration::from_millis(1);

#[derive(Clone, Copy, Debug)]
enum Due {
    /// The next request of the pattern arrives.
    Arrive,
    /// A request arrives that the reader sent, by the entry of the log.
    Sent(EventId),
    /// A burst of so many requests begins.
    Burst(u32),
    /// The next request leaves the leaky bucket's queue.
    Leave,
    /// The charts get a point.
    Sample,
}

/// One limiter and what it has done.
#[derive(Clone, Debug)]
struct Lane {
    limiter: Limiter,
    /// Requests passed on to the service; behind a queue, those that have left it.
    passed: u32,
    rejected: u32,
    /// Requests passed on within the last window.
    inside: u32,
    /// The most there ever were within one window.
    peak: u32,
}

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct SixAlgorithms {
    params: Params,
    lanes: [Lane; LANES],
    pattern: ArrivalStream,
    /// When the next request of the pattern arrives.
    next: Option<Instant>,
    /// When the requests arrive that the reader has sent.
    sent: Fifo<Instant>,
    queue: EventQueue<Due>,
    /// Requests given a number so far.
    requests: u32,
    /// The entry of the burst that the pattern's requests belong to.
    burst: Option<EventId>,
    /// Who waits in the leaky bucket's queue: when it leaves, and the entry that let it in.
    leaving: Fifo<(Instant, EventId)>,
    /// The first entry of the log that lies within the last window: the log itself remembers what passed, so no copy is kept here.
    tail: u32,
}

impl Lab for SixAlgorithms {
    type Params = Params;

    const ABOUT: About = About {
        id: "six-algorithms",
        title: "Six algorithms, the same arrivals",
        summary: "Across the edge of its window, the fixed window passes twice its limit; the log that never does pays in memory.",
        section: "4.2a",
        subject: "Request",
        duration: DURATION,
        poster: Duration::from_millis(4_200),
    };
    const KNOBS: &'static [Knob<Params>] = settings::KNOBS;
    const ACTIONS: &'static [Action] = &[Action {
        id: "burst",
        label: "Send 50 at once",
        help: "50 requests, 1 ms apart, arrive 0.6 s from now.",
    }];
    const KINDS: &'static [Kind] = words::KINDS;
    const CHARTS: &'static [Chart] = settings::CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        let (mut pattern, bursts) = arrivals::pattern(params, seed, DURATION);
        let next = pattern.next();
        let lane = |index| Lane {
            limiter: Limiter::new(index, &params.limiter()),
            passed: 0,
            rejected: 0,
            inside: 0,
            peak: 0,
        };
        let mut queue = EventQueue::new();
        for (at, size) in bursts {
            queue.push(at, Due::Burst(size));
        }
        if let Some(at) = next {
            queue.push(at, Due::Arrive);
        }
        queue.push(Instant::ZERO + SAMPLE, Due::Sample);
        Self {
            params: params.clone(),
            lanes: core::array::from_fn(lane),
            pattern,
            next,
            sent: Fifo::new(),
            queue,
            requests: 0,
            burst: None,
            leaving: Fifo::new(),
            tail: 0,
        }
    }

    fn next_at(&self) -> Option<Instant> {
        self.queue.next_at()
    }

    fn step(&mut self, tape: &mut Tape) {
        let Some((now, due)) = self.queue.pop() else {
            return;
        };
        self.forget(now, tape);
        match due {
            Due::Arrive => {
                self.next = self.pattern.next();
                if let Some(at) = self.next {
                    self.queue.push(at, Due::Arrive);
                }
                self.arrive(now, self.burst, tape);
            }
            Due::Sent(cause) => {
                self.sent.pop_front();
                self.arrive(now, Some(cause), tape);
            }
            Due::Burst(size) => {
                self.burst = Some(note(tape, now, None, BURST, size, 0.0));
            }
            Due::Leave => self.leave(now, tape),
            Due::Sample => self.sample(now, tape),
        }
    }

    fn act(&mut self, now: Instant, _action: usize, tape: &mut Tape) {
        let cause = note(tape, now, None, BURST, SENT, APPROACH.as_secs_f64());
        for nth in 0..SENT {
            let at = now + APPROACH + SENT_GAP * nth;
            self.sent.push_back(at);
            self.queue.push(at, Due::Sent(cause));
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

/// Deciding.
impl SixAlgorithms {
    // ANCHOR: arrive
    /// Asks every limiter about the same request.
    fn arrive(&mut self, now: Instant, cause: Option<EventId>, tape: &mut Tape) {
        self.requests += 1;
        let request = self.requests;
        let arrival = note(tape, now, cause, ARRIVAL, request, 0.0);
        for index in 0..LANES {
            let lane = &mut self.lanes[index];
            let verdict = lane.limiter.decide(now);
            let first = if verdict.admitted { ADMITS } else { REJECTS };
            let kind = first + index as u16;
            let entry = note(tape, now, Some(arrival), kind, request, verdict.number);
            match verdict.leaves {
                Some(at) => self.hold(at, entry),
                None if verdict.admitted => self.pass(index, now, request, entry, tape),
                None => lane.rejected += 1,
            }
        }
    }
    // ANCHOR_END: arrive

    /// A request goes on to the service.
    fn pass(&mut self, index: usize, now: Instant, request: u32, cause: EventId, tape: &mut Tape) {
        let allowed = self.params.allowance();
        let lane = &mut self.lanes[index];
        lane.passed += 1;
        lane.inside += 1;
        if lane.inside > lane.peak {
            lane.peak = lane.inside;
            if lane.peak == allowed + 1 {
                let (kind, passed) = (OVER + index as u16, f64::from(lane.peak));
                note(tape, now, Some(cause), kind, request, passed);
            }
        }
    }

    /// A request waits in the leaky bucket until `at`; places are given out in order, so the newest is the last to leave.
    fn hold(&mut self, at: Instant, entry: EventId) {
        if self.leaving.is_empty() {
            self.queue.push(at, Due::Leave);
        }
        self.leaving.push_back((at, entry));
    }

    fn leave(&mut self, now: Instant, tape: &mut Tape) {
        let Some((_, entry)) = self.leaving.pop_front() else {
            return;
        };
        if let Some(&(at, _)) = self.leaving.first() {
            self.queue.push(at, Due::Leave);
        }
        let admitted = tape.events()[entry.0 as usize];
        let (request, waited) = (admitted.subject, now.since(admitted.at).as_secs_f64());
        let left = note(tape, now, Some(entry), LEAVES, request, waited);
        self.pass(LEAKY, now, request, left, tape);
    }
}

/// Measuring.
impl SixAlgorithms {
    /// The lane that passes a request on with an entry of this kind.
    fn passing(&self, kind: u16) -> Option<usize> {
        if kind == LEAVES {
            return Some(LEAKY);
        }
        let index = usize::from(kind.checked_sub(ADMITS)?);
        let waits_first = index == LEAKY && !self.params.meter;
        (index < LANES && !waits_first).then_some(index)
    }

    /// Lets go of what passed a whole window ago; the window covers its end and not its beginning.
    fn forget(&mut self, now: Instant, tape: &Tape) {
        let window = self.params.window();
        while let Some(event) = tape.events().get(self.tail as usize) {
            if event.at + window > now {
                break;
            }
            if let Some(index) = self.passing(event.kind) {
                self.lanes[index].inside -= 1;
            }
            self.tail += 1;
        }
    }

    fn sample(&mut self, now: Instant, tape: &mut Tape) {
        for (line, &index) in settings::PASSED_LINES.iter().enumerate() {
            tape.sample(line, now, f64::from(self.lanes[index].inside));
        }
        let stored = self.lanes[SLIDING_LOG].limiter.stored();
        tape.sample(LANES, now, f64::from(self.params.allowance()));
        tape.sample(LANES + 1, now, f64::from(stored));
        tape.sample(LANES + 2, now, f64::from(STORED_MOST));
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
