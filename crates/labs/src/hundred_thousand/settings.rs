//! What the reader may turn in this lab, and what it records.

use core::time::Duration;

use schedulers::{Config, Costs, Op, Policy, Workload};

use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Chart, Line, LineStyle};
use crate::scene::State;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    pub(super) runtime: f64,
    pub(super) tasks: f64,
    pub(super) processors: f64,
    pub(super) sleep_ms: f64,
    pub(super) work_us: f64,
}

/// 100,000 threads on four processors, each of which sleeps 100 ms and sends a heartbeat.
impl Default for Params {
    fn default() -> Self {
        Self {
            runtime: 2.0,
            tasks: 100_000.0,
            processors: 4.0,
            sleep_ms: 100.0,
            work_us: 1.0,
        }
    }
}

impl Params {
    pub(super) fn config(&self) -> Config {
        let (policy, costs) = match self.runtime as u32 {
            0 => (Policy::Go, Costs::GO),
            1 => (Policy::Tokio, Costs::TOKIO),
            _ => (Policy::Threads, Costs::THREADS),
        };
        Config::new(policy, self.processors as u32, costs)
    }

    /// The first task starts the others and waits for them; each sleeps, and then has a little to do.
    pub(super) fn workload(&self) -> Workload {
        let spawn = Op::Spawn {
            program: 1,
            count: self.tasks as u32,
        };
        let sleep = Op::Sleep(Duration::from_nanos((self.sleep_ms * 1e6) as u64));
        let work = Op::RunRandom(Duration::from_nanos((self.work_us * 1e3) as u64));
        Workload::of(vec![vec![spawn, Op::WaitAll], vec![sleep, work]])
    }
}

const fn line(label: &'static str, state: State) -> Line {
    Line {
        label,
        state,
        style: LineStyle::Step,
    }
}

/// What is drawn over time.
pub(super) const CHARTS: &[Chart] = &[
    Chart {
        title: "Tasks",
        unit: "",
        top: 10.0,
        lines: &[
            line("asleep", State::Neutral),
            line("ready", State::Waiting),
            line("done", State::Muted),
        ],
    },
    Chart {
        title: "Memory in use, at the most so far",
        unit: "MB",
        top: 10.0,
        lines: &[line("resident", State::Selected)],
    },
];

/// What the reader may turn.
pub(super) const KNOBS: &[Knob<Params>] = &[
    Knob {
        spec: KnobSpec {
            id: "runtime",
            label: "Each task is",
            unit: "",
            help: "A goroutine under Go's scheduler, a task of tokio, or a thread that the kernel schedules.",
            range: Range::Choice(&["a goroutine", "a tokio task", "a thread"]),
        },
        get: |params| params.runtime,
        set: |params, value| params.runtime = value,
    },
    Knob {
        spec: KnobSpec {
            id: "tasks",
            label: "Tasks",
            unit: "",
            help: "Started one after the other by the first task.",
            range: Range::Log {
                min: 5.0,
                max: 100_000.0,
            },
        },
        get: |params| params.tasks,
        set: |params, value| params.tasks = value,
    },
    Knob {
        spec: KnobSpec {
            id: "processors",
            label: "Processors",
            unit: "",
            help: "Ps in Go, workers in tokio, processors of the kernel.",
            range: Range::Linear {
                min: 1.0,
                max: 16.0,
                step: 1.0,
            },
        },
        get: |params| params.processors,
        set: |params, value| params.processors = value,
    },
    Knob {
        spec: KnobSpec {
            id: "sleep",
            label: "Sleep",
            unit: "ms",
            help: "How long each sleeps before its heartbeat.",
            range: Range::Linear {
                min: 0.0,
                max: 5_000.0,
                step: 50.0,
            },
        },
        get: |params| params.sleep_ms,
        set: |params, value| params.sleep_ms = value,
    },
    Knob {
        spec: KnobSpec {
            id: "work",
            label: "Work",
            unit: "µs",
            help: "How long a heartbeat computes, on average; times are drawn from an exponential distribution.",
            range: Range::Log {
                min: 0.1,
                max: 1_000.0,
            },
        },
        get: |params| params.work_us,
        set: |params, value| params.work_us = value,
    },
];
