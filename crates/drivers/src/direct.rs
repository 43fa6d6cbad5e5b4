//! One limit for everybody, shared by many threads and tasks.

use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError};

use clock::Instant;
use rate_limiter::{AtomicGcra, RateLimiter, Throttled};

use crate::admission::{Reserve, TryAcquire};
use crate::clock::{Clock, TokioClock};
use crate::reserving::{DirectReservation, Reserving};

/// What a shared limiter decided, and when on its own clock: enough to replay the decision through the bare mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The time the mechanism was given, since the start of the limiter's clock.
    pub at: Instant,
    /// Admitted, or refused and for how long.
    pub outcome: Result<(), Throttled>,
}

/// A mechanism that many threads may ask at once.
pub trait Shared {
    /// Decides about `n` requests at the time that `clock` shows.
    fn decide(&self, clock: &impl Clock, n: u32) -> Decision;
}

// ANCHOR: Locked
/// Any mechanism, behind a lock.
///
/// The clock is read while the lock is held. Read before it, a thread that has to wait for the lock would come with a time older
/// than the one last decided on, and the mechanism would see time go backwards.
#[derive(Debug)]
pub struct Locked<M> {
    state: Mutex<Timed<M>>,
}

#[derive(Debug)]
struct Timed<M> {
    mechanism: M,
    /// The latest time the mechanism was given: the counters of two processors may differ by some nanoseconds.
    latest: Instant,
}

impl<M> Locked<M> {
    /// Puts `mechanism` behind a lock.
    pub const fn new(mechanism: M) -> Self {
        Self {
            state: Mutex::new(Timed {
                mechanism,
                latest: Instant::ZERO,
            }),
        }
    }

    /// Calls `act` with the mechanism and the time; nobody else decides meanwhile.
    #[inline]
    pub(crate) fn with<T>(&self, clock: &impl Clock, act: impl FnOnce(&mut M, Instant) -> T) -> T {
        // A panic in another thread cannot leave a mechanism half changed: it decides first and writes last.
        let mut timed = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        timed.latest = timed.latest.max(clock.now());
        let now = timed.latest;
        act(&mut timed.mechanism, now)
    }
}
// ANCHOR_END: Locked

impl<M: RateLimiter> Shared for Locked<M> {
    #[inline]
    fn decide(&self, clock: &impl Clock, n: u32) -> Decision {
        self.with(clock, |mechanism, at| Decision {
            at,
            outcome: mechanism.try_acquire(at, n),
        })
    }
}

/// Without a lock: the whole state is one word, replaced in one step.
impl Shared for AtomicGcra {
    #[inline]
    fn decide(&self, clock: &impl Clock, n: u32) -> Decision {
        let at = clock.now();
        Decision {
            at,
            outcome: self.try_acquire(at, n),
        }
    }
}

// ANCHOR: DirectLimiter
/// One limit for everybody. Clones share it.
#[derive(Debug)]
pub struct DirectLimiter<S, C = TokioClock> {
    shared: Arc<(S, C)>,
}
// ANCHOR_END: DirectLimiter

impl<S, C> Clone for DirectLimiter<S, C> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<S> DirectLimiter<S> {
    /// Shares `state`, a [`Locked`] mechanism or an [`AtomicGcra`], on tokio's clock started now.
    pub fn new(state: S) -> Self {
        Self::with_clock(state, TokioClock::start())
    }
}

impl<S, C> DirectLimiter<S, C> {
    /// Shares `state` on a clock of your choice.
    pub fn with_clock(state: S, clock: C) -> Self {
        Self {
            shared: Arc::new((state, clock)),
        }
    }
}

impl<S: Shared, C: Clock> DirectLimiter<S, C> {
    /// Admits `n` requests now, all or none.
    ///
    /// # Errors
    /// [`Throttled`] says how long to stay away.
    #[inline]
    pub fn try_acquire(&self, n: u32) -> Result<(), Throttled> {
        self.decide(n).outcome
    }

    /// As [`try_acquire`](Self::try_acquire), and says when it decided.
    #[inline]
    pub fn decide(&self, n: u32) -> Decision {
        let (state, clock) = &*self.shared;
        state.decide(clock, n)
    }
}

impl<Request, S: Shared, C: Clock> TryAcquire<Request> for DirectLimiter<S, C> {
    #[inline]
    fn try_acquire_for(&self, _: &Request) -> Result<(), Throttled> {
        self.try_acquire(1)
    }
}

impl<M, C: Clock> DirectLimiter<Locked<M>, C> {
    /// Calls `act` with the mechanism and the time, to change its limit or to look at it; nobody else decides meanwhile.
    pub fn with<T>(&self, act: impl FnOnce(&mut M, Instant) -> T) -> T {
        let (state, clock) = &*self.shared;
        state.with(clock, act)
    }
}

impl<Request, M: Reserving, C: Clock> Reserve<Request> for DirectLimiter<Locked<M>, C> {
    type Reservation = DirectReservation<M, C>;

    fn reserve_for(&self, _: &Request, at_most: Duration) -> Result<Self::Reservation, Throttled> {
        self.reserve(1, at_most)
    }
}
