//! Picking an index by weight: the table behind Zipf ranks and weighted values.

use std::sync::Arc;

use crate::rng::Rng;

/// Weights summed up from the left and scaled to end at 1; shared, so that a checkpoint copies a
/// pointer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cumulative(Arc<[f64]>);

impl Cumulative {
    /// The table of these weights; none if there are none, one is negative or not a number, or all
    /// are zero.
    pub(crate) fn new(weights: impl Iterator<Item = f64>) -> Option<Self> {
        let mut sum = 0.0;
        let mut sums = Vec::new();
        for weight in weights {
            if !(weight >= 0.0 && weight.is_finite()) {
                return None;
            }
            sum += weight;
            sums.push(sum);
        }
        if !(sum > 0.0 && sum.is_finite()) {
            return None;
        }
        for value in &mut sums {
            *value /= sum;
        }
        Some(Self(sums.into()))
    }

    /// An index, each as likely as its weight says.
    #[inline]
    pub(crate) fn pick(&self, rng: &mut Rng) -> usize {
        let drawn = rng.unit();
        // The last sum is exactly 1 and the draw is below it, so the index is always in range.
        self.0.partition_point(|&sum| sum <= drawn)
    }

    /// Probability of this index; 0 beyond the last.
    pub(crate) fn probability(&self, index: usize) -> f64 {
        let Some(&sum) = self.0.get(index) else {
            return 0.0;
        };
        sum - if index == 0 { 0.0 } else { self.0[index - 1] }
    }

    /// Number of weights.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}
