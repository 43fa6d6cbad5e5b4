//! Tests of the kernel's parts, against published values, closed forms and plain reimplementations.

mod arrivals;
mod distribution;
mod exact;
mod fifo;
mod hash;
mod histogram;
mod log;
mod queue;
mod rng;
mod series;
mod station;

use crate::Rng;

/// Greatest distance between the empirical distribution of `count` draws and a continuous one
/// (Kolmogorov and Smirnov), times √count.
///
/// Above 1.95 by chance once in a thousand seeds; the seeds here are fixed.
fn kolmogorov_smirnov(
    count: u32,
    mut draw: impl FnMut() -> f64,
    below: impl Fn(f64) -> f64,
) -> f64 {
    let mut values: Vec<f64> = (0..count).map(|_| draw()).collect();
    values.sort_by(f64::total_cmp);
    let count = f64::from(count);
    let steps = values.iter().zip(0_u32..).map(|(&value, index)| {
        let (before, after) = (f64::from(index) / count, f64::from(index + 1) / count);
        (below(value) - before).max(after - below(value))
    });
    steps.fold(0.0, f64::max) * count.sqrt()
}

/// The bound on [`kolmogorov_smirnov`].
const KS_BOUND: f64 = 1.95;

/// Pearson's chi-square of observed counts against expected ones, as a distance from its mean in
/// standard deviations; above 4 by chance less than once in a thousand seeds.
fn chi_square_off(observed: &[u64], expected: impl Iterator<Item = f64>) -> f64 {
    let terms = observed.iter().zip(expected).map(|(&seen, expected)| {
        let off = seen as f64 - expected;
        off * off / expected
    });
    let freedom = observed.len() as f64 - 1.0;
    (terms.sum::<f64>() - freedom) / (2.0 * freedom).sqrt()
}

fn rng() -> Rng {
    Rng::stream(20_251_123, "tests")
}
