//! What a reader may turn in the six-algorithms lab, and its charts.

use core::time::Duration;

use super::LANES;
use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Chart, Line, LineStyle};
use crate::limiters::{
    FIXED_WINDOW, GCRA, LEAKY, SLIDING_COUNTER, SLIDING_LOG, Settings, TOKEN_BUCKET,
};
use crate::scene::State;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    /// Requests a second that are meant to pass.
    pub(super) limit: f64,
    /// Length of a window, in seconds.
    pub(super) window: f64,
    /// Mean requests a second that arrive.
    pub(super) offered: f64,
    /// How they arrive.
    pub(super) pattern: Pattern,
    /// The leaky bucket only watches, instead of queueing.
    pub(super) meter: bool,
}

/// How requests arrive, in the order of the knob's choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// In bursts, in turn across the edge of a window and in the middle of one.
    Boundary,
    /// From independent callers.
    Poisson,
    /// Evenly spaced.
    Steady,
    /// In bursts that know nothing of windows.
    Bursts,
}

const PATTERNS: [Pattern; 4] = [
    Pattern::Boundary,
    Pattern::Poisson,
    Pattern::Steady,
    Pattern::Bursts,
];

/// As much as the limit allows on average, but at the worst moment.
impl Default for Params {
    fn default() -> Self {
        Self {
            limit: 10.0,
            window: 1.0,
            offered: 10.0,
            pattern: Pattern::Boundary,
            meter: false,
        }
    }
}

impl Params {
    /// Requests each limiter is meant to pass in a window, at least 1.
    pub(super) fn allowance(&self) -> u32 {
        (self.limit * self.window).round().max(1.0) as u32
    }

    /// Length of a window.
    pub(super) fn window(&self) -> Duration {
        Duration::from_secs_f64(self.window)
    }

    /// What all limiters are made from.
    pub(super) fn limiter(&self) -> Settings {
        let (allowed, window) = (self.allowance(), self.window());
        Settings {
            per_second: f64::from(allowed) / window.as_secs_f64(),
            allowed,
            window,
            queues: !self.meter,
        }
    }
}

/// Which lane each line of the first chart shows: GCRA broad and below, so that the token bucket is seen to run on top of it.
pub(super) const PASSED_LINES: [usize; LANES] = [
    GCRA,
    FIXED_WINDOW,
    SLIDING_LOG,
    SLIDING_COUNTER,
    LEAKY,
    TOKEN_BUCKET,
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
        title: "Passed in the last window",
        unit: "requests",
        top: 20.0,
        lines: &[
            line("GCRA", State::Muted, LineStyle::Broad),
            line("fixed window", State::Rejected, LineStyle::Line),
            line("sliding log", State::Served, LineStyle::Line),
            line("sliding counter", State::Retried, LineStyle::Line),
            line("leaky bucket", State::Waiting, LineStyle::Line),
            line("token bucket", State::Selected, LineStyle::Line),
            line("limit", State::Neutral, LineStyle::Reference),
        ],
    },
    Chart {
        title: "Memory for each key",
        unit: "bytes",
        top: 100.0,
        lines: &[
            line("sliding log", State::Served, LineStyle::Area),
            line("most of the others", State::Muted, LineStyle::Reference),
        ],
    },
];

const LIMIT: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "limit",
        label: "Limit",
        unit: "/s",
        help: "Requests a second that each limiter is meant to pass.",
        range: Range::Log {
            min: 1.0,
            max: 1_000.0,
        },
    },
    get: |params| params.limit,
    set: |params, value| params.limit = value,
};

const WINDOW: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "window",
        label: "Window",
        unit: "s",
        help: "Over how long the limit is counted; the buckets hold as many requests as pass in this time.",
        range: Range::Linear {
            min: 0.5,
            max: 5.0,
            step: 0.5,
        },
    },
    get: |params| params.window,
    set: |params, value| params.window = value,
};

const OFFERED: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "offered",
        label: "Offered load",
        unit: "/s",
        help: "Requests that arrive each second on average, whatever the pattern.",
        range: Range::Log {
            min: 1.0,
            max: 10_000.0,
        },
    },
    get: |params| params.offered,
    set: |params, value| params.offered = value,
};

const PATTERN: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "arrivals",
        label: "Arrivals",
        unit: "",
        help: "Bursts in turn across the edge of a window and within one; bursts at random; or independent callers (Poisson).",
        range: Range::Choice(&["boundary bursts", "Poisson", "steady", "bursts"]),
    },
    get: |params| f64::from(params.pattern as u8),
    // The value has been clamped to the choices.
    set: |params, value| params.pattern = PATTERNS[value as usize],
};

const LEAKY_KIND: Knob<Params> = Knob {
    spec: KnobSpec {
        id: "leaky-bucket",
        label: "Leaky bucket",
        unit: "",
        help: "As a queue it makes requests wait and passes them on evenly; as a meter it only counts, and decides as GCRA does.",
        range: Range::Choice(&["queue", "meter"]),
    },
    get: |params| f64::from(params.meter),
    set: |params, value| params.meter = value >= 0.5,
};

pub(super) const KNOBS: &[Knob<Params>] = &[LIMIT, OFFERED, PATTERN, WINDOW, LEAKY_KIND];
