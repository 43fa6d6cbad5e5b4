//! How this program measures: rounds in turn, the first dropped, median and range of the rest.
#![allow(
    clippy::disallowed_types,
    reason = "this program is there to read the machine's clock"
)]

use std::hint::black_box;
use std::time::Instant;

/// Durations of the same work in several rounds, in ns for one unit of it.
#[derive(Clone, Debug)]
pub(crate) struct Samples {
    /// In the order of the rounds.
    rounds: Vec<f64>,
    /// In ascending order.
    sorted: Vec<f64>,
}

impl Samples {
    /// The figures of all rounds, in their order.
    ///
    /// # Panics
    /// Without rounds.
    pub(crate) fn new(rounds: Vec<f64>) -> Self {
        assert!(!rounds.is_empty(), "a median needs a round");
        let mut sorted = rounds.clone();
        sorted.sort_by(f64::total_cmp);
        Self { rounds, sorted }
    }

    /// The middle round.
    pub(crate) fn median(&self) -> f64 {
        let middle = self.sorted.len() / 2;
        if self.sorted.len() % 2 == 1 {
            self.sorted[middle]
        } else {
            f64::midpoint(self.sorted[middle - 1], self.sorted[middle])
        }
    }

    /// How many times as long this took as the other: the median of the ratios in each round, which
    /// a slow moment of the machine disturbs less than the ratio of the medians.
    pub(crate) fn ratio_to(&self, other: &Self) -> f64 {
        let pairs = self.rounds.iter().zip(&other.rounds);
        Self::new(pairs.map(|(own, other)| own / other).collect()).median()
    }

    /// `median (min–max)`.
    pub(crate) fn text(&self) -> String {
        let (min, max) = (self.sorted[0], self.sorted[self.sorted.len() - 1]);
        format!("{} ({}–{})", short(self.median()), short(min), short(max))
    }
}

/// Three significant digits.
fn short(nanos: f64) -> String {
    match nanos {
        ..9.995 => format!("{nanos:.2}"),
        ..99.95 => format!("{nanos:.1}"),
        _ => format!("{nanos:.0}"),
    }
}

/// Something that can be measured: runs one round and returns ns for one unit of work.
pub(crate) type Contestant<'a> = Box<dyn FnMut() -> f64 + 'a>;

/// Lets all contestants run in turn, `rounds` times after a warm-up round that does not count.
///
/// In turn, because a machine that slows down for a second must slow all of them down alike.
pub(crate) fn rounds(rounds: u32, contestants: &mut [Contestant<'_>]) -> Vec<Samples> {
    let mut taken = vec![Vec::new(); contestants.len()];
    for round in 0..=rounds {
        for (contestant, taken) in contestants.iter_mut().zip(&mut taken) {
            let nanos = contestant();
            if round > 0 {
                taken.push(nanos);
            }
        }
    }
    taken.into_iter().map(Samples::new).collect()
}

/// Time since a moment, for code that may not name the machine's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Ns since the start.
    #[inline]
    pub(crate) fn nanos(&self) -> u64 {
        self.0.elapsed().as_nanos() as u64
    }
}

/// Ns for one of `units` that `work` does, and what it returned.
pub(crate) fn time<T>(units: u32, work: impl FnOnce() -> T) -> (f64, T) {
    let watch = Stopwatch::start();
    let result = black_box(work());
    (watch.nanos() as f64 / f64::from(units), result)
}
