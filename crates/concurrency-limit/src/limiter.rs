//! The gate that a limit stands at: it counts the calls in flight.

use core::fmt;

use clock::Instant;

use crate::Limit;

/// Leave to make one call; hand it back with [`Limiter::on_outcome`] or [`Limiter::ignore`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use = "a permit that never comes back holds a place for ever"]
pub struct Permit {
    at: Instant,
    in_flight: u32,
}

/// As many calls as are allowed are in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitReached {
    /// So many.
    pub limit: u32,
}

impl fmt::Display for LimitReached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "all {} calls allowed at once are in flight", self.limit)
    }
}

impl core::error::Error for LimitReached {}

// ANCHOR: Limiter
/// Admits a call while fewer are in flight than the rule allows.
#[derive(Clone, Debug, PartialEq)]
pub struct Limiter<L> {
    rule: L,
    in_flight: u32,
}

impl<L: Limit> Limiter<L> {
    /// Nobody is in flight.
    pub const fn new(rule: L) -> Self {
        Self { rule, in_flight: 0 }
    }

    /// Asks to make one call.
    ///
    /// # Errors
    /// [`LimitReached`] if too many are in flight.
    pub fn try_acquire(&mut self, now: Instant) -> Result<Permit, LimitReached> {
        let limit = self.rule.limit();
        if self.in_flight >= limit {
            return Err(LimitReached { limit });
        }
        self.in_flight += 1;
        Ok(Permit {
            at: now,
            in_flight: self.in_flight,
        })
    }

    /// A call is over; `dropped` if it was refused further on, or timed out.
    pub fn on_outcome(&mut self, permit: Permit, now: Instant, dropped: bool) {
        self.in_flight -= 1;
        let rtt = now.since(permit.at);
        self.rule.on_sample(rtt, permit.in_flight, dropped);
    }

    /// A call is over in a way that says nothing about how long calls take.
    pub fn ignore(&mut self, _permit: Permit) {
        self.in_flight -= 1;
    }

    /// Calls that may be in flight.
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.rule.limit()
    }

    /// Calls in flight.
    #[must_use]
    pub const fn in_flight(&self) -> u32 {
        self.in_flight
    }
}
// ANCHOR_END: Limiter
