//! One type for all three policies, for whoever chooses at run time.

use core::time::Duration;

use clock::Instant;

use crate::{
    Breaker, Gobreaker, Hystrix, Outcome, Permit, Refused, Resilience4j, State, Transition, Window,
};

/// A breaker of any policy.
#[derive(Clone, Debug, PartialEq)]
pub enum AnyBreaker {
    /// As hystrix-go.
    Hystrix(Hystrix),
    /// As gobreaker.
    Gobreaker(Gobreaker),
    /// As resilience4j.
    Resilience4j(Resilience4j),
}

impl AnyBreaker {
    fn get(&self) -> &dyn Breaker {
        match self {
            Self::Hystrix(breaker) => breaker,
            Self::Gobreaker(breaker) => breaker,
            Self::Resilience4j(breaker) => breaker,
        }
    }

    fn get_mut(&mut self) -> &mut dyn Breaker {
        match self {
            Self::Hystrix(breaker) => breaker,
            Self::Gobreaker(breaker) => breaker,
            Self::Resilience4j(breaker) => breaker,
        }
    }
}

impl Breaker for AnyBreaker {
    fn try_acquire(&mut self, now: Instant) -> Result<Permit, Refused> {
        self.get_mut().try_acquire(now)
    }

    fn on_outcome(
        &mut self,
        permit: Permit,
        now: Instant,
        outcome: Outcome,
        latency: Duration,
    ) -> Option<Transition> {
        self.get_mut().on_outcome(permit, now, outcome, latency)
    }

    fn advance(&mut self, now: Instant) -> Option<Transition> {
        self.get_mut().advance(now)
    }

    fn state(&self, now: Instant) -> State {
        self.get().state(now)
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.get().next_deadline()
    }

    fn window(&self, now: Instant) -> Window {
        self.get().window(now)
    }
}

impl From<Hystrix> for AnyBreaker {
    fn from(breaker: Hystrix) -> Self {
        Self::Hystrix(breaker)
    }
}

impl From<Gobreaker> for AnyBreaker {
    fn from(breaker: Gobreaker) -> Self {
        Self::Gobreaker(breaker)
    }
}

impl From<Resilience4j> for AnyBreaker {
    fn from(breaker: Resilience4j) -> Self {
        Self::Resilience4j(breaker)
    }
}
