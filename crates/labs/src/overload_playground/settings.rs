//! What a reader may turn and do in the playground of overload control, and its charts.

use core::time::Duration;

use clock::Instant;
use sim::Rng;

use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Action, Chart, Line, LineStyle};
use crate::overload::breakers;
use crate::overload::picture::{Layout, Spot};
use crate::overload::retries::{BACKOFFS, BUDGETS, backoff, budget};
use crate::overload::words::Names;
use crate::overload::{Config, Count, Fault, Gauge, Guard, Link, Service, Trouble};
use crate::scene::State;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    /// Requests of clients a second.
    pub(super) rate: f64,
    /// How long the service waits for a backend, in milliseconds; those before it wait longer.
    pub(super) time_out: f64,
    /// Attempts of the service in all.
    pub(super) attempts: f64,
    pub(super) backoff: f64,
    pub(super) budget: f64,
    pub(super) breaker: f64,
    /// Calls to each backend under way at once; 0 for any number.
    pub(super) bulkhead: f64,
    /// What the service does about calls it cannot serve in time; see [`GUARDS`].
    pub(super) guard: f64,
    /// Whoever gives up says so.
    pub(super) cancels: bool,
    /// An hour of faults, drawn by the seed.
    pub(super) hour: bool,
}

/// Everything switched off.
impl Default for Params {
    fn default() -> Self {
        Self {
            rate: 30.0,
            time_out: 2_000.0,
            attempts: 1.0,
            backoff: 0.0,
            budget: 0.0,
            breaker: 0.0,
            bulkhead: 0.0,
            guard: 0.0,
            cancels: false,
            hour: false,
        }
    }
}

const GUARDS: Range = Range::Choice(&[
    "nothing",
    "CoDel",
    "queue delay",
    "priority",
    "AIMD",
    "Gradient2",
    "Vegas",
]);

const fn guard(choice: f64) -> Guard {
    match choice as u32 {
        0 => Guard::None,
        1 => Guard::CoDel,
        2 => Guard::Delay,
        3 => Guard::Priority,
        4 => Guard::Aimd,
        5 => Guard::Gradient2,
        _ => Guard::Vegas,
    }
}

pub(super) const A: usize = 2;
pub(super) const B: usize = 3;
pub(super) const HOUR: Duration = Duration::from_secs(3_600);
/// How long what the reader does lasts.
pub(super) const WHILE: Duration = Duration::from_secs(8);

const fn spot(row: u8, from: f32, width: f32, short: &'static str) -> Spot {
    Spot {
        row,
        from,
        width,
        short,
    }
}

pub(super) const LAYOUT: Layout = Layout {
    names: Names {
        services: &["gateway", "service", "backend A", "backend B"],
        links: &[
            "to the gateway",
            "to the service",
            "to backend A",
            "to backend B",
        ],
    },
    spots: &[
        spot(0, 0.0, 1.0, "gate"),
        spot(1, 0.0, 1.0, "serv"),
        spot(2, 0.0, 0.5, "A"),
        spot(2, 0.5, 0.5, "B"),
    ],
    rows: 3,
    apart: 5.5,
};

impl Params {
    pub(super) fn config(&self, seed: u64) -> Config {
        let millis = Duration::from_millis;
        let service = |places, queue, work, calls| Service {
            places,
            queue,
            work: millis(work),
            calls,
            guard: Guard::None,
            last_first: false,
        };
        let time_out = self.time_out as u64;
        let bare = |to, time_out| Link {
            cancels: self.cancels,
            ..Link::bare(to, millis(time_out))
        };
        let backend = |to| Link {
            attempts: self.attempts as u32,
            bulkhead: self.bulkhead as u32,
            breaker: breakers::policy(self.breaker),
            backoff: backoff(self.backoff),
            budget: budget(self.budget),
            ..bare(to, time_out)
        };
        Config {
            rate: self.rate,
            turns: Vec::new(),
            kinds: 2,
            services: vec![
                service(50, 100, 2, &[1]),
                Service {
                    guard: guard(self.guard),
                    ..service(15, 100, 10, &[A, B])
                },
                service(4, 250, 50, &[]),
                service(4, 250, 50, &[]),
            ],
            links: vec![bare(0, 5_000), bare(1, 4_000), backend(A), backend(B)],
            faults: if self.hour {
                hour_of_faults(seed)
            } else {
                Vec::new()
            },
        }
    }
}

/// One fault after the other, a quiet time between them, for an hour.
fn hour_of_faults(seed: u64) -> Vec<Fault> {
    let mut chance = Rng::stream(seed, "faults");
    let mut faults = Vec::new();
    let mut from = Instant::ZERO;
    loop {
        from = from + Duration::from_secs(60 + chance.below(100));
        let lasts = Duration::from_secs(20 + chance.below(50));
        if from + lasts >= Instant::ZERO + HOUR {
            return faults;
        }
        let what = match chance.below(4) {
            0 => Trouble::Slow(10.0 + chance.below(30) as f64),
            1 => Trouble::Errors(0.5 + chance.unit() / 2.0),
            2 => Trouble::Crash,
            _ => Trouble::Partition,
        };
        faults.push(Fault {
            service: A + chance.below(2) as usize,
            from,
            lasts,
            what,
        });
        from = from + lasts;
    }
}

const fn action(id: &'static str, label: &'static str, help: &'static str) -> Action {
    Action { id, label, help }
}

pub(super) const ACTIONS: &[Action] = &[
    action(
        "slow",
        "A slow",
        "Backend A takes 20 times as long for 8 s.",
    ),
    action(
        "errors",
        "A fails",
        "60 % of backend A's answers are errors for 8 s.",
    ),
    action(
        "crash",
        "A down",
        "Backend A forgets what it has and refuses connections for 8 s.",
    ),
    action(
        "cut",
        "A cut off",
        "Nothing gets through to backend A or back for 8 s.",
    ),
    action(
        "slow-b",
        "B slow",
        "Backend B takes 20 times as long for 8 s.",
    ),
];

pub(super) const GAUGES: &[Gauge] = &[
    Gauge::Rate(Count::Asked),
    Gauge::Rate(Count::Sent(A)),
    Gauge::Rate(Count::Sent(B)),
    Gauge::Rate(Count::Good),
    Gauge::Places(1),
    Gauge::Busy(1),
    Gauge::Queue(1),
    Gauge::Time,
];

pub(super) const CHARTS: &[Chart] = &[
    Chart {
        title: "In the last second",
        unit: "/s",
        top: 40.0,
        lines: &[
            Line::new("asked", State::Muted, LineStyle::Broad),
            Line::new("sent to A", State::Retried, LineStyle::Line),
            Line::new("sent to B", State::Moved, LineStyle::Line),
            Line::new("succeeded", State::Served, LineStyle::Line),
        ],
    },
    Chart {
        title: "The service",
        unit: "requests",
        top: 40.0,
        lines: &[
            Line::new("places", State::Muted, LineStyle::Reference),
            Line::new("places taken", State::Waiting, LineStyle::Area),
            Line::new("in queue", State::Rejected, LineStyle::Line),
        ],
    },
    Chart {
        title: "Mean time to success",
        unit: "ms",
        top: 200.0,
        lines: &[Line::new("mean time", State::Selected, LineStyle::Line)],
    },
];

const fn linear(min: f64, max: f64, step: f64) -> Range {
    Range::Linear { min, max, step }
}

pub(super) const KNOBS: &[Knob<Params>] = &[
    Knob::new(
        KnobSpec::new(
            "breaker",
            "Breaker",
            "",
            breakers::CHOICES,
            "Between the service and each backend: at least 20 calls, half of them errors or time-outs, then 5 s open.",
        ),
        |params| params.breaker,
        |params, value| params.breaker = value,
    ),
    Knob::new(
        KnobSpec::new(
            "timeout",
            "Time-out",
            "ms",
            Range::Log {
                min: 50.0,
                max: 5_000.0,
            },
            "How long the service waits for a backend; the gateway waits 4 s for the service.",
        ),
        |params| params.time_out,
        |params, value| params.time_out = value,
    ),
    Knob::new(
        KnobSpec::new(
            "bulkhead",
            "Bulkhead",
            "calls",
            linear(0.0, 30.0, 1.0),
            "Calls to each backend that may be under way at once; 0 for any number.",
        ),
        |params| params.bulkhead,
        |params, value| params.bulkhead = value,
    ),
    Knob::new(
        KnobSpec::new(
            "attempts",
            "Attempts",
            "",
            linear(1.0, 5.0, 1.0),
            "How often the service tries a backend in all.",
        ),
        |params| params.attempts,
        |params, value| params.attempts = value,
    ),
    Knob::new(
        KnobSpec::new(
            "backoff",
            "Wait",
            "",
            BACKOFFS,
            "How long before another attempt: 100 ms, doubled each time, and how chance spreads it.",
        ),
        |params| params.backoff,
        |params, value| params.backoff = value,
    ),
    Knob::new(
        KnobSpec::new(
            "budget",
            "Budget",
            "",
            BUDGETS,
            "Retries the service may send: a fifth of its requests of the last 10 s, or of its attempts under way and three in any case.",
        ),
        |params| params.budget,
        |params, value| params.budget = value,
    ),
    Knob::new(
        KnobSpec::new(
            "guard",
            "At the door",
            "",
            GUARDS,
            "What the service does about calls it cannot serve in time.",
        ),
        |params| params.guard,
        |params, value| params.guard = value,
    ),
    Knob::new(
        KnobSpec::new(
            "cancels",
            "Time-outs",
            "",
            Range::Choice(&["not told", "told"]),
            "Whether those who are called hear that nobody waits any more, and drop the call.",
        ),
        |params| f64::from(params.cancels),
        |params, value| params.cancels = value >= 0.5,
    ),
    Knob::new(
        KnobSpec::new(
            "rate",
            "Requests",
            "/s",
            linear(10.0, 200.0, 5.0),
            "Requests of clients, half of them for each backend.",
        ),
        |params| params.rate,
        |params, value| params.rate = value,
    ),
    Knob::new(
        KnobSpec::new(
            "faults",
            "Faults",
            "",
            Range::Choice(&["by hand", "an hour of them"]),
            "Those you cause; or an hour in which one follows the other, drawn by the seed.",
        ),
        |params| f64::from(params.hour),
        |params, value| params.hour = value >= 0.5,
    ),
];
