//! Distributions of durations and sizes, with samplers that give the same bits on every platform.

use core::fmt;

use crate::cumulative::Cumulative;
use crate::exact::sine_cosine;
use crate::rng::Rng;

/// How a quantity such as a service time is spread.
///
/// The unit is the caller's; durations are in seconds.
/// Parameters out of range never panic, they draw nonsense: [`check`](Self::check) refuses them.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always this value.
    Constant(f64),
    /// Anything in a range, equally likely.
    Uniform {
        /// The least value.
        low: f64,
        /// The bound above, not reached.
        high: f64,
    },
    /// Memoryless: what has lasted long is no nearer to its end.
    Exponential {
        /// The mean, above zero.
        mean: f64,
    },
    /// The sum of several exponential stages: steadier than exponential.
    Erlang {
        /// Number of stages, at least 1.
        stages: u32,
        /// The mean of the sum, above zero.
        mean: f64,
    },
    /// Two kinds of requests, quick and slow, each exponential: wilder than exponential.
    Hyperexponential {
        /// Share of the quick ones, from 0 to 1.
        quick_share: f64,
        /// Mean of the quick ones, above zero.
        quick_mean: f64,
        /// Mean of the slow ones, above zero.
        slow_mean: f64,
    },
    /// The logarithm is normal: the usual shape of measured latencies.
    LogNormal {
        /// Half of all values are below this; above zero.
        median: f64,
        /// Standard deviation of the natural logarithm, zero or more.
        sigma: f64,
    },
    /// A power-law tail: P(X > x) = (scale / x)^shape.
    Pareto {
        /// The least value, above zero.
        scale: f64,
        /// Weight of the tail, above zero: the mean is infinite up to 1, the variance up to 2.
        shape: f64,
    },
    /// Measured values, each drawn as often as any other; at least one.
    Empirical(Vec<f64>),
    /// Values with weights.
    Weighted(WeightedValues),
}

impl Distribution {
    /// One draw.
    #[inline]
    pub fn sample(&self, rng: &mut Rng) -> f64 {
        match self {
            Self::Exponential { mean } => mean * standard_exponential(rng),
            _ => self.sample_rarer(rng),
        }
    }

    /// All but the most frequent distribution, which is drawn without a call.
    fn sample_rarer(&self, rng: &mut Rng) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Uniform { low, high } => low + (high - low) * rng.unit(),
            Self::Exponential { mean } => mean * standard_exponential(rng),
            Self::Erlang { stages, mean } => {
                let sum: f64 = (0..*stages).map(|_| standard_exponential(rng)).sum();
                mean / f64::from(*stages) * sum
            }
            Self::Hyperexponential {
                quick_share,
                quick_mean,
                slow_mean,
            } => {
                let quick = rng.chance(*quick_share);
                (if quick { quick_mean } else { slow_mean }) * standard_exponential(rng)
            }
            Self::LogNormal { median, sigma } => median * libm::exp(sigma * standard_normal(rng)),
            Self::Pareto { scale, shape } => scale * libm::pow(1.0 - rng.unit(), -1.0 / shape),
            Self::Empirical(values) => {
                let index = rng.below(values.len() as u64);
                values.get(index as usize).copied().unwrap_or(0.0)
            }
            Self::Weighted(values) => values.sample(rng),
        }
    }

    /// One draw taken as seconds, in whole nanoseconds: rounded to the nearest, negative values and
    /// NaN to 0, at most 584 years.
    #[inline]
    pub fn sample_nanos(&self, rng: &mut Rng) -> u64 {
        clock::Instant::from_secs_f64(self.sample(rng)).as_nanos()
    }

    /// The expected value; infinite for a Pareto shape up to 1.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Uniform { low, high } => f64::midpoint(*low, *high),
            Self::Exponential { mean } | Self::Erlang { mean, .. } => *mean,
            Self::Hyperexponential {
                quick_share,
                quick_mean,
                slow_mean,
            } => quick_share * quick_mean + (1.0 - quick_share) * slow_mean,
            Self::LogNormal { median, sigma } => median * libm::exp(sigma * sigma / 2.0),
            Self::Pareto { shape, .. } if *shape <= 1.0 => f64::INFINITY,
            Self::Pareto { scale, shape } => scale * shape / (shape - 1.0),
            Self::Empirical(values) => values.iter().sum::<f64>() / values.len() as f64,
            Self::Weighted(values) => values.moment(|value| value),
        }
    }

    /// The variance; infinite for a Pareto shape up to 2.
    ///
    /// Divided by the square of the mean it is the cv² of queueing formulas.
    #[must_use]
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        match self {
            Self::Constant(_) => 0.0,
            Self::Uniform { low, high } => (high - low) * (high - low) / 12.0,
            Self::Exponential { mean } => mean * mean,
            Self::Erlang { stages, mean } => mean * mean / f64::from(*stages),
            Self::Hyperexponential {
                quick_share,
                quick_mean,
                slow_mean,
            } => {
                let (quick, slow) = (quick_mean * quick_mean, slow_mean * slow_mean);
                2.0 * (quick_share * quick + (1.0 - quick_share) * slow) - mean * mean
            }
            Self::LogNormal { sigma, .. } => mean * mean * libm::expm1(sigma * sigma),
            Self::Pareto { shape, .. } if *shape <= 2.0 => f64::INFINITY,
            Self::Pareto { shape, .. } => mean * mean / (shape * (shape - 2.0)),
            Self::Empirical(values) => {
                let squares = values.iter().map(|value| (value - mean) * (value - mean));
                squares.sum::<f64>() / values.len() as f64
            }
            Self::Weighted(values) => values.moment(|value| (value - mean) * (value - mean)),
        }
    }

    /// Whether the parameters are in range.
    ///
    /// # Errors
    /// Says which parameter is not.
    pub fn check(&self) -> Result<(), BadDistribution> {
        let positive = |value: f64| value > 0.0 && value.is_finite();
        let refuse_unless = |good, why| {
            if good {
                Ok(())
            } else {
                Err(BadDistribution(why))
            }
        };
        match self {
            Self::Constant(value) => refuse_unless(value.is_finite(), "the constant is no number"),
            Self::Uniform { low, high } => refuse_unless(
                low.is_finite() && high.is_finite() && low <= high,
                "the range of a uniform distribution ends before it starts",
            ),
            Self::Exponential { mean } => {
                refuse_unless(positive(*mean), "an exponential mean must be above zero")
            }
            Self::Erlang { stages, mean } => refuse_unless(
                *stages > 0 && positive(*mean),
                "an Erlang distribution needs a stage and a mean above zero",
            ),
            Self::Hyperexponential {
                quick_share,
                quick_mean,
                slow_mean,
            } => refuse_unless(
                (0.0..=1.0).contains(quick_share) && positive(*quick_mean) && positive(*slow_mean),
                "a hyperexponential needs a share from 0 to 1 and means above zero",
            ),
            Self::LogNormal { median, sigma } => refuse_unless(
                positive(*median) && *sigma >= 0.0 && sigma.is_finite(),
                "a log-normal needs a median above zero and a sigma of zero or more",
            ),
            Self::Pareto { scale, shape } => refuse_unless(
                positive(*scale) && positive(*shape),
                "a Pareto scale and shape must be above zero",
            ),
            Self::Empirical(values) => refuse_unless(
                !values.is_empty() && values.iter().all(|value| value.is_finite()),
                "an empirical distribution needs values, all of them numbers",
            ),
            Self::Weighted(_) => Ok(()),
        }
    }
}

/// Values drawn by weight, such as 95 % cache hits of 1 ms and 5 % misses of 40 ms.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedValues {
    values: Vec<f64>,
    table: Cumulative,
}

impl WeightedValues {
    /// From pairs of value and weight; the weights need not sum to anything.
    ///
    /// # Errors
    /// If a value is no number, a weight is negative or no number, or the weights sum to zero.
    pub fn new(pairs: &[(f64, f64)]) -> Result<Self, BadDistribution> {
        if !pairs.iter().all(|(value, _)| value.is_finite()) {
            return Err(BadDistribution("a weighted value is no number"));
        }
        let table = Cumulative::new(pairs.iter().map(|&(_, weight)| weight)).ok_or(
            BadDistribution("weights must be zero or more, and one of them above zero"),
        )?;
        let values = pairs.iter().map(|&(value, _)| value).collect();
        Ok(Self { values, table })
    }

    fn sample(&self, rng: &mut Rng) -> f64 {
        self.values[self.table.pick(rng)]
    }

    /// Expectation of a function of the value.
    fn moment(&self, of: impl Fn(f64) -> f64) -> f64 {
        let terms = self.values.iter().enumerate();
        terms
            .map(|(index, &value)| self.table.probability(index) * of(value))
            .sum()
    }
}

/// Why a distribution cannot be drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadDistribution(&'static str);

impl fmt::Display for BadDistribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl core::error::Error for BadDistribution {}

/// Exponential with mean 1, by inversion; 1 − u keeps the logarithm's argument above zero.
#[inline]
pub(crate) fn standard_exponential(rng: &mut Rng) -> f64 {
    -libm::log(1.0 - rng.unit())
}

/// Normal with mean 0 and variance 1, by Box and Muller.
///
/// The sine half is thrown away, so that every draw takes two numbers from its stream and nothing
/// has to be remembered between draws.
fn standard_normal(rng: &mut Rng) -> f64 {
    let radius = (2.0 * standard_exponential(rng)).sqrt();
    radius * sine_cosine(rng.unit()).1
}
