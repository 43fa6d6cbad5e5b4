//! Admission by how much a call matters.

use core::time::Duration;

use clock::Instant;

use crate::Verdict;

/// Levels of priority: 0 matters most.
pub const LEVELS: usize = 128;

/// Settings of [`PriorityShedder`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PriorityConfig {
    /// Calls wait longer than this on average: the server is overloaded.
    pub overloaded: Duration,
    /// The level moves once in so long, or after so many calls.
    pub window: Duration,
    /// See `window`; at least 1.
    pub calls: u32,
    /// By which part fewer calls are let in after an overloaded window: 0 to 1.
    pub fewer: f64,
    /// By which part of what came more are let in after another: 0 to 1.
    pub more: f64,
}

impl Default for PriorityConfig {
    fn default() -> Self {
        Self {
            overloaded: Duration::from_millis(20),
            window: Duration::from_secs(1),
            calls: 2_000,
            fewer: 0.05,
            more: 0.01,
        }
    }
}

// ANCHOR: PriorityShedder
/// Lets in the levels that matter most, as many of them as the time in the queue allows.
///
/// # Source
/// H. Zhou and others, "Overload Control for Scaling WeChat Microservices", SoCC 2018 (DAGOR), section 4.2.
#[derive(Clone, Debug, PartialEq)]
pub struct PriorityShedder {
    config: PriorityConfig,
    /// Calls below this level are let in.
    cut: usize,
    /// Calls that came in this window, by level.
    came: [u32; LEVELS],
    total: u32,
    let_in: u32,
    /// Time in the queue, summed, and of how many.
    waited: Duration,
    left: u32,
    since: Instant,
}

impl PriorityShedder {
    /// Everybody is let in.
    #[must_use]
    pub const fn new(config: PriorityConfig) -> Self {
        Self {
            config,
            cut: LEVELS,
            came: [0; LEVELS],
            total: 0,
            let_in: 0,
            waited: Duration::ZERO,
            left: 0,
            since: Instant::ZERO,
        }
    }

    /// A call of a level (0 to 127; beyond counts as 127) comes at `now`.
    pub fn on_arrival(&mut self, now: Instant, level: usize) -> Verdict {
        if now.since(self.since) >= self.config.window || self.total >= self.config.calls {
            self.turn(now);
        }
        let level = level.min(LEVELS - 1);
        self.came[level] += 1;
        self.total += 1;
        if level >= self.cut {
            return Verdict::Shed;
        }
        self.let_in += 1;
        Verdict::Serve
    }

    /// A call leaves the queue after it has waited so long.
    pub fn on_dequeue(&mut self, waited: Duration) {
        self.waited += waited;
        self.left += 1;
    }

    /// Levels that are let in.
    #[must_use]
    pub const fn levels(&self) -> usize {
        self.cut
    }

    /// A window is over: the cut moves by as many levels as make up the part of the calls that is wanted.
    fn turn(&mut self, now: Instant) {
        let overloaded = self.left > 0 && self.waited / self.left > self.config.overloaded;
        if overloaded {
            let wanted = f64::from(self.let_in) * (1.0 - self.config.fewer);
            let mut sum = f64::from(self.let_in);
            while sum > wanted && self.cut > 1 {
                self.cut -= 1;
                sum -= f64::from(self.came[self.cut]);
            }
        } else {
            let wanted = f64::from(self.let_in) + f64::from(self.total) * self.config.more;
            let mut sum = f64::from(self.let_in);
            while sum < wanted && self.cut < LEVELS {
                sum += f64::from(self.came[self.cut]);
                self.cut += 1;
            }
        }
        *self = Self {
            cut: self.cut,
            since: now,
            ..Self::new(self.config)
        };
    }
}
// ANCHOR_END: PriorityShedder

impl Default for PriorityShedder {
    fn default() -> Self {
        Self::new(PriorityConfig::default())
    }
}
