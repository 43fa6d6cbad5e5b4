//! A limit for each client, in bounded memory, shared by many threads and tasks.

use core::fmt;
use core::hash::Hash;
use core::time::Duration;
use std::sync::Arc;

use clock::Instant;
use rate_limiter::{Keyed, RateLimiter, Throttled};

use crate::clock::{Clock, TokioClock};
use crate::direct::{Decision, Locked};
use crate::per_key::PerKey;
use crate::reserving::Reserving;
use crate::shards::Shards;
use crate::waiting::{Reservation, Waiting};

// ANCHOR: KeyedLimiter
/// A limit for each key, such as an API key or an address. Clones share it.
///
/// At most about `keys_max` keys are remembered. The one that was asked about longest ago is forgotten for a new one, and starts with
/// a full allowance should it come back: choose `keys_max` well above the number of clients that are busy at a time.
///
/// For any mechanism, and for waiting. Where a GCRA that refuses is enough, [`KeyedGcra`](crate::KeyedGcra) decides in half the time.
pub struct KeyedLimiter<K, M, C = TokioClock> {
    /// A key always belongs to the same shard, so one lock protects all that is known of it.
    shared: Arc<(LockedShards<K, M>, C)>,
}
// ANCHOR_END: KeyedLimiter

type LockedShards<K, M> = Shards<Locked<Keyed<K, M>>>;

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
        let shards = self.shared.0.iter().count();
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
        let shards = Shards::new(keys_max, |keys_max| {
            Locked::new(Keyed::new(mechanism.clone(), keys_max))
        });
        Self {
            shared: Arc::new((shards, clock)),
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
        let (shards, clock) = &*self.shared;
        let (hash, shard) = shards.of(key);
        shard.with(clock, |keyed, now| {
            act(keyed.limiter_hashed(hash, key), now)
        })
    }

    /// Keys remembered.
    #[must_use]
    pub fn keys(&self) -> usize {
        let (shards, clock) = &*self.shared;
        shards
            .iter()
            .map(|shard| shard.with(clock, |keyed, _| keyed.len()))
            .sum()
    }

    /// The limiter as a layer needs it: `key_of` finds the key in a request.
    pub fn by<F>(self, key_of: F) -> PerKey<F, Self> {
        PerKey::new(self, key_of)
    }
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
