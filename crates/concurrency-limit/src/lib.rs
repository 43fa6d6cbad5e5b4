//! Adaptive limits on calls in flight: how many at once, learned from how long they take.
//!
//! # What it prevents
//! A fixed limit is right for the machine and the day it was measured on. A queue grows whenever
//! more calls are in flight than can be worked on; it shows in the round-trip time before anything
//! fails. These rules move the limit by what they see of it, as TCP moves its window.
//!
//! # Words
//! | here | elsewhere |
//! | --- | --- |
//! | [`Aimd`] | Netflix `AIMDLimit`; additive increase, multiplicative decrease: TCP Reno |
//! | [`Gradient2`] | Netflix `Gradient2Limit`; Envoy's adaptive concurrency filter is a relative |
//! | [`Vegas`] | Netflix `VegasLimit`; TCP Vegas |
//! | [`Limiter`] | Netflix `SimpleLimiter`; a semaphore whose size changes |
//!
//! # Guarantees
//! - Each rule gives the limits of Netflix' `concurrency-limits` sample by sample, held against recordings.
//! - Time comes in with each sample; nothing here reads a clock or draws.
//! - A limit never leaves the range it was given, and is never zero.
//!
//! # Not modelled
//! - Chance: Vegas measures the shortest round trip anew after a fixed number of samples, the original after a random one.
//! - Windows that gather samples before a rule sees them, and partitions of a limit by kind of call.
//!
//! # Example
//! ```
//! use concurrency_limit::{Aimd, Limiter};
//! use clock::Instant;
//! use core::time::Duration;
//!
//! let mut limiter = Limiter::new(Aimd::default());
//! let now = Instant::ZERO;
//! // 20 at once is where it starts; the 21st has to wait or go away.
//! let permits: Vec<_> = (0..20).map(|_| limiter.try_acquire(now).unwrap()).collect();
//! assert!(limiter.try_acquire(now).is_err());
//!
//! // All come back in 30 ms, and each of the first was one of many: the limit grows.
//! let later = now + Duration::from_millis(30);
//! for permit in permits {
//!     limiter.on_outcome(permit, later, false);
//! }
//! assert_eq!(limiter.limit(), 31);
//! ```
//!
//! # Section
//! 4.2b, Circuit breaking and overload control.

use core::time::Duration;

mod aimd;
mod any;
mod gradient2;
mod limiter;
mod vegas;

pub use aimd::{Aimd, AimdConfig};
pub use any::AnyLimit;
pub use gradient2::{Gradient2, Gradient2Config};
pub use limiter::{LimitReached, Limiter, Permit};
pub use vegas::{Vegas, VegasConfig};

// ANCHOR: Limit
/// A rule that moves a limit.
pub trait Limit {
    /// Calls that may be in flight at once; at least 1.
    fn limit(&self) -> u32;

    /// A call came back after `rtt`; `in_flight` were so when it was sent, itself included, and
    /// `dropped` says that it was refused or timed out. Returns the limit from now on.
    fn on_sample(&mut self, rtt: Duration, in_flight: u32, dropped: bool) -> u32;
}
// ANCHOR_END: Limit

#[cfg(test)]
mod tests;
