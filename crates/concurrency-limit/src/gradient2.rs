//! The limit follows the ratio of a long average of round trips to the latest one.

use core::time::Duration;

use crate::Limit;

/// Settings of [`Gradient2`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gradient2Config {
    /// Where it starts.
    pub initial: u32,
    /// It never falls below.
    pub min: u32,
    /// It never rises above.
    pub max: u32,
    /// How much of each new estimate counts: 0 to 1.
    pub smoothing: f64,
    /// Calls by which the limit grows while round trips stay short: the queue it aims at.
    pub queue_size: u32,
    /// Samples in the long average.
    pub long_window: u32,
    /// Samples of which the plain mean is taken at first.
    pub warmup: u32,
    /// Round trips may be so many times the long average before the limit falls: 1 or more.
    pub rtt_tolerance: f64,
}

impl Default for Gradient2Config {
    fn default() -> Self {
        Self {
            initial: 20,
            min: 20,
            max: 200,
            smoothing: 0.2,
            queue_size: 4,
            long_window: 600,
            warmup: 10,
            rtt_tolerance: 1.5,
        }
    }
}

// ANCHOR: Gradient2
/// A limit that shrinks by at most half when calls take longer than they did on average.
///
/// # Source
/// Netflix `concurrency-limits`, `Gradient2Limit`.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient2 {
    config: Gradient2Config,
    estimate: f64,
    /// The long average, in nanoseconds; what was summed up and counted to begin with.
    long: f64,
    sum: f64,
    count: u32,
}

impl Gradient2 {
    /// The rule at its start.
    #[must_use]
    pub fn new(config: Gradient2Config) -> Self {
        Self {
            config,
            estimate: f64::from(config.initial),
            long: 0.0,
            sum: 0.0,
            count: 0,
        }
    }

    /// The long average of round trips.
    #[must_use]
    pub fn long_rtt(&self) -> Duration {
        Duration::from_nanos(self.long as u64)
    }

    fn remember(&mut self, rtt: f64) -> f64 {
        if self.count < self.config.warmup {
            self.count += 1;
            self.sum += rtt;
            self.long = self.sum / f64::from(self.count);
        } else {
            let factor = 2.0 / (f64::from(self.config.long_window) + 1.0);
            self.long = self.long * (1.0 - factor) + rtt * factor;
        }
        self.long
    }
}

impl Default for Gradient2 {
    fn default() -> Self {
        Self::new(Gradient2Config::default())
    }
}

impl Limit for Gradient2 {
    fn limit(&self) -> u32 {
        (self.estimate as u32).max(1)
    }

    fn on_sample(&mut self, rtt: Duration, in_flight: u32, _dropped: bool) -> u32 {
        let config = self.config;
        let short = rtt.as_nanos() as f64;
        let long = self.remember(short);
        // After a long time under load the average is too large; it shrinks faster than it grew.
        if long / short > 2.0 {
            self.long *= 0.95;
        }
        // Few calls say nothing about what more of them would do.
        if f64::from(in_flight) < self.estimate / 2.0 {
            return self.limit();
        }
        let gradient = (config.rtt_tolerance * long / short).clamp(0.5, 1.0);
        let aim = self.estimate * gradient + f64::from(config.queue_size);
        let next = self.estimate * (1.0 - config.smoothing) + aim * config.smoothing;
        self.estimate = next.min(f64::from(config.max)).max(f64::from(config.min));
        self.limit()
    }
}
// ANCHOR_END: Gradient2
