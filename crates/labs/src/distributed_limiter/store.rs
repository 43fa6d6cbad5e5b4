//! The store that holds the bucket, and the messages between it and the instances: late, lost, or in time.

use core::time::Duration;

use clock::Instant;
use rate_limiter::{RateLimiter, TokenBucket};
use sim::EventId;

use super::measure::Decision;
use super::words::{
    ADMITTED, ASKED, BATCH, BY_CHANCE, BY_OUTAGE, BY_PARTITION, DROPPED, FAILED_CLOSED,
    FAILED_OPEN, FETCHED, GRANTED, READ, REFUSED, REJECTED, SILENT, TIMED_OUT, WRITES, WRITTEN,
};
use super::{CALM, DistributedLimiter, Due, note};
use crate::scene::State;
use crate::tape::Tape;

/// An instance waits for the store.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    /// Names the ask; later ones have higher numbers.
    pub(super) serial: u32,
    /// The request it is about; for a batch, the one that used up the last.
    pub(super) request: u32,
    pub(super) instance: usize,
    pub(super) since: Instant,
    /// What an ideal bucket said to the request; `None` if a batch is asked for and no request waits.
    pub(super) ideal: Option<bool>,
    /// The last entry about it.
    last: EventId,
    pub(super) leg: Leg,
}

/// A message of an ask on its way, for the figure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leg {
    pub(super) from: Instant,
    pub(super) to: Instant,
    /// Towards the store.
    pub(super) outward: bool,
    pub(super) state: State,
    /// The share of the way after which the message is lost, if it is.
    pub(super) lost: Option<f64>,
}

/// A message to the store.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    serial: u32,
    request: u32,
    instance: usize,
    cause: EventId,
    message: Message,
}

#[derive(Clone, Debug)]
enum Message {
    /// Take so many tokens or none.
    Take(u32),
    /// Show the bucket.
    Read,
    /// Replace the bucket.
    Write(TokenBucket),
}

/// A message from the store.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    serial: u32,
    cause: EventId,
    reply: Reply,
}

#[derive(Clone, Debug)]
enum Reply {
    /// So many tokens were taken.
    Tokens(u32),
    /// None were; there will be enough then.
    NotBefore(Instant),
    /// The bucket as it was then.
    Copy(TokenBucket, Instant),
    /// The bucket was replaced.
    Written,
}

/// Asking.
impl DistributedLimiter {
    // ANCHOR: ask
    /// An instance asks the store about a request, or for a batch if `ideal` is `None`.
    pub(super) fn ask(
        &mut self,
        now: Instant,
        (request, instance): (u32, usize),
        ideal: Option<bool>,
        cause: Option<EventId>,
        tape: &mut Tape,
    ) {
        self.asks += 1;
        let serial = self.asks;
        let (kind, message) = match ideal {
            None => (FETCHED, Message::Take(self.params.batch())),
            Some(_) if self.params.two_steps => (ASKED, Message::Read),
            Some(_) => (ASKED, Message::Take(1)),
        };
        let last = note(tape, now, cause, kind, request, (instance + 1) as f64);
        self.pending.push(Ask {
            serial,
            request,
            instance,
            since: now,
            ideal,
            last,
            leg: Leg::new(now, now, true, State::Waiting),
        });
        self.queue
            .push(now + self.params.timeout(), Due::TimeOut(serial));
        self.send(now, self.pending.len() - 1, message, tape);
    }
    // ANCHOR_END: ask

    /// Sends a message of the pending ask at `index` to the store.
    fn send(&mut self, now: Instant, index: usize, message: Message, tape: &mut Tape) {
        self.measure.asked();
        let (way, lost) = self.way();
        let ask = &mut self.pending[index];
        ask.leg = Leg::new(now, now + way, true, State::Waiting);
        let letter = Letter {
            serial: ask.serial,
            request: ask.request,
            instance: ask.instance,
            cause: ask.last,
            message,
        };
        let (serial, request, cause) = (letter.serial, letter.request, letter.cause);
        if self.cut_off(letter.instance) {
            self.drop_message(now, (serial, request, cause), BY_PARTITION, tape);
        } else if lost {
            self.drop_message(now, (serial, request, cause), BY_CHANCE, tape);
        } else {
            self.queue.push(now + way, Due::AtStore(letter));
        }
    }

    /// How long the next message travels, and whether it gets lost.
    fn way(&mut self) -> (Duration, bool) {
        let mean = self.params.latency / 2_000.0;
        // By inversion, here and not by `sim::Distribution`: the page's module would carry all the others along.
        let draw = -libm::log(1.0 - self.chance.latency.unit());
        let seconds = if self.params.jitter {
            mean * draw
        } else {
            mean
        };
        let lost = self.chance.loss.chance(self.params.loss / 100.0);
        (Duration::from_secs_f64(seconds), lost)
    }

    /// A message is lost; the ask stays pending until its time is out.
    fn drop_message(
        &mut self,
        now: Instant,
        (serial, request, cause): (u32, u32, EventId),
        why: f64,
        tape: &mut Tape,
    ) {
        let entry = note(tape, now, Some(cause), DROPPED, request, why);
        if let Some(index) = self.position(serial) {
            self.pending[index].last = entry;
            // At the door of a store that is down, or else somewhere on the way.
            let place = if why == BY_OUTAGE { 1.0 } else { 0.5 };
            self.pending[index].leg.lost = Some(place);
        }
    }

    /// Where a pending ask is; `None` once it is answered or given up.
    fn position(&self, serial: u32) -> Option<usize> {
        self.pending
            .binary_search_by_key(&serial, |ask| ask.serial)
            .ok()
    }
}

/// At the store.
impl DistributedLimiter {
    // ANCHOR: at_store
    /// A message reaches the store, whether or not anybody still waits for the answer.
    pub(super) fn at_store(&mut self, now: Instant, letter: Letter, tape: &mut Tape) {
        let Letter {
            serial,
            request,
            instance,
            cause,
            message,
        } = letter;
        if self.down.is_some() {
            self.drop_message(now, (serial, request, cause), BY_OUTAGE, tape);
            return;
        }
        if self.cut_off(instance) {
            self.drop_message(now, (serial, request, cause), BY_PARTITION, tape);
            return;
        }
        let (kind, reply) = match message {
            Message::Take(tokens) => match self.store.try_acquire(now, tokens) {
                Ok(()) => (GRANTED, Reply::Tokens(tokens)),
                Err(throttled) => (REFUSED, Reply::NotBefore(now + throttled.retry_after)),
            },
            Message::Read => (READ, Reply::Copy(self.store.clone(), now)),
            Message::Write(bucket) => {
                self.store = bucket;
                (WRITTEN, Reply::Written)
            }
        };
        let tokens = self.store.tokens_at(now);
        let cause = note(tape, now, Some(cause), kind, request, tokens);
        self.reply(now, (request, kind), (serial, cause, reply), tape);
    }
    // ANCHOR_END: at_store

    /// Sends an answer on its way.
    fn reply(
        &mut self,
        now: Instant,
        (request, kind): (u32, u16),
        (serial, cause, reply): (u32, EventId, Reply),
        tape: &mut Tape,
    ) {
        let (way, lost) = self.way();
        if let Some(index) = self.position(serial) {
            let state = match kind {
                GRANTED | WRITTEN => State::Served,
                REFUSED => State::Rejected,
                _ => State::Selected,
            };
            self.pending[index].last = cause;
            self.pending[index].leg = Leg::new(now, now + way, false, state);
        }
        if lost {
            self.drop_message(now, (serial, request, cause), BY_CHANCE, tape);
            return;
        }
        let answer = Answer {
            serial,
            cause,
            reply,
        };
        self.queue.push(now + way, Due::Answer(answer));
    }
}

/// Back at the instance.
impl DistributedLimiter {
    // ANCHOR: answer
    /// An answer reaches an instance; it is of no use if the time was out before.
    pub(super) fn answer(&mut self, now: Instant, answer: Answer, tape: &mut Tape) {
        let Answer {
            serial,
            cause,
            reply,
        } = answer;
        let Some(index) = self.position(serial) else {
            return;
        };
        if self.cut_off(self.pending[index].instance) {
            let request = self.pending[index].request;
            self.drop_message(now, (serial, request, cause), BY_PARTITION, tape);
            return;
        }
        match reply {
            Reply::Copy(mut bucket, read) => {
                if bucket.allow(read, 1) {
                    let ask = &mut self.pending[index];
                    let (request, instance) = (ask.request, (ask.instance + 1) as f64);
                    ask.last = note(tape, now, Some(cause), WRITES, request, instance);
                    self.send(now, index, Message::Write(bucket), tape);
                } else {
                    self.conclude(now, index, Verdict::By(cause, false), tape);
                }
            }
            Reply::Written => self.conclude(now, index, Verdict::By(cause, true), tape),
            Reply::Tokens(tokens) => {
                self.receive(now, index, (cause, tokens, None), tape);
            }
            Reply::NotBefore(at) => self.receive(now, index, (cause, 0, Some(at)), tape),
        }
    }
    // ANCHOR_END: answer

    /// Tokens or none for the pending ask at `index`: a decision if a request waits, or else a batch.
    fn receive(
        &mut self,
        now: Instant,
        index: usize,
        (cause, tokens, not_before): (EventId, u32, Option<Instant>),
        tape: &mut Tape,
    ) {
        if self.pending[index].ideal.is_some() {
            self.conclude(now, index, Verdict::By(cause, tokens > 0), tape);
            return;
        }
        let ask = self.pending.remove(index);
        let instance = &mut self.instances[ask.instance];
        instance.fetching = false;
        instance.silent = None;
        instance.stock += tokens;
        instance.not_before = not_before.unwrap_or(now);
        if tokens > 0 {
            let tokens = f64::from(tokens);
            note(tape, now, Some(cause), BATCH, ask.request, tokens);
        }
    }

    // ANCHOR: time_out
    /// An instance has waited long enough: it admits or rejects without having been answered.
    pub(super) fn time_out(&mut self, now: Instant, serial: u32, tape: &mut Tape) {
        let Some(index) = self.position(serial) else {
            return;
        };
        let ask = &self.pending[index];
        let (request, instance, last) = (ask.request, ask.instance, ask.last);
        let waited = now.since(ask.since).as_secs_f64() * 1_000.0;
        let cause = note(tape, now, Some(last), TIMED_OUT, request, waited);
        if self.silence.is_none_or(|last| now.since(last) >= CALM) {
            let instance = (instance + 1) as f64;
            note(tape, now, Some(cause), SILENT, request, instance);
        }
        self.silence = Some(now);
        if self.pending[index].ideal.is_some() {
            self.conclude(now, index, Verdict::Without(cause), tape);
        } else {
            self.pending.remove(index);
            self.instances[instance].fetching = false;
            self.instances[instance].silent = Some(cause);
        }
    }
    // ANCHOR_END: time_out

    /// Ends the pending ask at `index`, on which a request has waited.
    fn conclude(&mut self, now: Instant, index: usize, verdict: Verdict, tape: &mut Tape) {
        let ask = self.pending.remove(index);
        let (cause, kind, admitted, fallback) = match verdict {
            Verdict::By(cause, true) => (cause, ADMITTED, true, false),
            Verdict::By(cause, false) => (cause, REJECTED, false, false),
            Verdict::Without(cause) if self.params.closed => (cause, FAILED_CLOSED, false, true),
            Verdict::Without(cause) => (cause, FAILED_OPEN, true, true),
        };
        let wait = now.since(ask.since);
        let decision = Decision {
            admitted,
            ideal: ask.ideal.unwrap_or(false),
            fallback,
            wait,
        };
        let millis = wait.as_secs_f64() * 1_000.0;
        let entry = note(tape, now, Some(cause), kind, ask.request, millis);
        self.decide(now, (ask.request, ask.instance), decision, entry, tape);
    }
}

/// Who has decided, by which entry.
enum Verdict {
    By(EventId, bool),
    Without(EventId),
}

impl Leg {
    fn new(from: Instant, to: Instant, outward: bool, state: State) -> Self {
        Self {
            from,
            to,
            outward,
            state,
            lost: None,
        }
    }
}
