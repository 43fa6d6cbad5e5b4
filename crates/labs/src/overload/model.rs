//! The state of a chain of services, its clients, and what is due.

use core::time::Duration;

use adaptive_throttle::AdaptiveThrottle;
use circuit_breaker::AnyBreaker;
use clock::Instant;
use retry::AnyBudget;
use sim::{Distribution, EventQueue, Fifo, Rng};

use super::call::{Call, Calls, Key, NONE, Stage};
use super::config::{Config, Fault, Guarding, Service, Trouble};
use super::told::{Told, What};

/// One way between two services, or between a client and the first.
pub(crate) const LATENCY: Duration = Duration::from_millis(1);

/// A caller forgets sooner than the book says, so that a run of a minute shows it.
const THROTTLE: adaptive_throttle::Config = adaptive_throttle::Config {
    window: Duration::from_secs(12),
    k: 2.0,
};

#[derive(Clone, Copy, Debug)]
pub(super) enum Due {
    /// The next client asks.
    Arrive,
    /// An attempt reaches its service.
    Deliver(Key),
    /// A service's own work on a call is done.
    Worked(Key),
    /// An answer reaches the caller; whether it is good.
    Reply(Key, bool),
    /// The caller stops waiting.
    TimeOut(Key),
    /// The wait before another attempt by a link on behalf of this call is over.
    Again(Key, u32),
    /// A fault of the list begins, or ends.
    Fault(u32, bool),
}

/// What a caller remembers of a link.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) breaker: Option<AnyBreaker>,
    pub(super) budget: AnyBudget,
    pub(super) throttle: Option<AdaptiveThrottle>,
    /// Attempts under way.
    pub(crate) under_way: u32,
}

/// What a service is at.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// Those that wait for a place.
    pub(crate) queue: Fifo<u32>,
    /// Places taken.
    pub(crate) busy: u32,
    pub(super) guard: Guarding,
    /// What is wrong with it.
    pub(crate) trouble: Option<Trouble>,
}

/// How an operation ended for whoever wanted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Good,
    Bad,
    Refused,
    TimedOut,
}

/// The chain of services at one moment.
#[derive(Clone)]
pub(crate) struct Model {
    pub(super) config: Config,
    pub(super) now: Instant,
    pub(super) queue: EventQueue<Due>,
    pub(super) calls: Calls,
    pub(super) servers: Vec<Server>,
    pub(super) callers: Vec<Caller>,
    /// Requests of clients so far.
    asked: u32,
    pub(super) work: Rng,
    pub(super) luck: Rng,
    pub(super) jitter: Rng,
    arrivals: Rng,
    seed: u64,
    /// Clients go on asking.
    asking: bool,
    /// Until then whoever asks is turned away at the door.
    shut_until: Instant,
    /// No planned fault comes true any more.
    calm: bool,
}

impl Model {
    pub(crate) fn new(config: Config, seed: u64) -> Self {
        let mut queue = EventQueue::new();
        for (number, fault) in config.faults.iter().enumerate() {
            queue.push(fault.from, Due::Fault(number as u32, true));
            queue.push(fault.from + fault.lasts, Due::Fault(number as u32, false));
        }
        let server = |service: &Service| Server {
            guard: service.guard.start(),
            queue: Fifo::new(),
            busy: 0,
            trouble: None,
        };
        let caller = |link: &super::config::Link| Caller {
            breaker: link.breaker.start(),
            budget: link.budget.start(),
            throttle: (link.throttles).then(|| AdaptiveThrottle::new(THROTTLE)),
            under_way: 0,
        };
        let mut model = Self {
            servers: config.services.iter().map(server).collect(),
            callers: config.links.iter().map(caller).collect(),
            config,
            now: Instant::ZERO,
            queue,
            calls: Calls::default(),
            asked: 0,
            work: Rng::stream(seed, "work"),
            luck: Rng::stream(seed, "errors"),
            jitter: Rng::stream(seed, "waits"),
            arrivals: Rng::stream(seed, "requests"),
            seed,
            asking: true,
            shut_until: Instant::ZERO,
            calm: false,
        };
        model.plan_arrival();
        model
    }

    /// When the next thing happens.
    pub(crate) fn next_at(&self) -> Option<Instant> {
        self.queue.next_at()
    }

    pub(crate) fn servers(&self) -> &[Server] {
        &self.servers
    }

    pub(crate) fn callers(&self) -> &[Caller] {
        &self.callers
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn now(&self) -> Instant {
        self.now
    }

    /// Calls that are not over on both sides.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.live().map(|(_, call)| call)
    }

    /// Of which kind a client's request is, counted from 0.
    pub(crate) fn kind_of(&self, request: u32) -> u32 {
        let mut chance = Rng::new(self.seed ^ (u64::from(request) << 24));
        chance.below(u64::from(self.config.kinds)) as u32
    }

    /// About how many bytes a copy takes.
    pub(crate) fn weight(&self) -> usize {
        self.calls.weight() + self.queue.len() * 48
    }

    /// No client asks from now on.
    #[cfg(test)]
    pub(crate) fn stop_asking(&mut self) {
        self.asking = false;
    }

    /// Does the next thing.
    pub(crate) fn step(&mut self, told: &mut Vec<Told>) {
        let Some((at, due)) = self.queue.pop() else {
            return;
        };
        self.now = at;
        match due {
            Due::Arrive => self.arrive(told),
            Due::Deliver(key) => self.deliver(key, told),
            Due::Worked(key) => self.worked(key, told),
            Due::Reply(key, good) => self.reply(key, good, told),
            Due::TimeOut(key) => self.time_out(key, told),
            Due::Again(key, link) => self.again(key, link, told),
            Due::Fault(..) if self.calm => {}
            Due::Fault(number, begins) => self.fault(number as usize, begins, told),
        }
    }

    pub(super) fn tell(&self, told: &mut Vec<Told>, request: u32, what: What) {
        told.push(Told {
            at: self.now,
            request,
            what,
        });
    }

    /// The chance of a gap is drawn at the rate of its beginning; a spike's edges cut it.
    fn plan_arrival(&mut self) {
        let mut from = self.now;
        loop {
            let (rate, until) = self.rate_at(from);
            let gap = Distribution::Exponential { mean: 1.0 / rate }.sample(&mut self.arrivals);
            let at = from + Duration::from_nanos((gap * 1e9) as u64);
            match until {
                Some(edge) if at >= edge => from = edge,
                _ => return self.queue.push(at, Due::Arrive),
            }
        }
    }

    /// Requests a second, and until when.
    fn rate_at(&self, at: Instant) -> (f64, Option<Instant>) {
        let turns = &self.config.turns;
        let next = turns.partition_point(|turn| turn.from <= at);
        let rate = (turns[..next].last()).map_or(self.config.rate, |turn| turn.rate);
        (rate, turns.get(next).map(|turn| turn.from))
    }

    fn arrive(&mut self, told: &mut Vec<Told>) {
        if !self.asking {
            return;
        }
        let request = self.asked;
        self.asked += 1;
        self.tell(told, request, What::Arrives);
        let call = self.calls.add(request, NONE, NONE, self.now);
        self.calls.get_mut(call).stage = Stage::Calling;
        if self.now < self.shut_until {
            self.finish(call, End::Refused, told);
        } else {
            self.attempt(call, told);
        }
        self.plan_arrival();
    }
}

/// What a reader or an operator does.
impl Model {
    /// Something happens to a service at `now`, besides what is planned.
    pub(crate) fn strike(&mut self, now: Instant, fault: Fault) {
        let number = self.config.faults.len() as u32;
        self.config.faults.push(fault);
        self.queue.push(now, Due::Fault(number, true));
        self.queue
            .push(now + fault.lasts, Due::Fault(number, false));
    }

    /// Whoever asks before `until` is turned away at the door.
    pub(crate) fn shut(&mut self, until: Instant) {
        self.shut_until = until;
    }

    /// Whatever is wrong gets well at once, nothing else will go wrong, and clients ask at the ordinary rate.
    pub(crate) fn relieve(&mut self, told: &mut Vec<Told>) {
        self.config.turns.clear();
        self.calm = true;
        for service in 0..self.servers.len() {
            if self.servers[service].trouble.take().is_some() {
                self.tell(told, NONE, What::Ends(service as u32));
            }
        }
    }
}
