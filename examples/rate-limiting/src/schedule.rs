//! When each request of the run is due, and which client sends it: drawn before the run, from the seed.

use std::sync::Arc;
use std::time::Duration;

use clock::Instant;
use sim::{Arrivals, Rng};

use crate::options::Options;

/// One request to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// When it is due, since the start of the run.
    pub at: Duration,
    /// Who sends it: a number below `--keys`.
    pub client: u32,
}

impl Arrival {
    /// The client as the server knows it.
    pub(crate) fn client_name(&self) -> String {
        format!("client-{}", self.client)
    }
}

/// The opening spike at the first moment, then a Poisson process; each request comes from any client with equal chance.
///
/// Arrivals and clients are drawn from separate streams, so that the same seed with more clients has the same arrival times.
pub(crate) fn draw(options: &Options) -> Arc<[Arrival]> {
    let spike = std::iter::repeat_n(Instant::ZERO, options.spike as usize);
    let load = Arrivals::Poisson {
        per_second: options.load,
    };
    let poisson = load.start(Rng::stream(options.seed, "arrivals"));
    let mut clients = Rng::stream(options.seed, "clients");
    spike
        .chain(poisson)
        .map(|at| at.since(Instant::ZERO))
        .take_while(|at| *at < options.duration)
        .map(|at| Arrival {
            at,
            client: clients.below(u64::from(options.keys)) as u32,
        })
        .collect()
}
