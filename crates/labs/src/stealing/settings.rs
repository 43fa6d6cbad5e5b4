//! What the reader may turn in this lab, and what it records.

use core::time::Duration;

use clock::Instant;
use schedulers::{Config, Costs, Op, Policy, Workload};
use sim::{Arrivals, Rng};

use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Chart, Line, LineStyle};
use crate::scene::State;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    pub(super) runtime: f64,
    pub(super) stealing: f64,
    pub(super) processors: f64,
    pub(super) load: f64,
    pub(super) work_us: f64,
    pub(super) skew: f64,
}

/// Four processors at 70 %, to which tasks of 200 µs come by lot, and each processor keeps to itself.
impl Default for Params {
    fn default() -> Self {
        Self {
            runtime: 0.0,
            stealing: 0.0,
            processors: 4.0,
            load: 70.0,
            work_us: 200.0,
            skew: 0.0,
        }
    }
}

impl Params {
    pub(super) fn config(&self) -> Config {
        let (policy, costs) = if self.runtime < 0.5 {
            (Policy::Go, Costs::GO)
        } else {
            (Policy::Tokio, Costs::TOKIO)
        };
        Config {
            stealing: self.stealing > 0.5,
            ..Config::new(policy, self.processors as u32, costs)
        }
    }

    /// Tasks for so long, each at a processor by lot.
    pub(super) fn workload(&self, seed: u64, until: Duration) -> Workload {
        let per_second = self.load / 100.0 * self.processors / (self.work_us * 1e-6);
        let arrivals = Arrivals::Poisson { per_second }.start(Rng::stream(seed, "arrivals"));
        let times: Vec<(Instant, u16)> = arrivals
            .take_while(|&at| at < Instant::ZERO + until)
            .map(|at| (at, 0))
            .collect();
        let mut lots = Rng::stream(seed, "landing");
        let landing = times.iter().map(|_| {
            let first = lots.chance(self.skew / 100.0);
            let lot = lots.below(self.processors as u64) as u32;
            if first { 0 } else { lot }
        });
        let landing = landing.collect();
        let work = Duration::from_nanos((self.work_us * 1e3) as u64);
        Workload::arriving(vec![vec![Op::RunRandom(work)]], times).landing_on(landing)
    }
}

const fn line(label: &'static str, state: State) -> Line {
    Line {
        label,
        state,
        style: LineStyle::Line,
    }
}

/// What is drawn over time.
pub(super) const CHARTS: &[Chart] = &[
    Chart {
        title: "Tasks that wait",
        unit: "",
        top: 10.0,
        lines: &[
            line("in all", State::Waiting),
            line("in the longest queue", State::Moved),
        ],
    },
    Chart {
        title: "From arrival to end, of all so far",
        unit: "µs",
        top: 1_000.0,
        lines: &[
            line("99 of 100", State::TimedOut),
            line("median", State::Served),
        ],
    },
];

/// What the reader may turn.
pub(super) const KNOBS: &[Knob<Params>] = &[
    Knob {
        spec: KnobSpec {
            id: "stealing",
            label: "Stealing",
            unit: "",
            help: "A processor without work takes half of another's queue.",
            range: Range::Toggle,
        },
        get: |params| params.stealing,
        set: |params, value| params.stealing = value,
    },
    Knob {
        spec: KnobSpec {
            id: "skew",
            label: "All to the first",
            unit: "%",
            help: "So many tasks come to processor 0; for the others lots are drawn.",
            range: Range::Linear {
                min: 0.0,
                max: 100.0,
                step: 5.0,
            },
        },
        get: |params| params.skew,
        set: |params, value| params.skew = value,
    },
    Knob {
        spec: KnobSpec {
            id: "load",
            label: "Load",
            unit: "%",
            help: "How busy all processors together would be on average.",
            range: Range::Linear {
                min: 10.0,
                max: 120.0,
                step: 5.0,
            },
        },
        get: |params| params.load,
        set: |params, value| params.load = value,
    },
    Knob {
        spec: KnobSpec {
            id: "processors",
            label: "Processors",
            unit: "",
            help: "Ps in Go, workers in tokio.",
            range: Range::Linear {
                min: 1.0,
                max: 8.0,
                step: 1.0,
            },
        },
        get: |params| params.processors,
        set: |params, value| params.processors = value,
    },
    Knob {
        spec: KnobSpec {
            id: "work",
            label: "Work",
            unit: "µs",
            help: "How long a task computes, on average; times are drawn from an exponential distribution.",
            range: Range::Log {
                min: 10.0,
                max: 2_000.0,
            },
        },
        get: |params| params.work_us,
        set: |params, value| params.work_us = value,
    },
    Knob {
        spec: KnobSpec {
            id: "runtime",
            label: "Scheduler",
            unit: "",
            help: "Both take half of a queue; they search in another order, and wake sleepers by other rules.",
            range: Range::Choice(&["Go", "tokio"]),
        },
        get: |params| params.runtime,
        set: |params, value| params.runtime = value,
    },
];
