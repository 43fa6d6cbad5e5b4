//! When each request of the run is due, what it asks for and its luck with the backend: drawn before the run, from the seed.

use std::sync::Arc;
use std::time::Duration;

use clock::Instant;
use serde::Serialize;
use sim::{Arrivals, Rng};

use crate::options::Options;

/// Of the requests, the part that needs the backend.
const ORDERS: f64 = 0.75;
/// What a well backend takes at least, seconds.
const LATENCY_S: f64 = 0.010;
/// And at most so much more.
const LATENCY_SPREAD_S: f64 = 0.020;

/// What a request asks the gateway for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Route {
    /// Needs the backend.
    Orders,
    /// Needs the gateway alone.
    Catalogue,
}

/// One request to come; the same in both runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Arrival {
    /// When it is due, since the start of the run.
    pub at: Duration,
    /// What it asks for.
    pub route: Route,
    /// How long the backend takes for it when it is well.
    pub latency: Duration,
    /// It is answered with an error where the share of errors is above this; 0 to below 1.
    pub luck: f64,
}

impl Route {
    /// Where the gateway answers it.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Orders => "/orders",
            Self::Catalogue => "/catalogue",
        }
    }
}

/// A Poisson process; each stream of chance is separate, so that the same seed has the same luck at any rate.
pub(crate) fn draw(options: &Options) -> Arc<[Arrival]> {
    let load = Arrivals::Poisson {
        per_second: options.rate,
    };
    let stream = |name| Rng::stream(options.seed, name);
    let (mut routes, mut latencies) = (stream("routes"), stream("latencies"));
    let mut luck = stream("luck");
    load.start(stream("arrivals"))
        .map(|at| at.since(Instant::ZERO))
        .take_while(|at| *at < options.duration)
        .map(|at| Arrival {
            at,
            route: if routes.chance(ORDERS) {
                Route::Orders
            } else {
                Route::Catalogue
            },
            latency: Duration::from_secs_f64(LATENCY_S + LATENCY_SPREAD_S * latencies.unit()),
            luck: luck.unit(),
        })
        .collect()
}
