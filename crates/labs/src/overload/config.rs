//! What a chain of services is made of: services, the links between them with their policies, traffic and faults.

use core::time::Duration;

use circuit_breaker::{AnyBreaker, Gobreaker, GobreakerConfig, Hystrix, HystrixConfig};
use circuit_breaker::{Resilience4j, Resilience4jConfig};
use clock::Instant;

/// Everything that shapes a run besides the seed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Config {
    /// Requests of clients a second, on average.
    pub(crate) rate: f64,
    /// Other rates from certain instants on, in order of time.
    pub(crate) turns: Vec<Turn>,
    /// So many kinds of requests, each as likely; where a service calls one of several others, the kind decides which.
    pub(crate) kinds: u32,
    /// In the order of the chain; the last ones call nobody.
    pub(crate) services: Vec<Service>,
    /// The first is the clients'.
    pub(crate) links: Vec<Link>,
    /// In the order in which they begin.
    pub(crate) faults: Vec<Fault>,
}

/// From here on clients ask at another rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Turn {
    pub(crate) from: Instant,
    /// Requests a second.
    pub(crate) rate: f64,
}

/// A service: so many requests at once, and a queue before them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Service {
    /// Requests worked on at once; one that waits for somebody else's answer holds its place.
    pub(crate) places: u32,
    /// Requests that may wait for a place.
    pub(crate) queue: u32,
    /// Its own work on a request, on average; exponentially distributed.
    pub(crate) work: Duration,
    /// The links it calls through, one of them for each request, by its kind.
    pub(crate) calls: &'static [usize],
    /// Takes the one that came last from its queue, instead of the one that waits longest.
    pub(crate) last_first: bool,
}

impl Service {
    /// Requests a second that its own work allows.
    pub(crate) fn capacity(&self) -> f64 {
        f64::from(self.places) / self.work.as_secs_f64()
    }
}

/// A caller's side of the way to a service, with all that keeps it from harm.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    /// The service it leads to.
    pub(crate) to: usize,
    /// How long the caller waits for an answer to one attempt; zero waits for ever.
    pub(crate) time_out: Duration,
    /// Attempts in all.
    pub(crate) attempts: u32,
    /// The service is told when nobody waits any more, and drops the call.
    pub(crate) cancels: bool,
    /// At most so many attempts under way at once; 0 for no limit.
    pub(crate) bulkhead: u32,
    /// Which breaker.
    pub(crate) breaker: BreakerPolicy,
}

/// Which breaker, with its settings.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BreakerPolicy {
    /// None.
    None,
    /// As hystrix-go.
    Hystrix(HystrixConfig),
    /// As gobreaker.
    Gobreaker(GobreakerConfig),
    /// As resilience4j.
    Resilience4j(Resilience4jConfig),
}

impl BreakerPolicy {
    /// A breaker that has seen nothing.
    pub(super) fn start(&self) -> Option<AnyBreaker> {
        Some(match self {
            Self::None => return None,
            Self::Hystrix(config) => Hystrix::new(config.clone()).into(),
            Self::Gobreaker(config) => Gobreaker::new(config.clone(), Instant::ZERO).into(),
            Self::Resilience4j(config) => Resilience4j::new(config.clone()).into(),
        })
    }
}

/// Something that happens to a service for a while.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) service: usize,
    pub(crate) from: Instant,
    pub(crate) lasts: Duration,
    pub(crate) what: Trouble,
}

/// What is wrong with a service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// Its work takes so many times as long.
    Slow(f64),
    /// So large a part of its answers are errors, 0 to 1.
    Errors(f64),
    /// It refuses connections, and what it was doing is lost.
    Crash,
    /// Nothing that is sent to it or by it arrives.
    Partition,
}
