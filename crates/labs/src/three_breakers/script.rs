//! The situations of the three-breakers lab: which calls are wanted when, and what the backend makes of each.

use core::time::Duration;

use clock::Instant;
use sim::Rng;

use super::settings::Params;
use crate::breaking::Call;

/// Each shows one disagreement; the names are in the knob, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Situation {
    /// 20 calls fail, and the next comes a second later.
    Failures,
    /// A call from before the trip succeeds after it.
    LateSuccess,
    /// All calls are slow, none fails.
    Slow,
    /// A trial takes longer than the wait.
    SlowTrial,
    /// A call comes exactly at the end of the wait; the trial after it fails.
    EndOfWait,
    /// Errors that should be forgotten, then good calls only.
    StaleErrors,
    /// One of three trials fails.
    BadTrial,
}

impl Situation {
    pub(super) fn of(number: f64) -> Self {
        match number as u32 {
            0 => Self::Failures,
            1 => Self::LateSuccess,
            2 => Self::Slow,
            3 => Self::SlowTrial,
            4 => Self::EndOfWait,
            5 => Self::StaleErrors,
            _ => Self::BadTrial,
        }
    }
}

/// A row of calls at equal distances; times in seconds.
#[derive(Clone, Copy)]
struct Row {
    from: f64,
    calls: u32,
    gap: f64,
    takes: f64,
    good: bool,
    /// How far a call may come later, as a share of the gap.
    jitter: f64,
}

/// Good calls four times a second.
const STEADY: Row = Row {
    from: 0.0,
    calls: 80,
    gap: 0.25,
    takes: 0.06,
    good: true,
    jitter: 0.5,
};

/// 20 calls fail within two seconds.
const BURST: Row = Row {
    from: 1.0,
    calls: 20,
    gap: 0.1,
    takes: 0.03,
    good: false,
    jitter: 0.5,
};

/// The same twice as fast and to the nanosecond; the answer to the last of them is there at [`TRIP`].
const EXACT_BURST: Row = Row {
    gap: 0.05,
    jitter: 0.0,
    ..BURST
};
const TRIP: f64 = 1.98;

/// Calls for the window that does not forget: they fill part of a second.
const PACKED: Row = Row {
    from: 0.05,
    calls: 18,
    gap: 0.025,
    takes: 0.02,
    ..STEADY
};

/// Calls that never fail and always take longer than half a second.
const SLOW: Row = Row {
    from: 1.0,
    calls: 160,
    gap: 0.125,
    takes: 0.7,
    ..STEADY
};

/// A single call.
const fn one(from: f64, takes: f64, good: bool) -> Row {
    Row {
        from,
        calls: 1,
        gap: 0.0,
        takes,
        good,
        jitter: 0.0,
    }
}

/// The same row from so many seconds on.
const fn from(from: f64, row: Row) -> Row {
    Row { from, ..row }
}

/// The same row with calls that follow each other so closely.
const fn gap(gap: f64, row: Row) -> Row {
    Row { gap, ..row }
}

// ANCHOR: script
/// The calls of a situation, row by row; `wait` is how long a breaker stays open, in seconds.
fn rows(situation: Situation, wait: f64) -> Vec<Row> {
    let end = TRIP + wait;
    match situation {
        Situation::Failures => vec![BURST, from(4.0, STEADY)],
        Situation::LateSuccess => {
            let burst = gap(0.025, from(1.02, BURST));
            vec![one(1.0, 0.9, true), burst, from(1.6, STEADY)]
        }
        Situation::Slow => vec![SLOW],
        Situation::SlowTrial => {
            let (calls, takes) = (24, 2.5 * wait);
            let slow = Row {
                calls,
                takes,
                ..STEADY
            };
            vec![EXACT_BURST, from(TRIP, slow), from(TRIP + 6.0, STEADY)]
        }
        Situation::EndOfWait => {
            let [first, exact] = [TRIP, end].map(|at| one(at, 0.03, true));
            let trial = one(end + 0.001, 0.4, false);
            let close = gap(0.1, from(end + wait - 0.3, STEADY));
            vec![EXACT_BURST, first, exact, trial, close]
        }
        Situation::StaleErrors => {
            let (calls, good) = (12, false);
            let errors = Row {
                calls,
                good,
                ..PACKED
            };
            let later = Row {
                calls: 30,
                ..PACKED
            };
            let after = from(11.0, STEADY);
            vec![PACKED, from(0.55, errors), from(10.02, later), after]
        }
        Situation::BadTrial => {
            let (first, bad) = (one(TRIP, 0.03, true), one(end + 0.2, 0.1, false));
            vec![EXACT_BURST, first, bad, from(end + 0.4, STEADY)]
        }
    }
}
// ANCHOR_END: script

/// All calls of a run, in order of time, numbered from 1; those behind its end are never made.
pub(super) fn script(params: &Params, seed: u64) -> Vec<Call> {
    let mut rng = Rng::stream(seed, "calls");
    let mut calls = Vec::new();
    for row in rows(params.situation(), params.wait) {
        for nth in 0..row.calls {
            let late = rng.unit() * row.jitter;
            let at = row.from + (f64::from(nth) + late) * row.gap;
            calls.push(Call {
                number: 0,
                at: Instant::from_secs_f64(at),
                takes: Duration::from_secs_f64(row.takes),
                good: row.good,
            });
        }
    }
    calls.sort_by_key(|call| call.at);
    for (call, number) in calls.iter_mut().zip(1..) {
        call.number = number;
    }
    calls
}
