//! Rate limiters as pure state machines: how many requests may pass, decided from the time alone.
//!
//! # What it prevents
//! A service that accepts more than it can do does less than it could: queues grow, every answer
//! comes too late, clients ask again, and the load feeds itself.
//! A limiter in front says "not now, try again in 80 ms" while that answer is still cheap, keeps
//! one noisy client from taking everybody's share, and lets a short burst through without letting
//! a flood through.
//!
//! # Words
//! | here | elsewhere |
//! | --- | --- |
//! | [`TokenBucket`] | Go `golang.org/x/time/rate.Limiter`; Java Bucket4j `Bucket`, Guava `RateLimiter`; Kubernetes client-go `flowcontrol.RateLimiter` (QPS and burst) |
//! | [`Gcra`] | ATM's generic cell rate algorithm; Rust `governor`; `redis-cell`; "virtual scheduling" |
//! | [`LeakyMeter`], [`LeakyQueue`] | nginx `limit_req` (with `nodelay`, without it) |
//! | [`FixedWindow`] | a counter per minute in Redis; Java resilience4j `RateLimiter` (limit for period) |
//! | [`SlidingLog`], [`SlidingCounter`] | a Redis sorted set; Cloudflare's sliding window counter |
//! | [`Keyed`] | Go `map[string]*rate.Limiter`; governor `keyed`; Kubernetes `EventRateLimit` (a bucket for each user, in an LRU cache) |
//! | [`Throttled`] | HTTP 429 with `Retry-After`; gRPC `RESOURCE_EXHAUSTED` |
//!
//! # Guarantees
//! - Time comes in as `now`; nothing here reads a clock, sleeps, starts a thread or logs.
//!   The same calls give the same answers on every platform, bit for bit.
//! - A refused call takes nothing: asking too often does not push the next grant further away.
//! - [`TokenBucket`] decides every call as `x/time/rate` does, tokens equal to the last bit, quirks
//!   included; [`Gcra`] as `governor` does. Both are held against recordings of the originals.
//! - Memory is bounded: a constant for each limiter, the limit's number of entries for
//!   [`SlidingLog`], and the given number of keys for [`Keyed`].
//!
//! # Not modelled
//! - Who calls: one limiter is one budget, shared by whoever asks it. [`Keyed`] splits it by key.
//! - Work in progress: a limiter counts starts, not ends, so it bounds no concurrency.
//! - Other machines: *n* replicas with a limiter each let *n* times the limit through.
//! - Fairness between waiters, and the sleeping itself; the drivers do that.
//! - Overflow in Go: there, a wait of exactly 2^63 ns turns negative; here it is for ever.
//!
//! # Example
//! ```
//! use clock::Instant;
//! use core::time::Duration;
//! use rate_limiter::{Limit, RateLimiter, TokenBucket};
//!
//! // An API that takes 10 requests a second and forgives bursts of 50.
//! let mut api = TokenBucket::new(Limit::per_second(10.0), 50);
//!
//! // 80 arrive at once: the bucket was full, so 50 pass.
//! let passed = (0..80).filter(|_| api.allow(Instant::ZERO, 1)).count();
//! assert_eq!(passed, 50);
//!
//! // The refusal says when to come back, and coming back then is enough.
//! let refusal = api.try_acquire(Instant::ZERO, 1).unwrap_err();
//! assert_eq!(refusal.retry_after, Duration::from_millis(100));
//! assert!(api.allow(Instant::ZERO + refusal.retry_after, 1));
//! ```
//!
//! # Section
//! 4.2a, Rate limiting.

mod atomic_gcra;
mod fixed_window;
mod gcra;
mod key_index;
mod keyed;
mod leaky_bucket;
mod limit;
mod sliding_counter;
mod sliding_log;
mod throttled;
mod token_bucket;

use clock::Instant;

pub use atomic_gcra::AtomicGcra;
pub use fixed_window::FixedWindow;
pub use gcra::Gcra;
pub use keyed::Keyed;
pub use leaky_bucket::{LeakyMeter, LeakyQueue};
pub use limit::Limit;
pub use sliding_counter::SlidingCounter;
pub use sliding_log::SlidingLog;
pub use throttled::Throttled;
pub use token_bucket::{Patience, Reservation, TokenBucket, WaitRefused};

// ANCHOR: RateLimiter
/// What every limiter of this crate can be asked, whatever is inside.
pub trait RateLimiter {
    /// Admits `n` requests at `now`, all or none.
    ///
    /// # Errors
    /// [`Throttled`] says how long to stay away; the call took nothing.
    fn try_acquire(&mut self, now: Instant, n: u32) -> Result<(), Throttled>;

    /// How many single requests would be admitted if they all came at `now`: what the
    /// `RateLimit` header field calls remaining. Asking changes nothing.
    fn available(&self, now: Instant) -> u32;
}
// ANCHOR_END: RateLimiter

#[cfg(test)]
mod tests;
