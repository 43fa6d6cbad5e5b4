//! Client-side throttling: a caller that drops requests itself once its backend refuses many.
//!
//! # What it prevents
//! Refusing a request is cheap, not free. A backend at ten times its capacity that refuses nine of
//! ten may spend all its time on refusing. Here the caller remembers how many of its requests were
//! accepted of late, and sends about `k` times as many, not more.
//!
//! # Words
//! | here | elsewhere |
//! | --- | --- |
//! | [`AdaptiveThrottle`] | *Site Reliability Engineering*, chapter 21, "client-side throttling"; go-zero's `googleBreaker` |
//! | `k` | the book's *K*; 2 is its default |
//!
//! # Guarantees
//! - Every attempt counts as a request when it is made, those dropped here too, as the book has it;
//!   go-zero counts them when they return.
//! - The chance of a drop is `max(0, (requests - k × accepts) / (requests + 1))` over the window.
//! - Time comes in as `now`, chance as a number from 0 to below 1. Memory is that of the buckets.
//!
//! # Not modelled
//! - What the backend accepts is for the caller to say: an error is no refusal.
//!
//! # Example
//! ```
//! use adaptive_throttle::{AdaptiveThrottle, Config};
//! use clock::Instant;
//!
//! let mut throttle = AdaptiveThrottle::new(Config::default());
//! let now = Instant::ZERO;
//! for _ in 0..100 {
//!     // At a draw of 0.999 nothing is dropped, whatever the chance.
//!     throttle.try_acquire(now, 0.999)?;
//! }
//! // The backend refused them all: of the next ones 100 in 101 stay at home.
//! assert_eq!(throttle.probability(now), 100.0 / 101.0);
//! assert!(throttle.try_acquire(now, 0.5).is_err());
//! # Ok::<(), adaptive_throttle::Dropped>(())
//! ```
//!
//! # Section
//! 4.2b, Circuit breaking and overload control.

use core::fmt;
use core::time::Duration;

use clock::Instant;

/// Buckets of the window: what is older than a window by less than a bucket may still count.
const BUCKETS: usize = 24;

/// Settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Config {
    /// How far back it looks, at least a microsecond; the book says two minutes.
    pub window: Duration,
    /// So many times more than were accepted are sent: 1 or more; 2 in the book.
    pub k: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(120),
            k: 2.0,
        }
    }
}

/// Not sent at all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropped {
    /// The chance there was of it, 0 to 1.
    pub probability: f64,
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = 100.0 * self.probability;
        write!(f, "dropped by the caller, as {percent:.0} % are now")
    }
}

impl core::error::Error for Dropped {}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bucket {
    /// Number of the bucket since the origin.
    number: u64,
    requests: u64,
    accepts: u64,
}

// ANCHOR: AdaptiveThrottle
/// One caller's memory of one backend.
///
/// # Source
/// *Site Reliability Engineering* (2016), chapter 21, "Handling Overload".
#[derive(Clone, Debug, PartialEq)]
pub struct AdaptiveThrottle {
    config: Config,
    buckets: [Bucket; BUCKETS],
}

impl AdaptiveThrottle {
    /// A caller that has sent nothing.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config,
            buckets: [Bucket::default(); BUCKETS],
        }
    }

    /// Asks to send one request; `uniform` is evenly distributed from 0 to below 1.
    ///
    /// # Errors
    /// [`Dropped`] if it is to stay at home.
    pub fn try_acquire(&mut self, now: Instant, uniform: f64) -> Result<(), Dropped> {
        let probability = self.probability(now);
        self.bucket(now).requests += 1;
        if uniform < probability {
            return Err(Dropped { probability });
        }
        Ok(())
    }

    /// A request that was sent has come back: did the backend take it on?
    pub fn on_outcome(&mut self, now: Instant, accepted: bool) {
        self.bucket(now).accepts += u64::from(accepted);
    }

    /// The chance that the next request is dropped, 0 to 1.
    #[must_use]
    pub fn probability(&self, now: Instant) -> f64 {
        let (requests, accepts) = self.counts(now);
        reject_probability(requests, accepts, self.config.k)
    }
    // ANCHOR_END: AdaptiveThrottle

    /// Requests made and requests accepted within the window.
    #[must_use]
    pub fn counts(&self, now: Instant) -> (u64, u64) {
        let current = self.number(now);
        (self.buckets.iter())
            .filter(|bucket| bucket.number + BUCKETS as u64 > current)
            .fold((0, 0), |(requests, accepts), bucket| {
                (requests + bucket.requests, accepts + bucket.accepts)
            })
    }

    fn number(&self, now: Instant) -> u64 {
        let width = (self.config.window.as_nanos() as u64 / BUCKETS as u64).max(1);
        now.as_nanos() / width
    }

    fn bucket(&mut self, now: Instant) -> &mut Bucket {
        let number = self.number(now);
        let bucket = &mut self.buckets[(number % BUCKETS as u64) as usize];
        if bucket.number != number {
            *bucket = Bucket {
                number,
                ..Bucket::default()
            };
        }
        bucket
    }
}

/// The book's rule by itself.
#[must_use]
pub fn reject_probability(requests: u64, accepts: u64, k: f64) -> f64 {
    let (requests, accepts) = (requests as f64, accepts as f64);
    ((requests - k * accepts) / (requests + 1.0)).max(0.0)
}

#[cfg(test)]
mod tests;
