//! What each customer got lately, and how fair that was.

use core::time::Duration;

use clock::Instant;

use super::limiters::LANES;
use super::words::{ADMITS, ARRIVAL, ARRIVAL_NEW_KEY};
use crate::tape::Tape;

/// Rates are those of the last two seconds.
pub(super) const WINDOW: Duration = Duration::from_secs(2);

/// What one customer asked for lately, and what each limiter admitted of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) asked: u32,
    pub(super) admitted: [u32; LANES],
}

/// All customers' tallies over the last two seconds.
pub(super) struct Recent {
    /// By customer.
    pub(super) tallies: Vec<Tally>,
    /// Which customers are or were in a retry loop.
    greedy: Vec<bool>,
    /// Seconds counted.
    seconds: f64,
}

impl Recent {
    /// Counts from the log: it covers its end and not its beginning.
    pub(super) fn count(now: Instant, tape: &Tape, greedy: Vec<bool>) -> Self {
        let mut tallies = vec![Tally::default(); greedy.len()];
        let events = tape.events();
        let first = events.partition_point(|event| event.at + WINDOW <= now);
        let mut customer = 0;
        for event in &events[first..] {
            match event.kind {
                // All verdicts of a request follow it at the same instant, so the window never parts them.
                ARRIVAL | ARRIVAL_NEW_KEY => {
                    customer = event.value as usize;
                    tallies[customer].asked += 1;
                }
                kind => {
                    let lane = usize::from(kind.wrapping_sub(ADMITS));
                    if let Some(admitted) = tallies[customer].admitted.get_mut(lane) {
                        *admitted += 1;
                    }
                }
            }
        }
        Self {
            tallies,
            greedy,
            seconds: now.as_secs_f64().min(WINDOW.as_secs_f64()),
        }
    }

    /// A count as a rate in requests a second.
    pub(super) fn rate(&self, count: u32) -> f64 {
        if self.seconds > 0.0 {
            f64::from(count) / self.seconds
        } else {
            0.0
        }
    }

    pub(super) fn is_greedy(&self, customer: usize) -> bool {
        self.greedy[customer]
    }

    /// Sum over the greedy customers, or over the quiet ones.
    pub(super) fn sum(&self, greedy: bool, count: impl Fn(&Tally) -> u32) -> u32 {
        let customers = self.tallies.iter().zip(&self.greedy);
        let wanted = customers.filter(|&(_, &is)| is == greedy);
        wanted.map(|(tally, _)| count(tally)).sum()
    }

    /// Requests a second that a limiter admits from everybody.
    pub(super) fn admitted(&self, lane: usize) -> f64 {
        self.rate(self.tallies.iter().map(|tally| tally.admitted[lane]).sum())
    }

    /// What a limiter admits of the quiet customers' requests, 0 to 1; `None` if there were none.
    pub(super) fn quiet_success(&self, lane: usize) -> Option<f64> {
        let asked = self.sum(false, |tally| tally.asked);
        let admitted = self.sum(false, |tally| tally.admitted[lane]);
        (asked > 0).then(|| f64::from(admitted) / f64::from(asked))
    }

    /// Requests a second that a limiter admits from the greedy customers.
    pub(super) fn greedy_rate(&self, lane: usize) -> f64 {
        self.rate(self.sum(true, |tally| tally.admitted[lane]))
    }

    /// Jain's index of what a limiter admits from those who asked for anything.
    pub(super) fn fairness(&self, lane: usize) -> f64 {
        let asking = self.tallies.iter().filter(|tally| tally.asked > 0);
        jain(asking.map(|tally| f64::from(tally.admitted[lane])))
    }
}

// ANCHOR: jain
/// How equal these amounts are, from 1/n (one has all) to 1 (all have the same); 1 if nobody has anything.
///
/// Source: Jain, Chiu and Hawe, "A quantitative measure of fairness and discrimination for resource allocation in shared computer
/// systems", Digital Equipment Corporation, TR-301, 1984: the square of the sum, divided by n times the sum of the squares.
pub(crate) fn jain(amounts: impl Iterator<Item = f64>) -> f64 {
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for amount in amounts {
        n += 1.0;
        sum += amount;
        squares += amount * amount;
    }
    if squares > 0.0 {
        sum * sum / (n * squares)
    } else {
        1.0
    }
}
// ANCHOR_END: jain
