//! A log of the times of all recent requests: exact, and paid for in memory.
//!
//! Source: the sorted-set recipe for Redis (one member a request), with the one difference that
//! refused requests are not written down.

use std::collections::VecDeque;

use core::time::Duration;

use clock::Instant;

use crate::fixed_window::window_nanos;
use crate::{RateLimiter, Throttled};

// ANCHOR: SlidingLog
/// At most `limit` requests in any window, wherever it begins.
///
/// It remembers each admitted request for the length of the window, so its memory grows with the
/// limit: see [`entries`](SlidingLog::entries).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlidingLog {
    /// The most requests in any window.
    limit: u32,
    /// The length of the window in nanoseconds, at least 1.
    window: u64,
    /// When each admitted request came, oldest first; never more than `limit` of them.
    log: VecDeque<Instant>,
}
// ANCHOR_END: SlidingLog

impl SlidingLog {
    /// Admits `limit` requests in any `window`, which is at least 1 ns long.
    #[must_use]
    pub fn new(limit: u32, window: Duration) -> Self {
        Self {
            limit,
            window: window_nanos(window),
            log: VecDeque::new(),
        }
    }

    /// Requests remembered at this moment, at most the limit: what the exactness costs, 8 bytes
    /// each. Old ones are forgotten when the next request comes, not before.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.log.len()
    }

    /// When the requests that still count at `now` came, oldest first.
    pub fn recent(&self, now: Instant) -> impl DoubleEndedIterator<Item = Instant> + '_ {
        self.log.range(self.forgotten_by(now)..).copied()
    }

    /// How many entries no longer count at `now`: a request counts for exactly one window.
    fn forgotten_by(&self, now: Instant) -> usize {
        self.log
            .partition_point(|&at| at.plus_nanos(self.window) <= now)
    }
}

// ANCHOR: sliding_log_decide
impl RateLimiter for SlidingLog {
    fn try_acquire(&mut self, now: Instant, n: u32) -> Result<(), Throttled> {
        if n > self.limit {
            return Err(Throttled::NEVER);
        }
        self.log.drain(..self.forgotten_by(now));
        let free = self.limit as usize - self.log.len();
        if let Some(missing) = (n as usize).checked_sub(free + 1) {
            // Entry number `missing` has to go, and all before it with it.
            let room_at = self.log[missing].plus_nanos(self.window);
            return Err(Throttled {
                retry_after: room_at.since(now),
            });
        }
        // A clock that steps back must not put the log out of order.
        let at = self.log.back().map_or(now, |&latest| latest.max(now));
        self.log.extend(core::iter::repeat_n(at, n as usize));
        Ok(())
    }

    fn available(&self, now: Instant) -> u32 {
        // The log holds at most `limit` entries, so the length fits.
        self.limit - (self.log.len() - self.forgotten_by(now)) as u32
    }
}
// ANCHOR_END: sliding_log_decide
