//! The time of something short: repeated in slices of time, of which the median counts.

#![expect(clippy::disallowed_types, reason = "measures the machine, not a model")]

use std::time::{Duration, Instant};

/// Slices that count; one more comes before them and warms everything up.
const SLICES: usize = 5;
/// The least a slice takes.
const LENGTH: Duration = Duration::from_millis(60);

/// A measurement under way.
#[derive(Debug)]
pub(crate) struct Slices {
    started: Instant,
    done: u64,
    warm: bool,
    /// Nanoseconds each, one number a slice.
    each_ns: Vec<u64>,
}

impl Slices {
    /// Begins now.
    pub(crate) fn begin() -> Self {
        Self {
            started: Instant::now(),
            done: 0,
            warm: false,
            each_ns: Vec::with_capacity(SLICES),
        }
    }

    /// Whether there is more to measure.
    pub(crate) fn go_on(&self) -> bool {
        self.each_ns.len() < SLICES
    }

    /// So many more have been done.
    pub(crate) fn add(&mut self, done: u64) {
        self.done += done;
        let taken = self.started.elapsed();
        if taken < LENGTH {
            return;
        }
        if self.warm {
            self.each_ns.push(each(taken, self.done));
        }
        self.warm = true;
        self.done = 0;
        self.started = Instant::now();
    }

    /// Nanoseconds each, in the median slice.
    pub(crate) fn median_ns(mut self) -> Option<u64> {
        median(&mut self.each_ns)
    }
}

/// Nanoseconds each, rounded.
pub(crate) fn each(taken: Duration, count: u64) -> u64 {
    let count = u128::from(count.max(1));
    u64::try_from((taken.as_nanos() + count / 2) / count).unwrap_or(u64::MAX)
}

/// The middle one, or the upper of the two in the middle.
pub(crate) fn median(numbers: &mut [u64]) -> Option<u64> {
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied()
}
