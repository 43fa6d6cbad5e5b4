//! How long to wait before another attempt.

use core::time::Duration;

/// How chance spreads the waits, so that those who failed together do not come back together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all: base × 2ⁿ, up to the cap.
    None,
    /// Evenly between zero and that.
    #[default]
    Full,
    /// Half of that, and evenly up to the whole.
    Equal,
    /// Evenly between the base and three times the last wait, up to the cap.
    Decorrelated,
}

// ANCHOR: Backoff
/// Exponential back-off with jitter.
///
/// # Source
/// M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015, and its simulator
/// (`aws-samples/aws-arch-backoff-simulator`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    /// The first wait, before chance; above zero.
    pub base: Duration,
    /// No wait is longer.
    pub cap: Duration,
    /// How chance spreads them.
    pub jitter: Jitter,
}

/// The waits of one operation, one after the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sleeps {
    backoff: Backoff,
    /// Waits so far.
    count: u32,
    /// The last one, in seconds.
    last: f64,
}

impl Sleeps {
    /// Before the first wait.
    #[must_use]
    pub const fn new(backoff: Backoff) -> Self {
        Self {
            backoff,
            count: 0,
            last: 0.0,
        }
    }

    /// The next wait; `uniform` is evenly distributed from 0 to below 1.
    pub fn next(&mut self, uniform: f64) -> Duration {
        Duration::from_secs_f64(self.next_secs(uniform))
    }

    /// The same in seconds, not rounded to nanoseconds.
    pub fn next_secs(&mut self, uniform: f64) -> f64 {
        let Backoff { base, cap, jitter } = self.backoff;
        let (base, cap) = (base.as_secs_f64(), cap.as_secs_f64());
        if self.count == 0 {
            self.last = base;
        }
        // Beyond 2¹⁰²³ a double is infinite, which the cap stops as well.
        let doubled = base * pow2(self.count);
        let most = doubled.min(cap);
        self.count = self.count.saturating_add(1);
        self.last = match jitter {
            Jitter::None => most,
            Jitter::Full => most * uniform,
            Jitter::Equal => most / 2.0 + most / 2.0 * uniform,
            Jitter::Decorrelated => cap.min(base + (3.0 * self.last - base) * uniform),
        };
        self.last
    }
}
// ANCHOR_END: Backoff

fn pow2(exponent: u32) -> f64 {
    if exponent > 1023 {
        return f64::INFINITY;
    }
    f64::from_bits(u64::from(exponent + 1023) << 52)
}
