//! What a reader may turn and do in the fairness-by-key lab, and its charts.

use core::time::Duration;

use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Action, Chart, Line, LineStyle};
use crate::scene::State;

/// What each quiet customer asks for, in requests a second.
pub(super) const QUIET: f64 = 10.0;
/// Every bucket holds what drips into it in this many seconds.
const DEPTH: f64 = 2.0;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    /// Requests a second that a greedy customer sends.
    pub(super) greedy: f64,
    /// Customers in all, the greedy one among them.
    pub(super) customers: f64,
    /// Requests a second that the service can take.
    pub(super) limit: f64,
    /// What each key gets, as a multiple of the limit divided by the customers.
    pub(super) share: f64,
    /// Keys remembered at most.
    pub(super) keys: f64,
    /// Greedy customers use a new key for each request from the start.
    pub(super) rotate: bool,
}

/// The quiet ones fit into the limit, and one loop alone would fill it three times.
impl Default for Params {
    fn default() -> Self {
        Self {
            greedy: 300.0,
            customers: 9.0,
            limit: 100.0,
            share: 2.0,
            keys: 100.0,
            rotate: false,
        }
    }
}

impl Params {
    /// Customers in all, at least 2.
    pub(super) fn customers(&self) -> usize {
        self.customers as usize
    }

    /// Requests a second that each key may have.
    pub(super) fn per_key(&self) -> f64 {
        self.share * self.limit / self.customers
    }

    /// What a bucket refilled at `per_second` holds, in tokens, at least 1.
    pub(super) fn depth(per_second: f64) -> i64 {
        (per_second * DEPTH).round().max(1.0) as i64
    }
}

/// When the mistaken loop of the customer `batch` begins, and how long any such loop lasts.
pub(super) const LOOP_STARTS: Duration = Duration::from_secs(5);
pub(super) const LOOP_LASTS: Duration = Duration::from_secs(15);
/// Loops in one run at most, that of `batch` among them.
pub(super) const LOOPS_MAX: usize = 4;

pub(super) const MORE_GREEDY: usize = 0;

pub(super) const ACTIONS: &[Action] = &[
    Action {
        id: "greedy",
        label: "Another greedy customer",
        help: "One of the quiet customers falls into the same loop for 15 s; three of them can.",
    },
    Action {
        id: "rotate-keys",
        label: "Rotate keys",
        help: "From now on greedy customers use a new key for each request.",
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
        title: "Success rate of the quiet customers",
        unit: "%",
        top: 100.0,
        lines: &[
            line("per key", State::Served, LineStyle::Broad),
            line("one bucket", State::Rejected, LineStyle::Line),
            line("both", State::Selected, LineStyle::Line),
        ],
    },
    Chart {
        title: "Admitted from greedy customers",
        unit: "/s",
        top: 110.0,
        lines: &[
            line("greedy per key", State::Served, LineStyle::Broad),
            line("greedy in one bucket", State::Rejected, LineStyle::Line),
            line("greedy under both", State::Selected, LineStyle::Line),
            line("limit", State::Neutral, LineStyle::Reference),
        ],
    },
];

const GREEDY: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "greedy",
        label: "Greedy customer",
        unit: "/s",
        help: "Requests a second while the retry loop runs.",
        range: Range::Log {
            min: 1.0,
            max: 1_000.0,
        },
    },
    get: |params| params.greedy,
    set: |params, value| params.greedy = value,
};

const CUSTOMERS: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "customers",
        label: "Customers",
        unit: "",
        help: "How many there are, the greedy one among them; the others ask 10 a second each.",
        range: Range::Linear {
            min: 2.0,
            max: 200.0,
            step: 1.0,
        },
    },
    get: |params| params.customers,
    set: |params, value| params.customers = value,
};

const LIMIT: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "limit",
        label: "Limit",
        unit: "/s",
        help: "Requests a second from all customers together; a bucket holds two seconds of it.",
        range: Range::Log {
            min: 10.0,
            max: 3_000.0,
        },
    },
    get: |params| params.limit,
    set: |params, value| params.limit = value,
};

const SHARE: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "share",
        label: "Share per key",
        unit: "× equal",
        help: "What each key may have, in equal parts of the limit; above 1, all together may have more.",
        range: Range::Linear {
            min: 0.25,
            max: 5.0,
            step: 0.25,
        },
    },
    get: |params| params.share,
    set: |params, value| params.share = value,
};

const KEYS: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "keys",
        label: "Keys remembered",
        unit: "",
        help: "At most so many; for a new one the key unused for longest is forgotten.",
        range: Range::Log {
            min: 1.0,
            max: 500.0,
        },
    },
    get: |params| params.keys,
    set: |params, value| params.keys = value.round(),
};

const ROTATE: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "rotate",
        label: "Rotating keys",
        unit: "",
        help: "Greedy customers use a new key for each request, so that each finds a full bucket.",
        range: Range::Toggle,
    },
    get: |params| f64::from(params.rotate),
    set: |params, value| params.rotate = value >= 0.5,
};

pub(super) const KNOBS: &[Knob<Params>] = &[GREEDY, CUSTOMERS, LIMIT, SHARE, KEYS, ROTATE];
