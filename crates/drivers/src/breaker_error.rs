//! The error of a service behind a breaker: refused here, given up on here, or failed further in.

use core::fmt;
use core::time::Duration;

use circuit_breaker::{Reason, Refused, State};

/// A call that was not made, and when to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallRefused {
    /// The number of the call, counted from 1 over all that the breaker was asked for.
    pub call: u64,
    /// Where the breaker stands.
    pub state: State,
    /// Why it refused.
    pub reason: Reason,
    /// How long to stay away: asked again after this time, the call passes if nobody else took its place.
    /// `None` if it hangs on other calls and no time can be told.
    pub retry_after: Option<Duration>,
}

impl CallRefused {
    /// Without the change of state, which the listeners of the layer have been told.
    pub(crate) const fn of(refused: &Refused) -> Self {
        Self {
            call: refused.call,
            state: refused.state,
            reason: refused.reason,
            retry_after: refused.retry_after,
        }
    }
}

impl fmt::Display for CallRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.words())?;
        match self.retry_after {
            Some(wait) => write!(f, ": try again in {wait:?}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for CallRefused {}

/// Why a call through a breaker did not give a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BreakerError<E> {
    /// The breaker refused the call; the inner service never saw it.
    Refused(CallRefused),
    /// The call was made, and dropped when it had taken this long.
    TimedOut(Duration),
    /// The call was made, and the inner service failed.
    Inner(E),
}

impl<E: fmt::Display> fmt::Display for BreakerError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(f),
            Self::TimedOut(after) => write!(f, "no answer within {after:?}"),
            Self::Inner(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for BreakerError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Refused(_) | Self::TimedOut(_) => None,
            Self::Inner(error) => error.source(),
        }
    }
}
