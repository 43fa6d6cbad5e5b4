//! hystrix-go's rolling counter: a bucket for each second of the clock on the wall.

use std::collections::VecDeque;

use clock::{Instant, NANOS_PER_SEC};

/// Seconds the window is meant to span.
const SPAN: u64 = 10;

/// The second of the clock in which `now` lies.
pub(crate) const fn second(now: Instant) -> u64 {
    now.as_nanos() / NANOS_PER_SEC
}

/// Whether what happened in `bucket` is too old to matter in `now`, both seconds of the clock.
const fn is_old(bucket: u64, now: u64) -> bool {
    bucket + SPAN <= now
}

// ANCHOR: Seconds
/// How often something happened in the last seconds.
///
/// Old buckets are dropped when something is counted, and only then: a counter that rests keeps
/// what it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seconds {
    /// Second and count, in ascending order.
    buckets: VecDeque<(u64, u64)>,
}

impl Seconds {
    /// Counts one at `now` and drops what is too old.
    pub(crate) fn add(&mut self, now: Instant) {
        let now = second(now);
        match self.buckets.binary_search_by_key(&now, |bucket| bucket.0) {
            Ok(index) => self.buckets[index].1 += 1,
            Err(index) => self.buckets.insert(index, (now, 1)),
        }
        self.buckets.retain(|&(bucket, _)| !is_old(bucket, now));
    }

    /// What still counts in the second `now`. The library looks one second further back than it
    /// keeps, so that eleven buckets may count.
    pub(crate) fn counted(&self, now: u64, clean: bool) -> impl Iterator<Item = (u64, u64)> + '_ {
        let counts = move |bucket: u64| {
            if clean {
                !is_old(bucket, now)
            } else {
                bucket + SPAN >= now
            }
        };
        self.buckets
            .iter()
            .copied()
            .filter(move |bucket| counts(bucket.0))
    }
    // ANCHOR_END: Seconds

    /// The sum of what still counts at `now`.
    pub(crate) fn sum(&self, now: Instant, clean: bool) -> u64 {
        let counted = self.counted(second(now), clean);
        counted.map(|bucket| bucket.1).sum()
    }

    /// The part of [`sum`](Self::sum) that is older than the window is meant to be.
    pub(crate) fn stale(&self, now: Instant, clean: bool) -> u64 {
        let counted = self.counted(second(now), clean);
        let stale = counted.filter(|bucket| is_old(bucket.0, second(now)));
        stale.map(|bucket| bucket.1).sum()
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.buckets.clear();
    }
}
