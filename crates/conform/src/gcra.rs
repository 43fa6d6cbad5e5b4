//! Replays decisions of the crate `governor`, through both forms of the model.

use std::fmt;
use std::time::Duration;

use anyhow::Result;
use rate_limiter::{AtomicGcra, Gcra, RateLimiter, Throttled};
use serde::Deserialize;

use crate::recording::{Difference, compare, instant};

/// Decisions of one limiter that starts fresh.
#[derive(Debug, Deserialize)]
pub(crate) struct Sequence {
    id: String,
    period_ns: u64,
    burst: u32,
    steps: Vec<Step>,
}

/// One request and what came of it.
#[derive(Debug, Deserialize)]
struct Step {
    t_ns: i64,
    n: u32,
    #[serde(flatten)]
    result: Seen,
}

/// A decision, in the words of the recording.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
enum Seen {
    /// Admitted; that many more would be at the same time.
    Ok { remaining_burst: u32 },
    /// Refused for that long.
    NotUntil { wait_ns: u64 },
    /// Refused for ever: more than that is never admitted at once.
    InsufficientCapacity { capacity: u32 },
}

/// The first step of `sequence` at which the algorithm differs, by itself or shared by threads.
pub(crate) fn check(sequence: &Sequence) -> Result<Option<Difference>> {
    let mut gcra = Gcra::with_period(Duration::from_nanos(sequence.period_ns), sequence.burst);
    let shared = AtomicGcra::from(gcra.clone());
    for (index, step) in sequence.steps.iter().enumerate() {
        let now = instant(step.t_ns)?;
        let alone = gcra.try_acquire(now, step.n);
        let together = shared.try_acquire(now, step.n);
        for (form, got) in [
            ("", Seen::new(alone, gcra.available(now), sequence.burst)),
            (
                " (atomic)",
                Seen::new(together, shared.available(now), sequence.burst),
            ),
        ] {
            let place = || format!("step {index}{form}");
            let found = compare(&sequence.id, place, &step.result, &got);
            if found.is_some() {
                return Ok(found);
            }
        }
    }
    Ok(None)
}

impl Seen {
    /// `available` is asked for after the decision.
    fn new(outcome: Result<(), Throttled>, available: u32, burst: u32) -> Self {
        match outcome {
            Ok(()) => Self::Ok {
                remaining_burst: available,
            },
            Err(refusal) if refusal.is_temporary() => {
                // The wait is at most 292 years.
                let wait_ns = u64::try_from(refusal.retry_after.as_nanos()).unwrap_or(u64::MAX);
                Self::NotUntil { wait_ns }
            }
            Err(_) => Self::InsufficientCapacity { capacity: burst },
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok { remaining_burst } => write!(f, "ok, {remaining_burst} more"),
            Self::NotUntil { wait_ns } => write!(f, "not until {wait_ns} ns later"),
            Self::InsufficientCapacity { capacity } => write!(f, "never more than {capacity}"),
        }
    }
}
