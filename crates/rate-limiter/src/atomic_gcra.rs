//! The generic cell rate algorithm for many threads at once, without a lock.

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use clock::Instant;

use crate::Throttled;
use crate::gcra::{Gcra, Schedule};

// ANCHOR: AtomicGcra
/// [`Gcra`] that threads share by reference.
///
/// The whole state is one number, so replacing it in one atomic step is all the agreement that
/// threads need. A refusal writes nothing: threads that are refused do not disturb each other.
#[derive(Debug)]
pub struct AtomicGcra {
    /// The rules; read by all, written by none.
    schedule: Schedule,
    /// Theoretical arrival time of the next request, in nanoseconds after the origin.
    theoretical_arrival: AtomicU64,
}

impl AtomicGcra {
    /// As [`Gcra::new`].
    #[must_use]
    pub fn new(rate: f64, burst: u32) -> Self {
        Gcra::new(rate, burst).into()
    }

    /// As [`Gcra::with_period`].
    #[must_use]
    pub fn with_period(period: Duration, burst: u32) -> Self {
        Gcra::with_period(period, burst).into()
    }

    /// Admits `n` requests at `now`, all or none.
    ///
    /// # Errors
    /// [`Throttled`] says how long to stay away; the call took nothing.
    #[inline]
    pub fn try_acquire(&self, now: Instant, n: u32) -> Result<(), Throttled> {
        // Relaxed is enough: the number itself is all there is to see, no other memory hangs on it.
        let mut arrival = self.theoretical_arrival.load(Ordering::Relaxed);
        loop {
            let next = self.schedule.decide(arrival, now, n)?;
            match self.theoretical_arrival.compare_exchange_weak(
                arrival,
                next,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Ok(()),
                // Another thread was granted in between: decide again from what it left.
                Err(newer) => arrival = newer,
            }
        }
    }

    /// How many single requests would be admitted if they all came at `now`.
    #[must_use]
    pub fn available(&self, now: Instant) -> u32 {
        self.schedule
            .available(self.theoretical_arrival.load(Ordering::Relaxed), now)
    }
}

impl From<Gcra> for AtomicGcra {
    fn from(gcra: Gcra) -> Self {
        let theoretical_arrival = AtomicU64::new(gcra.theoretical_arrival().as_nanos());
        Self {
            schedule: gcra.schedule,
            theoretical_arrival,
        }
    }
}
// ANCHOR_END: AtomicGcra
