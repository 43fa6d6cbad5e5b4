//! Controlled delay as Facebook's servers have it for calls.

use core::time::Duration;

use clock::Instant;

use crate::Verdict;

/// Settings of [`ControlledDelay`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ControlledDelayConfig {
    /// A call may wait so long in a queue that stands.
    pub target: Duration,
    /// It stands once it has not been empty for so long; in one that does not, a call may wait as long as that.
    pub interval: Duration,
}

impl Default for ControlledDelayConfig {
    fn default() -> Self {
        Self {
            target: Duration::from_millis(5),
            interval: Duration::from_millis(100),
        }
    }
}

// ANCHOR: ControlledDelay
/// Sheds whoever has waited longer than the target while the queue stands, and longer than the interval at any time.
///
/// # Source
/// B. Maurer, "Fail at Scale", *ACM Queue* 13(8), 2015.
#[derive(Clone, Debug, PartialEq)]
pub struct ControlledDelay {
    config: ControlledDelayConfig,
    empty: Instant,
}

impl ControlledDelay {
    /// A queue that was empty at time zero.
    #[must_use]
    pub const fn new(config: ControlledDelayConfig) -> Self {
        Self {
            config,
            empty: Instant::ZERO,
        }
    }

    /// Nobody waits at `now`.
    pub fn on_empty(&mut self, now: Instant) {
        self.empty = now;
    }

    /// A call that came at `enqueued` leaves the queue at `now`.
    pub fn on_dequeue(&mut self, now: Instant, enqueued: Instant) -> Verdict {
        let stands = now.since(self.empty) > self.config.interval;
        let most = if stands {
            self.config.target
        } else {
            self.config.interval
        };
        if now.since(enqueued) > most {
            Verdict::Shed
        } else {
            Verdict::Serve
        }
    }
}
// ANCHOR_END: ControlledDelay

impl Default for ControlledDelay {
    fn default() -> Self {
        Self::new(ControlledDelayConfig::default())
    }
}
