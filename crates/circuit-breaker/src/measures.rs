//! resilience4j's windows: the last so many calls, or the calls of the last so many seconds.

use core::time::Duration;
use std::collections::VecDeque;

use clock::{Instant, NANOS_PER_SEC};

use crate::seconds::second;
use crate::{Bucket, Window};

/// What is known of some calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// How many.
    pub calls: u32,
    /// Those that failed.
    pub failed: u32,
    /// Those that were slow, failed or not.
    pub slow: u32,
}

impl Measure {
    fn add(&mut self, other: Self) {
        self.calls = self.calls.saturating_add(other.calls);
        self.failed = self.failed.saturating_add(other.failed);
        self.slow = self.slow.saturating_add(other.slow);
    }

    fn subtract(&mut self, other: Self) {
        self.calls = self.calls.saturating_sub(other.calls);
        self.failed = self.failed.saturating_sub(other.failed);
        self.slow = self.slow.saturating_sub(other.slow);
    }

    // ANCHOR: rates
    /// Failed and slow calls in percent, once `minimum` calls are known. In single precision, as
    /// the library reckons, so that thresholds are met at the same counts.
    pub(crate) fn rates(self, minimum: u32) -> Option<(f32, f32)> {
        if self.calls == 0 || self.calls < minimum {
            return None;
        }
        let percent = |part: u32| part as f32 * 100.0 / self.calls as f32;
        Some((percent(self.failed), percent(self.slow)))
    }
    // ANCHOR_END: rates
}

// ANCHOR: Measures
/// A sliding window of calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Measures {
    /// Whether `size` counts seconds; otherwise it counts calls.
    timed: bool,
    /// At least 1.
    size: u32,
    /// Parts that leave the window at once, the oldest first: single calls, or those of the second
    /// of the clock that stands beside them.
    parts: VecDeque<(u64, Measure)>,
    /// All parts together.
    total: Measure,
}

impl Measures {
    /// The last `size` calls.
    pub(crate) fn of_calls(size: u32) -> Self {
        Self::new(false, size)
    }

    /// The calls of the last `size` seconds.
    pub(crate) fn of_seconds(size: u32) -> Self {
        Self::new(true, size)
    }

    fn new(timed: bool, size: u32) -> Self {
        Self {
            timed,
            size: size.max(1),
            parts: VecDeque::new(),
            total: Measure::default(),
        }
    }

    /// Records one call at `now`; returns what is in the window then.
    pub(crate) fn record(&mut self, now: Instant, failed: bool, slow: bool) -> Measure {
        let one = Measure {
            calls: 1,
            failed: failed.into(),
            slow: slow.into(),
        };
        let second = second(now);
        self.total.add(one);
        match self.parts.back_mut() {
            Some((latest, part)) if self.timed && *latest >= second => part.add(one),
            _ => self.parts.push_back((second, one)),
        }
        while let Some(&(oldest, part)) = self.parts.front() {
            let outside = if self.timed {
                !self.holds(oldest, second)
            } else {
                self.parts.len() > self.size as usize
            };
            if !outside {
                break;
            }
            self.parts.pop_front();
            self.total.subtract(part);
        }
        self.total
    }
    // ANCHOR_END: Measures

    /// Whether what was recorded in `second` is still in the window in the second `now`.
    fn holds(&self, second: u64, now: u64) -> bool {
        !self.timed || second + u64::from(self.size) > now
    }

    /// What is in the window at `now`.
    pub(crate) fn at(&self, now: Instant) -> Measure {
        let mut total = self.total;
        for &(recorded, part) in &self.parts {
            if self.holds(recorded, second(now)) {
                break;
            }
            total.subtract(part);
        }
        total
    }

    /// The window at `now`, laid open.
    pub(crate) fn window(&self, now: Instant) -> Window {
        let held = |part: &&(u64, Measure)| self.holds(part.0, second(now));
        let buckets = self.parts.iter().filter(held).map(|&(second, part)| {
            let from = Instant::from_nanos(second.saturating_mul(NANOS_PER_SEC));
            Bucket {
                from: self.timed.then_some(from),
                length: self.timed.then_some(Duration::from_secs(1)),
                calls: part.calls.into(),
                failures: part.failed.into(),
                slow: part.slow.into(),
            }
        });
        Window::new(buckets.collect())
    }
}
