//! A breaker's memory laid open, for drawing and for logs.

use core::time::Duration;

use clock::Instant;

// ANCHOR: Window
/// What a breaker remembers at some moment, and would decide on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The oldest first. Policies that forget by time give a bucket for each period; one that
    /// forgets by count gives a bucket for each call.
    pub buckets: Vec<Bucket>,
    /// Calls in all buckets.
    pub calls: u64,
    /// Those that count as failures.
    pub failures: u64,
    /// Those that were slow, where the policy looks at that.
    pub slow: u64,
}

/// A part of the window that is forgotten at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// When it began; `None` where the policy does not keep times.
    pub from: Option<Instant>,
    /// How much time it collects; `None` if it has no end.
    pub length: Option<Duration>,
    /// Calls in it. May be fewer than the failures in hystrix-go, which forgets them separately.
    pub calls: u64,
    /// Those that count as failures.
    pub failures: u64,
    /// Those that were slow, where the policy looks at that.
    pub slow: u64,
}
// ANCHOR_END: Window

impl Window {
    /// The window of these buckets.
    pub(crate) fn new(buckets: Vec<Bucket>) -> Self {
        let sum = |count: fn(&Bucket) -> u64| buckets.iter().map(count).sum();
        Self {
            calls: sum(|bucket| bucket.calls),
            failures: sum(|bucket| bucket.failures),
            slow: sum(|bucket| bucket.slow),
            buckets,
        }
    }
}
