//! Mechanisms that can promise tokens for later, and the promises they make to one task.

use core::time::Duration;

use clock::Instant;
use rate_limiter::{LeakyQueue, Throttled, TokenBucket};

use crate::clock::Clock;
use crate::direct::{DirectLimiter, Locked};
use crate::waiting::{Reservation, Waiting};

/// A mechanism that can take tokens now for use later, so that its callers queue up instead of coming back.
pub trait Reserving {
    /// What it needs to know to undo it.
    type Promise;

    /// Takes `n` tokens for use after the returned delay, if that is not above `at_most`.
    ///
    /// # Errors
    /// [`Throttled`] if it would be longer, by how much; nothing was taken.
    fn reserve(
        &mut self,
        now: Instant,
        n: u32,
        at_most: Duration,
    ) -> Result<(Self::Promise, Duration), Throttled>;

    /// Gives back what nobody was promised a place behind.
    fn cancel(&mut self, now: Instant, promise: &Self::Promise);
}

/// `ReserveN` and `CancelAt` of `golang.org/x/time/rate`; both together are its `WaitN`.
impl Reserving for TokenBucket {
    type Promise = rate_limiter::Reservation;

    fn reserve(
        &mut self,
        now: Instant,
        n: u32,
        at_most: Duration,
    ) -> Result<(Self::Promise, Duration), Throttled> {
        let promise = self.reserve_within(now, i64::from(n), at_most)?;
        Ok((promise, promise.delay_from(now)))
    }

    fn cancel(&mut self, now: Instant, promise: &Self::Promise) {
        Self::cancel(self, now, promise);
    }
}

/// A place in the queue. One that is given up stays empty: those behind it have been told when they leave.
impl Reserving for LeakyQueue {
    type Promise = ();

    fn reserve(
        &mut self,
        now: Instant,
        n: u32,
        at_most: Duration,
    ) -> Result<((), Duration), Throttled> {
        // Tried on a copy first: a place that is too far back must not be taken.
        let mut queue = self.clone();
        let delay = queue.try_enqueue(now, n)?.since(now);
        if let Some(retry_after) = delay.checked_sub(at_most).filter(|over| !over.is_zero()) {
            return Err(Throttled { retry_after });
        }
        *self = queue;
        Ok(((), delay))
    }

    fn cancel(&mut self, _: Instant, (): &()) {}
}

/// Tokens of a [`DirectLimiter`], taken for later.
#[derive(Debug)]
pub struct DirectReservation<M: Reserving, C> {
    limiter: DirectLimiter<Locked<M>, C>,
    promise: M::Promise,
    delay: Duration,
}

impl<M: Reserving, C: Clock> Reservation for DirectReservation<M, C> {
    fn delay(&self) -> Duration {
        self.delay
    }

    fn cancel(self) {
        self.limiter
            .with(|mechanism, now| mechanism.cancel(now, &self.promise));
    }
}

impl<M: Reserving, C: Clock> DirectLimiter<Locked<M>, C> {
    /// Takes `n` tokens for later, unless that is later than `at_most` from now.
    ///
    /// # Errors
    /// [`Throttled`] says by how much; nothing was taken.
    pub fn reserve(&self, n: u32, at_most: Duration) -> Result<DirectReservation<M, C>, Throttled> {
        let (promise, delay) = self.with(|mechanism, now| mechanism.reserve(now, n, at_most))?;
        Ok(DirectReservation {
            limiter: self.clone(),
            promise,
            delay,
        })
    }

    /// Sleeps until `n` tokens are there, in the order of the calls; refuses at once if that takes longer than `at_most`.
    /// The tokens are taken by this call, not by the first poll. Dropped while asleep, the future gives them back.
    pub fn wait(&self, n: u32, at_most: Duration) -> Waiting<DirectReservation<M, C>> {
        Waiting::new(self.reserve(n, at_most))
    }
}
