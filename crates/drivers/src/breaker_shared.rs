//! A breaker shared by many calls: behind a lock, with listeners, and with a guard that never forgets to report.

use core::time::Duration;
use std::sync::Arc;

use circuit_breaker::{Breaker, Outcome, Permit, Refused, Transition};
use clock::Instant;

use crate::clock::Clock;
use crate::direct::Locked;

/// Changes by time alone that one call hears of. A breaker whose timers take turns may owe millions after a quiet night;
/// it makes up for the rest by itself.
const OVERDUE_MAX: u32 = 100;

/// What is told of every change of state.
pub(crate) type Listener = Box<dyn Fn(&Transition) + Send>;

/// A breaker and who listens to it.
struct Watched<B> {
    breaker: B,
    listeners: Vec<Listener>,
}

impl<B: Breaker> Watched<B> {
    /// Lets time alone change what it changes, one change after the other, so that none goes unheard: a call returns only
    /// the last one.
    fn settle(&mut self, now: Instant) {
        for _ in 0..OVERDUE_MAX {
            let Some(due) = self.breaker.advance(now) else {
                break;
            };
            self.tell(Some(due));
        }
    }

    fn tell(&self, transition: Option<Transition>) {
        let Some(transition) = transition else { return };
        for listener in &self.listeners {
            listener(&transition);
        }
    }
}

/// What all clones of a layer and all its services share.
pub(crate) struct Guarded<B, C> {
    state: Locked<Watched<B>>,
    clock: C,
}

impl<B: Breaker, C: Clock> Guarded<B, C> {
    pub(crate) const fn new(breaker: B, clock: C) -> Self {
        let listeners = Vec::new();
        let state = Locked::new(Watched { breaker, listeners });
        Self { state, clock }
    }

    pub(crate) fn listen(&self, listener: Listener) {
        self.state
            .with(&self.clock, |watched, _| watched.listeners.push(listener));
    }

    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut B, Instant) -> T) -> T {
        self.state
            .with(&self.clock, |watched, now| act(&mut watched.breaker, now))
    }

    // ANCHOR: acquire
    /// Asks to make one call now.
    pub(crate) fn try_acquire(self: &Arc<Self>) -> Result<Held<B, C>, Refused> {
        self.state.with(&self.clock, |watched, now| {
            watched.settle(now);
            let answer = watched.breaker.try_acquire(now);
            watched.tell(match &answer {
                Ok(permit) => permit.transition,
                Err(refused) => refused.transition,
            });
            answer.map(|permit| Held {
                shared: Arc::clone(self),
                permit: Some(permit),
            })
        })
    }
    // ANCHOR_END: acquire

    fn report(&self, permit: Permit, outcome: Outcome) {
        self.state.with(&self.clock, |watched, now| {
            watched.settle(now);
            let latency = now.since(permit.at);
            let transition = watched.breaker.on_outcome(permit, now, outcome, latency);
            watched.tell(transition);
        });
    }
}

// ANCHOR: Held
/// A permit that reports what became of its call exactly once, however the call ends.
pub(crate) struct Held<B: Breaker, C: Clock> {
    shared: Arc<Guarded<B, C>>,
    /// Taken by the report.
    permit: Option<Permit>,
}

impl<B: Breaker, C: Clock> Held<B, C> {
    /// How long the caller may wait, if the policy says so.
    pub(crate) fn time_out(&self) -> Option<Duration> {
        self.permit.as_ref().and_then(|permit| permit.time_out)
    }

    /// Reports what became of the call.
    pub(crate) fn report(mut self, outcome: Outcome) {
        self.report_once(outcome);
    }

    fn report_once(&mut self, outcome: Outcome) {
        if let Some(permit) = self.permit.take() {
            self.shared.report(permit, outcome);
        }
    }
}

impl<B: Breaker, C: Clock> Drop for Held<B, C> {
    /// A call that is dropped was called off by who made it, unless its own panic dropped it.
    fn drop(&mut self) {
        let panicked = std::thread::panicking();
        self.report_once(if panicked {
            Outcome::Failure
        } else {
            Outcome::Cancelled
        });
    }
}
// ANCHOR_END: Held
