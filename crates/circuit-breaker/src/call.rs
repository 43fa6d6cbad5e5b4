//! What passes between a breaker and its caller: permits, refusals and outcomes.

use core::fmt;
use core::time::Duration;

use clock::Instant;

use crate::Transition;

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Calls pass.
    Closed,
    /// Calls are refused. hystrix-go also lets its trial through in this state.
    Open,
    /// A few calls pass as trials; what becomes of them decides. hystrix-go has no such state.
    HalfOpen,
}

// ANCHOR: Outcome
/// What became of an admitted call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It answered, and the answer is good.
    Success,
    /// It answered with an error, or did not answer at all.
    Failure,
    /// The caller stopped waiting because the time was up.
    TimedOut,
    /// The caller stopped waiting because nobody wants the answer any more.
    Cancelled,
    /// It failed in a way that says nothing about the backend, such as a bad request.
    Excluded,
}
// ANCHOR_END: Outcome

// ANCHOR: Permit
/// Leave to make one call; hand it back with [`Breaker::on_outcome`](crate::Breaker::on_outcome).
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a permit that never comes back may hold a place for ever"]
pub struct Permit {
    /// The number of the call, counted from 1 over all that were asked for, refused ones too.
    pub call: u64,
    /// When it was admitted.
    pub at: Instant,
    /// Whether it tests if the backend is well again.
    pub trial: bool,
    /// How long the caller may wait before it reports [`Outcome::TimedOut`], if the policy says so.
    pub time_out: Option<Duration>,
    /// What changed because somebody asked: the end of the wait in the open state, for example.
    pub transition: Option<Transition>,
    /// Which life of the breaker it belongs to; results from an earlier one may count for nothing.
    pub(crate) generation: u64,
    /// Which bucket of that life the call was counted in.
    pub(crate) age: u64,
}
// ANCHOR_END: Permit

// ANCHOR: Refused
/// Not admitted; carries what the caller does next.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The number of the call, counted as in [`Permit::call`].
    pub call: u64,
    /// Where the breaker stands after this call.
    pub state: State,
    /// Why this call was refused.
    pub reason: Reason,
    /// How long to stay away: asked again after this time, the call passes if nobody else took
    /// its place. `None` if it hangs on other calls and no time can be told.
    pub retry_after: Option<Duration>,
    /// What changed because somebody asked: the call that trips hystrix-go's circuit is refused.
    pub transition: Option<Transition>,
}
// ANCHOR_END: Refused

/// Why a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The breaker is open, and the wait is not over.
    Open,
    /// All trials of the half-open state are taken.
    TrialsTaken,
    /// As many calls as are allowed at once are in progress.
    TooManyAtOnce,
}

impl Permit {
    /// An ordinary permit.
    pub(crate) const fn new(call: u64, at: Instant) -> Self {
        Self {
            call,
            at,
            trial: false,
            time_out: None,
            transition: None,
            generation: 0,
            age: 0,
        }
    }

    /// When the caller stops waiting, if the policy says so.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.time_out.map(|time_out| self.at + time_out)
    }
}

impl State {
    /// One word, as logs and pages write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half-open",
        }
    }
}

impl Reason {
    /// A few words, as logs and pages write it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "the circuit is open",
            Self::TrialsTaken => "all trials are taken",
            Self::TooManyAtOnce => "too many calls at once",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.words())?;
        match self.retry_after {
            Some(wait) => write!(f, ": try again in {wait:?}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Refused {}
