//! What a chain of services is made of: services, the links between them with their policies, traffic and faults.

use core::time::Duration;

use circuit_breaker::{AnyBreaker, Gobreaker, GobreakerConfig, Hystrix, HystrixConfig};
use circuit_breaker::{Resilience4j, Resilience4jConfig};
use clock::Instant;
use concurrency_limit::{Aimd, AimdConfig, AnyLimit, Gradient2, Limiter, Vegas};
use load_shed::{CoDel, ControlledDelay, PriorityConfig, PriorityShedder};
use retry::{AnyBudget, Backoff, RatioBudget, TokenBudget};

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
    /// What it does about calls it cannot serve in time.
    pub(crate) guard: Guard,
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
    /// How long to wait before another attempt; without it, not at all.
    pub(crate) backoff: Option<Backoff>,
    /// Which retries are allowed at all.
    pub(crate) budget: BudgetPolicy,
    /// The caller drops requests itself once many are refused.
    pub(crate) throttles: bool,
}

impl Link {
    /// A way to a service without any policy.
    pub(crate) const fn bare(to: usize, time_out: Duration) -> Self {
        Self {
            to,
            time_out,
            attempts: 1,
            cancels: false,
            bulkhead: 0,
            breaker: BreakerPolicy::None,
            backoff: None,
            budget: BudgetPolicy::None,
            throttles: false,
        }
    }
}

/// Which retry budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BudgetPolicy {
    /// None.
    None,
    /// A fifth of the requests of the last 10 s, and nothing free.
    Token,
    /// A fifth of the attempts under way, and three in any case.
    Ratio,
}

impl BudgetPolicy {
    pub(super) fn start(self) -> AnyBudget {
        match self {
            Self::None => AnyBudget::Unlimited,
            Self::Token => AnyBudget::Token(TokenBudget::new(
                Duration::from_secs(10),
                0,
                0.2,
                Instant::ZERO,
            )),
            Self::Ratio => AnyBudget::Ratio(RatioBudget::new(20.0, 3)),
        }
    }
}

/// What a service does about calls it cannot serve in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Nothing: only a full queue refuses.
    None,
    /// As RFC 8289 sheds packets.
    CoDel,
    /// By the time in a queue that stands.
    Delay,
    /// By priority.
    Priority,
    /// A limit on calls at once that moves by additive increase.
    Aimd,
    /// One that moves with the gradient of round trips.
    Gradient2,
    /// One that moves with an estimate of the queue.
    Vegas,
}

/// A guard at work.
#[derive(Clone, Debug)]
pub(super) enum Guarding {
    None,
    CoDel(CoDel),
    Delay(ControlledDelay),
    Priority(Box<PriorityShedder>),
    Limit(Limiter<AnyLimit>),
}

impl Guard {
    pub(super) fn start(self) -> Guarding {
        let limit = |rule| Guarding::Limit(Limiter::new(rule));
        match self {
            Self::None => Guarding::None,
            Self::CoDel => Guarding::CoDel(CoDel::default()),
            Self::Delay => Guarding::Delay(ControlledDelay::default()),
            Self::Priority => Guarding::Priority(Box::new(PriorityShedder::new(PriorityConfig {
                // A second or 2,000 calls suit a larger server.
                window: Duration::from_millis(100),
                calls: 200,
                ..PriorityConfig::default()
            }))),
            Self::Aimd => limit(AnyLimit::Aimd(Aimd::new(AimdConfig {
                // Whoever waits longer is about to give up.
                time_out: Duration::from_millis(200),
                ..AimdConfig::default()
            }))),
            Self::Gradient2 => limit(AnyLimit::Gradient2(Gradient2::default())),
            Self::Vegas => limit(AnyLimit::Vegas(Vegas::default())),
        }
    }
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
