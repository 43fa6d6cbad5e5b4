//! A limiter for each key, in bounded memory.
//!
//! Source: least-recently-used replacement; the queue that is put in order only when somebody has
//! to go is our own.

use core::cmp::Reverse;
use core::hash::{BuildHasher, Hash};
use std::collections::BinaryHeap;
use std::hash::RandomState;

use clock::Instant;

use crate::key_index::KeyIndex;
use crate::{RateLimiter, Throttled};

/// The most keys one [`Keyed`] can hold; slots are numbered in 32 bits and the table is twice that.
const KEYS_MAX: usize = 1 << 30;

// ANCHOR: Keyed
/// One limiter of the same kind for each key, for a bounded number of keys.
///
/// When a new key comes and all places are taken, the key that was asked for longest ago is
/// forgotten. If it comes back it starts afresh, with a full allowance: make `keys_max` larger than
/// the number of keys that are active within the time an allowance takes to come back.
///
/// Hashes are seeded at random, so that nobody can choose keys that slow the table down. No
/// decision depends on a hash.
#[derive(Clone, Debug)]
pub struct Keyed<K, M, S = RandomState> {
    /// What every new key starts with.
    fresh: M,
    /// The most keys remembered, at least 1.
    keys_max: usize,
    /// All keys remembered, in places that stay theirs.
    slots: Vec<Slot<K, M>>,
    /// Number of the latest call for each of them. Kept apart, because it is written by every
    /// call: all of these together stay in the processor's cache.
    last_use: Vec<u64>,
    /// Finds a key's slot.
    index: KeyIndex,
    /// Every slot once, the one that was used longest ago on top, as far as it is known.
    by_use: BinaryHeap<Reverse<Use>>,
    /// Calls so far: the age of a use.
    uses: u64,
    /// Keys forgotten so far.
    forgotten: u64,
    hasher: S,
}

/// One key and its limiter.
#[derive(Clone, Debug)]
struct Slot<K, M> {
    key: K,
    limiter: M,
}

/// A use of a slot, perhaps not its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    /// Number of the call; first, because it gives the order.
    call: u64,
    slot: u32,
    /// What the index knows the slot's key by.
    tag: u32,
}
// ANCHOR_END: Keyed

impl<K: Hash + Eq + Clone, M: RateLimiter + Clone> Keyed<K, M> {
    /// Gives each key a limiter like `fresh`, and remembers at most `keys_max` keys, at least one.
    #[must_use]
    pub fn new(fresh: M, keys_max: usize) -> Self {
        Self::with_hasher(fresh, keys_max, RandomState::new())
    }
}

impl<K: Hash + Eq + Clone, M: RateLimiter + Clone, S: BuildHasher> Keyed<K, M, S> {
    /// As [`new`](Keyed::new), with a hash function of your choice.
    #[must_use]
    pub fn with_hasher(fresh: M, keys_max: usize, hasher: S) -> Self {
        let keys_max = keys_max.clamp(1, KEYS_MAX);
        Self {
            fresh,
            keys_max,
            slots: Vec::new(),
            last_use: Vec::new(),
            index: KeyIndex::new(keys_max),
            by_use: BinaryHeap::new(),
            uses: 0,
            forgotten: 0,
            hasher,
        }
    }
}

// ANCHOR: keyed_decide
impl<K: Hash + Eq + Clone, M: RateLimiter + Clone, S: BuildHasher> Keyed<K, M, S> {
    /// Admits `n` requests of `key` at `now`, all or none.
    ///
    /// # Errors
    /// [`Throttled`] says how long to stay away; the call took nothing.
    #[inline]
    pub fn try_acquire(&mut self, now: Instant, key: &K, n: u32) -> Result<(), Throttled> {
        self.try_acquire_hashed(now, self.hasher.hash_one(key), key, n)
    }

    /// As [`try_acquire`](Keyed::try_acquire), for a caller that has already hashed the key (to
    /// choose a shard, say) with the very hasher given to [`with_hasher`](Keyed::with_hasher).
    ///
    /// # Errors
    /// [`Throttled`] says how long to stay away; the call took nothing.
    #[inline]
    pub fn try_acquire_hashed(
        &mut self,
        now: Instant,
        hash: u64,
        key: &K,
        n: u32,
    ) -> Result<(), Throttled> {
        self.limiter_hashed(hash, key).try_acquire(now, n)
    }

    /// The limiter of `key`, for what [`RateLimiter`] does not offer, such as reserving. Counts as a
    /// use: a key that is not remembered is from now on. `hash` as in
    /// [`try_acquire_hashed`](Keyed::try_acquire_hashed).
    #[inline]
    pub fn limiter_hashed(&mut self, hash: u64, key: &K) -> &mut M {
        self.uses += 1;
        let tag = KeyIndex::tag(hash);
        let slots = &self.slots;
        let slot = match self
            .index
            .find(tag, |slot| slots[slot as usize].key == *key)
        {
            Some(slot) => slot,
            None => self.remember(tag, key),
        };
        self.last_use[slot as usize] = self.uses;
        &mut self.slots[slot as usize].limiter
    }
}
// ANCHOR_END: keyed_decide

// ANCHOR: keyed_forget
impl<K: Hash + Eq + Clone, M: RateLimiter + Clone, S: BuildHasher> Keyed<K, M, S> {
    /// Makes a slot for a new key, in the place of another if there is no more.
    #[cold]
    fn remember(&mut self, tag: u32, key: &K) -> u32 {
        let new = Slot {
            key: key.clone(),
            limiter: self.fresh.clone(),
        };
        let slot = if self.slots.len() < self.keys_max {
            // `KEYS_MAX` fits.
            let slot = self.slots.len() as u32;
            self.slots.push(new);
            self.last_use.push(self.uses);
            self.by_use.push(Reverse(Use {
                call: self.uses,
                slot,
                tag,
            }));
            slot
        } else {
            let oldest = self.take_least_recently_used(tag);
            self.index.remove(oldest.tag, oldest.slot);
            self.slots[oldest.slot as usize] = new;
            self.forgotten += 1;
            oldest.slot
        };
        self.index.insert(tag, slot);
        slot
    }

    /// The slot that was used longest ago, and its last use; it goes to the key with `tag`.
    ///
    /// Using a key does not touch the heap, which keeps that fast. So what the heap says of a slot
    /// may be too early, never too late: whoever comes out first and has been used since goes back
    /// in where he belongs, and the first about whom it was right is the one.
    fn take_least_recently_used(&mut self, tag: u32) -> Use {
        loop {
            // When `oldest` is dropped, the heap puts it in order.
            let mut oldest = self.by_use.peek_mut().expect("there is at least one slot");
            let Reverse(known) = *oldest;
            let last_use = self.last_use[known.slot as usize];
            if last_use == known.call {
                *oldest = Reverse(Use {
                    call: self.uses,
                    tag,
                    ..known
                });
                return known;
            }
            *oldest = Reverse(Use {
                call: last_use,
                ..known
            });
        }
    }
}
// ANCHOR_END: keyed_forget

impl<K: Hash + Eq + Clone, M: RateLimiter + Clone, S: BuildHasher> Keyed<K, M, S> {
    /// The limiter of `key`, if it is remembered. Looking is not using.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&M> {
        let is_key = |slot: u32| self.slots[slot as usize].key == *key;
        let slot = self
            .index
            .find(KeyIndex::tag(self.hasher.hash_one(key)), is_key)?;
        Some(&self.slots[slot as usize].limiter)
    }

    /// How many single requests of `key` would be admitted if they all came at `now`.
    #[must_use]
    pub fn available(&self, now: Instant, key: &K) -> u32 {
        self.get(key).unwrap_or(&self.fresh).available(now)
    }

    /// Every key remembered and its limiter, in the order of their places, which is defined by the
    /// calls alone.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &M)> {
        self.slots.iter().map(|slot| (&slot.key, &slot.limiter))
    }

    /// Keys remembered, at most [`keys_max`](Keyed::keys_max).
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether no key was ever asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The most keys it remembers.
    #[must_use]
    pub const fn keys_max(&self) -> usize {
        self.keys_max
    }

    /// Keys forgotten so far to make room for others. If it grows fast, `keys_max` is too small.
    #[must_use]
    pub const fn forgotten(&self) -> u64 {
        self.forgotten
    }
}
