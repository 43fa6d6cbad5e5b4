//! Whether another attempt is allowed at all: budgets that bound retries by the requests they belong to.

use core::fmt;
use core::time::Duration;

use clock::Instant;

/// The budget is used up; the failure goes to whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exhausted;

impl fmt::Display for Exhausted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the retry budget is used up")
    }
}

impl core::error::Error for Exhausted {}

// ANCHOR: Budget
/// What every budget can be asked.
pub trait Budget {
    /// A request is sent for the first time.
    fn request(&mut self, now: Instant);

    /// Asks to send one again.
    ///
    /// # Errors
    /// [`Exhausted`] if the budget does not allow it.
    fn try_retry(&mut self, now: Instant) -> Result<(), Exhausted>;

    /// An attempt is over; `retry` tells whether it was one of those that [`Budget::try_retry`] allowed.
    fn finished(&mut self, now: Instant, retry: bool);
}
// ANCHOR_END: Budget

/// Parts that the time to live is cut into.
const SLOTS: usize = 10;

// ANCHOR: TokenBudget
/// Requests pay in, retries draw out, and what was paid in is lost after a while.
///
/// With a ratio of 0.2 five requests pay for one retry; besides that some retries a second are free,
/// so that a caller with few requests can retry at all.
///
/// # Source
/// Finagle's `RetryBudget`, in the form of `tower::retry::budget::TpsBudget`, whose windows and
/// whole-number prices it keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenBudget {
    /// What a request pays in, and what a retry costs.
    deposit: i64,
    price: i64,
    /// What the free retries come to.
    reserve: i64,
    window: Duration,
    slots: [i64; SLOTS],
    /// Paid in and drawn out in the window that runs.
    current: i64,
    slot: usize,
    since: Instant,
}

impl TokenBudget {
    /// A budget that has seen nothing at `now`: what is paid in lasts for `ttl` (1 to 60 s; 10 s is usual), `min_per_sec` retries
    /// a second are free (10), and `ratio` retries (0 to 1,000; 0.2) are paid for by each request.
    #[must_use]
    pub fn new(ttl: Duration, min_per_sec: u32, ratio: f64, now: Instant) -> Self {
        let (deposit, price) = if ratio <= 0.0 {
            (0, 1)
        } else if ratio <= 1.0 {
            (1, (1.0 / ratio) as i64)
        } else {
            // Less than one would buy a retry: everything is counted in thousandths.
            (1_000, (1_000.0 / ratio) as i64)
        };
        Self {
            deposit,
            price,
            reserve: i64::from(min_per_sec) * ttl.as_secs() as i64 * price,
            window: ttl / SLOTS as u32,
            slots: [0; SLOTS],
            current: 0,
            slot: 0,
            since: now,
        }
    }

    /// Retries that could be sent right away.
    #[must_use]
    pub fn left(&self) -> i64 {
        (self.balance() / self.price).max(0)
    }

    fn balance(&self) -> i64 {
        self.current + self.slots.iter().sum::<i64>() + self.reserve
    }

    /// Closes the window that ran, if its time is over, and forgets what is too old.
    fn expire(&mut self, now: Instant) {
        let mut passed = now.since(self.since);
        if passed < self.window {
            return;
        }
        self.slots[self.slot] = core::mem::take(&mut self.current);
        let mut slot = (self.slot + 1) % SLOTS;
        while passed > self.window {
            self.slots[slot] = 0;
            passed -= self.window;
            slot = (slot + 1) % SLOTS;
        }
        (self.slot, self.since) = (slot, now);
    }
}

impl Budget for TokenBudget {
    fn request(&mut self, now: Instant) {
        self.expire(now);
        self.current += self.deposit;
    }

    fn try_retry(&mut self, now: Instant) -> Result<(), Exhausted> {
        self.expire(now);
        if self.balance() < self.price {
            return Err(Exhausted);
        }
        self.current -= self.price;
        Ok(())
    }

    fn finished(&mut self, _now: Instant, _retry: bool) {}
}
// ANCHOR_END: TokenBudget

// ANCHOR: RatioBudget
/// At any moment only so large a part of the attempts under way may be retries.
///
/// # Source
/// Envoy's retry budget (`RetryBudget` of a cluster's circuit breakers): `budget_percent` 20 %,
/// `min_retry_concurrency` 3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioBudget {
    percent: f64,
    min_concurrency: u32,
    under_way: u32,
    retries: u32,
}

impl RatioBudget {
    /// `percent` (0 to 100) of the attempts under way may be retries, and `min_concurrency` of them in any case.
    #[must_use]
    pub const fn new(percent: f64, min_concurrency: u32) -> Self {
        Self {
            percent,
            min_concurrency,
            under_way: 0,
            retries: 0,
        }
    }

    /// Retries that may be under way now.
    #[must_use]
    pub fn allowed(&self) -> u32 {
        let share = self.percent / 100.0 * f64::from(self.under_way);
        (share as u32).max(self.min_concurrency)
    }
}

impl Budget for RatioBudget {
    fn request(&mut self, _now: Instant) {
        self.under_way += 1;
    }

    fn try_retry(&mut self, _now: Instant) -> Result<(), Exhausted> {
        if self.retries >= self.allowed() {
            return Err(Exhausted);
        }
        self.retries += 1;
        self.under_way += 1;
        Ok(())
    }

    fn finished(&mut self, _now: Instant, retry: bool) {
        self.under_way -= 1;
        self.retries -= u32::from(retry);
    }
}
// ANCHOR_END: RatioBudget

/// Any of the budgets, or none.
#[derive(Clone, Debug, PartialEq)]
pub enum AnyBudget {
    /// Every retry is allowed.
    Unlimited,
    /// As Finagle and tower.
    Token(TokenBudget),
    /// As Envoy.
    Ratio(RatioBudget),
}

impl Budget for AnyBudget {
    fn request(&mut self, now: Instant) {
        match self {
            Self::Unlimited => {}
            Self::Token(budget) => budget.request(now),
            Self::Ratio(budget) => budget.request(now),
        }
    }

    fn try_retry(&mut self, now: Instant) -> Result<(), Exhausted> {
        match self {
            Self::Unlimited => Ok(()),
            Self::Token(budget) => budget.try_retry(now),
            Self::Ratio(budget) => budget.try_retry(now),
        }
    }

    fn finished(&mut self, now: Instant, retry: bool) {
        match self {
            Self::Unlimited => {}
            Self::Token(budget) => budget.finished(now, retry),
            Self::Ratio(budget) => budget.finished(now, retry),
        }
    }
}
