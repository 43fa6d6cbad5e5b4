//! The mechanism the reader asked for, made from the flags: the same one serves requests and replays them.

use std::time::Duration;

use clock::Instant;
use rate_limiter::{
    FixedWindow, Gcra, LeakyMeter, Limit, RateLimiter, SlidingCounter, SlidingLog, Throttled,
    TokenBucket,
};

use crate::options::{Algorithm, Options};

/// Any of the mechanisms; one type, so that server and replay need not know which.
#[derive(Clone, Debug)]
pub(crate) enum Mechanism {
    /// `--algorithm token-bucket`.
    TokenBucket(TokenBucket),
    /// `--algorithm gcra`.
    Gcra(Gcra),
    /// `--algorithm leaky-bucket`.
    LeakyBucket(LeakyMeter),
    /// `--algorithm fixed-window`.
    FixedWindow(FixedWindow),
    /// `--algorithm sliding-log`.
    SlidingLog(SlidingLog),
    /// `--algorithm sliding-counter`.
    SlidingCounter(SlidingCounter),
}

impl Mechanism {
    /// The mechanism of `options`, for one client.
    pub(crate) fn new(options: &Options) -> Self {
        let (rate, burst) = (options.rate, options.burst);
        // The window in which the rate adds up to the burst, so that all six admit as many in the long run.
        let window = Duration::from_secs_f64(f64::from(burst) / rate);
        match options.algorithm {
            Algorithm::TokenBucket => {
                Self::TokenBucket(TokenBucket::new(Limit::per_second(rate), i64::from(burst)))
            }
            Algorithm::Gcra => Self::Gcra(Gcra::new(rate, burst)),
            Algorithm::LeakyBucket => Self::LeakyBucket(LeakyMeter::new(rate, burst)),
            Algorithm::FixedWindow => Self::FixedWindow(FixedWindow::new(burst, window)),
            Algorithm::SlidingLog => Self::SlidingLog(SlidingLog::new(burst, window)),
            Algorithm::SlidingCounter => Self::SlidingCounter(SlidingCounter::new(burst, window)),
        }
    }

    fn as_dyn(&self) -> &dyn RateLimiter {
        match self {
            Self::TokenBucket(mechanism) => mechanism,
            Self::Gcra(mechanism) => mechanism,
            Self::LeakyBucket(mechanism) => mechanism,
            Self::FixedWindow(mechanism) => mechanism,
            Self::SlidingLog(mechanism) => mechanism,
            Self::SlidingCounter(mechanism) => mechanism,
        }
    }

    fn as_dyn_mut(&mut self) -> &mut dyn RateLimiter {
        match self {
            Self::TokenBucket(mechanism) => mechanism,
            Self::Gcra(mechanism) => mechanism,
            Self::LeakyBucket(mechanism) => mechanism,
            Self::FixedWindow(mechanism) => mechanism,
            Self::SlidingLog(mechanism) => mechanism,
            Self::SlidingCounter(mechanism) => mechanism,
        }
    }
}

impl RateLimiter for Mechanism {
    fn try_acquire(&mut self, now: Instant, n: u32) -> Result<(), Throttled> {
        self.as_dyn_mut().try_acquire(now, n)
    }

    fn available(&self, now: Instant) -> u32 {
        self.as_dyn().available(now)
    }
}
