//! What a reader may turn and do in the distributed-limiter lab, and its charts.

use core::time::Duration;

use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Action, Chart, Line, LineStyle};
use crate::scene::State;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    /// Who counts.
    pub(super) kind: Kind,
    /// Mean requests a second that arrive, over all instances.
    pub(super) offered: f64,
    /// How many instances there are at the start.
    pub(super) instances: f64,
    /// The balancer draws an instance instead of taking them in turn.
    pub(super) random: bool,
    /// Requests a second the customer may make, over all instances.
    pub(super) limit: f64,
    /// Tokens the customer's bucket holds.
    pub(super) burst: f64,
    /// Mean round trip to the store, in milliseconds.
    pub(super) latency: f64,
    /// Ways to the store and back are spread exponentially instead of being equally long.
    pub(super) jitter: bool,
    /// Messages lost on their way, in per cent.
    pub(super) loss: f64,
    /// How long an instance waits for the store, in milliseconds.
    pub(super) timeout: f64,
    /// Without an answer, reject instead of admitting.
    pub(super) closed: bool,
    /// Tokens an instance fetches at once.
    pub(super) batch: f64,
    /// The instance reads the bucket, decides and writes it back, instead of the store deciding in one step.
    pub(super) two_steps: bool,
}

/// Who counts, in the order of the knob's choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Each instance on its own, with its share of the rate.
    Share,
    /// Each instance on its own, with the whole rate.
    Whole,
    /// One store, asked about every request.
    Store,
    /// One store, from which instances fetch tokens in batches.
    Batches,
}

const KINDS: [Kind; 4] = [Kind::Share, Kind::Whole, Kind::Store, Kind::Batches];

/// A customer at more than twice its limit, counted by a store over a network that now and then loses a message.
impl Default for Params {
    fn default() -> Self {
        Self {
            kind: Kind::Store,
            offered: 240.0,
            instances: 4.0,
            random: false,
            limit: 100.0,
            burst: 50.0,
            latency: 10.0,
            jitter: true,
            loss: 1.0,
            timeout: 50.0,
            closed: false,
            batch: 10.0,
            two_steps: false,
        }
    }
}

impl Params {
    /// Instances at the start.
    pub(super) fn instances(&self) -> usize {
        self.instances as usize
    }

    /// How long an instance waits for the store.
    pub(super) fn timeout(&self) -> Duration {
        Duration::from_secs_f64(self.timeout / 1_000.0)
    }

    /// Tokens an instance fetches at once: never more than the bucket can hold, which would be refused for ever.
    pub(super) fn batch(&self) -> u32 {
        self.batch.min(self.burst) as u32
    }

    /// Whether instances ever talk to the store.
    pub(super) fn asks(&self) -> bool {
        matches!(self.kind, Kind::Store | Kind::Batches)
    }
}

pub(super) const STORE_DOWN: usize = 0;
pub(super) const KILL: usize = 1;
pub(super) const PARTITION: usize = 2;

/// How long the store stays down, and how long an instance is cut off from it.
pub(super) const OUTAGE: Duration = Duration::from_secs(3);
pub(super) const CUT: Duration = Duration::from_secs(5);

pub(super) const ACTIONS: &[Action] = &[
    Action {
        id: "store-down",
        label: "Store down for 3 s",
        help: "No message that reaches the store within the next 3 s is answered; the bucket itself is kept.",
    },
    Action {
        id: "kill",
        label: "Kill an instance",
        help: "The last instance stops, with all it was doing; the balancer passes it over. One always stays.",
    },
    Action {
        id: "partition",
        label: "Cut instance 1 off for 5 s",
        help: "The first instance still gets requests, but no message passes between it and the store.",
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
        title: "Requests in the last second",
        unit: "/s",
        top: 150.0,
        lines: &[
            line("one ideal bucket", State::Muted, LineStyle::Broad),
            line("limit", State::Selected, LineStyle::Reference),
            line("rejected", State::Rejected, LineStyle::Line),
            line("admitted", State::Served, LineStyle::Line),
        ],
    },
    Chart {
        title: "Round trips, and decisions without an answer",
        unit: "/s",
        top: 10.0,
        lines: &[
            line("asks of the store", State::Waiting, LineStyle::Line),
            line("decided without it", State::TimedOut, LineStyle::Area),
        ],
    },
];

type Get = fn(&Params) -> f64;
type Set = fn(&mut Params, f64);

const fn knob(spec: KnobSpec, get: Get, set: Set) -> Knob<Params> {
    Knob { spec, get, set }
}

const fn spec(
    id: &'static str,
    label: &'static str,
    unit: &'static str,
    range: Range,
    help: &'static str,
) -> KnobSpec {
    KnobSpec {
        id,
        label,
        unit,
        help,
        range,
    }
}

const fn log(min: f64, max: f64) -> Range {
    Range::Log { min, max }
}

const fn linear(min: f64, max: f64, step: f64) -> Range {
    Range::Linear { min, max, step }
}

const KIND: Range = Range::Choice(&["a share each", "the whole each", "ask store", "batches"]);

pub(super) const KNOBS: &[Knob<Params>] = &[
    knob(
        spec(
            "kind",
            "Who counts",
            "",
            KIND,
            "Each instance alone, with its share of the limit or with the whole of it; or one store, asked about every request, or for batches of tokens ahead of them.",
        ),
        |params| params.kind as usize as f64,
        |params, value| params.kind = KINDS[(value as usize).min(KINDS.len() - 1)],
    ),
    knob(
        spec(
            "offered",
            "Offered load",
            "/s",
            log(10.0, 1_000.0),
            "Requests of the customer that arrive each second, at random, over all instances.",
        ),
        |params| params.offered,
        |params, value| params.offered = value,
    ),
    knob(
        spec(
            "instances",
            "Instances",
            "",
            linear(1.0, 6.0, 1.0),
            "How many instances of the gateway stand behind the load balancer.",
        ),
        |params| params.instances,
        |params, value| params.instances = value,
    ),
    knob(
        spec(
            "latency",
            "Round trip",
            "ms",
            log(1.0, 50.0),
            "Mean time from asking the store to its answer; half of it each way.",
        ),
        |params| params.latency,
        |params, value| params.latency = value,
    ),
    knob(
        spec(
            "loss",
            "Messages lost",
            "%",
            linear(0.0, 20.0, 0.5),
            "Share of the messages to and from the store that never arrive.",
        ),
        |params| params.loss,
        |params, value| params.loss = value,
    ),
    knob(
        spec(
            "timeout",
            "Time-out",
            "ms",
            log(5.0, 500.0),
            "How long an instance waits for the store before it decides without it.",
        ),
        |params| params.timeout,
        |params, value| params.timeout = value,
    ),
    knob(
        spec(
            "fail",
            "No answer",
            "",
            Range::Choice(&["fail open", "fail closed"]),
            "What an instance does that gets no answer in time: admit the request, or reject it.",
        ),
        |params| f64::from(params.closed),
        |params, value| params.closed = value >= 0.5,
    ),
    knob(
        spec(
            "update",
            "Update",
            "",
            Range::Choice(&["atomic", "read, then write"]),
            "The store decides in one step; or the instance reads the bucket, decides, and writes it back in a second round trip.",
        ),
        |params| f64::from(params.two_steps),
        |params, value| params.two_steps = value >= 0.5,
    ),
    knob(
        spec(
            "batch",
            "Batch",
            "tokens",
            linear(1.0, 50.0, 1.0),
            "Tokens an instance fetches at once, when half of the last batch is used up.",
        ),
        |params| params.batch,
        |params, value| params.batch = value,
    ),
    knob(
        spec(
            "limit",
            "Limit",
            "/s",
            log(10.0, 1_000.0),
            "Requests a second that the customer may make, over all instances.",
        ),
        |params| params.limit,
        |params, value| params.limit = value,
    ),
    knob(
        spec(
            "burst",
            "Burst",
            "tokens",
            linear(1.0, 200.0, 1.0),
            "Tokens the customer's bucket holds at most; a share of it where instances have a share each.",
        ),
        |params| params.burst,
        |params, value| params.burst = value,
    ),
    knob(
        spec(
            "balancing",
            "Balancing",
            "",
            Range::Choice(&["in turn", "at random"]),
            "How the load balancer picks the instance for a request.",
        ),
        |params| f64::from(params.random),
        |params, value| params.random = value >= 0.5,
    ),
    knob(
        spec(
            "jitter",
            "Jitter",
            "",
            Range::Choice(&["none", "exponential"]),
            "Every way to the store and back takes equally long; or each is drawn anew, most short and some long.",
        ),
        |params| f64::from(params.jitter),
        |params, value| params.jitter = value >= 0.5,
    ),
];
