//! The mechanism the reader asked for, made from the flags: the same one serves requests and replays them.

use clock::Instant;
use rate_limiter::{Gcra, Limit, RateLimiter, Throttled, TokenBucket};

use crate::options::{Algorithm, Options};

/// Any of the mechanisms; one type, so that server and replay need not know which.
#[derive(Clone, Debug)]
pub(crate) enum Mechanism {
    /// `--algorithm token-bucket`.
    TokenBucket(TokenBucket),
    /// `--algorithm gcra`.
    Gcra(Gcra),
}

impl Mechanism {
    /// The mechanism of `options`, for one client.
    pub(crate) fn new(options: &Options) -> Self {
        let (rate, burst) = (options.rate, options.burst);
        match options.algorithm {
            Algorithm::Gcra => Self::Gcra(Gcra::new(rate, burst)),
            _ => Self::TokenBucket(TokenBucket::new(Limit::per_second(rate), i64::from(burst))),
        }
    }
}

impl RateLimiter for Mechanism {
    fn try_acquire(&mut self, now: Instant, n: u32) -> Result<(), Throttled> {
        match self {
            Self::TokenBucket(mechanism) => mechanism.try_acquire(now, n),
            Self::Gcra(mechanism) => mechanism.try_acquire(now, n),
        }
    }
}
