//! The leaky bucket, as a meter that only watches and as a queue that paces.
//!
//! Sources: the meter, Turner, "New directions in communications", IEEE Communications Magazine,
//! 1986, and ITU-T I.371, annex A ("continuous-state leaky bucket"); the queue, Tanenbaum,
//! "Computer networks", and nginx `limit_req`.

use core::time::Duration;

use clock::Instant;

use crate::limit::period_nanos;
use crate::{RateLimiter, Throttled};

// ANCHOR: LeakyMeter
/// A bucket with a hole: each request pours in one unit, and what would spill over is refused.
///
/// The token bucket seen from below: water here is what is missing there. It makes the same
/// decisions as [`Gcra`](crate::Gcra) with the capacity as burst.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeakyMeter {
    /// Nanoseconds in which one request leaks out, at least 1.
    period: u64,
    /// The most requests it holds.
    capacity: u32,
    /// The water at the time `last`, as the nanoseconds in which it will have leaked out.
    level: u64,
    /// When `level` was true.
    last: Instant,
}
// ANCHOR_END: LeakyMeter

// ANCHOR: leaky_meter_decide
impl LeakyMeter {
    /// An empty bucket that holds `capacity` requests and leaks `rate` of them per second.
    ///
    /// The period is cut to whole nanoseconds, and to 292 years for the whole bucket.
    #[must_use]
    pub fn new(rate: f64, capacity: u32) -> Self {
        let period = bounded_period(rate, capacity);
        Self {
            period,
            capacity,
            level: 0,
            last: Instant::ZERO,
        }
    }

    /// Requests that have not yet leaked out at `now`, at most the capacity.
    #[must_use]
    pub fn level(&self, now: Instant) -> f64 {
        self.level_nanos(now) as f64 / self.period as f64
    }

    fn level_nanos(&self, now: Instant) -> u64 {
        self.level
            .saturating_sub(now.as_nanos().saturating_sub(self.last.as_nanos()))
    }
}

impl RateLimiter for LeakyMeter {
    fn try_acquire(&mut self, now: Instant, n: u32) -> Result<(), Throttled> {
        if n > self.capacity {
            return Err(Throttled::NEVER);
        }
        // A clock that steps back leaks nothing, and nothing twice.
        let at = now.max(self.last);
        let filled = self.level_nanos(at) + self.period * u64::from(n);
        let full = self.period * u64::from(self.capacity);
        if filled > full {
            return Err(Throttled {
                retry_after: at.plus_nanos(filled - full).since(now),
            });
        }
        self.level = filled;
        self.last = at;
        Ok(())
    }

    fn available(&self, now: Instant) -> u32 {
        let full = self.period * u64::from(self.capacity);
        // At most the capacity, which is a `u32`.
        ((full - self.level_nanos(now)) / self.period) as u32
    }
}
// ANCHOR_END: leaky_meter_decide

// ANCHOR: LeakyQueue
/// A queue with one exit: whatever comes in, one leaves per period, and a full queue refuses.
///
/// The only one of the family that shapes: behind it no burst is left, and those who are admitted
/// pay with waiting. As departures are evenly spaced, one time stands for the whole queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeakyQueue {
    /// Nanoseconds between two departures, at least 1.
    period: u64,
    /// The most requests that wait; one that leaves at once does not wait.
    capacity: u32,
    /// When the exit is free for one more.
    exit_free: Instant,
}
// ANCHOR_END: LeakyQueue

// ANCHOR: leaky_queue_decide
impl LeakyQueue {
    /// An empty queue with room for `capacity` waiting requests, `rate` of them leaving per second.
    ///
    /// The period is cut to whole nanoseconds, and to 292 years for the whole queue.
    #[must_use]
    pub fn new(rate: f64, capacity: u32) -> Self {
        let period = bounded_period(rate, capacity.saturating_add(1));
        Self {
            period,
            capacity,
            exit_free: Instant::ZERO,
        }
    }

    /// Lets `n` requests in at `now`, all or none, and says when the last of them leaves; the
    /// others leave one period apart before it. With `n` = 0, when one more would leave.
    ///
    /// # Errors
    /// [`Throttled`] says when there is room; nobody was let in.
    pub fn try_enqueue(&mut self, now: Instant, n: u32) -> Result<Instant, Throttled> {
        let first = self.exit_free.max(now);
        let Some(others) = n.checked_sub(1) else {
            return Ok(first);
        };
        if others > self.capacity {
            return Err(Throttled::NEVER);
        }
        let last = first.plus_nanos(self.period * u64::from(others));
        let longest_wait = self.period * u64::from(self.capacity);
        let wait = last.since(now);
        if let Some(too_long) = wait.checked_sub(Duration::from_nanos(longest_wait))
            && !too_long.is_zero()
        {
            return Err(Throttled {
                retry_after: too_long,
            });
        }
        self.exit_free = last.plus_nanos(self.period);
        Ok(last)
    }

    /// Requests waiting at `now`, at most the capacity.
    #[must_use]
    pub fn waiting(&self, now: Instant) -> u32 {
        // The one that left last keeps the exit busy for a period but waits no more.
        let until_free = self.exit_free.since(now).as_nanos() as u64;
        (until_free.saturating_sub(1) / self.period) as u32
    }

    /// When the next request waiting at `now` leaves; `None` if nobody waits.
    #[must_use]
    pub fn next_departure(&self, now: Instant) -> Option<Instant> {
        let before_the_last = self.period * u64::from(self.waiting(now));
        (before_the_last > 0).then(|| self.exit_free - Duration::from_nanos(before_the_last))
    }
}

/// Being admitted means being let into the queue, not having left it.
impl RateLimiter for LeakyQueue {
    fn try_acquire(&mut self, now: Instant, n: u32) -> Result<(), Throttled> {
        self.try_enqueue(now, n).map(drop)
    }

    fn available(&self, now: Instant) -> u32 {
        // One more than the free places if the exit is free: that one leaves at once.
        let latest = now.plus_nanos(self.period * (u64::from(self.capacity) + 1));
        let room = latest.since(self.exit_free.max(now)).as_nanos() as u64 / self.period;
        u32::try_from(room).unwrap_or(u32::MAX)
    }
}
// ANCHOR_END: leaky_queue_decide

/// Nanoseconds for one request, so that `most` of them take no more than 292 years.
fn bounded_period(rate: f64, most: u32) -> u64 {
    period_nanos(rate).min(i64::MAX as u64 / u64::from(most).max(1))
}
