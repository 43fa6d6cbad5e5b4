//! One limit for a customer, enforced by several instances: each on its own, or through a store that is far away and may be silent.

mod faults;
mod local;
mod measure;
mod scene;
mod settings;
mod store;
mod words;

use core::time::Duration;

use clock::Instant;
use rate_limiter::{Limit, TokenBucket};
use sim::{ArrivalStream, Arrivals, Event, EventId, EventQueue, Fifo, Rng};

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Lab};
use crate::scene::State;
use crate::tape::Tape;

use measure::{ADMITTED, ASKS, FALLBACK, IDEAL, Measure, REJECTED};
use settings::{KILL, Kind, PARTITION, Params, STORE_DOWN};
use store::{Answer, Ask, Letter};

/// A request is in sight for this long before it arrives, and its verdict for as long on the way back.
const TRAVEL: Duration = Duration::from_millis(250);
/// The charts get a point this often.
const SAMPLE: Duration = Duration::from_millis(100);
/// After so long without a time-out, the next one is news.
const CALM: Duration = Duration::from_secs(3);
/// So many requests more or fewer than the ideal bucket admits are news, the first time.
const NEWS: i64 = 10;

#[derive(Clone, Debug)]
enum Due {
    /// Every instance fetches its first batch.
    Open,
    /// The next request leaves its caller.
    Depart,
    /// A request reaches an instance.
    Arrive(u32, usize),
    /// A message reaches the store.
    AtStore(Letter),
    /// A message from the store reaches an instance.
    Answer(Answer),
    /// An instance stops waiting.
    TimeOut(u32),
    /// The store is back.
    StoreUp,
    /// The instance that was cut off reaches the store again.
    Heal,
    /// The charts get a point.
    Sample,
}

/// One instance of the gateway.
#[derive(Clone, Debug)]
struct Instance {
    alive: bool,
    /// Its own bucket, where instances count for themselves.
    bucket: TokenBucket,
    /// Tokens left of the batches it has fetched.
    stock: u32,
    /// A batch is on its way.
    fetching: bool,
    /// The store had no batch and will have none before then.
    not_before: Instant,
    /// The time-out of the last fetch, if nothing was heard from the store since.
    silent: Option<EventId>,
}

/// Streams of chance, one for each thing that is left to it.
#[derive(Clone)]
struct Chance {
    balancing: Rng,
    latency: Rng,
    loss: Rng,
}

/// A request on the picture, before it arrives or after its verdict.
#[derive(Clone, Copy, Debug)]
struct Sight {
    /// When it arrives, or when it was decided.
    at: Instant,
    request: u32,
    instance: usize,
    state: State,
}

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct DistributedLimiter {
    params: Params,
    instances: Vec<Instance>,
    /// The bucket in the store.
    store: TokenBucket,
    /// The entry that says the store went down, while it is.
    down: Option<EventId>,
    /// The instance that cannot reach the store, and the entry that says so.
    partition: Option<(usize, EventId)>,
    arrivals: ArrivalStream,
    /// When the next request arrives.
    next: Option<Instant>,
    chance: Chance,
    queue: EventQueue<Due>,
    /// Requests and asks given a number so far.
    requests: u32,
    asks: u32,
    /// Instances were picked in turn up to this one.
    turn: usize,
    approaching: Fifo<Sight>,
    /// Asks in the order of their numbers.
    pending: Vec<Ask>,
    decided: Fifo<Sight>,
    /// The last time-out.
    silence: Option<Instant>,
    /// Whether it was said that too many, or too few, were admitted.
    told: (bool, bool),
    measure: Measure,
}

impl Lab for DistributedLimiter {
    type Params = Params;

    const ABOUT: About = About {
        id: "distributed-limiter",
        title: "One limit, several instances",
        summary: "Instances that count alone miss the limit; one store keeps it, for a round trip a request and a guess when it is silent.",
        section: "4.2a",
        subject: "Request",
        duration: Duration::from_secs(30),
        poster: Duration::from_millis(6_100),
    };
    const KNOBS: &'static [Knob<Params>] = settings::KNOBS;
    const ACTIONS: &'static [Action] = settings::ACTIONS;
    const KINDS: &'static [crate::lab::Kind] = words::KINDS;
    const CHARTS: &'static [Chart] = settings::CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        let per_second = params.offered;
        let mut arrivals =
            Arrivals::Poisson { per_second }.start(Rng::stream(seed, "customer's requests"));
        let next = arrivals.next();
        let mut lab = Self {
            params: params.clone(),
            instances: (0..params.instances())
                .map(|index| Instance::new(params, index))
                .collect(),
            store: TokenBucket::new(Limit::per_second(params.limit), params.burst as i64),
            down: None,
            partition: None,
            arrivals,
            next,
            chance: Chance {
                balancing: Rng::stream(seed, "balancing"),
                latency: Rng::stream(seed, "ways to the store"),
                loss: Rng::stream(seed, "messages lost"),
            },
            queue: EventQueue::new(),
            requests: 0,
            asks: 0,
            turn: params.instances() - 1,
            approaching: Fifo::new(),
            pending: Vec::new(),
            decided: Fifo::new(),
            silence: None,
            told: (false, false),
            measure: Measure::new(params),
        };
        if params.kind == Kind::Batches {
            lab.queue.push(Instant::ZERO, Due::Open);
        }
        lab.schedule_departure();
        lab.queue.push(Instant::ZERO + SAMPLE, Due::Sample);
        lab
    }

    fn next_at(&self) -> Option<Instant> {
        self.queue.next_at()
    }

    fn step(&mut self, tape: &mut Tape) {
        let Some((now, due)) = self.queue.pop() else {
            return;
        };
        match due {
            Due::Open => (0..self.instances.len()).for_each(|index| {
                self.fetch(now, (0, index), None, tape);
            }),
            Due::Depart => self.depart(),
            Due::Arrive(request, instance) => self.arrive(now, request, instance, tape),
            Due::AtStore(letter) => self.at_store(now, letter, tape),
            Due::Answer(answer) => self.answer(now, answer, tape),
            Due::TimeOut(serial) => self.time_out(now, serial, tape),
            Due::StoreUp => self.bring_up(now, tape),
            Due::Heal => self.heal(now, tape),
            Due::Sample => self.sample(now, tape),
        }
    }

    fn act(&mut self, now: Instant, action: usize, tape: &mut Tape) {
        match action {
            STORE_DOWN if self.down.is_none() => self.bring_down(now, tape),
            KILL => self.kill(now, tape),
            PARTITION if self.partition.is_none() => self.cut(now, tape),
            _ => {}
        }
    }

    fn frame(&self, now: Instant, _tape: &Tape) -> Frame {
        self.show(now)
    }

    fn source(kind: u16) -> Option<&'static str> {
        words::source(kind)
    }

    fn describe(event: &Event) -> String {
        words::describe(event)
    }
}

impl Instance {
    /// The instance at `index`; a share of a burst that cannot be cut evenly is one token larger for the first ones.
    fn new(params: &Params, index: usize) -> Self {
        let (rate, burst) = match params.kind {
            Kind::Share => {
                let (burst, count) = (params.burst as usize, params.instances());
                let more = usize::from(index < burst % count);
                // A bucket that holds nothing would let nothing through, ever.
                let share = (burst / count + more).max(1);
                (params.limit / params.instances, share as i64)
            }
            _ => (params.limit, params.burst as i64),
        };
        Self {
            alive: true,
            bucket: TokenBucket::new(Limit::per_second(rate), burst),
            stock: 0,
            fetching: false,
            not_before: Instant::ZERO,
            silent: None,
        }
    }
}

/// From the caller to an instance.
impl DistributedLimiter {
    fn schedule_departure(&mut self) {
        if let Some(arrival) = self.next {
            self.queue.push(arrival - TRAVEL, Due::Depart);
        }
    }

    fn depart(&mut self) {
        let Some(arrival) = self.next else { return };
        self.next = self.arrivals.next();
        self.schedule_departure();
        self.requests += 1;
        let instance = self.balance();
        self.queue
            .push(arrival, Due::Arrive(self.requests, instance));
        self.approaching.push_back(Sight {
            at: arrival,
            request: self.requests,
            instance,
            state: State::Neutral,
        });
    }

    // ANCHOR: balance
    /// The load balancer picks one of the instances that are alive.
    fn balance(&mut self) -> usize {
        let count = self.instances.len();
        let alive = self.instances.iter().filter(|instance| instance.alive);
        let steps = if self.params.random {
            1 + self.chance.balancing.below(alive.count() as u64) as usize
        } else {
            1
        };
        for _ in 0..steps {
            self.turn = (self.turn + 1) % count;
            while !self.instances[self.turn].alive {
                self.turn = (self.turn + 1) % count;
            }
        }
        self.turn
    }
    // ANCHOR_END: balance

    // ANCHOR: arrive
    /// A request reaches an instance, which decides by itself or asks the store.
    fn arrive(&mut self, now: Instant, request: u32, picked: usize, tape: &mut Tape) {
        self.forget(now);
        let index = if self.instances[picked].alive {
            picked
        } else {
            self.balance()
        };
        let ideal = self.measure.ideal(now);
        let number = (index + 1) as f64;
        let arrival = note(tape, now, None, words::ARRIVAL, request, number);
        match self.params.kind {
            Kind::Share | Kind::Whole => {
                let bucket = &mut self.instances[index].bucket;
                let admitted = bucket.allow(now, 1);
                let tokens = bucket.tokens_at(now);
                let local = (admitted, ideal, tokens);
                self.decide_locally(now, (request, index), local, arrival, tape);
            }
            Kind::Store => {
                self.ask(now, (request, index), Some(ideal), Some(arrival), tape);
            }
            Kind::Batches => self.spend(now, (request, index), ideal, arrival, tape),
        }
    }
    // ANCHOR_END: arrive
}

/// Measuring.
impl DistributedLimiter {
    /// Drops what has left the picture.
    fn forget(&mut self, now: Instant) {
        let gone = |queue: &mut Fifo<Sight>, since: Instant| {
            while queue.first().is_some_and(|sight| sight.at < since) {
                queue.pop_front();
            }
        };
        gone(&mut self.approaching, now);
        gone(&mut self.decided, now - TRAVEL);
    }

    fn sample(&mut self, now: Instant, tape: &mut Tape) {
        self.forget(now);
        self.measure.turn();
        let count = |count| self.measure.window.per_second(count);
        tape.sample(0, now, count(IDEAL));
        tape.sample(1, now, self.params.limit);
        tape.sample(2, now, count(REJECTED));
        tape.sample(3, now, count(ADMITTED));
        tape.sample(4, now, count(ASKS));
        tape.sample(5, now, count(FALLBACK));
        self.queue.push(now + SAMPLE, Due::Sample);
    }
}

fn note(
    tape: &mut Tape,
    at: Instant,
    cause: Option<EventId>,
    kind: u16,
    subject: u32,
    value: f64,
) -> EventId {
    tape.event(Event {
        at,
        cause,
        kind,
        subject,
        value,
    })
}
