//! What the reader may turn in this lab, and what it records.

use core::time::Duration;

use schedulers::{Config, Costs, Op, Policy, Workload};

use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Chart, Line, LineStyle};
use crate::scene::State;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    pub(super) scheduler: f64,
    pub(super) tasks: f64,
    pub(super) work_us: f64,
    pub(super) yields: f64,
    pub(super) tick: f64,
}

/// Ten goroutines, each of which computes for 20 µs on average.
impl Default for Params {
    fn default() -> Self {
        Self {
            scheduler: 0.0,
            tasks: 10.0,
            work_us: 20.0,
            yields: 0.0,
            tick: 1.0,
        }
    }
}

impl Params {
    pub(super) fn is_go(&self) -> bool {
        self.scheduler < 0.5
    }

    pub(super) fn config(&self) -> Config {
        let (policy, costs) = match self.scheduler as u32 {
            0 => (Policy::Go, Costs::GO),
            1 => (Policy::Tokio, Costs::TOKIO),
            _ => (Policy::TokioCurrent, Costs::TOKIO),
        };
        Config {
            first_tick: if self.is_go() { self.tick as u32 } else { 0 },
            ..Config::new(policy, 1, costs)
        }
    }

    /// The first task starts the others and waits for them.
    pub(super) fn workload(&self) -> Workload {
        let spawn = Op::Spawn {
            program: 1,
            count: self.tasks as u32,
        };
        let work = Duration::from_nanos((self.work_us * 1e3) as u64);
        let mut task = vec![Op::RunRandom(work)];
        for _ in 0..self.yields as u32 {
            task.extend([Op::Yield, Op::RunRandom(work)]);
        }
        Workload::of(vec![vec![spawn, Op::WaitAll], task])
    }
}

/// What is drawn over time.
pub(super) const CHARTS: &[Chart] = &[Chart {
    title: "Tasks that can run and wait",
    unit: "tasks",
    top: 4.0,
    lines: &[
        Line {
            label: "slot and own queue",
            state: State::Waiting,
            style: LineStyle::Step,
        },
        Line {
            label: "shared queue",
            state: State::Moved,
            style: LineStyle::Step,
        },
    ],
}];

/// What the reader may turn.
pub(super) const KNOBS: &[Knob<Params>] = &[
    Knob {
        spec: KnobSpec {
            id: "scheduler",
            label: "Scheduler",
            unit: "",
            help: "Go on one P; tokio's multi-thread scheduler with one worker; tokio's current-thread scheduler.",
            range: Range::Choice(&["Go", "tokio", "tokio, current thread"]),
        },
        get: |params| params.scheduler,
        set: |params, value| params.scheduler = value,
    },
    Knob {
        spec: KnobSpec {
            id: "tasks",
            label: "Tasks started",
            unit: "",
            help: "How many the first task starts before it waits. A queue of its own has 256 places.",
            range: Range::Linear {
                min: 1.0,
                max: 1_000.0,
                step: 1.0,
            },
        },
        get: |params| params.tasks,
        set: |params, value| params.tasks = value,
    },
    Knob {
        spec: KnobSpec {
            id: "work",
            label: "Work",
            unit: "µs",
            help: "How long a task computes on average; times are exponential.",
            range: Range::Log {
                min: 0.5,
                max: 100.0,
            },
        },
        get: |params| params.work_us,
        set: |params, value| params.work_us = value,
    },
    Knob {
        spec: KnobSpec {
            id: "yields",
            label: "Steps aside",
            unit: "times",
            help: "How often each task calls Gosched or yield_now and computes again.",
            range: Range::Linear {
                min: 0.0,
                max: 5.0,
                step: 1.0,
            },
        },
        get: |params| params.yields,
        set: |params, value| params.yields = value,
    },
    Knob {
        spec: KnobSpec {
            id: "tick",
            label: "Go: tick at the start",
            unit: "",
            help: "How many decisions the P has made when the run begins; every 61st looks at the shared queue first.",
            range: Range::Linear {
                min: 0.0,
                max: 60.0,
                step: 1.0,
            },
        },
        get: |params| params.tick,
        set: |params, value| params.tick = value,
    },
];
