//! How fast: a number of tokens a second, possibly none, possibly without limit.

use core::time::Duration;

use clock::NANOS_PER_SEC;

// ANCHOR: Limit
/// A rate in tokens per second. Go: `rate.Limit`.
///
/// Zero is a rate, too: what is in the bucket may be spent, and nothing comes after it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Limit(f64);
// ANCHOR_END: Limit

impl Limit {
    /// No limit: everything passes, whatever the burst. The largest `f64` stands for it, as in Go.
    pub const INFINITE: Self = Self(f64::MAX);
    /// Nothing drips in.
    pub const ZERO: Self = Self(0.0);

    /// `rate` tokens a second. An infinite rate is [`Limit::INFINITE`]; NaN and rates below zero
    /// act as zero.
    #[must_use]
    pub const fn per_second(rate: f64) -> Self {
        if rate == f64::INFINITY {
            Self::INFINITE
        } else if rate.is_nan() {
            Self::ZERO
        } else {
            Self(rate)
        }
    }

    /// One token every `interval`; [`Limit::INFINITE`] if that is zero. Go: `rate.Every`.
    #[must_use]
    pub fn every(interval: Duration) -> Self {
        if interval.is_zero() {
            Self::INFINITE
        } else {
            Self(1.0 / interval.as_secs_f64())
        }
    }

    /// Tokens per second.
    #[must_use]
    pub const fn as_per_second(self) -> f64 {
        self.0
    }

    /// Whether everything passes.
    #[must_use]
    pub const fn is_infinite(self) -> bool {
        self.0 == f64::MAX
    }
}

/// The two conversions everything is made of. Both round exactly as Go does: one step done in
/// another order would change the last bit, and after some thousand calls a decision.
impl Limit {
    /// Nanoseconds in which `tokens` drip in, cut to whole ones; `i64::MAX` (292 years) for never.
    /// Negative tokens give a negative time, except that "never" keeps its sign.
    pub(crate) fn nanos_for(self, tokens: f64) -> i64 {
        if self.0 <= 0.0 {
            return i64::MAX;
        }
        // The cast cuts towards zero and saturates at both ends.
        (tokens / self.0 * NANOS_PER_SEC as f64) as i64
    }

    /// Tokens that drip in during `nanos`.
    pub(crate) fn tokens_in(self, nanos: i64) -> f64 {
        if self.0 <= 0.0 {
            return 0.0;
        }
        let second = NANOS_PER_SEC as i64;
        // Go's `Duration.Seconds`: seconds and fraction apart, so that hours keep their nanoseconds.
        let seconds = (nanos / second) as f64 + (nanos % second) as f64 / second as f64;
        seconds * self.0
    }
}

/// Nanoseconds between two requests at `rate` requests per second, cut to whole ones and never
/// below one; `u64::MAX` for rates that are not above zero.
pub(crate) fn period_nanos(rate: f64) -> u64 {
    if rate > 0.0 {
        ((NANOS_PER_SEC as f64 / rate) as u64).max(1)
    } else {
        u64::MAX
    }
}
