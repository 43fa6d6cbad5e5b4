//! What a reader may turn and do in the lab on metastable failure, and its charts.

use core::time::Duration;

use clock::Instant;

use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Action, Chart, Line, LineStyle};
use crate::overload::picture::{Layout, Spot};
use crate::overload::words::Names;
use crate::overload::{Config, Count, Fault, Gauge, Guard, Link, Service, Trouble, Turn};
use crate::scene::State;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    /// Requests of clients a second.
    pub(super) rate: f64,
    /// Attempts a client makes in all.
    pub(super) attempts: f64,
    /// How long a client waits for one attempt, in milliseconds.
    pub(super) time_out: f64,
    /// Calls that may wait for a place.
    pub(super) queue: f64,
    /// The one that came last is served first.
    pub(super) last_first: bool,
    /// The service is told of calls that nobody waits for any more.
    pub(super) cancels: bool,
    /// A spike of requests instead of a slow service.
    pub(super) spike: bool,
    /// How long the trigger lasts, in seconds.
    pub(super) lasts: f64,
}

/// Four fifths busy, three attempts, and a queue that nobody ever looked at.
impl Default for Params {
    fn default() -> Self {
        Self {
            rate: 160.0,
            attempts: 3.0,
            time_out: 1_000.0,
            queue: 1_000.0,
            last_first: false,
            cancels: false,
            spike: false,
            lasts: 2.0,
        }
    }
}

const FROM: Instant = Instant::from_millis(10_000);
/// A slow service takes so many times as long.
const SLOWER: f64 = 4.0;
/// A spike brings so many times the requests.
const SPIKE: f64 = 3.0;

pub(super) const LAYOUT: Layout = Layout {
    names: Names {
        services: &["shop"],
        links: &["to the shop"],
    },
    spots: &[Spot {
        row: 0,
        from: 0.0,
        width: 1.0,
        short: "shop",
    }],
    rows: 1,
    apart: 4.6,
};

impl Params {
    pub(super) fn config(&self) -> Config {
        let lasts = Duration::from_millis((self.lasts * 1e3) as u64);
        let turn = |from, rate| Turn { from, rate };
        Config {
            rate: self.rate,
            turns: if self.spike {
                vec![turn(FROM, SPIKE * self.rate), turn(FROM + lasts, self.rate)]
            } else {
                Vec::new()
            },
            kinds: 1,
            services: vec![Service {
                places: 20,
                queue: self.queue as u32,
                work: Duration::from_millis(100),
                calls: &[],
                guard: Guard::None,
                last_first: self.last_first,
            }],
            links: vec![Link {
                attempts: self.attempts as u32,
                cancels: self.cancels,
                ..Link::bare(0, Duration::from_millis(self.time_out as u64))
            }],
            // A spike is a fault of the clients: the service takes as long as ever.
            faults: vec![Fault {
                service: 0,
                from: FROM,
                lasts,
                what: Trouble::Slow(if self.spike { 1.0 } else { SLOWER }),
            }],
        }
    }
}

pub(super) const ACTIONS: &[Action] = &[
    Action {
        id: "drain",
        label: "Turn clients away for 3 s",
        help: "Whoever asks within the next 3 s is refused at the door; the service works off what it has.",
    },
    Action {
        id: "restart",
        label: "Restart the shop",
        help: "The service forgets all it has and refuses connections for 1 s.",
    },
];

pub(super) const GAUGES: &[Gauge] = &[
    Gauge::Rate(Count::Sent(0)),
    Gauge::Rate(Count::Asked),
    Gauge::Capacity(0),
    Gauge::Rate(Count::Wasted(0)),
    Gauge::Rate(Count::Good),
    Gauge::Queue(0),
];

/// The line of the charts after those of the gauges.
pub(super) const NO_RETURN: usize = GAUGES.len();

pub(super) const CHARTS: &[Chart] = &[
    Chart {
        title: "Requests in the last second",
        unit: "/s",
        top: 250.0,
        lines: &[
            Line::new("attempts", State::Retried, LineStyle::Line),
            Line::new("asked", State::Muted, LineStyle::Broad),
            Line::new("capacity", State::Selected, LineStyle::Reference),
            Line::new("begun for nobody", State::TimedOut, LineStyle::Line),
            Line::new("succeeded", State::Served, LineStyle::Line),
        ],
    },
    Chart {
        title: "Queue",
        unit: "calls",
        top: 200.0,
        lines: &[
            Line::new("in queue", State::Waiting, LineStyle::Area),
            Line::new("no way back", State::Rejected, LineStyle::Reference),
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
            "How often a client tries in all, each time at once after the last.",
        ),
        |params| params.attempts,
        |params, value| params.attempts = value,
    ),
    Knob::new(
        KnobSpec::new(
            "queue",
            "Queue",
            "calls",
            Range::Log {
                min: 10.0,
                max: 5_000.0,
            },
            "Calls that may wait at the service; one more gets an error at once.",
        ),
        |params| params.queue,
        |params, value| params.queue = value,
    ),
    Knob::new(
        KnobSpec::new(
            "timeout",
            "Time-out",
            "ms",
            Range::Log {
                min: 100.0,
                max: 10_000.0,
            },
            "How long a client waits for one attempt.",
        ),
        |params| params.time_out,
        |params, value| params.time_out = value,
    ),
    Knob::new(
        KnobSpec::new(
            "order",
            "First served",
            "",
            Range::Choice(&["first come", "last come"]),
            "Who is served next of those that wait.",
        ),
        |params| f64::from(params.last_first),
        |params, value| params.last_first = value >= 0.5,
    ),
    Knob::new(
        KnobSpec::new(
            "cancels",
            "Time-outs",
            "",
            Range::Choice(&["not told", "told"]),
            "Whether the service hears of calls that nobody waits for any more, and drops them.",
        ),
        |params| f64::from(params.cancels),
        |params, value| params.cancels = value >= 0.5,
    ),
    Knob::new(
        KnobSpec::new(
            "rate",
            "Requests",
            "/s",
            linear(20.0, 200.0, 10.0),
            "Requests of clients; the service can do 200 a second.",
        ),
        |params| params.rate,
        |params, value| params.rate = value,
    ),
    Knob::new(
        KnobSpec::new(
            "trigger",
            "Trigger",
            "",
            Range::Choice(&["4 × slower", "3 × requests"]),
            "What goes wrong at second 10: the service gets slow, or more clients come.",
        ),
        |params| f64::from(params.spike),
        |params, value| params.spike = value >= 0.5,
    ),
    Knob::new(
        KnobSpec::new(
            "lasts",
            "It lasts",
            "s",
            linear(0.5, 10.0, 0.5),
            "How long the trigger lasts.",
        ),
        |params| params.lasts,
        |params, value| params.lasts = value,
    ),
];
