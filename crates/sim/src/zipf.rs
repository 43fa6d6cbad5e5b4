//! Zipf's law: which of many things a request asks for, when few are popular.

use crate::cumulative::Cumulative;
use crate::rng::Rng;

/// Ranks from 0 (the most popular) to n − 1, where rank k has weight 1 / (k + 1)^s.
///
/// Sampled exactly, from a table of n sums: 8 bytes a rank, built once and shared between clones.
#[derive(Clone, Debug, PartialEq)]
pub struct Zipf {
    table: Cumulative,
    exponent: f64,
}

impl Zipf {
    /// The law over `ranks` things with this exponent (0 makes all equally popular, 1 is classic).
    ///
    /// # Panics
    /// If `ranks` is 0, or the exponent is negative, infinite or not a number.
    #[must_use]
    pub fn new(ranks: u32, exponent: f64) -> Self {
        assert!(
            ranks > 0 && exponent >= 0.0 && exponent.is_finite(),
            "Zipf's law needs at least one rank and an exponent of 0 or more"
        );
        let weights = (1..=ranks).map(|place| libm::pow(f64::from(place), -exponent));
        let table =
            Cumulative::new(weights).expect("rank 0 has weight 1 and no weight is negative");
        Self { table, exponent }
    }

    /// A rank, from 0 for the most popular.
    #[inline]
    pub fn sample(&self, rng: &mut Rng) -> u64 {
        self.table.pick(rng) as u64
    }

    /// Share of the draws that fall on this rank, from 0 to 1.
    #[must_use]
    pub fn probability(&self, rank: u64) -> f64 {
        usize::try_from(rank).map_or(0.0, |rank| self.table.probability(rank))
    }

    /// Number of ranks.
    #[must_use]
    pub fn ranks(&self) -> u32 {
        u32::try_from(self.table.len()).expect("`new` takes a u32")
    }

    /// The exponent s.
    #[must_use]
    pub fn exponent(&self) -> f64 {
        self.exponent
    }
}
