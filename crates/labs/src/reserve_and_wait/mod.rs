//! Waiting for tokens that are not there yet: reservations, deadlines that cannot be met, and what a cancelled place is worth.

mod arrivals;
mod scene;
mod settings;
mod words;

use core::time::Duration;

use clock::Instant;
use rate_limiter::{Limit, Patience, Reservation, TokenBucket};
use sim::{Event, EventId, EventQueue, Fifo, Rng};

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::tape::Tape;

use arrivals::{BURSTS, Source};
pub(crate) use settings::Params;
use words::{ARRIVAL, ASKED, BURST, FREED, GRANTED, LOST, REFUSED, RESERVED, UNUSED};

/// A request is in sight for this long before it arrives, and for as long after its verdict.
const TRAVEL: Duration = Duration::from_millis(600);
/// The charts get a point this often.
const SAMPLE: Duration = Duration::from_millis(100);
/// Requests the reader sends at once, and how far apart they arrive.
const SENT: u32 = 10;
const SENT_GAP: Duration = Duration::from_millis(1);
/// A cancellation gives back all of its token or next to nothing: what is more than this was a place.
const FREED_LEAST: f64 = 0.5;

const CANCEL_MIDDLE: usize = 0;
const CANCEL_LAST: usize = 1;

#[derive(Clone, Copy, Debug)]
enum Due {
    /// The next request of this source arrives.
    Arrive(usize),
    /// A request arrives that the reader sent, by the entry of the log.
    Sent(EventId),
    /// The time that this request was promised has come.
    Turn(u32),
    /// This request has waited as long as it cares to.
    GiveUp(u32),
    /// The charts get a point.
    Sample,
}

/// Somebody with a reservation, waiting or gone.
#[derive(Clone, Copy, Debug)]
struct Waiter {
    request: u32,
    arrived: Instant,
    slot: Reservation,
    /// The entry that made the reservation, or the one that cancelled it in vain.
    entry: EventId,
    /// Cancelled, but its place in the order could not be given back.
    gone: bool,
}

/// How many requests had which fate.
#[derive(Clone, Copy, Debug, Default)]
struct Fates {
    granted: u32,
    refused: u32,
    cancelled: u32,
    unused: u32,
}

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct ReserveAndWait {
    params: Params,
    bucket: TokenBucket,
    sources: [Source; 2],
    /// When the requests arrive that the reader has sent.
    sent: Fifo<Instant>,
    queue: EventQueue<Due>,
    deadlines: Rng,
    patience: Rng,
    /// Requests given a number so far.
    requests: u32,
    /// The entry of the latest burst.
    burst: Option<EventId>,
    /// In the order of their numbers, which is that of their times to act.
    waiting: Fifo<Waiter>,
    fates: Fates,
    /// How long the latest granted request waited, in seconds.
    latest_wait: f64,
}

impl Lab for ReserveAndWait {
    type Params = Params;

    const ABOUT: About = About {
        id: "reserve-and-wait",
        title: "Reserve and wait",
        summary: "Who waits takes its token at once and leaves the bucket in debt; a place cancelled in mid-queue is lost for everybody.",
        section: "4.2a",
        subject: "Request",
        duration: Duration::from_secs(40),
        poster: Duration::from_millis(8_700),
    };
    const KNOBS: &'static [Knob<Params>] = settings::KNOBS;
    const ACTIONS: &'static [Action] = settings::ACTIONS;
    const KINDS: &'static [Kind] = words::KINDS;
    const CHARTS: &'static [Chart] = settings::CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        let sources = arrivals::sources(params, seed);
        let mut queue = EventQueue::new();
        for (index, source) in sources.iter().enumerate() {
            if let Some(at) = source.next() {
                queue.push(at, Due::Arrive(index));
            }
        }
        queue.push(Instant::ZERO + SAMPLE, Due::Sample);
        Self {
            params: params.clone(),
            bucket: TokenBucket::new(Limit::per_second(params.rate), params.burst as i64),
            sources,
            sent: Fifo::new(),
            queue,
            deadlines: Rng::stream(seed, "deadlines"),
            patience: Rng::stream(seed, "patience"),
            requests: 0,
            burst: None,
            waiting: Fifo::new(),
            fates: Fates::default(),
            latest_wait: 0.0,
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
            Due::Arrive(index) => self.arrive_from(index, now, tape),
            Due::Sent(cause) => {
                self.sent.pop_front();
                self.arrive(now, Some(cause), tape);
            }
            Due::Turn(request) => self.turn(request, now, tape),
            Due::GiveUp(request) => {
                if let Some(index) = self
                    .place(request)
                    .filter(|&index| !self.waiting[index].gone)
                {
                    self.cancel(index, now, self.waiting[index].entry, tape);
                }
            }
            Due::Sample => self.sample(now, tape),
        }
    }

    fn act(&mut self, now: Instant, action: usize, tape: &mut Tape) {
        match action {
            CANCEL_MIDDLE => self.cancel_for_reader(now, true, tape),
            CANCEL_LAST => self.cancel_for_reader(now, false, tape),
            _ => self.send(now, tape),
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

/// Arriving and reserving.
impl ReserveAndWait {
    fn arrive_from(&mut self, index: usize, now: Instant, tape: &mut Tape) {
        let begins = self.sources[index].advance();
        if let Some(at) = self.sources[index].next() {
            self.queue.push(at, Due::Arrive(index));
        }
        if index == BURSTS && begins {
            let size = self.params.size as u32;
            self.burst = Some(note(tape, now, None, BURST, size, 0.0));
        }
        let cause = if index == BURSTS { self.burst } else { None };
        self.arrive(now, cause, tape);
    }

    // ANCHOR: arrive
    /// A request asks for its turn, and is promised one or sent away at once.
    fn arrive(&mut self, now: Instant, cause: Option<EventId>, tape: &mut Tape) {
        self.requests += 1;
        let request = self.requests;
        let arrival = note(tape, now, cause, ARRIVAL, request, 0.0);
        // As many draws for each request, whatever the knobs say: so turning one changes no other request's luck.
        let hurried = self.deadlines.chance(self.params.hurried / 100.0);
        let fickle = self.patience.chance(self.params.fickle / 100.0);
        let share = self.patience.unit();
        let patience = if hurried {
            Patience::Until(now + self.params.deadline())
        } else {
            Patience::Endless
        };
        let Ok(slot) = self.bucket.try_wait(now, 1, patience) else {
            self.fates.refused += 1;
            let wait = self.wait_of_next(now);
            note(tape, now, Some(arrival), REFUSED, request, wait);
            return;
        };
        let wait = slot.delay_from(now);
        let entry = note(
            tape,
            now,
            Some(arrival),
            RESERVED,
            request,
            wait.as_secs_f64(),
        );
        self.queue.push(slot.time_to_act(), Due::Turn(request));
        if fickle && !wait.is_zero() {
            self.queue
                .push(now + wait.mul_f64(share), Due::GiveUp(request));
        }
        self.waiting.push_back(Waiter {
            request,
            arrived: now,
            slot,
            entry,
            gone: false,
        });
    }
    // ANCHOR_END: arrive

    /// How long the next one would wait that is ready to, in seconds.
    fn wait_of_next(&self, now: Instant) -> f64 {
        let mut trial = self.bucket.clone();
        trial
            .reserve(now, 1)
            .map_or(0.0, |slot| slot.delay_from(now).as_secs_f64())
    }

    fn send(&mut self, now: Instant, tape: &mut Tape) {
        let cause = note(tape, now, None, BURST, SENT, TRAVEL.as_secs_f64());
        for nth in 0..SENT {
            let at = now + TRAVEL + SENT_GAP * nth;
            self.sent.push_back(at);
            self.queue.push(at, Due::Sent(cause));
        }
    }
}

/// Waiting and giving up.
impl ReserveAndWait {
    /// Where a request stands in the queue, if it is still in it.
    fn place(&self, request: u32) -> Option<usize> {
        self.waiting
            .binary_search_by_key(&request, |waiter| waiter.request)
            .ok()
    }

    /// The promised time has come: for its holder, or for nobody.
    fn turn(&mut self, request: u32, now: Instant, tape: &mut Tape) {
        let Some(waiter) = self
            .place(request)
            .and_then(|place| self.waiting.remove(place))
        else {
            // Its place was given back, and perhaps to somebody else.
            return;
        };
        let waited = now.since(waiter.arrived).as_secs_f64();
        let kind = if waiter.gone {
            self.fates.unused += 1;
            UNUSED
        } else {
            self.fates.granted += 1;
            self.latest_wait = waited;
            GRANTED
        };
        note(tape, now, Some(waiter.entry), kind, request, waited);
    }

    // ANCHOR: cancel
    /// Whoever waits at `index` goes away; the bucket decides what that gives back.
    fn cancel(&mut self, index: usize, now: Instant, cause: EventId, tape: &mut Tape) {
        let Waiter { request, slot, .. } = self.waiting[index];
        let before = self.bucket.tokens_at(now);
        self.bucket.cancel(now, &slot);
        let back = self.bucket.tokens_at(now) - before;
        self.fates.cancelled += 1;
        if back > FREED_LEAST {
            note(tape, now, Some(cause), FREED, request, back);
            self.waiting.remove(index);
        } else {
            let entry = note(tape, now, Some(cause), LOST, request, back);
            let waiter = &mut self.waiting[index];
            (waiter.entry, waiter.gone) = (entry, true);
        }
    }
    // ANCHOR_END: cancel

    /// Cancels the last one who still waits, or one with as many before it as behind it.
    fn cancel_for_reader(&mut self, now: Instant, middle: bool, tape: &mut Tape) {
        let mut present = (0..self.waiting.len()).filter(|&index| !self.waiting[index].gone);
        let count = present.clone().count();
        let nth = if middle {
            count / 2
        } else {
            count.saturating_sub(1)
        };
        let Some(index) = present.nth(nth) else {
            return;
        };
        let Waiter { request, entry, .. } = self.waiting[index];
        let behind = (count - 1 - nth) as f64;
        let asked = note(tape, now, Some(entry), ASKED, request, behind);
        self.cancel(index, now, asked, tape);
    }
}

/// Measuring.
impl ReserveAndWait {
    /// Those who still wait.
    fn present(&self) -> impl Iterator<Item = &Waiter> {
        self.waiting.iter().filter(|waiter| !waiter.gone)
    }

    fn sample(&mut self, now: Instant, tape: &mut Tape) {
        tape.sample(0, now, self.present().count() as f64);
        tape.sample(1, now, self.bucket.tokens_at(now));
        tape.sample(2, now, self.params.deadline().as_secs_f64());
        tape.sample(3, now, self.latest_wait);
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
