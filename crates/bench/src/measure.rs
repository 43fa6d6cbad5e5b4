//! How this program measures: rounds in turn, the first dropped, median and range of the rest.
#![allow(
    clippy::disallowed_types,
    reason = "this program is there to read the machine's clock"
)]

use std::hint::black_box;
use std::time::Instant;

/// Durations of the same work in several rounds, in ns for one unit of it.
#[derive(Clone, Debug)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// The rounds in ascending order.
    ///
    /// # Panics
    /// Without rounds.
    pub(crate) fn new(mut rounds: Vec<f64>) -> Self {
        assert!(!rounds.is_empty(), "a median needs a round");
        rounds.sort_by(f64::total_cmp);
        Self(rounds)
    }

    /// The middle round.
    pub(crate) fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        if self.0.len() % 2 == 1 {
            self.0[middle]
        } else {
            f64::midpoint(self.0[middle - 1], self.0[middle])
        }
    }

    /// `median (min–max)`.
    pub(crate) fn text(&self) -> String {
        let (min, max) = (self.0[0], self.0[self.0.len() - 1]);
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

/// Ns for one of `units` that `work` does, and what it returned.
pub(crate) fn time<T>(units: u32, work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = black_box(work());
    (start.elapsed().as_nanos() as f64 / f64::from(units), result)
}
