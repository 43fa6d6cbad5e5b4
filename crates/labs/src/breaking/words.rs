//! The log of a caller with a breaker in words: what became of a call, and why the breaker changed its state.

use core::time::Duration;

use circuit_breaker::Cause;

use crate::lab::Kind;
use crate::scene::State;

/// A call reaches the backend; the value is how long the backend takes, in seconds.
pub(crate) const ADMITTED: u16 = 0;
/// Its answer is good; the value of this and the next two is how long it took, in seconds.
pub(crate) const SUCCEEDED: u16 = 1;
/// Its answer is an error.
pub(crate) const FAILED: u16 = 2;
/// Its caller has given up.
pub(crate) const TIMED_OUT: u16 = 3;
/// It does not reach the backend; the value is how long to stay away, in seconds, or one of the two below.
pub(crate) const REFUSED: u16 = 4;
/// It is a trial; the entry before its admission.
pub(crate) const TRIAL: u16 = 5;
/// The breaker opens; the value of this and the next two is the cause, coded.
pub(crate) const OPENS: u16 = 6;
/// It lets trials through.
pub(crate) const HALF_OPENS: u16 = 7;
/// It closes.
pub(crate) const CLOSES: u16 = 8;
/// So many kinds a caller.
pub(crate) const EACH: usize = 9;

/// Value of [`REFUSED`]: all trials are taken.
pub(crate) const TAKEN: f64 = -1.0;
/// Value of [`REFUSED`]: too many calls are under way.
pub(crate) const TOO_MANY: f64 = -2.0;

pub(crate) const fn kind(name: &'static str, state: State, landmark: bool) -> Kind {
    Kind {
        name,
        state,
        landmark,
    }
}

/// The kinds of a caller whose entries are called so, in the order of the constants above.
pub(crate) const fn kinds(names: [&'static str; EACH]) -> [Kind; EACH] {
    [
        kind(names[0], State::Waiting, false),
        kind(names[1], State::Served, false),
        kind(names[2], State::Rejected, false),
        kind(names[3], State::TimedOut, false),
        kind(names[4], State::Rejected, false),
        kind(names[5], State::Moved, true),
        kind(names[6], State::Rejected, true),
        kind(names[7], State::Moved, true),
        kind(names[8], State::Served, true),
    ]
}

/// The lines that decide an entry.
pub(crate) fn source(kind: u16) -> &'static str {
    match kind {
        ADMITTED | REFUSED | TRIAL => "crates/labs/src/breaking/mod.rs:ask",
        SUCCEEDED | FAILED | TIMED_OUT => "crates/labs/src/breaking/mod.rs:answer",
        _ => "crates/circuit-breaker/src/transition.rs:Transition",
    }
}

/// An entry in words, without the name of the library.
pub(crate) fn describe(kind: u16, call: u32, value: f64) -> String {
    let what = match kind {
        ADMITTED => "is let through",
        SUCCEEDED => "succeeds",
        FAILED => "fails",
        TIMED_OUT => "is given up",
        TRIAL => "is a trial",
        REFUSED if value == TAKEN => "is refused: all trials are taken",
        REFUSED if value == TOO_MANY => "is refused: too many calls at once",
        REFUSED => return format!("call {call} is refused: {value:.3} s until the next trial"),
        _ => {
            let changes = match kind {
                OPENS => "opens",
                HALF_OPENS => "half-opens",
                _ => "closes",
            };
            let cause = cause(value);
            return match call {
                0 => format!("{changes}: {cause}"),
                _ => format!("{changes} with call {call}: {cause}"),
            };
        }
    };
    match kind {
        SUCCEEDED | FAILED | TIMED_OUT => format!("call {call} {what} after {value:.3} s"),
        _ => format!("call {call} {what}"),
    }
}

/// Bits of each figure of a coded cause, and of its threshold; with four for its kind they fill the 53 that a number keeps.
const FIGURE: u32 = 14;
const THRESHOLD: u32 = 7;

/// A cause as one number: what it is, its threshold in per cent, and up to three figures.
///
/// Figures above 16,383 are cut to that; no lab has so many calls in a window.
pub(crate) fn coded(cause: Cause) -> f64 {
    let (code, threshold, figures) = match cause {
        Cause::ErrorPercent {
            requests,
            errors,
            threshold,
            stale,
            ..
        } => (0, threshold as u64, [requests, errors, stale]),
        Cause::ConsecutiveFailures {
            failures,
            tolerated,
        } => (1, 0, [failures.into(), tolerated.into(), 0]),
        Cause::FailureRatio {
            failures,
            requests,
            ratio,
        } => {
            let threshold = (ratio * 100.0).round() as u64;
            (2, threshold, [requests.into(), failures.into(), 0])
        }
        Cause::FailureRate {
            rate,
            threshold,
            calls,
        } => (3, threshold as u64, [calls.into(), part(rate, calls), 0]),
        Cause::SlowRate {
            rate,
            threshold,
            calls,
        } => (4, threshold as u64, [calls.into(), part(rate, calls), 0]),
        recovery => recovery_coded(recovery),
    };
    let mut bits = code << THRESHOLD | threshold.min((1 << THRESHOLD) - 1);
    for figure in figures {
        bits = bits << FIGURE | figure.min((1 << FIGURE) - 1);
    }
    bits as f64
}

/// Those causes that have to do with the open and the half-open state.
fn recovery_coded(cause: Cause) -> (u64, u64, [u64; 3]) {
    match cause {
        Cause::WaitOver { open_for } => {
            let millis = open_for.as_millis() as u64;
            (5, 0, [millis % (1 << FIGURE), millis >> FIGURE, 0])
        }
        Cause::TrialSucceeded => (6, 0, [0; 3]),
        Cause::LateSuccess => (7, 0, [0; 3]),
        Cause::TrialFailed => (8, 0, [0; 3]),
        Cause::TrialsSucceeded { successes } => (9, 0, [successes.into(), 0, 0]),
        Cause::TrialsPassed {
            failure_rate,
            slow_rate,
            calls,
        } => {
            let (failed, slow) = (part(failure_rate, calls), part(slow_rate, calls));
            (10, 0, [calls.into(), failed, slow])
        }
        _ => (11, 0, [0; 3]),
    }
}

/// So many calls are this rate of all, which is in per cent.
fn part(rate: f32, calls: u32) -> u64 {
    (f64::from(rate) * f64::from(calls) / 100.0).round() as u64
}

/// The cause that was coded so.
pub(crate) fn cause(value: f64) -> Cause {
    let bits = value as u64;
    let figure = |place: u32| (bits >> (FIGURE * place) & ((1 << FIGURE) - 1)) as u32;
    let [first, second, third] = [figure(2), figure(1), figure(0)];
    let threshold = bits >> (FIGURE * 3) & ((1 << THRESHOLD) - 1);
    // In single precision and in this order, as the library reckons.
    let rate = |part: u32| part as f32 * 100.0 / first.max(1) as f32;
    match bits >> (FIGURE * 3 + THRESHOLD) {
        0 => Cause::ErrorPercent {
            requests: first.into(),
            errors: second.into(),
            percent: percent(second.into(), first.into()) as i64,
            threshold: threshold as i64,
            stale: third.into(),
        },
        1 => Cause::ConsecutiveFailures {
            failures: first,
            tolerated: second,
        },
        2 => Cause::FailureRatio {
            failures: second,
            requests: first,
            ratio: threshold as f64 / 100.0,
        },
        3 => Cause::FailureRate {
            rate: rate(second),
            threshold: threshold as f32,
            calls: first,
        },
        4 => Cause::SlowRate {
            rate: rate(second),
            threshold: threshold as f32,
            calls: first,
        },
        5 => {
            let millis = u64::from(second) << FIGURE | u64::from(first);
            let open_for = Duration::from_millis(millis);
            Cause::WaitOver { open_for }
        }
        6 => Cause::TrialSucceeded,
        7 => Cause::LateSuccess,
        8 => Cause::TrialFailed,
        9 => Cause::TrialsSucceeded { successes: first },
        10 => Cause::TrialsPassed {
            failure_rate: rate(second),
            slow_rate: rate(third),
            calls: first,
        },
        _ => Cause::TrialsOverdue,
    }
}

/// So many errors in so many calls, in per cent, rounded half up as hystrix-go does; 0 without calls.
pub(crate) fn percent(errors: u64, calls: u64) -> f64 {
    if calls == 0 {
        return 0.0;
    }
    (errors as f64 / calls as f64 * 100.0 + 0.5).floor()
}
