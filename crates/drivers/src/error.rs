//! The error of a rate-limited service: it was refused here, or it failed further in.

use core::fmt;

use rate_limiter::Throttled;

/// Why a rate-limited call did not give a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RateLimitError<E> {
    /// The limiter refused the request; the inner service never saw it.
    Throttled(Throttled),
    /// The request was admitted and the inner service failed.
    Inner(E),
}

impl<E: fmt::Display> fmt::Display for RateLimitError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Throttled(throttled) => throttled.fmt(f),
            Self::Inner(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for RateLimitError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Throttled(_) => None,
            Self::Inner(error) => error.source(),
        }
    }
}
