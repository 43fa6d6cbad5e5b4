//! Deciding at an instance without asking the store first, and what follows any decision.

use core::time::Duration;

use clock::Instant;
use sim::EventId;

use super::measure::Decision;
use super::{DistributedLimiter, NEWS, Sight, note, words};
use crate::scene::State;
use crate::tape::Tape;

/// Deciding without asking.
impl DistributedLimiter {
    // ANCHOR: spend
    /// Takes a token of the last batch, and fetches another batch when half of it is used up.
    pub(super) fn spend(
        &mut self,
        now: Instant,
        (request, index): (u32, usize),
        ideal: bool,
        arrival: EventId,
        tape: &mut Tape,
    ) {
        let instance = &mut self.instances[index];
        let admitted = instance.stock > 0;
        match instance.silent {
            Some(time_out) if !admitted => {
                let (kind, admitted) = if self.params.closed {
                    (words::FAILED_CLOSED, false)
                } else {
                    (words::FAILED_OPEN, true)
                };
                let decision = Decision {
                    admitted,
                    ideal,
                    fallback: true,
                    wait: Duration::ZERO,
                };
                let entry = note(tape, now, Some(time_out), kind, request, 0.0);
                self.decide(now, (request, index), decision, entry, tape);
            }
            _ => {
                instance.stock -= u32::from(admitted);
                let local = (admitted, ideal, f64::from(instance.stock));
                self.decide_locally(now, (request, index), local, arrival, tape);
            }
        }
        self.fetch(now, (request, index), Some(arrival), tape);
    }

    /// Fetches a batch if one is needed, none is on its way, and the store may have one.
    pub(super) fn fetch(
        &mut self,
        now: Instant,
        (request, index): (u32, usize),
        cause: Option<EventId>,
        tape: &mut Tape,
    ) {
        let instance = &mut self.instances[index];
        let needed = instance.stock <= self.params.batch() / 2;
        if needed && !instance.fetching && now >= instance.not_before {
            instance.fetching = true;
            self.ask(now, (request, index), None, cause, tape);
        }
    }
    // ANCHOR_END: spend

    pub(super) fn decide_locally(
        &mut self,
        now: Instant,
        request: (u32, usize),
        (admitted, ideal, tokens): (bool, bool, f64),
        arrival: EventId,
        tape: &mut Tape,
    ) {
        let kind = if admitted {
            words::ADMITTED_LOCALLY
        } else {
            words::REJECTED_LOCALLY
        };
        let decision = Decision {
            admitted,
            ideal,
            fallback: false,
            wait: Duration::ZERO,
        };
        let entry = note(tape, now, Some(arrival), kind, request.0, tokens);
        self.decide(now, request, decision, entry, tape);
    }

    /// Counts a decision and shows it; `entry` is where the log says it.
    pub(super) fn decide(
        &mut self,
        now: Instant,
        (request, instance): (u32, usize),
        decision: Decision,
        entry: EventId,
        tape: &mut Tape,
    ) {
        self.measure.decided(decision);
        let state = if decision.admitted {
            State::Served
        } else {
            State::Rejected
        };
        self.decided.push_back(Sight {
            at: now,
            request,
            instance,
            state,
        });
        let excess = self.measure.excess();
        if excess >= NEWS && !self.told.0 {
            self.told.0 = true;
            note(tape, now, Some(entry), words::OVER, request, excess as f64);
        }
        if excess <= -NEWS && !self.told.1 {
            self.told.1 = true;
            let fewer = -excess as f64;
            note(tape, now, Some(entry), words::UNDER, request, fewer);
        }
    }
}
