//! Two counters that stand in for a log: the last window's, fading out, and this window's.
//!
//! Source: Cloudflare, "How we built rate limiting capable of scaling to millions of domains"
//! (2017).

use core::time::Duration;

use clock::Instant;

use crate::fixed_window::window_nanos;
use crate::{RateLimiter, Throttled};

// ANCHOR: SlidingCounter
/// At most about `limit` requests in any window, remembered in two numbers.
///
/// It takes the requests of the previous window as spread evenly over it and counts the part that
/// a window ending now would still cover. A third of the way into a window, two thirds of the
/// previous count are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlidingCounter {
    /// The most requests, by this estimate, in any window.
    limit: u32,
    /// The length of a window in nanoseconds, at least 1.
    window: u64,
    /// Which window of the clock is counted, from 0 at the origin.
    index: u64,
    /// Requests admitted in the window before that.
    previous: u32,
    /// Requests admitted in it.
    current: u32,
}
// ANCHOR_END: SlidingCounter

impl SlidingCounter {
    /// Admits about `limit` requests in any `window`, which is at least 1 ns long.
    #[must_use]
    pub fn new(limit: u32, window: Duration) -> Self {
        Self {
            limit,
            window: window_nanos(window),
            index: 0,
            previous: 0,
            current: 0,
        }
    }

    /// Requests it takes to have been admitted in the window that ends at `now`.
    #[must_use]
    pub fn estimate(&self, now: Instant) -> f64 {
        let view = self.at(now);
        view.weighted() as f64 / view.window as f64
    }
}

// ANCHOR: sliding_counter_estimate
/// The counters as they stand at one moment.
struct View {
    limit: u64,
    window: u64,
    /// Nanoseconds since the current window began, less than `window`.
    elapsed: u64,
    previous: u64,
    current: u64,
}

impl SlidingCounter {
    /// Moves on to the window of `now`, in a copy.
    fn at(&self, now: Instant) -> View {
        let Self {
            limit,
            window,
            index,
            previous,
            current,
        } = *self;
        let now = now.as_nanos();
        let (previous, current) = match (now / window).saturating_sub(index) {
            0 => (previous, current),
            1 => (current, 0),
            _ => (0, 0),
        };
        // A clock that steps back finds the window it left at its very beginning.
        let elapsed = if now / window < index {
            0
        } else {
            now % window
        };
        let (limit, previous, current) = (limit.into(), previous.into(), current.into());
        View {
            limit,
            window,
            elapsed,
            previous,
            current,
        }
    }
}

impl View {
    /// The estimate times the length of the window: a whole number, so that nothing is rounded.
    fn weighted(&self) -> u128 {
        u128::from(self.previous) * u128::from(self.window - self.elapsed)
            + u128::from(self.current) * u128::from(self.window)
    }

    /// How many more requests the estimate leaves room for.
    fn available(&self) -> u64 {
        let full = u128::from(self.limit) * u128::from(self.window);
        // At most the limit, which came from a `u32`.
        (full.saturating_sub(self.weighted()) / u128::from(self.window)) as u64
    }
}
// ANCHOR_END: sliding_counter_estimate

// ANCHOR: sliding_counter_decide
impl RateLimiter for SlidingCounter {
    fn try_acquire(&mut self, now: Instant, n: u32) -> Result<(), Throttled> {
        if n > self.limit {
            return Err(Throttled::NEVER);
        }
        let view = self.at(now);
        if u64::from(n) > view.available() {
            let index = (now.as_nanos() / self.window).max(self.index);
            let begin = Instant::from_nanos(index.saturating_mul(self.window));
            return Err(Throttled {
                retry_after: begin.plus_nanos(view.room_for(n)).since(now),
            });
        }
        self.index = self.index.max(now.as_nanos() / self.window);
        // Both counts are at most the limit, which is a `u32`.
        self.previous = view.previous as u32;
        self.current = view.current as u32 + n;
        Ok(())
    }

    fn available(&self, now: Instant) -> u32 {
        self.at(now).available() as u32
    }
}

impl View {
    /// When the estimate has sunk far enough for `n` more, in nanoseconds after the beginning of
    /// the current window; `n` is at most the limit.
    fn room_for(&self, n: u32) -> u64 {
        let room = self.limit - u64::from(n);
        match room.checked_sub(self.current) {
            // The previous window's part sinks in time.
            Some(room) => self.faded_to(self.previous, room),
            // It has to be the current window's part, once that is the previous one.
            None => self
                .window
                .saturating_add(self.faded_to(self.current, room)),
        }
    }

    /// How far into the next window `count` requests weigh no more than `room`.
    fn faded_to(&self, count: u64, room: u64) -> u64 {
        let Some(excess) = count.checked_sub(room).filter(|&excess| excess > 0) else {
            return 0;
        };
        let wide = u128::from(self.window) * u128::from(excess);
        // At most one window, as `excess` is at most `count`.
        wide.div_ceil(u128::from(count)) as u64
    }
}
// ANCHOR_END: sliding_counter_decide
