//! What the labs about single breakers share: a caller with a breaker in front of a backend, whose decisions are written to the log.

pub(crate) mod picture;
pub(crate) mod words;

use core::time::Duration;

use circuit_breaker::{AnyBreaker, Breaker as _, Outcome, Permit, Reason, State, Transition};
use clock::Instant;
use sim::{Event, EventId};

use crate::tape::Tape;
use words::{ADMITTED, CLOSES, FAILED, HALF_OPENS, OPENS, REFUSED, SUCCEEDED, TIMED_OUT, TRIAL};

/// One call, and what the backend makes of it if it gets there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Call {
    /// Counted from 1.
    pub(crate) number: u32,
    /// When it is wanted.
    pub(crate) at: Instant,
    /// How long the backend takes.
    pub(crate) takes: Duration,
    /// Whether the answer is good.
    pub(crate) good: bool,
}

/// A call the backend is busy with, as its caller sees it.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    permit: Permit,
    /// Its number, also where the breaker counts otherwise.
    pub(crate) call: u32,
    outcome: Outcome,
    /// From the admission until the caller has its answer or gives up.
    takes: Duration,
    admitted: EventId,
}

impl Pending {
    /// Whether it tests if the backend is well again.
    pub(crate) fn is_trial(&self) -> bool {
        self.permit.trial
    }

    /// The share of its time that has passed at `now`, 0 to 1.
    pub(crate) fn progress(&self, now: Instant) -> f64 {
        let passed = now.since(self.permit.at).as_secs_f64();
        (passed / self.takes.as_secs_f64().max(1e-9)).min(1.0)
    }
}

/// A caller with a breaker.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) breaker: AnyBreaker,
    /// The kind of its first entry in the log; the others follow.
    first: u16,
    /// How long it waits for an answer where the policy leaves that open; no limit if `None`.
    patience: Option<Duration>,
    pub(crate) pending: Vec<Pending>,
    /// The latest change of state.
    pub(crate) latest: Option<Transition>,
    /// The entry of that change, which is why the next call is refused.
    changed: Option<EventId>,
    /// The entry of the latest call that failed.
    failed: Option<EventId>,
    /// Entries of each kind so far.
    counts: [u32; words::EACH],
}

impl Caller {
    pub(crate) fn new(breaker: AnyBreaker, first: u16, patience: Option<Duration>) -> Self {
        Self {
            breaker,
            first,
            patience,
            pending: Vec::new(),
            latest: None,
            changed: None,
            failed: None,
            counts: [0; words::EACH],
        }
    }

    /// How often this happened so far; refused calls never reach the backend, all others do.
    pub(crate) fn count(&self, kind: u16) -> u32 {
        self.counts[usize::from(kind)]
    }

    /// Calls that came to nothing at the backend.
    pub(crate) fn errors(&self) -> u32 {
        self.count(FAILED) + self.count(TIMED_OUT)
    }

    // ANCHOR: ask
    /// Asks the breaker whether the call may be made; when its answer is due, if it may.
    pub(crate) fn ask(
        &mut self,
        call: Call,
        cause: Option<EventId>,
        tape: &mut Tape,
    ) -> Option<Instant> {
        let now = call.at;
        match self.breaker.try_acquire(now) {
            Ok(permit) => {
                let changed = self.change(now, permit.transition, self.failed.or(cause), tape);
                let limit = permit.time_out.or(self.patience);
                let in_vain = limit.filter(|&limit| call.takes > limit);
                let takes = in_vain.unwrap_or(call.takes);
                let mut why = cause;
                if permit.trial {
                    let because = changed.or(self.changed);
                    why = Some(self.note(now, because, TRIAL, call.number, 0.0, tape));
                }
                let seconds = call.takes.as_secs_f64();
                let admitted = self.note(now, why, ADMITTED, call.number, seconds, tape);
                self.pending.push(Pending {
                    permit,
                    call: call.number,
                    outcome: match (in_vain, call.good) {
                        (Some(_), _) => Outcome::TimedOut,
                        (None, true) => Outcome::Success,
                        (None, false) => Outcome::Failure,
                    },
                    takes,
                    admitted,
                });
                Some(now + takes)
            }
            Err(refused) => {
                self.change(now, refused.transition, self.failed.or(cause), tape);
                let told = match refused.reason {
                    Reason::TooManyAtOnce => words::TOO_MANY,
                    Reason::TrialsTaken => words::TAKEN,
                    Reason::Open => refused.retry_after.map_or(0.0, |wait| wait.as_secs_f64()),
                };
                self.note(
                    now,
                    self.changed.or(cause),
                    REFUSED,
                    call.number,
                    told,
                    tape,
                );
                None
            }
        }
    }
    // ANCHOR_END: ask

    // ANCHOR: answer
    /// The answer is there, or the time is up: the breaker hears of it.
    pub(crate) fn answer(&mut self, now: Instant, call: u32, tape: &mut Tape) {
        let Some(place) = self.pending.iter().position(|each| each.call == call) else {
            return;
        };
        let Pending {
            permit,
            outcome,
            takes,
            admitted,
            ..
        } = self.pending.swap_remove(place);
        let kind = match outcome {
            Outcome::Success => SUCCEEDED,
            Outcome::TimedOut => TIMED_OUT,
            _ => FAILED,
        };
        let seconds = takes.as_secs_f64();
        let entry = self.note(now, Some(admitted), kind, call, seconds, tape);
        if kind != SUCCEEDED {
            self.failed = Some(entry);
        }
        let change = self.breaker.on_outcome(permit, now, outcome, takes);
        self.change(now, change, Some(entry), tape);
    }
    // ANCHOR_END: answer

    fn change(
        &mut self,
        now: Instant,
        change: Option<Transition>,
        cause: Option<EventId>,
        tape: &mut Tape,
    ) -> Option<EventId> {
        let change = change?;
        let kind = match change.to {
            State::Closed => CLOSES,
            State::Open => OPENS,
            State::HalfOpen => HALF_OPENS,
        };
        // The end of a wait goes back to what began it.
        let cause = if kind == HALF_OPENS {
            self.changed.or(cause)
        } else {
            cause
        };
        let call = change.call.unwrap_or(0) as u32;
        let entry = self.note(now, cause, kind, call, words::coded(change.cause), tape);
        self.latest = Some(change);
        self.changed = Some(entry);
        Some(entry)
    }

    fn note(
        &mut self,
        at: Instant,
        cause: Option<EventId>,
        kind: u16,
        subject: u32,
        value: f64,
        tape: &mut Tape,
    ) -> EventId {
        self.counts[usize::from(kind)] += 1;
        tape.event(Event {
            at,
            cause,
            kind: self.first + kind,
            subject,
            value,
        })
    }
}
