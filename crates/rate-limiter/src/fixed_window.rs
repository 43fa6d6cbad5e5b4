//! A counter that starts again at zero with every window of the clock.
//!
//! Source: the `INCR` pattern of the Redis documentation ("Pattern: rate limiter").

use core::time::Duration;

use clock::Instant;

use crate::{RateLimiter, Throttled};

// ANCHOR: FixedWindow
/// At most `limit` requests in each window of the clock.
///
/// Windows are aligned to the clock: with one of a second, they begin at 0 s, 1 s, 2 s. So the limit
/// can pass just before such a moment and again just after it: twice the limit within an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedWindow {
    /// The most requests in one window.
    limit: u32,
    /// The length of a window in nanoseconds, at least 1.
    window: u64,
    /// Which window is counted, from 0 at the origin.
    index: u64,
    /// Requests admitted in it.
    count: u32,
}
// ANCHOR_END: FixedWindow

impl FixedWindow {
    /// Admits `limit` requests in each `window`, which is at least 1 ns long.
    #[must_use]
    pub fn new(limit: u32, window: Duration) -> Self {
        Self {
            limit,
            window: window_nanos(window),
            index: 0,
            count: 0,
        }
    }

    /// Requests admitted so far in the window of `now`.
    #[must_use]
    pub fn count(&self, now: Instant) -> u32 {
        if now.as_nanos() / self.window > self.index {
            0
        } else {
            self.count
        }
    }

    /// When the window of `now` ends and the next begins.
    #[must_use]
    pub fn next_window(&self, now: Instant) -> Instant {
        let index = (now.as_nanos() / self.window).max(self.index);
        Instant::from_nanos(index.saturating_add(1).saturating_mul(self.window))
    }
}

// ANCHOR: fixed_window_decide
impl RateLimiter for FixedWindow {
    fn try_acquire(&mut self, now: Instant, n: u32) -> Result<(), Throttled> {
        if n > self.limit {
            return Err(Throttled::NEVER);
        }
        let count = self.count(now);
        if n > self.limit - count {
            return Err(Throttled {
                retry_after: self.next_window(now).since(now),
            });
        }
        // A clock that steps back does not open an old window again.
        self.index = self.index.max(now.as_nanos() / self.window);
        self.count = count + n;
        Ok(())
    }

    fn available(&self, now: Instant) -> u32 {
        self.limit - self.count(now)
    }
}
// ANCHOR_END: fixed_window_decide

/// The length of a window in nanoseconds: at least 1, at most 292 years.
pub(crate) fn window_nanos(window: Duration) -> u64 {
    u64::try_from(window.as_nanos())
        .unwrap_or(u64::MAX)
        .clamp(1, i64::MAX as u64)
}
