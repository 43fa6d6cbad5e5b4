//! What a reader may turn and do in the lab on retries over three layers, and its charts.

use core::time::Duration;

use clock::Instant;

use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Action, Chart, Line, LineStyle};
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
    /// Attempts in all, by each layer that retries.
    pub(super) attempts: f64,
    /// Only the client retries.
    pub(super) client_only: bool,
    /// See [`BACKOFFS`] and [`BUDGETS`].
    pub(super) backoff: f64,
    pub(super) budget: f64,
    /// Answers of the database that are errors while it is ill, in per cent.
    pub(super) errors: f64,
}

/// Three layers, each of which tries three times, as each team thought best.
impl Default for Params {
    fn default() -> Self {
        Self {
            rate: 30.0,
            attempts: 3.0,
            client_only: false,
            backoff: 0.0,
            budget: 0.0,
            errors: 100.0,
        }
    }
}

pub(super) const DATABASE: usize = 2;
const FROM: Instant = Instant::from_millis(8_000);
const LASTS: Duration = Duration::from_secs(8);
/// How long what the reader does lasts.
pub(super) const WHILE: Duration = Duration::from_secs(3);

const fn spot(row: u8, short: &'static str) -> Spot {
    Spot {
        row,
        from: 0.0,
        width: 1.0,
        short,
    }
}

pub(super) const LAYOUT: Layout = Layout {
    names: Names {
        services: &["gateway", "orders", "database"],
        links: &["to the gateway", "to orders", "to the database"],
    },
    spots: &[spot(0, "gate"), spot(1, "ord"), spot(2, "db")],
    rows: 3,
    apart: 4.6,
};

impl Params {
    pub(super) fn config(&self) -> Config {
        let millis = Duration::from_millis;
        let service = |places, work, calls| Service {
            places,
            queue: 500,
            work: millis(work),
            calls,
            guard: Guard::None,
            last_first: false,
        };
        let link = |to, time_out, retries: bool| Link {
            attempts: if retries { self.attempts as u32 } else { 1 },
            backoff: backoff(self.backoff),
            budget: budget(self.budget),
            ..Link::bare(to, millis(time_out))
        };
        let all = !self.client_only;
        Config {
            rate: self.rate,
            turns: Vec::new(),
            kinds: 1,
            services: vec![
                service(100, 2, &[1]),
                service(100, 5, &[2]),
                service(10, 20, &[]),
            ],
            links: vec![link(0, 5_000, true), link(1, 2_000, all), link(2, 500, all)],
            faults: vec![Fault {
                service: DATABASE,
                from: FROM,
                lasts: LASTS,
                what: Trouble::Errors(self.errors / 100.0),
            }],
        }
    }
}

pub(super) const ACTIONS: &[Action] = &[
    Action {
        id: "errors",
        label: "Errors for 3 s",
        help: "The database answers with errors, by the knob, for the next 3 s.",
    },
    Action {
        id: "slow",
        label: "10 × slower for 3 s",
        help: "The database takes ten times as long for the next 3 s.",
    },
];

pub(super) const GAUGES: &[Gauge] = &[
    Gauge::Capacity(DATABASE),
    Gauge::Rate(Count::Sent(0)),
    Gauge::Rate(Count::Sent(1)),
    Gauge::Rate(Count::Sent(DATABASE)),
    Gauge::Rate(Count::Asked),
    Gauge::Rate(Count::Good),
];

pub(super) const CHARTS: &[Chart] = &[
    Chart {
        title: "Attempts in the last second",
        unit: "/s",
        top: 600.0,
        lines: &[
            Line::new("capacity", State::Selected, LineStyle::Reference),
            Line::new("at the gateway", State::Waiting, LineStyle::Line),
            Line::new("at orders", State::Moved, LineStyle::Line),
            Line::new("at the database", State::Retried, LineStyle::Line),
        ],
    },
    Chart {
        title: "Requests in the last second",
        unit: "/s",
        top: 40.0,
        lines: &[
            Line::new("asked", State::Muted, LineStyle::Broad),
            Line::new("succeeded", State::Served, LineStyle::Line),
        ],
    },
];

const fn linear(min: f64, max: f64, step: f64) -> Range {
    Range::Linear { min, max, step }
}

pub(super) const KNOBS: &[Knob<Params>] = &[
    Knob::new(
        KnobSpec::new(
            "attempts",
            "Attempts",
            "",
            linear(1.0, 5.0, 1.0),
            "How often a layer that retries tries in all.",
        ),
        |params| params.attempts,
        |params, value| params.attempts = value,
    ),
    Knob::new(
        KnobSpec::new(
            "who",
            "Who retries",
            "",
            Range::Choice(&["every layer", "the client"]),
            "Each of the three layers, or only the one furthest out.",
        ),
        |params| f64::from(params.client_only),
        |params, value| params.client_only = value >= 0.5,
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
            "Retries a layer may send: a fifth of its requests of the last 10 s, or of its attempts under way and three in any case.",
        ),
        |params| params.budget,
        |params, value| params.budget = value,
    ),
    Knob::new(
        KnobSpec::new(
            "errors",
            "Errors",
            "%",
            linear(0.0, 100.0, 5.0),
            "Answers of the database that are errors from second 8 to second 16.",
        ),
        |params| params.errors,
        |params, value| params.errors = value,
    ),
    Knob::new(
        KnobSpec::new(
            "rate",
            "Requests",
            "/s",
            linear(5.0, 200.0, 5.0),
            "Requests of clients; the database can do 500 a second.",
        ),
        |params| params.rate,
        |params, value| params.rate = value,
    ),
];
