//! Additive increase, multiplicative decrease.

use core::time::Duration;

use crate::Limit;

/// Settings of [`Aimd`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AimdConfig {
    /// Where it starts.
    pub initial: u32,
    /// It never falls below.
    pub min: u32,
    /// It never rises above.
    pub max: u32,
    /// What a drop leaves of the limit: 0.5 to below 1.
    pub backoff_ratio: f64,
    /// A call that takes longer counts as dropped.
    pub time_out: Duration,
}

impl Default for AimdConfig {
    fn default() -> Self {
        Self {
            initial: 20,
            min: 20,
            max: 200,
            backoff_ratio: 0.9,
            time_out: Duration::from_secs(5),
        }
    }
}

// ANCHOR: Aimd
/// One more after each call, if at least half of the limit was in use; a tenth less after a drop.
///
/// # Source
/// Netflix `concurrency-limits`, `AIMDLimit`; after D. Chiu and R. Jain, 1989.
#[derive(Clone, Debug, PartialEq)]
pub struct Aimd {
    config: AimdConfig,
    limit: u32,
}

impl Aimd {
    /// The rule at its start.
    #[must_use]
    pub const fn new(config: AimdConfig) -> Self {
        Self {
            config,
            limit: config.initial,
        }
    }
}

impl Default for Aimd {
    fn default() -> Self {
        Self::new(AimdConfig::default())
    }
}

impl Limit for Aimd {
    fn limit(&self) -> u32 {
        self.limit
    }

    fn on_sample(&mut self, rtt: Duration, in_flight: u32, dropped: bool) -> u32 {
        let AimdConfig { min, max, .. } = self.config;
        if dropped || rtt > self.config.time_out {
            self.limit = (f64::from(self.limit) * self.config.backoff_ratio) as u32;
        } else if in_flight.saturating_mul(2) >= self.limit {
            self.limit = self.limit.saturating_add(1);
        }
        self.limit = self.limit.max(min).min(max).max(1);
        self.limit
    }
}
// ANCHOR_END: Aimd
