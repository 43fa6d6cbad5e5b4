//! What an adaptive limit, a bulkhead and a client-side throttle have in common: they let a call through at once or not at all,
//! and want to know what became of it.

use core::fmt;

use adaptive_throttle::{AdaptiveThrottle, Dropped};
use circuit_breaker::Outcome;
use clock::Instant;
use concurrency_limit::{Limit, LimitReached, Limiter};
use load_shed::{Bulkhead, Full, Place};

// ANCHOR: Gate
/// Lets a call through at once or not at all.
pub trait Gate {
    /// Held while the call is under way.
    type Permit;
    /// Why a call was not made.
    type Refusal;

    /// Asks to make one call.
    ///
    /// # Errors
    /// The refusal, if the call must not be made.
    fn enter(&mut self, now: Instant) -> Result<Self::Permit, Self::Refusal>;

    /// The call is over.
    fn leave(&mut self, permit: Self::Permit, now: Instant, outcome: Outcome);
}
// ANCHOR_END: Gate

/// A success tells how long calls take; a time-out makes the limit smaller; anything else says nothing about it.
/// Classify an answer by which the backend says that it has too much to do, status 503 for example, as a time-out.
impl<L: Limit> Gate for Limiter<L> {
    type Permit = concurrency_limit::Permit;
    type Refusal = LimitReached;

    fn enter(&mut self, now: Instant) -> Result<Self::Permit, LimitReached> {
        self.try_acquire(now)
    }

    fn leave(&mut self, permit: Self::Permit, now: Instant, outcome: Outcome) {
        match outcome {
            Outcome::Success => self.on_outcome(permit, now, false),
            Outcome::TimedOut => self.on_outcome(permit, now, true),
            Outcome::Failure | Outcome::Cancelled | Outcome::Excluded => self.ignore(permit),
        }
    }
}

impl Gate for Bulkhead {
    type Permit = Place;
    type Refusal = Full;

    fn enter(&mut self, _now: Instant) -> Result<Place, Full> {
        self.try_enter()
    }

    fn leave(&mut self, place: Place, _now: Instant, _outcome: Outcome) {
        Self::leave(self, place);
    }
}

/// Client-side throttling with its source of chance.
#[derive(Clone, Debug)]
pub struct Throttling<U> {
    throttle: AdaptiveThrottle,
    uniform: U,
}

impl<U: FnMut() -> f64> Throttling<U> {
    /// Throttles by numbers from `uniform`, evenly distributed from 0 to below 1.
    pub const fn new(throttle: AdaptiveThrottle, uniform: U) -> Self {
        Self { throttle, uniform }
    }
}

/// A failure or a time-out means that the backend did not take the request on; every other answer that it did.
/// Classify errors that have nothing to do with load as [`Outcome::Excluded`].
impl<U: FnMut() -> f64> Gate for Throttling<U> {
    type Permit = ();
    type Refusal = Dropped;

    fn enter(&mut self, now: Instant) -> Result<(), Dropped> {
        let uniform = (self.uniform)();
        self.throttle.try_acquire(now, uniform)
    }

    fn leave(&mut self, (): (), now: Instant, outcome: Outcome) {
        let accepted = matches!(outcome, Outcome::Success | Outcome::Excluded);
        self.throttle.on_outcome(now, accepted);
    }
}

/// Why a call through a gate, or through a queue, did not give a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateError<R, E> {
    /// It was refused; the inner service never saw it.
    Refused(R),
    /// The inner service failed.
    Inner(E),
}

impl<R: fmt::Display, E: fmt::Display> fmt::Display for GateError<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(f),
            Self::Inner(error) => error.fmt(f),
        }
    }
}

impl<R, E> core::error::Error for GateError<R, E>
where
    R: fmt::Debug + fmt::Display,
    E: core::error::Error + 'static,
{
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Refused(_) => None,
            Self::Inner(error) => error.source(),
        }
    }
}
