//! Controlled delay as RFC 8289 has it for packets.

use core::time::Duration;

use clock::Instant;

use crate::Verdict;

/// Settings of [`CoDel`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoDelConfig {
    /// A call may wait so long in a queue that stands.
    pub target: Duration,
    /// The queue has to stand for so long first: about the time a caller takes to slow down.
    pub interval: Duration,
}

impl Default for CoDelConfig {
    fn default() -> Self {
        Self {
            target: Duration::from_millis(5),
            interval: Duration::from_millis(100),
        }
    }
}

// ANCHOR: CoDel
/// Sheds one call, then the next after interval / √2, √3 and so on, for as long as every call waits longer than the target.
///
/// # Source
/// RFC 8289, section 5; K. Nichols and V. Jacobson, "Controlling Queue Delay", 2012.
#[derive(Clone, Debug, PartialEq)]
pub struct CoDel {
    config: CoDelConfig,
    /// When calls will have waited too long for an interval.
    first_above: Option<Instant>,
    dropping: bool,
    drop_next: Instant,
    /// Drops since it began to drop, and what that stood at the last time it began.
    count: u32,
    last_count: u32,
}

impl CoDel {
    /// A queue that nobody has left yet.
    #[must_use]
    pub const fn new(config: CoDelConfig) -> Self {
        Self {
            config,
            first_above: None,
            dropping: false,
            drop_next: Instant::ZERO,
            count: 0,
            last_count: 0,
        }
    }

    /// A call that came at `enqueued` leaves the queue at `now`; `last` says that nobody waits behind it.
    pub fn on_dequeue(&mut self, now: Instant, enqueued: Instant, last: bool) -> Verdict {
        let too_long = self.stands(now, enqueued, last);
        if self.dropping {
            self.dropping = too_long;
            if !too_long || now < self.drop_next {
                return Verdict::Serve;
            }
            self.count += 1;
            self.drop_next = self.drop_next + self.wait();
            return Verdict::Shed;
        }
        if !too_long {
            return Verdict::Serve;
        }
        self.dropping = true;
        // Soon after the last time it goes on from the pace it had found.
        let found = self.count - self.last_count;
        let soon = now < self.drop_next + 16 * self.config.interval;
        self.count = if found > 1 && soon { found } else { 1 };
        self.last_count = self.count;
        self.drop_next = now + self.wait();
        Verdict::Shed
    }

    /// Whether calls have waited longer than the target for a whole interval.
    fn stands(&mut self, now: Instant, enqueued: Instant, last: bool) -> bool {
        if now.since(enqueued) < self.config.target || last {
            self.first_above = None;
            return false;
        }
        let first_above = *(self.first_above).get_or_insert(now + self.config.interval);
        now >= first_above
    }

    fn wait(&self) -> Duration {
        let interval = self.config.interval.as_nanos() as f64;
        Duration::from_nanos((interval / libm::sqrt(f64::from(self.count))) as u64)
    }
}
// ANCHOR_END: CoDel

impl Default for CoDel {
    fn default() -> Self {
        Self::new(CoDelConfig::default())
    }
}
