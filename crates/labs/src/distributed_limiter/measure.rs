//! What the distributed-limiter lab measures: what was admitted beside what one ideal bucket would have admitted, and what it took.

use core::time::Duration;

use clock::Instant;
use rate_limiter::{Limit, TokenBucket};
use sim::Histogram;

use super::settings::Params;

/// Waits are counted in microseconds, with an error of at most 1/64.
const WAIT_BITS: u32 = 6;

/// What is counted over the last second.
pub(super) const ADMITTED: usize = 0;
pub(super) const REJECTED: usize = 1;
pub(super) const IDEAL: usize = 2;
pub(super) const ASKS: usize = 3;
pub(super) const FALLBACK: usize = 4;
const COUNTS: usize = 5;

/// Counts over the last second, in tenths; the oldest tenth is written over.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    tenths: [[u32; COUNTS]; TENTHS],
    current: [u32; COUNTS],
    next: usize,
}

const TENTHS: usize = 10;

impl Window {
    fn turn(&mut self) {
        self.tenths[self.next % TENTHS] = core::mem::take(&mut self.current);
        self.next += 1;
    }

    pub(super) fn per_second(&self, count: usize) -> f64 {
        let sum: u32 = self.tenths.iter().map(|tenth| tenth[count]).sum();
        f64::from(sum)
    }
}

/// How a request was decided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decision {
    pub(super) admitted: bool,
    /// What one ideal bucket said when the request arrived.
    pub(super) ideal: bool,
    /// The store was meant to be asked, and did not answer.
    pub(super) fallback: bool,
    /// From arrival to decision.
    pub(super) wait: Duration,
}

/// All that is counted; see the module's text.
#[derive(Clone)]
pub(super) struct Measure {
    /// The bucket that sees every request when it arrives, without a network in between.
    bucket: TokenBucket,
    pub(super) admitted: u32,
    pub(super) rejected: u32,
    /// Of the requests decided so far, those the ideal bucket admitted.
    pub(super) ideal: u32,
    pub(super) fallback: u32,
    pub(super) waits: Histogram,
    pub(super) window: Window,
}

impl Measure {
    pub(super) fn new(params: &Params) -> Self {
        Self {
            bucket: TokenBucket::new(Limit::per_second(params.limit), params.burst as i64),
            admitted: 0,
            rejected: 0,
            ideal: 0,
            fallback: 0,
            waits: Histogram::with_bits(WAIT_BITS),
            window: Window::default(),
        }
    }

    // ANCHOR: ideal
    /// What one bucket for all instances says to a request that arrives now.
    pub(super) fn ideal(&mut self, now: Instant) -> bool {
        self.bucket.allow(now, 1)
    }
    // ANCHOR_END: ideal

    /// Counts a message that asks something of the store.
    pub(super) fn asked(&mut self) {
        self.window.current[ASKS] += 1;
    }

    pub(super) fn decided(&mut self, decision: Decision) {
        let Decision {
            admitted,
            ideal,
            fallback,
            wait,
        } = decision;
        let counts = &mut self.window.current;
        if admitted {
            self.admitted += 1;
            counts[ADMITTED] += 1;
        } else {
            self.rejected += 1;
            counts[REJECTED] += 1;
        }
        self.ideal += u32::from(ideal);
        counts[IDEAL] += u32::from(ideal);
        self.fallback += u32::from(fallback);
        counts[FALLBACK] += u32::from(fallback);
        self.waits.record(wait.as_micros() as u64);
    }

    /// How many more were admitted than the ideal bucket would have; below zero, how many fewer.
    pub(super) fn excess(&self) -> i64 {
        i64::from(self.admitted) - i64::from(self.ideal)
    }

    /// The same in per cent of what the ideal bucket would have admitted; 0 as long as that is nothing.
    pub(super) fn excess_percent(&self) -> f64 {
        if self.ideal == 0 {
            return 0.0;
        }
        100.0 * self.excess() as f64 / f64::from(self.ideal)
    }

    /// Mean time from arrival to decision, in milliseconds.
    pub(super) fn mean_wait(&self) -> f64 {
        self.waits.mean() / 1_000.0
    }

    /// 99 of 100 decisions took no longer than this, in milliseconds.
    pub(super) fn p99_wait(&self) -> f64 {
        self.waits.value_at_quantile(0.99) as f64 / 1_000.0
    }

    /// A tenth of a second is over.
    pub(super) fn turn(&mut self) {
        self.window.turn();
    }
}
