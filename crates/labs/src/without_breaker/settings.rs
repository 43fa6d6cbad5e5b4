//! What a reader may turn and do in the lab without a breaker, and its charts.

use core::time::Duration;

use clock::Instant;

use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Action, Chart, Line, LineStyle};
use crate::overload::breakers;
use crate::overload::picture::{Layout, Spot};
use crate::overload::words::Names;
use crate::overload::{Config, Count, Fault, Gauge, Guard, Link, Service, Trouble};
use crate::scene::State;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    /// Which breaker stands before payments; see [`breakers::CHOICES`].
    pub(super) breaker: f64,
    /// Requests of clients a second.
    pub(super) rate: f64,
    /// How long the shop waits for either service, in milliseconds.
    pub(super) time_out: f64,
    /// So many times longer payments take while they are slow.
    pub(super) slow: f64,
    /// Calls to payments under way at once; 0 for any number.
    pub(super) bulkhead: f64,
    /// Places of the shop.
    pub(super) places: f64,
}

/// A shop that waits a second for payments, which is what hystrix-go takes if nobody says otherwise.
impl Default for Params {
    fn default() -> Self {
        Self {
            breaker: 0.0,
            rate: 120.0,
            time_out: 1_000.0,
            slow: 40.0,
            bulkhead: 0.0,
            places: 40.0,
        }
    }
}

const SHOP: usize = 0;
pub(super) const PAYMENTS: usize = 1;
const CATALOGUE: usize = 2;

/// When payments get slow by themselves, and for how long.
const FROM: Instant = Instant::from_millis(8_000);
const LASTS: Duration = Duration::from_secs(10);
/// How long what the reader does lasts.
pub(super) const WHILE: Duration = Duration::from_secs(5);

pub(super) const LAYOUT: Layout = Layout {
    names: Names {
        services: &["shop", "payments", "catalogue"],
        links: &["to the shop", "to payments", "to the catalogue"],
    },
    spots: &[
        spot(0, 0.0, 1.0, "shop"),
        spot(1, 0.0, 0.5, "pay"),
        spot(1, 0.5, 0.5, "cat"),
    ],
    rows: 2,
    apart: 5.5,
};

const fn spot(row: u8, from: f32, width: f32, short: &'static str) -> Spot {
    Spot {
        row,
        from,
        width,
        short,
    }
}

impl Params {
    pub(super) fn config(&self) -> Config {
        let millis = Duration::from_millis;
        let service = |places, queue, work, calls| Service {
            places,
            queue,
            work: millis(work),
            calls,
            guard: Guard::None,
            last_first: false,
        };
        let link = |to, time_out| Link::bare(to, millis(time_out));
        let time_out = self.time_out as u64;
        Config {
            rate: self.rate,
            turns: Vec::new(),
            kinds: 2,
            services: vec![
                service(self.places as u32, 200, 5, &[PAYMENTS, CATALOGUE]),
                service(20, 1_000, 50, &[]),
                service(20, 1_000, 20, &[]),
            ],
            links: vec![
                link(SHOP, 2_000),
                Link {
                    bulkhead: self.bulkhead as u32,
                    breaker: breakers::policy(self.breaker),
                    ..link(PAYMENTS, time_out)
                },
                link(CATALOGUE, time_out),
            ],
            faults: vec![Fault {
                service: PAYMENTS,
                from: FROM,
                lasts: LASTS,
                what: Trouble::Slow(self.slow),
            }],
        }
    }
}

pub(super) const ACTIONS: &[Action] = &[
    Action {
        id: "slow",
        label: "Payments slow for 5 s",
        help: "The work of payments takes longer, by the knob, for the next 5 s.",
    },
    Action {
        id: "crash",
        label: "Payments down for 5 s",
        help: "Payments refuse every connection for the next 5 s: an error that costs no time.",
    },
];

pub(super) const GAUGES: &[Gauge] = &[
    Gauge::Rate(Count::AskedOther),
    Gauge::GoodFirst,
    Gauge::Rate(Count::GoodOther),
    Gauge::Places(SHOP),
    Gauge::Busy(SHOP),
    Gauge::Queue(SHOP),
];

pub(super) const CHARTS: &[Chart] = &[
    Chart {
        title: "Requests in the last second",
        unit: "/s",
        top: 80.0,
        lines: &[
            Line::new("ask catalogue", State::Muted, LineStyle::Broad),
            Line::new("payments served", State::Selected, LineStyle::Line),
            Line::new("catalogue served", State::Served, LineStyle::Line),
        ],
    },
    Chart {
        title: "The shop",
        unit: "requests",
        top: 60.0,
        lines: &[
            Line::new("places", State::Muted, LineStyle::Reference),
            Line::new("places taken", State::Waiting, LineStyle::Area),
            Line::new("in queue", State::Rejected, LineStyle::Line),
        ],
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
            "The breaker between the shop and payments: at least 20 calls, half of them errors or time-outs, then 5 s open.",
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
                max: 10_000.0,
            },
            "How long the shop waits for payments or the catalogue.",
        ),
        |params| params.time_out,
        |params, value| params.time_out = value,
    ),
    Knob::new(
        KnobSpec::new(
            "bulkhead",
            "Bulkhead",
            "calls",
            linear(0.0, 40.0, 1.0),
            "Calls to payments that may be under way at once; 0 for any number.",
        ),
        |params| params.bulkhead,
        |params, value| params.bulkhead = value,
    ),
    Knob::new(
        KnobSpec::new(
            "rate",
            "Requests",
            "/s",
            linear(20.0, 400.0, 10.0),
            "Requests of clients, half of them for payments and half for the catalogue.",
        ),
        |params| params.rate,
        |params, value| params.rate = value,
    ),
    Knob::new(
        KnobSpec::new(
            "slow",
            "Slower",
            "×",
            linear(1.0, 100.0, 1.0),
            "So many times longer payments take from second 8 to second 18.",
        ),
        |params| params.slow,
        |params, value| params.slow = value,
    ),
    Knob::new(
        KnobSpec::new(
            "places",
            "Places",
            "",
            linear(10.0, 400.0, 10.0),
            "Requests the shop can hold at once: its threads, or its connections.",
        ),
        |params| params.places,
        |params, value| params.places = value,
    ),
];
