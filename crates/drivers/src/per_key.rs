//! Keyed limiters as a layer needs them: with a way to find the key in a request.

use core::hash::Hash;
use core::time::Duration;

use rate_limiter::{RateLimiter, Throttled};

use crate::admission::{Reserve, TryAcquire};
use crate::clock::Clock;
use crate::keyed::{KeyedLimiter, KeyedReservation};
use crate::keyed_gcra::KeyedGcra;
use crate::reserving::Reserving;

/// A keyed limiter that finds the key in a request; made by [`KeyedLimiter::by`] and [`KeyedGcra::by`].
#[derive(Clone, Debug)]
pub struct PerKey<F, L> {
    limiter: L,
    key_of: F,
}

impl<F, L> PerKey<F, L> {
    pub(crate) fn new(limiter: L, key_of: F) -> Self {
        Self { limiter, key_of }
    }
}

impl<Request, F, K, M, C> TryAcquire<Request> for PerKey<F, KeyedLimiter<K, M, C>>
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

impl<Request, F, K, C> TryAcquire<Request> for PerKey<F, KeyedGcra<K, C>>
where
    F: Fn(&Request) -> K,
    K: Hash + Eq + Clone,
    C: Clock,
{
    fn try_acquire_for(&self, request: &Request) -> Result<(), Throttled> {
        self.limiter.try_acquire(&(self.key_of)(request), 1)
    }
}

impl<Request, F, K, M, C> Reserve<Request> for PerKey<F, KeyedLimiter<K, M, C>>
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
