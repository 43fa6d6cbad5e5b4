//! Open-loop arrivals: requests come whether or not anybody is ready for them.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use clock::{Instant, NANOS_PER_SEC};

use crate::distribution::standard_exponential;
use crate::exact::sine_cosine;
use crate::rng::Rng;

/// A process by which requests arrive, from the origin of time on.
///
/// A rate of zero, or one that is no number, means that nothing arrives.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// Evenly spaced; the first comes after one interval, and rounding never adds up.
    Constant {
        /// Arrivals a second.
        per_second: f64,
    },
    /// Independent callers (Poisson): any instant is as likely as any other.
    Poisson {
        /// Arrivals a second on average.
        per_second: f64,
    },
    /// Several at once, again and again, such as a cron job on many machines.
    Bursts {
        /// Arrivals in one burst.
        size: u32,
        /// When the first burst starts.
        first: Instant,
        /// From the start of one burst to the start of the next; zero means there is only one.
        every: Duration,
        /// From a burst's first arrival to its last, evenly spaced; zero means all in one instant.
        spread: Duration,
    },
    /// Independent callers with a daily rhythm: rate(t) = base + amplitude · sin(2π t / period).
    Diurnal {
        /// Mean arrivals a second.
        base_per_second: f64,
        /// How far the rate swings to either side, in arrivals a second.
        /// Where the rate would be below zero, nobody comes.
        amplitude_per_second: f64,
        /// Length of a day.
        period: Duration,
    },
    /// Independent callers whose rate changes at given instants, such as an overload and its end.
    Phases(Vec<Phase>),
    /// Exactly these instants; given out in order of time.
    List(Vec<Instant>),
}

/// A stretch of time with one rate; it lasts until the next phase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Phase {
    /// When the phase starts.
    pub from: Instant,
    /// Arrivals a second on average.
    pub per_second: f64,
}

impl Arrivals {
    /// The arrivals that this generator gives.
    #[must_use]
    pub fn start(&self, rng: Rng) -> ArrivalStream {
        let mut arrivals = self.clone();
        match &mut arrivals {
            Self::List(instants) => instants.sort(),
            Self::Phases(phases) => phases.sort_by_key(|phase| phase.from),
            _ => {}
        }
        ArrivalStream {
            arrivals: Arc::new(arrivals),
            rng,
            last: Instant::ZERO,
            given: 0,
        }
    }

    /// Whether this process means what it says: rates of zero or more, lists and phases in order.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn check(&self) -> Result<(), BadArrivals> {
        let rate = |value: f64| value >= 0.0 && value.is_finite();
        let (good, why) = match self {
            Self::Constant { per_second } | Self::Poisson { per_second } => {
                (rate(*per_second), "a rate must be zero or more")
            }
            Self::Bursts { every, spread, .. } => (
                every.is_zero() || spread <= every,
                "a burst must end before the next one starts",
            ),
            Self::Diurnal {
                base_per_second,
                amplitude_per_second,
                period,
            } => (
                rate(*base_per_second)
                    && amplitude_per_second.abs() <= *base_per_second
                    && !period.is_zero(),
                "a diurnal rate needs a period and an amplitude no greater than its base",
            ),
            Self::Phases(phases) => (
                phases.iter().all(|phase| rate(phase.per_second))
                    && phases.is_sorted_by(|a, b| a.from < b.from),
                "phases must follow each other and have rates of zero or more",
            ),
            Self::List(instants) => (instants.is_sorted(), "a list of arrivals must be in order"),
        };
        if good { Ok(()) } else { Err(BadArrivals(why)) }
    }
}

/// Why an arrival process does not mean what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadArrivals(&'static str);

impl fmt::Display for BadArrivals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl core::error::Error for BadArrivals {}

/// Instants of arrival, each no earlier than the one before; cheap to clone for a checkpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrivalStream {
    arrivals: Arc<Arrivals>,
    rng: Rng,
    last: Instant,
    /// Arrivals given out so far.
    given: u64,
}

impl Iterator for ArrivalStream {
    type Item = Instant;

    #[inline]
    fn next(&mut self) -> Option<Instant> {
        let at = match *self.arrivals {
            Arrivals::Poisson { per_second } => after_gap(self.last, &mut self.rng, per_second),
            _ => self.next_rarer(),
        }?;
        self.given += 1;
        self.last = at;
        Some(at)
    }
}

impl ArrivalStream {
    /// All but the most frequent process, which is drawn without a call.
    fn next_rarer(&mut self) -> Option<Instant> {
        match &*self.arrivals {
            Arrivals::Poisson { per_second } => after_gap(self.last, &mut self.rng, *per_second),
            Arrivals::Constant { per_second } => {
                // From the number, not from the last arrival: rounding errors would add up.
                after(Instant::ZERO, (self.given + 1) as f64 / per_second)
            }
            Arrivals::Bursts {
                size,
                first,
                every,
                spread,
            } => in_bursts(self.given, *size, *first, *every, *spread),
            Arrivals::Diurnal {
                base_per_second,
                amplitude_per_second,
                period,
            } => {
                let (base, amplitude) = (*base_per_second, *amplitude_per_second);
                if period.is_zero() {
                    return None;
                }
                let rate = |at: Instant| {
                    let turns = at.as_secs_f64() / period.as_secs_f64();
                    base + amplitude * sine_cosine(turns).0
                };
                thinned(&mut self.rng, self.last, base + amplitude.abs(), rate)
            }
            Arrivals::Phases(phases) => {
                in_phases(phases, self.last, standard_exponential(&mut self.rng))
            }
            Arrivals::List(instants) => usize::try_from(self.given)
                .ok()
                .and_then(|index| instants.get(index).copied()),
        }
    }
}

/// `seconds` later; none if that is never, or later than time goes.
#[inline]
fn after(start: Instant, seconds: f64) -> Option<Instant> {
    if seconds.is_nan() || seconds < 0.0 {
        return None;
    }
    let at = start.plus_nanos(Instant::from_secs_f64(seconds).as_nanos());
    (at < Instant::MAX).then_some(at)
}

/// An exponential gap later, at this many a second on average.
#[inline]
fn after_gap(start: Instant, rng: &mut Rng, per_second: f64) -> Option<Instant> {
    after(start, standard_exponential(rng) / per_second)
}

/// Arrival number `number` of regular bursts.
fn in_bursts(
    number: u64,
    size: u32,
    first: Instant,
    every: Duration,
    spread: Duration,
) -> Option<Instant> {
    let burst = number.checked_div(u64::from(size))?;
    if burst > 0 && every.is_zero() {
        return None;
    }
    let place = number % u64::from(size);
    let gaps = u128::from(size - 1).max(1);
    let offset =
        every.as_nanos() * u128::from(burst) + spread.as_nanos() * u128::from(place) / gaps;
    let at = first.plus_nanos(u64::try_from(offset).ok()?);
    (at < Instant::MAX).then_some(at)
}

/// The next arrival at a rate that varies, by thinning (Lewis and Shedler 1979): candidates come at
/// the highest rate, and each is kept with the share of it that holds at its instant.
fn thinned(
    rng: &mut Rng,
    last: Instant,
    highest: f64,
    rate: impl Fn(Instant) -> f64,
) -> Option<Instant> {
    // Candidates at an infinite rate would never get on.
    if !highest.is_finite() {
        return None;
    }
    let mut at = last;
    loop {
        at = after_gap(at, rng, highest)?;
        if rng.chance(rate(at) / highest) {
            return Some(at);
        }
    }
}

/// The next arrival of piecewise constant rates: the instant by which the area under the rate has
/// grown by `area`.
fn in_phases(phases: &[Phase], last: Instant, mut area: f64) -> Option<Instant> {
    let mut at = last;
    let current = phases.partition_point(|phase| phase.from <= at);
    for index in current..=phases.len() {
        let rate = index
            .checked_sub(1)
            .map_or(0.0, |index| phases[index].per_second);
        let Some(next) = phases.get(index) else {
            return after(at, area / rate);
        };
        let fits = rate * next.from.since(at).as_nanos() as f64 / NANOS_PER_SEC as f64;
        if area < fits {
            return after(at, area / rate);
        }
        area -= fits.max(0.0);
        at = next.from;
    }
    None
}
