//! A change of state as a value, with the figures that caused it.

use core::fmt;
use core::time::Duration;

use clock::Instant;

use crate::State;

// ANCHOR: Transition
/// A change of state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transition {
    /// When.
    pub at: Instant,
    /// From this state.
    pub from: State,
    /// To this one.
    pub to: State,
    /// The call that did it, by being asked for or by its outcome; `None` if time alone did.
    pub call: Option<u64>,
    /// Why.
    pub cause: Cause,
}

/// Why a breaker changed its state, with the figures it decided on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause {
    /// hystrix-go: enough calls, and too many of them errors.
    ErrorPercent {
        /// Calls in the window.
        requests: u64,
        /// Errors in the window; refused calls are among them.
        errors: u64,
        /// Rounded half up; above 100 when errors outlive their calls.
        percent: i64,
        /// Reached or exceeded by `percent`.
        threshold: i64,
        /// Those of `errors` that are older than the ten seconds the window is meant to span.
        stale: u64,
    },
    /// gobreaker: more failures in a row than are tolerated.
    ConsecutiveFailures {
        /// In a row.
        failures: u32,
        /// Exceeded by `failures`.
        tolerated: u32,
    },
    /// gobreaker: enough calls, and too large a part of them failed.
    FailureRatio {
        /// Failed calls in the window.
        failures: u32,
        /// All calls in the window, those still in progress too.
        requests: u32,
        /// Reached or exceeded by their ratio; 0 to 1.
        ratio: f64,
    },
    /// resilience4j: too many of the reported calls failed.
    FailureRate {
        /// Of the calls in the window, in percent.
        rate: f32,
        /// Reached or exceeded by `rate`, in percent.
        threshold: f32,
        /// Calls in the window.
        calls: u32,
    },
    /// resilience4j: too many of the reported calls were slow.
    SlowRate {
        /// Of the calls in the window, in percent.
        rate: f32,
        /// Reached or exceeded by `rate`, in percent.
        threshold: f32,
        /// Calls in the window.
        calls: u32,
    },
    /// The wait in the open state is over.
    WaitOver {
        /// How long the breaker was open.
        open_for: Duration,
    },
    /// A trial succeeded, and one is enough.
    TrialSucceeded,
    /// hystrix-go: a call from before the trip succeeded, and any success closes.
    LateSuccess,
    /// gobreaker: a trial failed, and one is enough.
    TrialFailed,
    /// Enough trials succeeded in a row.
    TrialsSucceeded {
        /// In a row.
        successes: u32,
    },
    /// resilience4j: the trials have reported, and their rates stay below the thresholds.
    TrialsPassed {
        /// Part of them that failed, in percent.
        failure_rate: f32,
        /// Part of them that was slow, in percent.
        slow_rate: f32,
        /// Trials that have reported.
        calls: u32,
    },
    /// resilience4j: the half-open state lasted longer than it may.
    TrialsOverdue,
}
// ANCHOR_END: Transition

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, .. } = self;
        write!(f, "{from} to {to}: {}", self.cause)?;
        match self.call {
            Some(call) => write!(f, " (call {call})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ErrorPercent {
                requests,
                errors,
                percent,
                threshold,
                stale,
            } => {
                write!(
                    f,
                    "{errors} errors against {requests} calls are {percent} %, the threshold is {threshold} %"
                )?;
                if stale > 0 {
                    write!(f, "; {stale} of the errors are older than the window")?;
                }
                Ok(())
            }
            Self::ConsecutiveFailures {
                failures,
                tolerated,
            } => write!(f, "{failures} failures in a row, {tolerated} are tolerated"),
            Self::FailureRatio {
                failures,
                requests,
                ratio,
            } => write!(
                f,
                "{failures} of {requests} calls failed, the threshold is {ratio}"
            ),
            Self::FailureRate {
                rate,
                threshold,
                calls,
            } => write!(
                f,
                "{rate} % of {calls} calls failed, the threshold is {threshold} %"
            ),
            Self::SlowRate {
                rate,
                threshold,
                calls,
            } => write!(
                f,
                "{rate} % of {calls} calls were slow, the threshold is {threshold} %"
            ),
            Self::WaitOver { open_for } => write!(f, "open for {open_for:?}, the wait is over"),
            Self::TrialSucceeded => f.write_str("the trial succeeded"),
            Self::LateSuccess => f.write_str("a call from before the trip succeeded"),
            Self::TrialFailed => f.write_str("a trial failed"),
            Self::TrialsSucceeded { successes } => {
                write!(f, "{successes} trials in a row succeeded")
            }
            Self::TrialsPassed {
                failure_rate,
                slow_rate,
                calls,
            } => write!(
                f,
                "of {calls} trials {failure_rate} % failed and {slow_rate} % were slow, below the thresholds"
            ),
            Self::TrialsOverdue => f.write_str("the trials took too long"),
        }
    }
}
