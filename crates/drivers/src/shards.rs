//! Keys divided into parts, each behind a lock of its own.

use core::hash::{BuildHasher, Hash};
use core::num::NonZero;
use std::hash::RandomState;
use std::thread::available_parallelism;

/// Parts per processor, so that two threads seldom want the same one.
/// More would only spread what every decision reads over more of the processor's cache.
const SHARDS_PER_PROCESSOR: usize = 4;
/// The fewest keys in a part. With fewer, chance would fill some parts long before the others.
const KEYS_PER_SHARD_MIN: usize = 1024;

/// A power of two of parts. A key always belongs to the same one.
#[derive(Debug)]
pub(crate) struct Shards<T> {
    shards: Box<[T]>,
    /// Seeded afresh in each process: nobody can choose keys that all fall into one part.
    hasher: RandomState,
}

impl<T> Shards<T> {
    /// Parts that together have room for `keys_max` keys; `make` makes one with room for the given number.
    pub(crate) fn new(keys_max: usize, make: impl Fn(usize) -> T) -> Self {
        let processors = available_parallelism().map_or(1, NonZero::get);
        let count_max = (processors * SHARDS_PER_PROCESSOR).next_power_of_two();
        let count = (keys_max / KEYS_PER_SHARD_MIN)
            .next_power_of_two()
            .min(count_max);
        let room = if count == 1 {
            keys_max
        } else {
            with_spare_room(keys_max.div_ceil(count))
        };
        let shards = core::iter::repeat_with(|| make(room)).take(count).collect();
        Self {
            shards,
            hasher: RandomState::new(),
        }
    }

    /// The hash of a key, and the part it belongs to.
    #[inline]
    pub(crate) fn of(&self, key: &impl Hash) -> (u64, &T) {
        let hash = self.hash(key);
        // From the middle of the hash: tables inside the parts use its ends.
        let shard = (hash >> 32) as usize & (self.shards.len() - 1);
        (hash, &self.shards[shard])
    }

    #[inline]
    pub(crate) fn hash(&self, key: &impl Hash) -> u64 {
        self.hasher.hash_one(key)
    }

    /// All parts.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.shards.iter()
    }
}

/// Room for `keys` and for four standard deviations more, as chance never spreads keys evenly.
fn with_spare_room(keys: usize) -> usize {
    keys + 4 * keys.isqrt()
}
