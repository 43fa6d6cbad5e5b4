//! The mechanisms of this workbook on tokio and tower.
mod admission;
mod clock;
mod direct;
mod error;
mod future;
mod keyed;
mod layer;
mod waiting;

pub use admission::{Admission, Reject, Reserve, TryAcquire, Wait};
pub use self::clock::{Clock, FastClock, TokioClock};
pub use direct::{Decision, DirectLimiter, Locked, Shared};
pub use error::RateLimitError;
pub use future::ResponseFuture;
pub use keyed::KeyedLimiter;
pub use layer::{AsError, AsResponse, RateLimit, RateLimitLayer, Refusal};
pub use rate_limiter::Throttled;
pub use waiting::{Reservation, Waiting};
