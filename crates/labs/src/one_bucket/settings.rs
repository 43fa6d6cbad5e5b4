//! What the reader may turn and do in this lab, and what it records.

use crate::challenge::{Challenge, Goal};
use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Action, Chart, Kind, Line, LineStyle};
use crate::scene::State;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    pub(super) rate: f64,
    pub(super) burst: f64,
    pub(super) offered: f64,
    pub(super) opening: f64,
    pub(super) random: f64,
}

/// The source article's limiter, met by a burst larger than its bucket and then by a little more load than it lets through.
impl Default for Params {
    fn default() -> Self {
        Self {
            rate: 10.0,
            burst: 50.0,
            offered: 12.0,
            opening: 80.0,
            random: 1.0,
        }
    }
}

/// What the reader may do.
pub(super) const ACTIONS: &[Action] = &[
    Action {
        id: "burst",
        label: "Send 80 at once",
        help: "80 requests, 1 ms apart, set out now.",
    },
    Action {
        id: "outage",
        label: "Cut the callers off for 3 s",
        help: "Nothing arrives for 3 s; then everything that was held back arrives together.",
    },
];
/// What the log tells.
pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "admitted",
        state: State::Served,
        landmark: false,
    },
    Kind {
        name: "rejected",
        state: State::Rejected,
        landmark: false,
    },
    Kind {
        name: "bucket empty",
        state: State::Selected,
        landmark: true,
    },
    Kind {
        name: "burst",
        state: State::Neutral,
        landmark: true,
    },
    Kind {
        name: "callers cut off",
        state: State::TimedOut,
        landmark: true,
    },
    Kind {
        name: "callers back",
        state: State::Retried,
        landmark: true,
    },
];

/// What is drawn over time.
pub(super) const CHARTS: &[Chart] = &[
    Chart {
        title: "Requests in the last second",
        unit: "/s",
        top: 20.0,
        lines: &[
            Line {
                label: "offered",
                state: State::Muted,
                style: LineStyle::Broad,
            },
            Line {
                label: "refill rate",
                state: State::Selected,
                style: LineStyle::Reference,
            },
            Line {
                label: "rejected",
                state: State::Rejected,
                style: LineStyle::Line,
            },
            Line {
                label: "admitted",
                state: State::Served,
                style: LineStyle::Line,
            },
        ],
    },
    Chart {
        title: "Tokens in the bucket",
        unit: "tokens",
        top: 10.0,
        lines: &[
            Line {
                label: "tokens",
                state: State::Selected,
                style: LineStyle::Area,
            },
            Line {
                label: "burst",
                state: State::Muted,
                style: LineStyle::Reference,
            },
        ],
    },
];

/// What the reader may turn.
pub(super) const KNOBS: &[Knob<Params>] = &[
    Knob {
        spec: KnobSpec {
            id: "rate",
            label: "Rate",
            unit: "/s",
            help: "Tokens added each second: what gets through in the long run.",
            range: Range::Log {
                min: 1.0,
                max: 10_000.0,
            },
        },
        get: |params| params.rate,
        set: |params, value| params.rate = value,
    },
    Knob {
        spec: KnobSpec {
            id: "burst",
            label: "Burst",
            unit: "tokens",
            help: "Tokens the bucket holds at most: what gets through at once.",
            range: Range::Linear {
                min: 1.0,
                max: 200.0,
                step: 1.0,
            },
        },
        get: |params| params.burst,
        set: |params, value| params.burst = value,
    },
    Knob {
        spec: KnobSpec {
            id: "offered",
            label: "Offered load",
            unit: "/s",
            help: "Requests that arrive each second, apart from bursts.",
            range: Range::Log {
                min: 1.0,
                max: 20_000.0,
            },
        },
        get: |params| params.offered,
        set: |params, value| params.offered = value,
    },
    Knob {
        spec: KnobSpec {
            id: "opening",
            label: "Opening burst",
            unit: "requests",
            help: "Requests that arrive together at 1 s, 1 ms apart.",
            range: Range::Linear {
                min: 0.0,
                max: 500.0,
                step: 10.0,
            },
        },
        get: |params| params.opening,
        set: |params, value| params.opening = value,
    },
    Knob {
        spec: KnobSpec {
            id: "arrivals",
            label: "Arrivals",
            unit: "",
            help: "Evenly spaced, or at random as many independent callers make them (Poisson).",
            range: Range::Choice(&["even", "random"]),
        },
        get: |params| params.random,
        set: |params, value| params.random = value,
    },
];

/// Where the newsletter meets a service with a small queue.
pub(crate) const CHALLENGE: Challenge = Challenge {
    id: "newsletter",
    lab: "one-bucket",
    title: "The newsletter, and what the service can bear",
    task: "Eight requests a second arrive at random, and at one second a newsletter brings 80 more. \
           Behind the bucket stands a service that falls over if it is given more than 70 requests within one second. \
           Choose rate and burst so that it never is, and at most one request in ten is turned away.",
    knobs: &["rate", "burst"],
    given: &[("offered", 8.0), ("opening", 80.0), ("arrivals", 1.0)],
    goals: &[
        Goal {
            label: "at most 70 admitted within any second",
            query: "busiest(admitted, 1) <= 70",
        },
        Goal {
            label: "at most 10 % turned away",
            query: "count(rejected) / count(admitted) <= 0.111",
        },
    ],
    needed: 95,
};
