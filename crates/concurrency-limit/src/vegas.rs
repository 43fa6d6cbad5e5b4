//! The limit follows an estimate of how many calls wait in a queue.

use core::time::Duration;

use crate::Limit;

/// Settings of [`Vegas`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VegasConfig {
    /// Where it starts.
    pub initial: u32,
    /// It never rises above.
    pub max: u32,
    /// How much of each new estimate counts: 0 to 1.
    pub smoothing: f64,
    /// After about so many times the limit's number of samples the shortest round trip is measured anew; 0 for never.
    pub probe_multiplier: u32,
}

/// The original draws from 0.5 to 1 each time, lest many clients probe together; this is the mean.
const PROBE_JITTER: f64 = 0.75;

impl Default for VegasConfig {
    fn default() -> Self {
        Self {
            initial: 20,
            max: 1_000,
            smoothing: 1.0,
            probe_multiplier: 30,
        }
    }
}

// ANCHOR: Vegas
/// A limit that grows while few calls wait and shrinks while many do; how many wait is told by the shortest round trip ever seen.
///
/// # Source
/// Netflix `concurrency-limits`, `VegasLimit`; after L. Brakmo and L. Peterson, "TCP Vegas", 1995.
#[derive(Clone, Debug, PartialEq)]
pub struct Vegas {
    config: VegasConfig,
    estimate: f64,
    /// The shortest round trip, in nanoseconds; 0 before the first.
    least: u64,
    /// Samples since it was measured anew.
    samples: u32,
}

impl Vegas {
    /// The rule at its start.
    #[must_use]
    pub fn new(config: VegasConfig) -> Self {
        Self {
            config,
            estimate: f64::from(config.initial),
            least: 0,
            samples: 0,
        }
    }

    /// It is time to measure the shortest round trip anew: a service that has become slower for good is not to be taken for one
    /// with a queue.
    fn probes(&mut self) -> bool {
        self.samples += 1;
        let every = PROBE_JITTER * f64::from(self.config.probe_multiplier) * self.estimate;
        let due = every > 0.0 && every <= f64::from(self.samples);
        if due {
            self.samples = 0;
        }
        due
    }
}

impl Default for Vegas {
    fn default() -> Self {
        Self::new(VegasConfig::default())
    }
}

impl Limit for Vegas {
    fn limit(&self) -> u32 {
        (self.estimate as u32).max(1)
    }

    fn on_sample(&mut self, rtt: Duration, in_flight: u32, dropped: bool) -> u32 {
        let rtt = (rtt.as_nanos() as u64).max(1);
        if self.probes() || self.least == 0 || rtt < self.least {
            self.least = rtt;
            return self.limit();
        }
        let waiting = self.estimate * (1.0 - self.least as f64 / rtt as f64);
        let waiting = waiting.ceil() as u32;
        let step = digits(self.estimate as u32);
        let next = if dropped {
            self.estimate - f64::from(step)
        } else if f64::from(in_flight) * 2.0 < self.estimate {
            return self.limit();
        } else if waiting <= step {
            self.estimate + f64::from(6 * step)
        } else if waiting < 3 * step {
            self.estimate + f64::from(step)
        } else if waiting > 6 * step {
            self.estimate - f64::from(step)
        } else {
            return self.limit();
        };
        let next = next.min(f64::from(self.config.max)).max(1.0);
        let smoothing = self.config.smoothing;
        self.estimate = (1.0 - smoothing) * self.estimate + smoothing * next;
        self.limit()
    }
}

/// The whole part of the decimal logarithm, at least 1.
fn digits(limit: u32) -> u32 {
    limit.checked_ilog10().unwrap_or(0).max(1)
}
// ANCHOR_END: Vegas
