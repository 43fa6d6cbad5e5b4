//! A limit for each client, for many threads at once: one number per client, changed without a lock.

use core::cmp::Ordering;
use core::fmt;
use core::hash::Hash;
use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, PoisonError, RwLock};

use clock::Instant;
use hashbrown::HashTable;
use rate_limiter::{Gcra, RateLimiter, Throttled};

use crate::clock::{Clock, TokioClock};
use crate::direct::Decision;
use crate::per_key::PerKey;
use crate::shards::Shards;

// ANCHOR: KeyedGcra
/// A GCRA for each key, such as an API key or an address. Clones share it.
///
/// It decides as [`KeyedLimiter`](crate::KeyedLimiter) with a [`Gcra`] does, and faster: the state of a key is one time, so threads
/// that ask about known keys share a lock and replace that time in one step. Only a new key needs the lock for itself.
///
/// At most about `keys_max` keys are remembered. When there is no room for a new one, a quarter is forgotten: first the keys that
/// have their whole allowance back, which are no different from new ones, then those that are closest to having it. Somebody
/// who invents keys can so make others start afresh only after those that have used the least.
pub struct KeyedGcra<K, C = TokioClock> {
    shared: Arc<Shared<K, C>>,
}

struct Shared<K, C> {
    shards: Shards<RwLock<Table<K>>>,
    /// The rules, in the state of a new key.
    fresh: Gcra,
    clock: C,
}

/// The keys of one shard.
struct Table<K> {
    keys_max: usize,
    entries: HashTable<Entry<K>>,
}

/// A key and its state.
struct Entry<K> {
    key: K,
    /// Theoretical arrival time of its next request, nanoseconds since the start of the clock.
    theoretical_arrival: AtomicU64,
}
// ANCHOR_END: KeyedGcra

impl<K, C> Clone for KeyedGcra<K, C> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

/// Without the keys: they may be secrets, and there may be a million.
impl<K, C> fmt::Debug for KeyedGcra<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedGcra")
            .field("fresh", &self.shared.fresh)
            .finish_non_exhaustive()
    }
}

impl<K: Hash + Eq + Clone> KeyedGcra<K> {
    /// Gives each key a limit like `gcra`, for about `keys_max` keys at a time, on tokio's clock started now.
    pub fn new(gcra: Gcra, keys_max: usize) -> Self {
        Self::with_clock(gcra, keys_max, TokioClock::start())
    }
}

impl<K: Hash + Eq + Clone, C: Clock> KeyedGcra<K, C> {
    /// As [`new`](KeyedGcra::new), on a clock of your choice.
    pub fn with_clock(gcra: Gcra, keys_max: usize, clock: C) -> Self {
        let shards = Shards::new(keys_max, |keys_max| {
            RwLock::new(Table {
                keys_max: keys_max.max(1),
                entries: HashTable::new(),
            })
        });
        Self {
            shared: Arc::new(Shared {
                shards,
                fresh: gcra,
                clock,
            }),
        }
    }

    /// Admits `n` requests of `key` now, all or none.
    ///
    /// # Errors
    /// [`Throttled`] says how long to stay away.
    #[inline]
    pub fn try_acquire(&self, key: &K, n: u32) -> Result<(), Throttled> {
        self.decide(key, n).outcome
    }

    /// As [`try_acquire`](Self::try_acquire), and says when it decided.
    #[inline]
    pub fn decide(&self, key: &K, n: u32) -> Decision {
        let Shared {
            shards,
            fresh,
            clock,
        } = &*self.shared;
        let (hash, shard) = shards.of(key);
        // Not under the lock: the schedule of a key only ever moves on, so a time from just before does no harm.
        let at = clock.now();
        // A panic under one of these locks leaves a table that lacks a key at worst.
        let table = shard.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = table.entries.find(hash, |entry| entry.key == *key) {
            return Decision {
                at,
                outcome: entry.decide(fresh, at, n),
            };
        }
        drop(table);
        self.decide_first(hash, shard, key, n)
    }

    /// The first decision about a key.
    #[cold]
    fn decide_first(&self, hash: u64, shard: &RwLock<Table<K>>, key: &K, n: u32) -> Decision {
        let Shared {
            shards,
            fresh,
            clock,
        } = &*self.shared;
        let mut table = shard.write().unwrap_or_else(PoisonError::into_inner);
        let at = clock.now();
        // Another thread may have been quicker.
        if let Some(entry) = table.entries.find(hash, |entry| entry.key == *key) {
            return Decision {
                at,
                outcome: entry.decide(fresh, at, n),
            };
        }
        if table.entries.len() >= table.keys_max {
            table.make_room(at);
        }
        let theoretical_arrival = AtomicU64::new(fresh.theoretical_arrival().as_nanos());
        let entry = Entry {
            key: key.clone(),
            theoretical_arrival,
        };
        let outcome = entry.decide(fresh, at, n);
        table
            .entries
            .insert_unique(hash, entry, |entry| shards.hash(&entry.key));
        Decision { at, outcome }
    }

    /// Keys remembered.
    #[must_use]
    pub fn keys(&self) -> usize {
        let len = |shard: &RwLock<Table<K>>| {
            shard
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .entries
                .len()
        };
        self.shared.shards.iter().map(len).sum()
    }

    /// The limiter as a layer needs it: `key_of` finds the key in a request.
    pub fn by<F>(self, key_of: F) -> PerKey<F, Self> {
        PerKey::new(self, key_of)
    }
}

impl<K> Entry<K> {
    /// Decides about `n` requests and writes the new state down, unless they are refused.
    #[inline]
    fn decide(&self, rules: &Gcra, now: Instant, n: u32) -> Result<(), Throttled> {
        // Relaxed is enough: the number itself is all there is to see.
        let mut arrival = self.theoretical_arrival.load(Relaxed);
        loop {
            let mut gcra = rules.resumed(Instant::from_nanos(arrival));
            gcra.try_acquire(now, n)?;
            let next = gcra.theoretical_arrival().as_nanos();
            match self
                .theoretical_arrival
                .compare_exchange_weak(arrival, next, Relaxed, Relaxed)
            {
                Ok(_) => return Ok(()),
                // Another thread was granted in between: decide again from what it left.
                Err(newer) => arrival = newer,
            }
        }
    }
}

impl<K> Table<K> {
    /// Forgets a quarter of the keys, so that the work of finding them is shared by many new ones.
    fn make_room(&mut self, now: Instant) {
        let arrival = |entry: &mut Entry<K>| *entry.theoretical_arrival.get_mut();
        // A theoretical arrival in the past says no more than that of a new key.
        self.entries.retain(|entry| arrival(entry) > now.as_nanos());
        let keep = self.keys_max - self.keys_max.div_ceil(4);
        let Some(surplus) = self
            .entries
            .len()
            .checked_sub(keep)
            .filter(|keys| *keys > 0)
        else {
            return;
        };
        let mut arrivals: Vec<u64> = self.entries.iter_mut().map(arrival).collect();
        let (earlier, latest, _) = arrivals.select_nth_unstable(surplus - 1);
        let latest = *latest;
        // Of those that share the last time, only as many as are needed.
        let mut last = surplus - earlier.iter().filter(|arrival| **arrival < latest).count();
        self.entries
            .retain(|entry| match arrival(entry).cmp(&latest) {
                Ordering::Less => false,
                Ordering::Equal if last > 0 => {
                    last -= 1;
                    false
                }
                Ordering::Equal | Ordering::Greater => true,
            });
    }
}
