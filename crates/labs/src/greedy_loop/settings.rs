//! What the reader may turn in this lab.

use core::time::Duration;

use schedulers::{Config, Costs, Op, Policy, Program};

use crate::knob::{Knob, KnobSpec, Range};

/// A loop that awaits does so this often.
const ROUND: Duration = Duration::from_micros(100);

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    pub(super) runtime: f64,
    pub(super) awaits: f64,
    pub(super) loop_ms: f64,
    pub(super) processors: f64,
}

/// One worker of tokio, and twice a loop of 60 ms.
impl Default for Params {
    fn default() -> Self {
        Self {
            runtime: 2.0,
            awaits: 0.0,
            loop_ms: 60.0,
            processors: 1.0,
        }
    }
}

impl Params {
    pub(super) fn config(&self) -> Config {
        let (policy, costs) = match self.runtime as u32 {
            0 | 1 => (Policy::Go, Costs::GO),
            2 => (Policy::Tokio, Costs::TOKIO),
            _ => (Policy::Threads, Costs::THREADS),
        };
        Config {
            preemption: self.runtime < 0.5,
            ..Config::new(policy, self.processors as u32, costs)
        }
    }

    pub(super) fn large(&self) -> Program {
        let all = Duration::from_nanos((self.loop_ms * 1e6) as u64);
        let rounds = (self.loop_ms * 1e6) as u64 / ROUND.as_nanos() as u64;
        let send = Op::Send {
            channel: 0,
            count: 1,
        };
        let repeat = Op::Repeat(rounds as u32);
        match self.awaits as u32 {
            0 => vec![Op::Run(all)],
            1 => vec![Op::Run(ROUND), send, repeat],
            _ => vec![Op::Run(ROUND), Op::Yield, repeat],
        }
    }

    pub(super) fn at_once(&self) -> u32 {
        1
    }
}

/// What the reader may turn.
pub(super) const KNOBS: &[Knob<Params>] = &[
    Knob {
        spec: KnobSpec {
            id: "runtime",
            label: "Scheduler",
            unit: "",
            help: "Go as it is; Go before 1.14, which interrupted nothing; tokio; a thread for each task, in slices of 3 ms.",
            range: Range::Choice(&["Go", "Go before 1.14", "tokio", "threads"]),
        },
        get: |params| params.runtime,
        set: |params, value| params.runtime = value,
    },
    Knob {
        spec: KnobSpec {
            id: "awaits",
            label: "Awaits",
            unit: "",
            help: "Nothing; a channel that always has room, every 100 µs; or yield_now (in Go, Gosched), every 100 µs.",
            range: Range::Choice(&["nothing", "a ready channel", "yield_now"]),
        },
        get: |params| params.awaits,
        set: |params, value| params.awaits = value,
    },
    Knob {
        spec: KnobSpec {
            id: "loop",
            label: "Loop",
            unit: "ms",
            help: "How long it computes; it begins at 5 ms, and again at 105 ms.",
            range: Range::Linear {
                min: 1.0,
                max: 80.0,
                step: 1.0,
            },
        },
        get: |params| params.loop_ms,
        set: |params, value| params.loop_ms = value,
    },
    Knob {
        spec: KnobSpec {
            id: "processors",
            label: "Processors",
            unit: "",
            help: "Ps in Go, workers in tokio.",
            range: Range::Linear {
                min: 1.0,
                max: 4.0,
                step: 1.0,
            },
        },
        get: |params| params.processors,
        set: |params, value| params.processors = value,
    },
];
