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
                    "{errors} errors against {requests} calls are {percent} %"
                )?;
                write!(f, ", the threshold is {threshold} %")?;
                match stale {
                    0 => Ok(()),
                    _ => write!(f, "; {stale} of the errors are older than the window"),
                }
            }
            Self::ConsecutiveFailures {
                failures,
                tolerated,
            } => write!(f, "{failures} failures in a row, {tolerated} are tolerated"),
            Self::FailureRatio {
                failures,
                requests,
                ratio,
            } => {
                write!(f, "{failures} of {requests} calls failed")?;
                write!(f, ", the threshold is {:.1} %", 100.0 * ratio)
            }
            Self::FailureRate {
                rate,
                threshold,
                calls,
            } => write_rate(f, rate, threshold, calls, "failed"),
            Self::SlowRate {
                rate,
                threshold,
                calls,
            } => write_rate(f, rate, threshold, calls, "were slow"),
            recovery => recovery.write_recovery(f),
        }
    }
}

impl Cause {
    /// Those that have to do with the open and the half-open state.
    fn write_recovery(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = match self {
            Self::WaitOver { open_for } => {
                let secs = open_for.as_secs_f64();
                return write!(f, "open for {secs} s, the wait is over");
            }
            Self::TrialsSucceeded { successes } => {
                return write!(f, "{successes} trials in a row succeeded");
            }
            Self::TrialsPassed {
                failure_rate,
                slow_rate,
                calls,
            } => {
                let (failed, slow) = (f64::from(failure_rate), f64::from(slow_rate));
                write!(f, "of {calls} trials {failed:.1} % failed and {slow:.1} %")?;
                " were slow, below the thresholds"
            }
            Self::LateSuccess => "a call from before the trip succeeded",
            Self::TrialFailed => "a trial failed",
            Self::TrialsOverdue => "the trials took too long",
            _ => "the trial succeeded",
        };
        f.write_str(told)
    }
}

/// In double precision, because text of single-precision numbers is needed nowhere else.
fn write_rate(
    f: &mut fmt::Formatter<'_>,
    rate: f32,
    threshold: f32,
    calls: u32,
    what: &str,
) -> fmt::Result {
    let (rate, threshold) = (f64::from(rate), f64::from(threshold));
    write!(f, "{rate:.1} % of {calls} calls {what}")?;
    write!(f, ", the threshold is {threshold:.1} %")
}
