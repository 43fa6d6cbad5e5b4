//! What a reader may turn and do in the reserve-and-wait lab, and its charts.

use core::time::Duration;

use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Action, Chart, Line, LineStyle};
use crate::scene::State;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    /// Tokens added a second.
    pub(super) rate: f64,
    /// Tokens the bucket holds at most.
    pub(super) burst: f64,
    /// Requests a second from independent callers, on average.
    pub(super) offered: f64,
    /// Requests in each burst.
    pub(super) size: f64,
    /// Milliseconds that a request with a deadline is ready to wait.
    pub(super) deadline: f64,
    /// Percent of the requests that have a deadline.
    pub(super) hurried: f64,
    /// Percent of the requests that give up while they wait.
    pub(super) fickle: f64,
}

/// A little more than the rate lets through, a quarter of it in bursts.
impl Default for Params {
    fn default() -> Self {
        Self {
            rate: 10.0,
            burst: 5.0,
            offered: 9.0,
            size: 15.0,
            deadline: 1_000.0,
            hurried: 50.0,
            fickle: 15.0,
        }
    }
}

impl Params {
    /// How long a request with a deadline is ready to wait.
    pub(super) fn deadline(&self) -> Duration {
        Duration::from_secs_f64(self.deadline / 1_000.0)
    }
}

pub(super) const ACTIONS: &[Action] = &[
    Action {
        id: "cancel-middle",
        label: "Cancel one in the middle",
        help: "The request with as many before it as behind it gives up: those behind it wait as long as before.",
    },
    Action {
        id: "cancel-last",
        label: "Cancel the last one",
        help: "The last request in the queue gives up: the next to come gets its place.",
    },
    Action {
        id: "send",
        label: "Send 10",
        help: "10 requests, 1 ms apart, set out now.",
    },
];

const fn line(label: &'static str, state: State, style: LineStyle) -> Line {
    Line {
        label,
        state,
        style,
    }
}

pub(super) const CHARTS: &[Chart] = &[
    Chart {
        title: "Waiting",
        unit: "requests",
        top: 10.0,
        lines: &[line("waiting", State::Waiting, LineStyle::Area)],
    },
    Chart {
        title: "Tokens, below zero those owed",
        unit: "tokens",
        top: 5.0,
        lines: &[line("tokens", State::Selected, LineStyle::Area)],
    },
    Chart {
        title: "Wait of the latest to be granted",
        unit: "s",
        top: 2.0,
        lines: &[
            line("deadline", State::Rejected, LineStyle::Reference),
            line("waited", State::Waiting, LineStyle::Step),
        ],
    },
];

const RATE: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "rate",
        label: "Rate",
        unit: "/s",
        help: "Tokens added each second: how quickly the queue moves.",
        range: Range::Log {
            min: 1.0,
            max: 1_000.0,
        },
    },
    get: |params| params.rate,
    set: |params, value| params.rate = value,
};

const BURST: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "burst",
        label: "Burst",
        unit: "tokens",
        help: "Tokens the bucket holds at most: how many need not wait after a pause.",
        range: Range::Linear {
            min: 1.0,
            max: 100.0,
            step: 1.0,
        },
    },
    get: |params| params.burst,
    set: |params, value| params.burst = value,
};

const OFFERED: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "offered",
        label: "Callers",
        unit: "/s",
        help: "Requests that arrive each second from independent callers, apart from bursts.",
        range: Range::Log {
            min: 1.0,
            max: 200.0,
        },
    },
    get: |params| params.offered,
    set: |params, value| params.offered = value,
};

const SIZE: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "burst-size",
        label: "Bursts of",
        unit: "requests",
        help: "Requests that arrive together at 2 s, 8 s, 14 s and so on, 1 ms apart.",
        range: Range::Linear {
            min: 0.0,
            max: 100.0,
            step: 1.0,
        },
    },
    get: |params| params.size,
    set: |params, value| params.size = value,
};

const DEADLINE: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "deadline",
        label: "Deadline",
        unit: "ms",
        help: "How long a request with a deadline is ready to wait; it is refused at once if its turn comes later.",
        range: Range::Log {
            min: 50.0,
            max: 10_000.0,
        },
    },
    get: |params| params.deadline,
    set: |params, value| params.deadline = value,
};

const fn percent(id: &'static str, label: &'static str, help: &'static str) -> KnobSpec {
    KnobSpec {
        id,
        label,
        unit: "%",
        help,
        range: Range::Linear {
            min: 0.0,
            max: 100.0,
            step: 5.0,
        },
    }
}

const HURRIED: Knob<Params> = Knob {
    spec: percent(
        "with-deadline",
        "With a deadline",
        "Share of the requests that have a deadline; the others wait as long as it takes.",
    ),
    get: |params| params.hurried,
    set: |params, value| params.hurried = value,
};

const FICKLE: Knob<Params> = Knob {
    spec: percent(
        "cancelled",
        "Give up",
        "Share of the requests that cancel at some moment of their wait.",
    ),
    get: |params| params.fickle,
    set: |params, value| params.fickle = value,
};

pub(super) const KNOBS: &[Knob<Params>] = &[RATE, BURST, OFFERED, SIZE, DEADLINE, HURRIED, FICKLE];
