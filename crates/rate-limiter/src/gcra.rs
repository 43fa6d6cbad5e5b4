//! The generic cell rate algorithm: a token bucket in one number.
//!
//! Sources: ITU-T I.371, annex A, "virtual scheduling"; for the integer arithmetic and the asking
//! for several at once, `governor` 0.10.4 (`src/gcra.rs`), whose decisions it makes.

use core::time::Duration;

use clock::Instant;

use crate::limit::period_nanos;
use crate::{RateLimiter, Throttled};

// ANCHOR: Gcra
/// Spaces requests one period apart, and lets those who kept quiet catch up.
///
/// Instead of tokens it keeps a time: when the next request would arrive if everybody kept to the
/// schedule exactly, the *theoretical arrival time*. A request may come up to the tolerance earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gcra {
    /// The rules; they never change.
    pub(crate) schedule: Schedule,
    /// Theoretical arrival time of the next request, in nanoseconds after the origin.
    theoretical_arrival: u64,
}

/// What a request is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// Nanoseconds between two requests at the allowed rate, at least 1; ATM calls it *T*.
    period: u64,
    /// The most requests that pass at once. A request may be early by all of them but one, in
    /// time; ATM calls that the tolerance, *tau*.
    burst: u32,
}
// ANCHOR_END: Gcra

// ANCHOR: gcra_new
impl Gcra {
    /// Admits `rate` requests per second in the long run, and `burst` at once after a pause.
    ///
    /// The period is cut to whole nanoseconds, so the real rate is a little higher: 3 per second
    /// are one every 333,333,333 ns. A burst of 0 admits nothing.
    #[must_use]
    pub fn new(rate: f64, burst: u32) -> Self {
        Self::with_period(Duration::from_nanos(period_nanos(rate)), burst)
    }

    /// Admits one request every `period` in the long run, and `burst` at once after a pause.
    ///
    /// The period is at least 1 ns, and at most so long that the burst is back after 292 years.
    #[must_use]
    pub fn with_period(period: Duration, burst: u32) -> Self {
        Self {
            schedule: Schedule::new(period, burst),
            theoretical_arrival: 0,
        }
    }

    /// The most requests that pass at once.
    #[must_use]
    pub const fn burst(&self) -> u32 {
        self.schedule.burst
    }

    /// The time between two requests at the allowed rate.
    #[must_use]
    pub const fn period(&self) -> Duration {
        Duration::from_nanos(self.schedule.period)
    }

    /// When the next request would arrive if everybody kept to the schedule.
    #[must_use]
    pub const fn theoretical_arrival(&self) -> Instant {
        Instant::from_nanos(self.theoretical_arrival)
    }

    /// The same rules in the state that [`theoretical_arrival`](Self::theoretical_arrival) once gave:
    /// for a program that keeps the state elsewhere, such as in an atomic or a database.
    #[must_use]
    #[inline]
    pub fn resumed(&self, theoretical_arrival: Instant) -> Self {
        let theoretical_arrival = theoretical_arrival.as_nanos();
        Self {
            schedule: self.schedule.clone(),
            theoretical_arrival,
        }
    }
}

impl Schedule {
    fn new(period: Duration, burst: u32) -> Self {
        // Longer periods would let the sums below leave the range of a `u64`.
        let longest = i64::MAX as u64 / u64::from(burst).max(1);
        let period = u64::try_from(period.as_nanos())
            .unwrap_or(u64::MAX)
            .clamp(1, longest);
        Self { period, burst }
    }

    /// Nanoseconds by which a request may be early. Cheaper to work out than to keep with each key.
    #[inline]
    fn tolerance(&self) -> u64 {
        self.period * u64::from(self.burst.saturating_sub(1))
    }
}
// ANCHOR_END: gcra_new

// ANCHOR: decide
impl Schedule {
    /// The next theoretical arrival time after `n` requests at `now`, or how early they are.
    #[inline]
    pub(crate) fn decide(&self, arrival: u64, now: Instant, n: u32) -> Result<u64, Throttled> {
        let now = now.as_nanos();
        if n == 0 {
            return Ok(arrival);
        }
        if n > self.burst {
            return Err(Throttled::NEVER);
        }
        // The first of them is due now, each other one period after the one before it.
        let others = self.period * u64::from(n - 1);
        let earliest = arrival
            .saturating_add(others)
            .saturating_sub(self.tolerance());
        if now < earliest {
            return Err(Throttled::for_nanos(earliest - now));
        }
        // Who is late has not saved up anything: the schedule starts again from now.
        Ok(arrival.max(now).saturating_add(self.period + others))
    }
}

impl RateLimiter for Gcra {
    #[inline]
    fn try_acquire(&mut self, now: Instant, n: u32) -> Result<(), Throttled> {
        self.theoretical_arrival = self.schedule.decide(self.theoretical_arrival, now, n)?;
        Ok(())
    }

    fn available(&self, now: Instant) -> u32 {
        self.schedule.available(self.theoretical_arrival, now)
    }
}
// ANCHOR_END: decide

impl Schedule {
    /// The largest `n` that would be admitted at `now`.
    pub(crate) fn available(&self, arrival: u64, now: Instant) -> u32 {
        let latest = now
            .as_nanos()
            .saturating_add(self.tolerance() + self.period);
        let fitting = latest.saturating_sub(arrival) / self.period;
        u32::try_from(fitting).unwrap_or(u32::MAX).min(self.burst)
    }
}
