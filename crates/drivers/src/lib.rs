//! The mechanisms of this workbook on tokio and tower: rate limiters in front of a service's handlers, circuit breakers,
//! retries, limits and queues around its calls.
//!
//! # What it prevents
//! A mechanism that is right on paper can still be put into a server wrongly. Two threads that read the clock before they take the lock
//! hand the mechanism a time that runs backwards; a key that clients choose lets one of them fill the memory; a request that
//! gives up while it waits takes its tokens with it; a limiter that is asked before it knows the request cannot know whose
//! request it is. A call that is dropped half-way, because its caller went away, never tells its breaker, and the place it
//! took is lost. This crate is the thin layer that gets those right; every decision is still made by `rate-limiter` and
//! `circuit-breaker`.
//!
//! # Words
//! A *layer* wraps a *service*, as in tower: Go calls it a middleware, Java a filter, Envoy a filter, Kubernetes an admission plugin.
//! To *reject* is to refuse at once; to *wait* is to reserve tokens and sleep until they are there (Go: `Wait`).
//!
//! # Guarantees
//! - The layer admits and refuses exactly what the bare mechanism does at the same times; tests replay scripts on tokio's paused clock.
//! - Under one lock time never runs backwards.
//! - Waiting requests are served in the order in which they asked; each sleeps once; one that is dropped gives its tokens back,
//!   as far as nobody was promised a place behind them.
//! - Memory for keys is bounded.
//! - A breaker hears exactly once what became of an admitted call, also of one that timed out, was dropped or panicked.
//! - The listeners of a breaker hear of every change of state, in order, with its cause.
//!
//! # Not modelled
//! Limits shared by several processes; see `examples/rate-limiting` for one in a Redis, through [`Admission`].
//!
//! # Example
//! ```
//! use std::convert::Infallible;
//!
//! use drivers::{DirectLimiter, RateLimitLayer, Throttled};
//! use rate_limiter::AtomicGcra;
//! use tower::{Layer, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! // 10 requests per second for everybody together, 2 at once. In axum: `Router::new().route(…).layer(rate_limit)`.
//! let limiter = DirectLimiter::new(AtomicGcra::new(10.0, 2));
//! let rate_limit = RateLimitLayer::reject(limiter)
//!     .on_throttled(|throttled: Throttled| format!("429, come back in {} ms", throttled.retry_after.as_millis()));
//!
//! let product_page = service_fn(|page: &'static str| async move { Ok::<_, Infallible>(format!("200, {page}")) });
//! let service = rate_limit.layer(product_page);
//! for expected in ["200, shoes", "200, shoes", "429, come back in 100 ms"] {
//!     assert_eq!(service.clone().oneshot("shoes").await.unwrap(), expected);
//! }
//! # }
//! ```
//!
//! A limit for each client, in an axum service:
//! ```text
//! let limiter = KeyedGcra::new(Gcra::new(10.0, 50), 100_000).by(|request: &Request| api_key(request));
//! let rate_limit = RateLimitLayer::reject(limiter).on_throttled(too_many_requests);
//! let service = Router::new().route("/orders", get(orders)).layer(rate_limit);
//! ```
//!
//! A breaker in front of the calls to a backend:
//! ```
//! use std::convert::Infallible;
//! use std::time::Duration;
//!
//! use circuit_breaker::{Gobreaker, GobreakerConfig, Outcome};
//! use clock::Instant;
//! use drivers::{BreakerError, BreakerLayer, TokioClock};
//! use tower::{Layer, Service, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! // gobreaker opens after more than five failures in a row.
//! let breaker = Gobreaker::new(GobreakerConfig::default(), Instant::ZERO);
//! let payments = BreakerLayer::new(breaker, TokioClock::start())
//!     .time_out(Duration::from_secs(1))
//!     .classify(|answer: &Result<u16, Infallible>| match answer {
//!         Ok(500..) | Err(_) => Outcome::Failure,
//!         Ok(_) => Outcome::Success,
//!     })
//!     .on_transition(|change| eprintln!("payments: {change}"));
//!
//! let mut service = payments.layer(service_fn(|_: ()| async { Ok::<u16, Infallible>(503) }));
//! for _ in 0..6 {
//!     assert_eq!(service.call(()).await, Ok(503));
//! }
//! let Err(BreakerError::Refused(refused)) = service.call(()).await else { panic!("the circuit is open") };
//! assert_eq!(refused.retry_after, Some(Duration::from_nanos(60_000_000_001)));
//! # }
//! ```
//!
//! # Section
//! 4.2a, rate limiting, and 4.2b, circuit breaking and overload control.

mod admission;
mod breaker;
mod breaker_error;
mod breaker_future;
mod breaker_shared;
mod clock;
mod direct;
mod error;
mod future;
mod gate;
mod gate_layer;
mod inner_call;
mod keyed;
mod keyed_gcra;
mod layer;
mod per_key;
mod queue;
mod reserving;
mod retrying;
mod shards;
mod waiting;

#[cfg(test)]
mod tests;

pub use admission::{Admission, Reject, Reserve, TryAcquire, Wait};
pub use breaker::{BreakerLayer, BreakerService, Classify, ErrorsFail};
pub use breaker_error::{BreakerError, CallRefused};
pub use breaker_future::BreakerFuture;
pub use direct::{Decision, DirectLimiter, Locked, Shared};
pub use error::RateLimitError;
pub use future::ResponseFuture;
pub use gate::{Gate, GateError, Throttling};
pub use gate_layer::{GateFuture, GateLayer, GateService};
pub use keyed::{KeyedLimiter, KeyedReservation};
pub use keyed_gcra::KeyedGcra;
pub use layer::{AsError, AsResponse, RateLimit, RateLimitLayer, Refusal};
pub use per_key::PerKey;
pub use queue::{AllAlike, Level, QueueLayer, QueueRule, QueueService, Shed};
pub use rate_limiter::Throttled;
pub use reserving::{DirectReservation, Reserving};
pub use retrying::{RetryLayer, RetryService};
pub use waiting::{Reservation, Waiting};

pub use self::clock::{Clock, CoarseClock, FastClock, TokioClock};
