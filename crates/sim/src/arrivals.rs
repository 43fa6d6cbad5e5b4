//! Open-loop arrivals: requests come whether or not anybody is ready for them.

use core::time::Duration;

use clock::Instant;

use crate::rng::Rng;

/// A process by which requests arrive.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// Evenly spaced; the first comes after one interval.
    Constant {
        /// Arrivals a second, above zero.
        per_second: f64,
    },
    /// Independent callers (Poisson).
    Poisson {
        /// Arrivals a second on average, above zero.
        per_second: f64,
    },
}

impl Arrivals {
    /// The arrivals that this generator gives.
    #[must_use]
    pub fn start(&self, rng: Rng) -> ArrivalStream {
        ArrivalStream {
            arrivals: self.clone(),
            rng,
            last: Instant::ZERO,
        }
    }
}

/// Times of arrival, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrivalStream {
    arrivals: Arrivals,
    rng: Rng,
    last: Instant,
}

impl Iterator for ArrivalStream {
    type Item = Instant;

    fn next(&mut self) -> Option<Instant> {
        let gap = match self.arrivals {
            Arrivals::Constant { per_second } => 1.0 / per_second,
            Arrivals::Poisson { per_second } => -libm::log(1.0 - self.rng.unit()) / per_second,
        };
        self.last = self.last + Duration::from_secs_f64(gap);
        Some(self.last)
    }
}
