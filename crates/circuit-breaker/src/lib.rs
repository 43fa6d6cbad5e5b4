//! Circuit breakers as pure state machines: whether a call may be made, decided from what became of
//! the calls before.
//!
//! # What it prevents
//! A backend that has gone slow holds every caller for as long as they are willing to wait.
//! Callers pile up, take threads, memory and connections with them, and a service dies that was
//! itself healthy; what it sends meanwhile keeps the backend from getting well.
//! A breaker notices that calls fail, answers "no" at once while that is still cheap, and sends one
//! call now and then to see whether the backend is back.
//!
//! # Words
//! | here | elsewhere |
//! | --- | --- |
//! | [`Hystrix`] | Go `afex/hystrix-go`; after Netflix's Java Hystrix |
//! | [`Gobreaker`] | Go `sony/gobreaker` v2; [`State`], `Counts`, `ReadyToTrip` as there |
//! | [`Resilience4j`] | Java resilience4j `CircuitBreaker`; Spring Cloud Circuit Breaker |
//! | [`SharedBreaker`] | the rule of gobreaker, for many threads: Rust `recloser`, `failsafe` |
//! | [`State::Open`] | "tripped", "broken"; the name is of an electric circuit: open means nothing flows |
//! | [`Outcome::Excluded`] | gobreaker `IsExcluded`; resilience4j `ignoreExceptions` |
//! | [`Reason::Open`] | hystrix-go `ErrCircuitOpen`, gobreaker `ErrOpenState`, resilience4j `CallNotPermittedException`; often HTTP 503 |
//! | [`Reason::TooManyAtOnce`] | hystrix-go `ErrMaxConcurrency`: a bulkhead |
//!
//! # Guarantees
//! - Time comes in as `now`; nothing here reads a clock, sleeps, starts a thread or logs.
//!   The same calls give the same answers on every platform, bit for bit.
//! - Each policy decides as its original, quirks included: every decision, state and count is held
//!   against recordings of the originals.
//! - A change of state is a value that names the call and the figures that caused it.
//! - Memory is bounded by the window: ten buckets, the configured buckets, or the configured calls.
//!
//! # Not modelled
//! - The call itself. A breaker neither runs it nor stops it: who gives up waiting reports
//!   [`Outcome::TimedOut`], and the work may go on.
//! - Permits that never come back. In hystrix-go one holds a ticket, in gobreaker and resilience4j
//!   one can leave the half-open state stuck for ever.
//! - Fallbacks, and hystrix-go's counters for its dashboard.
//! - resilience4j's forced and metrics-only states, and waits that grow from trip to trip.
//! - Other machines: each replica has a breaker of its own and learns by itself.
//!
//! # Example
//! ```
//! use circuit_breaker::{Breaker, Hystrix, HystrixConfig, Outcome, Reason, State};
//! use clock::Instant;
//! use core::time::Duration;
//!
//! // hystrix-go's defaults: 20 calls in the window, 50 % of them errors.
//! let mut payments = Hystrix::new(HystrixConfig::default());
//!
//! // 20 calls fail, and the circuit is still closed: it is the next call that finds out.
//! let now = Instant::from_millis(200);
//! for _ in 0..20 {
//!     let permit = payments.try_acquire(now)?;
//!     payments.on_outcome(permit, now, Outcome::Failure, Duration::ZERO);
//! }
//! assert_eq!(payments.state(now), State::Closed);
//! let refused = payments.try_acquire(now).unwrap_err();
//! assert_eq!((refused.call, refused.reason), (21, Reason::Open));
//! assert_eq!(
//!     refused.transition.unwrap().to_string(),
//!     "closed to open: 20 errors against 20 calls are 100 %, the threshold is 50 % (call 21)"
//! );
//!
//! // Just after the sleep window one call is let through, and its success closes the circuit.
//! let later = now + refused.retry_after.unwrap();
//! let trial = payments.try_acquire(later)?;
//! let closed = payments.on_outcome(trial, later, Outcome::Success, Duration::ZERO);
//! assert_eq!(closed.unwrap().to, State::Closed);
//! # Ok::<(), circuit_breaker::Refused>(())
//! ```
//!
//! # Section
//! 4.2b, Circuit breaking and overload control.

use core::time::Duration;

use clock::Instant;

mod any;
mod call;
mod counts;
mod gobreaker;
mod hystrix;
mod measures;
mod resilience4j;
mod seconds;
mod shards;
mod shared;
mod transition;
mod window;

pub use any::AnyBreaker;
pub use call::{Outcome, Permit, Reason, Refused, State};
pub use counts::Counts;
pub use gobreaker::{Gobreaker, GobreakerConfig, ReadyToTrip};
pub use hystrix::{Hystrix, HystrixConfig};
pub use measures::Measure;
pub use resilience4j::{Resilience4j, Resilience4jConfig, SlidingWindow};
pub use shared::{Rejected, SharedBreaker, SharedConfig, SharedPermit};
pub use transition::{Cause, Transition};
pub use window::{Bucket, Window};

// ANCHOR: Breaker
/// What every breaker of this crate can be asked, whichever policy is inside.
pub trait Breaker {
    /// Asks to make one call at `now`.
    ///
    /// # Errors
    /// [`Refused`] says why, and how long to stay away.
    fn try_acquire(&mut self, now: Instant) -> Result<Permit, Refused>;

    /// Reports at `now` what became of an admitted call and how long it took. Returns the change
    /// of state it caused, or else the latest one that was overdue.
    fn on_outcome(
        &mut self,
        permit: Permit,
        now: Instant,
        outcome: Outcome,
        latency: Duration,
    ) -> Option<Transition>;

    /// Does one change that time alone causes, if one is due at `now`; call it until it returns
    /// `None`. Never needed for a right answer: every call makes up for what is overdue.
    fn advance(&mut self, now: Instant) -> Option<Transition>;

    /// Where the breaker stands at `now`. Asking changes nothing.
    fn state(&self, now: Instant) -> State;

    /// The earliest instant at which time alone changes what a call is told; `None` if only calls
    /// can do that.
    fn next_deadline(&self) -> Option<Instant>;

    /// What the breaker would decide on at `now`.
    fn window(&self, now: Instant) -> Window;
}
// ANCHOR_END: Breaker

#[cfg(test)]
mod tests;
