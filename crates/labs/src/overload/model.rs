//! The caller's side: attempts, time-outs, retries, breakers, and what becomes of a request.

use core::time::Duration;

use circuit_breaker::{AnyBreaker, Breaker, Outcome};
use clock::Instant;
use sim::{Distribution, EventQueue, Fifo, Rng};

use super::call::{Calls, Key, NONE, Stage};
use super::config::{Config, Trouble};
use super::told::{Refusal, Told, What};

/// One way between two services, or between a client and the first.
pub(crate) const LATENCY: Duration = Duration::from_millis(1);

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
    /// The wait before another attempt on behalf of this call is over.
    Again(Key),
    /// A fault of the list begins, or ends.
    Fault(u32, bool),
}

/// What a caller remembers of a link.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) breaker: Option<AnyBreaker>,
    /// Attempts under way.
    pub(crate) under_way: u32,
    /// Attempts sent in all.
    pub(crate) sent: u32,
}

/// What a service is at.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// Those that wait for a place.
    pub(crate) queue: Fifo<u32>,
    /// Places taken.
    pub(crate) busy: u32,
    /// What is wrong with it.
    pub(crate) trouble: Option<Trouble>,
}

/// Clients' requests by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) asked: u32,
    pub(crate) succeeded: u32,
    pub(crate) failed: u32,
    pub(crate) refused: u32,
    pub(crate) timed_out: u32,
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
    pub(super) totals: Totals,
    pub(super) work: Rng,
    pub(super) luck: Rng,
    arrivals: Rng,
    routes: Rng,
    /// Clients go on asking.
    asking: bool,
}

impl Model {
    pub(crate) fn new(config: Config, seed: u64) -> Self {
        let mut queue = EventQueue::new();
        for (number, fault) in config.faults.iter().enumerate() {
            queue.push(fault.from, Due::Fault(number as u32, true));
            queue.push(fault.from + fault.lasts, Due::Fault(number as u32, false));
        }
        let server = |_: &_| Server {
            queue: Fifo::new(),
            busy: 0,
            trouble: None,
        };
        let caller = |link: &super::config::Link| Caller {
            breaker: link.breaker.start(),
            under_way: 0,
            sent: 0,
        };
        let mut model = Self {
            servers: config.services.iter().map(server).collect(),
            callers: config.links.iter().map(caller).collect(),
            config,
            now: Instant::ZERO,
            queue,
            calls: Calls::default(),
            totals: Totals::default(),
            work: Rng::stream(seed, "work"),
            luck: Rng::stream(seed, "errors"),
            arrivals: Rng::stream(seed, "requests"),
            routes: Rng::stream(seed, "routes"),
            asking: true,
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

    pub(crate) fn totals(&self) -> Totals {
        self.totals
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Calls that are not over on both sides.
    pub(crate) fn under_way(&self) -> usize {
        self.calls.live().count()
    }

    /// No client asks from now on.
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
            Due::Again(key) => self.again(key, told),
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
        let rate = self.config.rate;
        let Some(spike) = self.config.spike else {
            return (rate, None);
        };
        let end = spike.from + spike.lasts;
        if at < spike.from {
            (rate, Some(spike.from))
        } else if at < end {
            (rate + spike.more, Some(end))
        } else {
            (rate, None)
        }
    }

    fn arrive(&mut self, told: &mut Vec<Told>) {
        if !self.asking {
            return;
        }
        let request = self.totals.asked;
        self.totals.asked += 1;
        self.tell(told, request, What::Arrives);
        let call = self.calls.add(request, NONE, NONE, self.now);
        self.calls.get_mut(call).stage = Stage::Calling;
        self.attempt(call, told);
        self.plan_arrival();
    }
}

/// One attempt after the other on behalf of a call.
impl Model {
    /// The link by which a call is served further.
    fn link_for(&mut self, holder: u32) -> usize {
        let link = self.calls.get(holder).link;
        if link == NONE {
            return 0;
        }
        let service = &self.config.services[self.config.links[link as usize].to];
        match service.calls {
            [only] => *only,
            several => several[self.routes.below(several.len() as u64) as usize],
        }
    }

    /// The wait is over; meanwhile the service may have crashed, or its caller may have cancelled.
    fn again(&mut self, key: Key, told: &mut Vec<Told>) {
        if self.calls.is(key) && self.calls.get(key.0).stage == Stage::Calling {
            self.attempt(key.0, told);
        }
    }

    pub(super) fn attempt(&mut self, holder: u32, told: &mut Vec<Told>) {
        let link = self.link_for(holder);
        let request = self.calls.get(holder).request;
        self.calls.get_mut(holder).attempts += 1;
        let number = self.calls.get(holder).attempts;
        let policy = &self.config.links[link];
        let (time_out, bulkhead) = (policy.time_out, policy.bulkhead);
        if bulkhead > 0 && self.callers[link].under_way >= bulkhead {
            let refused = What::Refused(link as u32, Refusal::Bulkhead);
            self.tell(told, request, refused);
            return self.finish(holder, End::Refused, told);
        }
        let asked =
            (self.callers[link].breaker.as_mut()).map(|breaker| breaker.try_acquire(self.now));
        let permit = match asked {
            Some(Err(refused)) => {
                if let Some(transition) = refused.transition {
                    self.tell(told, request, What::Breaker(link as u32, transition));
                }
                let why = What::Refused(link as u32, Refusal::Breaker(refused.reason));
                self.tell(told, request, why);
                return self.finish(holder, End::Refused, told);
            }
            Some(Ok(mut permit)) => {
                if let Some(transition) = permit.transition.take() {
                    self.tell(told, request, What::Breaker(link as u32, transition));
                }
                Some(permit)
            }
            None => None,
        };
        let call = self.calls.add(request, holder, link as u32, self.now);
        self.calls.get_mut(call).permit = permit;
        self.calls.get_mut(holder).child = call;
        self.callers[link].under_way += 1;
        self.callers[link].sent += 1;
        self.tell(told, request, What::Sent(link as u32, number));
        let key = self.calls.key(call);
        self.queue.push(self.now + LATENCY, Due::Deliver(key));
        if time_out > Duration::ZERO {
            self.queue.push(self.now + time_out, Due::TimeOut(key));
        }
    }

    fn reply(&mut self, key: Key, good: bool, told: &mut Vec<Told>) {
        let (place, _) = key;
        if !self.calls.is(key) {
            return;
        }
        let call = self.calls.get(place);
        if call.given_up {
            let (request, link) = (call.request, call.link);
            self.calls.remove(place);
            return self.tell(told, request, What::Late(link));
        }
        let (holder, link) = (call.holder, call.link);
        let outcome = if good {
            Outcome::Success
        } else {
            Outcome::Failure
        };
        self.report(place, outcome, told);
        self.calls.remove(place);
        let end = if good { End::Good } else { End::Bad };
        self.attempted(holder, link, end, told);
    }

    fn time_out(&mut self, key: Key, told: &mut Vec<Told>) {
        let (place, _) = key;
        if !self.calls.is(key) || self.calls.get(place).given_up {
            return;
        }
        let (holder, link) = (self.calls.get(place).holder, self.calls.get(place).link);
        self.tell(told, self.calls.get(place).request, What::TimesOut(link));
        self.report(place, Outcome::TimedOut, told);
        self.give_up(place, told);
        self.attempted(holder, link, End::TimedOut, told);
    }

    /// The breaker learns what became of an attempt, which is no longer under way.
    fn report(&mut self, place: u32, outcome: Outcome, told: &mut Vec<Told>) {
        let call = self.calls.get_mut(place);
        let (link, request, latency) = (call.link, call.request, self.now.since(call.sent));
        let permit = call.permit.take();
        let caller = &mut self.callers[link as usize];
        caller.under_way -= 1;
        let changed = (caller.breaker.as_mut().zip(permit))
            .and_then(|(breaker, permit)| breaker.on_outcome(permit, self.now, outcome, latency));
        if let Some(transition) = changed {
            self.tell(told, request, What::Breaker(link, transition));
        }
    }

    /// The caller drops an attempt because nobody wants the answer any more.
    pub(super) fn withdraw(&mut self, place: u32, told: &mut Vec<Told>) {
        self.report(place, Outcome::Cancelled, told);
        self.give_up(place, told);
    }

    /// An attempt by this link is over: another one, or that was it.
    fn attempted(&mut self, holder: u32, link: u32, end: End, told: &mut Vec<Told>) {
        let call = self.calls.get_mut(holder);
        call.child = NONE;
        let last = call.attempts >= self.config.links[link as usize].attempts;
        if end == End::Good || call.given_up || last {
            return self.finish(holder, end, told);
        }
        let key = self.calls.key(holder);
        self.queue.push(self.now, Due::Again(key));
    }

    /// What was done on behalf of a call has come to an end.
    fn finish(&mut self, holder: u32, end: End, told: &mut Vec<Told>) {
        let call = self.calls.get(holder);
        if call.link != NONE {
            return self.answer(holder, end == End::Good, told);
        }
        let request = call.request;
        self.calls.remove(holder);
        let totals = &mut self.totals;
        let (count, what) = match end {
            End::Good => (&mut totals.succeeded, What::Succeeds),
            End::Bad => (&mut totals.failed, What::Fails),
            End::Refused => (&mut totals.refused, What::Fails),
            End::TimedOut => (&mut totals.timed_out, What::Fails),
        };
        *count += 1;
        self.tell(told, request, what);
    }
}
