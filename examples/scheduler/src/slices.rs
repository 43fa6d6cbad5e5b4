//! The time of something short: repeated in slices of time, whose median says what it takes here and now, and in shorter
//! stretches, of which those close to the best say what it takes by itself.

#![expect(clippy::disallowed_types, reason = "measures the machine, not a model")]

use std::time::{Duration, Instant};

use crate::measure::Reading;

/// Slices that count; one more comes before them and warms everything up.
const SLICES: usize = 5;
/// The least a slice takes.
const LENGTH: Duration = Duration::from_millis(60);
/// The least a stretch takes: less than a kernel lets a thread run at a time while others wait for the processor, so
/// that some stretches are undisturbed on a busy machine, too.
const STRETCH: Duration = Duration::from_millis(2);

/// A measurement under way.
#[derive(Debug)]
pub(crate) struct Slices {
    slice: Lap,
    stretch: Lap,
    warm: bool,
    /// Nanoseconds each, one number a slice.
    slices: Vec<u64>,
    /// The same, one number a stretch.
    stretches: Vec<u64>,
}

/// A slice or a stretch under way.
#[derive(Debug)]
struct Lap {
    started: Instant,
    done: u64,
}

impl Lap {
    fn begin() -> Self {
        Self {
            started: Instant::now(),
            done: 0,
        }
    }

    /// So many more have been done; nanoseconds each, and a new lap, once this one has lasted `length`.
    fn add(&mut self, done: u64, length: Duration) -> Option<u64> {
        self.done += done;
        let taken = self.started.elapsed();
        if taken < length {
            return None;
        }
        let ended = std::mem::replace(self, Self::begin());
        Some(each(taken, ended.done))
    }
}

impl Slices {
    /// Begins now.
    pub(crate) fn begin() -> Self {
        Self {
            slice: Lap::begin(),
            stretch: Lap::begin(),
            warm: false,
            slices: Vec::with_capacity(SLICES),
            stretches: Vec::with_capacity(1024),
        }
    }

    /// Whether there is more to measure.
    pub(crate) fn go_on(&self) -> bool {
        self.slices.len() < SLICES
    }

    /// So many more have been done.
    pub(crate) fn add(&mut self, done: u64) {
        let (slice, stretch) = (
            self.slice.add(done, LENGTH),
            self.stretch.add(done, STRETCH),
        );
        if self.warm {
            self.slices.extend(slice);
            self.stretches.extend(stretch);
        }
        self.warm |= slice.is_some();
    }

    /// Nanoseconds each, in the median slice.
    pub(crate) fn median_ns(mut self) -> Option<u64> {
        median(&mut self.slices)
    }

    /// Nanoseconds each in the median slice, and in the stretches that nothing disturbed.
    pub(crate) fn reading(mut self) -> Reading {
        Reading {
            each_ns: median(&mut self.slices),
            undisturbed_ns: undisturbed(&mut self.stretches),
            ..Reading::default()
        }
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

/// The median of what took at most twice as long as the best.
///
/// Whatever else runs on a machine only ever adds to a time, and on a busy one it adds to most of them, so that neither
/// mean nor median is the cost; what is close to the best was not disturbed. The best itself may be a stroke of luck.
pub(crate) fn undisturbed(numbers: &mut [u64]) -> Option<u64> {
    numbers.sort_unstable();
    let most = numbers.first()?.saturating_mul(2);
    let close = numbers.partition_point(|&number| number <= most);
    numbers.get(close / 2).copied()
}
