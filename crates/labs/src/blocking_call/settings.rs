//! What the reader may turn in this lab.

use core::time::Duration;

use schedulers::{Config, Costs, Op, Policy, Program};

use crate::knob::{Knob, KnobSpec, Range};

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    pub(super) runtime: f64,
    pub(super) way: f64,
    pub(super) call_ms: f64,
    pub(super) at_once: f64,
    pub(super) processors: f64,
}

/// Two workers of tokio, and twice four calls that block for 20 ms.
impl Default for Params {
    fn default() -> Self {
        Self {
            runtime: 1.0,
            way: 0.0,
            call_ms: 20.0,
            at_once: 4.0,
            processors: 2.0,
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

    pub(super) fn large(&self) -> Program {
        let call = Duration::from_nanos((self.call_ms * 1e6) as u64);
        vec![match self.way as u32 {
            0 => Op::Syscall(call),
            1 => Op::Blocking(call),
            _ => Op::Network(call),
        }]
    }

    pub(super) fn at_once(&self) -> u32 {
        self.at_once as u32
    }
}

/// What the reader may turn.
pub(super) const KNOBS: &[Knob<Params>] = &[
    Knob {
        spec: KnobSpec {
            id: "runtime",
            label: "Scheduler",
            unit: "",
            help: "Go on its Ps; tokio's workers; a thread for each task on the kernel's processors.",
            range: Range::Choice(&["Go", "tokio", "threads"]),
        },
        get: |params| params.runtime,
        set: |params, value| params.runtime = value,
    },
    Knob {
        spec: KnobSpec {
            id: "way",
            label: "Waits",
            unit: "",
            help: "In a system call that blocks its thread; by spawn_blocking; or for the network, which blocks nothing.",
            range: Range::Choice(&["in a blocking call", "by spawn_blocking", "for the network"]),
        },
        get: |params| params.way,
        set: |params, value| params.way = value,
    },
    Knob {
        spec: KnobSpec {
            id: "call",
            label: "Call",
            unit: "ms",
            help: "How long it takes.",
            range: Range::Linear {
                min: 1.0,
                max: 60.0,
                step: 1.0,
            },
        },
        get: |params| params.call_ms,
        set: |params, value| params.call_ms = value,
    },
    Knob {
        spec: KnobSpec {
            id: "calls",
            label: "At once",
            unit: "calls",
            help: "How many tasks begin such a call at 5 ms, and again at 105 ms.",
            range: Range::Linear {
                min: 1.0,
                max: 16.0,
                step: 1.0,
            },
        },
        get: |params| params.at_once,
        set: |params, value| params.at_once = value,
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
