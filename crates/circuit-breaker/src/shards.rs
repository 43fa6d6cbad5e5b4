//! Counters of a rolling window that many threads add to without meeting each other.

use core::cell::Cell;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Threads beyond this many share counters. A power of two.
const SHARDS: usize = 16;

/// Counters in one cache line, so that two threads never write to the same.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Line([AtomicU64; LINE]);

const LINE: usize = 8;

// ANCHOR: Shards
/// A ring of buckets for each thread. A counter holds the number of its bucket in the upper half
/// and the count in the lower one, so that a bucket can be reused in one atomic step.
#[derive(Debug)]
pub(crate) struct Shards {
    lines: Box<[Line]>,
    /// Lines that one thread has.
    stride: usize,
}

impl Shards {
    /// Rings of `slots` buckets.
    pub(crate) fn new(slots: usize) -> Self {
        let stride = slots.div_ceil(LINE);
        let lines = (0..SHARDS * stride).map(|_| Line::default());
        Self {
            lines: lines.collect(),
            stride,
        }
    }

    /// Counts one in `bucket`, which lies in `slot`; `false` if that slot is another bucket's by now.
    #[inline]
    pub(crate) fn add(&self, slot: usize, bucket: u32) -> bool {
        let counter = self.counter(own_shard(), slot);
        let mut held = counter.load(Ordering::Relaxed);
        while (held >> 32) as u32 == bucket {
            if held as u32 == u32::MAX {
                return true;
            }
            let added = held + 1;
            match counter.compare_exchange_weak(held, added, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                // Another thread of the same shard was faster.
                Err(newer) => held = newer,
            }
        }
        false
    }

    /// Gives `slot` to `bucket`, empty.
    pub(crate) fn reset(&self, slot: usize, bucket: u32) {
        for shard in 0..SHARDS {
            let counter = self.counter(shard, slot);
            counter.store(u64::from(bucket) << 32, Ordering::Relaxed);
        }
    }

    /// What all threads counted in `bucket`, which lies in `slot`.
    pub(crate) fn sum(&self, slot: usize, bucket: u32) -> u64 {
        let counters = (0..SHARDS).map(|shard| self.counter(shard, slot).load(Ordering::Relaxed));
        let of_bucket = counters.filter(|held| (held >> 32) as u32 == bucket);
        of_bucket.map(|held| held & u64::from(u32::MAX)).sum()
    }
    // ANCHOR_END: Shards

    #[inline]
    fn counter(&self, shard: usize, slot: usize) -> &AtomicU64 {
        &self.lines[shard * self.stride + slot / LINE].0[slot % LINE]
    }
}

/// The shard of the calling thread: threads take turns as they first come here.
#[inline]
fn own_shard() -> usize {
    const NONE: u32 = u32::MAX;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    thread_local! {
        static OWN: Cell<u32> = const { Cell::new(NONE) };
    }
    OWN.with(|own| {
        if own.get() == NONE {
            own.set(NEXT.fetch_add(1, Ordering::Relaxed) % SHARDS as u32);
        }
        own.get() as usize % SHARDS
    })
}
