//! A limit for each client, in bounded memory, shared by many threads and tasks.

use core::hash::{BuildHasher, Hash};
use std::hash::RandomState;
use std::sync::{Arc, Mutex, PoisonError};

use clock::Instant;
use rate_limiter::{Keyed, RateLimiter, Throttled};

use crate::admission::TryAcquire;
use crate::clock::{Clock, TokioClock};
use crate::direct::{Decision, Locked, Shared};

/// Number of parts, each behind a lock of its own: enough that two of some tens of threads seldom want the same one.
const SHARDS: usize = 64;

// ANCHOR: KeyedLimiter
/// A limit for each key. Clones share it.
#[derive(Debug)]
pub struct KeyedLimiter<K, M, C = TokioClock> {
    shared: Arc<Sharded<K, M, C>>,
}

#[derive(Debug)]
struct Sharded<K, M, C> {
    /// A key always belongs to the same shard, so one lock protects all that is known of it.
    shards: Box<[Locked<Keyed<K, M>>]>,
    /// Seeded afresh in each process: nobody can choose keys that all fall into one shard.
    hasher: RandomState,
    clock: C,
}
// ANCHOR_END: KeyedLimiter

impl<K, M, C> Clone for KeyedLimiter<K, M, C> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<K: Ord + Clone + Hash, M: RateLimiter + Clone> KeyedLimiter<K, M> {
    /// Gives each key a limit like `mechanism`, for at most `keys_max` keys at a time, on tokio's clock started now.
    pub fn new(mechanism: M, keys_max: usize) -> Self {
        Self::with_clock(mechanism, keys_max, TokioClock::start())
    }
}

impl<K: Ord + Clone + Hash, M: RateLimiter + Clone, C: Clock> KeyedLimiter<K, M, C> {
    /// As [`new`](KeyedLimiter::new), on a clock of your choice.
    pub fn with_clock(mechanism: M, keys_max: usize, clock: C) -> Self {
        let shard = || Locked::new(Keyed::new(mechanism.clone(), keys_max.div_ceil(SHARDS)));
        let shards = core::iter::repeat_with(shard).take(SHARDS).collect();
        Self { shared: Arc::new(Sharded { shards, hasher: RandomState::new(), clock }) }
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
        let Sharded { shards, hasher, clock } = &*self.shared;
        let shard = &shards[hasher.hash_one(key) as usize % SHARDS];
        shard.with(clock, |keyed, at| Decision { at, outcome: keyed.try_acquire(at, key, n) })
    }
}
