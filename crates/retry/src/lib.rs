//! When to try again, and whether: exponential back-off with jitter, and retry budgets.
//!
//! # What it prevents
//! A retry helps one caller and costs the service a second call. When a service is short of
//! capacity everybody retries at once, and what was a shortage becomes an outage that feeds itself.
//! Jitter spreads the second attempts out; a budget keeps their sum small against the first ones.
//!
//! # Words
//! | here | elsewhere |
//! | --- | --- |
//! | [`Backoff`] | Go `cenkalti/backoff`; AWS SDK "retry mode"; Rust `backon` |
//! | [`Jitter::Full`] | AWS "full jitter"; gRPC's `retryPolicy` draws likewise |
//! | [`TokenBudget`] | Finagle `RetryBudget`; `tower::retry::budget::TpsBudget`; gRPC `retryThrottling` is a relative |
//! | [`RatioBudget`] | Envoy `retry_budget`; Linkerd's `retryRatio` is a relative |
//!
//! # Guarantees
//! - Time comes in as `now`, chance as a number from 0 to below 1; nothing here sleeps.
//! - Waits never exceed the cap, at any number of attempts.
//! - A budget takes constant memory.
//!
//! # Not modelled
//! - Which failures are worth a second attempt, and whether an operation may be done twice: that is
//!   for the caller to know.
//! - Hedging: a second attempt before the first has failed.
//!
//! # Example
//! ```
//! use clock::Instant;
//! use core::time::Duration;
//! use retry::{Backoff, Budget, Exhausted, Jitter, Sleeps, TokenBudget};
//!
//! let backoff = Backoff {
//!     base: Duration::from_millis(50),
//!     cap: Duration::from_secs(2),
//!     jitter: Jitter::Full,
//! };
//! // At a draw of 0.5: half of 50, of 100, of 200 ms.
//! let mut sleeps = Sleeps::new(backoff);
//! let waits = [sleeps.next(0.5), sleeps.next(0.5), sleeps.next(0.5)];
//! assert_eq!(waits.map(|wait| wait.as_millis()), [25, 50, 100]);
//!
//! // Of 100 requests that all fail, 20 are sent again.
//! let now = Instant::ZERO;
//! let mut budget = TokenBudget::new(Duration::from_secs(10), 0, 0.2, now);
//! let again = (0..100).filter(|_| {
//!     budget.request(now);
//!     budget.try_retry(now).is_ok()
//! });
//! assert_eq!(again.count(), 20);
//! assert_eq!(budget.try_retry(now), Err(Exhausted));
//! ```
//!
//! # Section
//! 4.2b, Circuit breaking and overload control.

mod backoff;
mod budget;

pub use backoff::{Backoff, Jitter, Sleeps};
pub use budget::{AnyBudget, Budget, Exhausted, RatioBudget, TokenBudget};

#[cfg(test)]
mod tests;
