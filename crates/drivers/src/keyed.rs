//! A limit for each client, in bounded memory, shared by many threads and tasks.

use core::fmt;
use core::hash::{BuildHasher, Hash};
use core::num::NonZero;
use core::time::Duration;
use std::hash::RandomState;
use std::sync::Arc;
use std::thread::available_parallelism;

use clock::Instant;
use rate_limiter::{Keyed, RateLimiter, Throttled};

use crate::admission::{Reserve, TryAcquire};
use crate::clock::{Clock, TokioClock};
use crate::direct::{Decision, Locked};
use crate::reserving::Reserving;
use crate::waiting::{Reservation, Waiting};

/// Parts per processor that the keys are divided into, each behind a lock of its own, so that two threads seldom want the same one.
/// More would only spread what every decision reads over more of the processor's cache.
const SHARDS_PER_PROCESSOR: usize = 4;
/// The fewest keys in a part. With fewer, chance would fill some parts long before the others.
const KEYS_PER_SHARD_MIN: usize = 1024;

// ANCHOR: KeyedLimiter
/// A limit for each key, such as an API key or an address. Clones share it.
///
/// At most about `keys_max` keys are remembered. The one that was asked about longest ago is forgotten for a new one, and starts with
/// a full allowance should it come back: choose `keys_max` well above the number of clients that are busy at a time.
pub struct KeyedLimiter<K, M, C = TokioClock> {
    shared: Arc<Sharded<K, M, C>>,
}

struct Sharded<K, M, C> {
    /// A key always belongs to the same shard, so one lock protects all that is known of it.
    /// There is a power of two of them.
    shards: Box<[Locked<Keyed<K, M>>]>,
    /// Seeded afresh in each process: nobody can choose keys that all fall into one shard.
    hasher: RandomState,
    clock: C,
}
// ANCHOR_END: KeyedLimiter

impl<K, M, C> Clone for KeyedLimiter<K, M, C> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

/// Without the keys: they may be secrets, and there may be a million.
impl<K, M, C> fmt::Debug for KeyedLimiter<K, M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shards = self.shared.shards.len();
        f.debug_struct("KeyedLimiter")
            .field("shards", &shards)
            .finish_non_exhaustive()
    }
}

impl<K: Hash + Eq + Clone, M: RateLimiter + Clone> KeyedLimiter<K, M> {
    /// Gives each key a limit like `mechanism`, for about `keys_max` keys at a time, on tokio's clock started now.
    pub fn new(mechanism: M, keys_max: usize) -> Self {
        Self::with_clock(mechanism, keys_max, TokioClock::start())
    }
}

impl<K: Hash + Eq + Clone, M: RateLimiter + Clone, C: Clock> KeyedLimiter<K, M, C> {
    /// As [`new`](KeyedLimiter::new), on a clock of your choice.
    pub fn with_clock(mechanism: M, keys_max: usize, clock: C) -> Self {
        let processors = available_parallelism().map_or(1, NonZero::get);
        let count_max = (processors * SHARDS_PER_PROCESSOR).next_power_of_two();
        let count = (keys_max / KEYS_PER_SHARD_MIN)
            .next_power_of_two()
            .min(count_max);
        let keys_per_shard = if count == 1 {
            keys_max
        } else {
            room(keys_max.div_ceil(count))
        };
        let shard = || Locked::new(Keyed::new(mechanism.clone(), keys_per_shard));
        let shards = core::iter::repeat_with(shard).take(count).collect();
        Self {
            shared: Arc::new(Sharded {
                shards,
                hasher: RandomState::new(),
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
        self.with(key, |mechanism, at| Decision {
            at,
            outcome: mechanism.try_acquire(at, n),
        })
    }

    /// Calls `act` with the mechanism of `key` and the time; nobody else decides about that key meanwhile.
    #[inline]
    pub fn with<T>(&self, key: &K, act: impl FnOnce(&mut M, Instant) -> T) -> T {
        let Sharded {
            shards,
            hasher,
            clock,
        } = &*self.shared;
        let hash = hasher.hash_one(key);
        // The table inside the shard spreads the hash again, so that all of it tells keys apart there.
        let shard = &shards[hash as usize & (shards.len() - 1)];
        shard.with(clock, |keyed, now| {
            act(keyed.limiter_hashed(hash, key), now)
        })
    }

    /// Keys remembered.
    #[must_use]
    pub fn keys(&self) -> usize {
        let Sharded { shards, clock, .. } = &*self.shared;
        shards
            .iter()
            .map(|shard| shard.with(clock, |keyed, _| keyed.len()))
            .sum()
    }

    /// The limiter as a layer needs it: `key_of` finds the key in a request.
    pub fn by<F>(self, key_of: F) -> PerKey<F, K, M, C> {
        PerKey {
            limiter: self,
            key_of,
        }
    }
}

/// Room for `keys` and for four standard deviations more, as chance never spreads keys evenly.
fn room(keys: usize) -> usize {
    keys + 4 * keys.isqrt()
}

impl<K: Hash + Eq + Clone, M: RateLimiter + Clone + Reserving, C: Clock> KeyedLimiter<K, M, C> {
    /// Takes `n` tokens of `key` for later, unless that is later than `at_most` from now.
    ///
    /// # Errors
    /// [`Throttled`] says by how much; nothing was taken.
    pub fn reserve(
        &self,
        key: &K,
        n: u32,
        at_most: Duration,
    ) -> Result<KeyedReservation<K, M, C>, Throttled> {
        let (promise, delay) =
            self.with(key, |mechanism, now| mechanism.reserve(now, n, at_most))?;
        Ok(KeyedReservation {
            limiter: self.clone(),
            key: key.clone(),
            promise,
            delay,
        })
    }

    /// Sleeps until `n` tokens of `key` are there, in the order of the calls; refuses at once if that takes longer than `at_most`.
    /// The tokens are taken by this call, not by the first poll. Dropped while asleep, the future gives them back.
    pub fn wait(&self, key: &K, n: u32, at_most: Duration) -> Waiting<KeyedReservation<K, M, C>> {
        Waiting::new(self.reserve(key, n, at_most))
    }
}

/// Tokens of one key of a [`KeyedLimiter`], taken for later.
#[derive(Debug)]
pub struct KeyedReservation<K, M: Reserving, C> {
    limiter: KeyedLimiter<K, M, C>,
    key: K,
    promise: M::Promise,
    delay: Duration,
}

impl<K, M, C> Reservation for KeyedReservation<K, M, C>
where
    K: Hash + Eq + Clone,
    M: RateLimiter + Clone + Reserving,
    C: Clock,
{
    fn delay(&self) -> Duration {
        self.delay
    }

    fn cancel(self) {
        self.limiter.with(&self.key, |mechanism, now| {
            mechanism.cancel(now, &self.promise)
        });
    }
}

/// A [`KeyedLimiter`] that finds the key in a request; made by [`KeyedLimiter::by`].
#[derive(Clone, Debug)]
pub struct PerKey<F, K, M, C = TokioClock> {
    limiter: KeyedLimiter<K, M, C>,
    key_of: F,
}

impl<Request, F, K, M, C> TryAcquire<Request> for PerKey<F, K, M, C>
where
    F: Fn(&Request) -> K,
    K: Hash + Eq + Clone,
    M: RateLimiter + Clone,
    C: Clock,
{
    fn try_acquire_for(&self, request: &Request) -> Result<(), Throttled> {
        self.limiter.try_acquire(&(self.key_of)(request), 1)
    }
}

impl<Request, F, K, M, C> Reserve<Request> for PerKey<F, K, M, C>
where
    F: Fn(&Request) -> K,
    K: Hash + Eq + Clone,
    M: RateLimiter + Clone + Reserving,
    C: Clock,
{
    type Reservation = KeyedReservation<K, M, C>;

    fn reserve_for(
        &self,
        request: &Request,
        at_most: Duration,
    ) -> Result<Self::Reservation, Throttled> {
        self.limiter.reserve(&(self.key_of)(request), 1, at_most)
    }
}
