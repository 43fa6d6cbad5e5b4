//! What the reader may turn in this lab, drop on it, and be challenged to; and what it records.

use core::time::Duration;
use std::sync::Arc;

use clock::Instant;
use schedulers::{Config, Costs, Op, Policy, Workload};
use sim::{Arrivals, Rng};

use super::costs::{self, BUILT_IN};
use super::recording::{self, Recording};
use crate::challenge::{Challenge, Goal};
use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Chart, Line, LineStyle};
use crate::scene::State;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    pub(super) runtime: f64,
    pub(super) processors: f64,
    pub(super) per_second: f64,
    pub(super) work_ms: f64,
    pub(super) network: f64,
    pub(super) calls: f64,
    pub(super) call_ms: f64,
    pub(super) aside: f64,
    pub(super) window: f64,
    /// A run of tokio, whose tasks take the place of the mix.
    pub(super) recording: Option<Arc<Recording>>,
    /// What scheduling costs, of goroutines, tasks and threads.
    costs: [Costs; 3],
}

/// A thousand tasks a second on Go: each computes for 2 ms, every second one asks a database, every tenth reads a file.
impl Default for Params {
    fn default() -> Self {
        Self {
            runtime: 0.0,
            processors: 4.0,
            per_second: 1_000.0,
            work_ms: 2.0,
            network: 50.0,
            calls: 10.0,
            call_ms: 5.0,
            aside: 0.0,
            window: 3.0,
            recording: None,
            costs: BUILT_IN,
        }
    }
}

impl Params {
    pub(super) fn config(&self) -> Config {
        let [go, tokio, threads] = self.costs;
        let (policy, costs) = match self.runtime as u32 {
            0 => (Policy::Go, go),
            1 => (Policy::Tokio, tokio),
            2 => (Policy::TokioCurrent, tokio),
            _ => (Policy::Threads, threads),
        };
        // A recorded poll holds what it cost to start others.
        let create = if self.recording.is_some() {
            Duration::ZERO
        } else {
            costs.create
        };
        Config::new(policy, self.processors as u32, Costs { create, ..costs })
    }

    /// The recorded tasks, or the mix for so long.
    pub(super) fn workload(&self, seed: u64, until: Duration) -> Workload {
        if let Some(recording) = &self.recording {
            return recording.workload();
        }
        let mut lots = Rng::stream(seed, "kinds of tasks");
        let per_second = self.per_second;
        let arrivals = Arrivals::Poisson { per_second }.start(Rng::stream(seed, "arrivals"));
        let arrivals = arrivals
            .take_while(|&at| at < Instant::ZERO + until)
            .map(|at| {
                let network = lots.chance(self.network / 100.0);
                let calls = lots.chance(self.calls / 100.0);
                (at, 2 * u16::from(calls) + u16::from(network))
            });
        let arrivals = arrivals.collect();
        Workload::arriving((0..4).map(|kind| self.program(kind)).collect(), arrivals)
    }

    /// Half of the work, what the task waits for, and the other half.
    fn program(&self, kind: u16) -> Vec<Op> {
        let millis = |millis: f64| Duration::from_nanos((millis * 1e6) as u64);
        let half = Op::RunRandom(millis(self.work_ms / 2.0));
        let mut program = vec![half];
        if kind & 1 > 0 {
            program.push(Op::Network(NETWORK));
        }
        if kind & 2 > 0 {
            let call = millis(self.call_ms);
            program.push(if self.aside > 0.5 {
                Op::Blocking(call)
            } else {
                Op::Syscall(call)
            });
        }
        program.push(half);
        program
    }

    /// How long a run is: a recording ends a little after its last poll, or where the lab stops looking.
    pub(super) fn length(&self, longest: Duration) -> Duration {
        let last = self
            .recording
            .as_ref()
            .and_then(|recording| recording.polls.last());
        let recorded = last.map(|poll| poll.to.since(Instant::ZERO).mul_f64(1.1));
        recorded.map_or(longest, |recorded| recorded.clamp(SHORTEST, longest))
    }

    /// Takes a recorded run, or the costs of a machine.
    pub(super) fn load(&mut self, text: &str) -> Result<String, String> {
        let text = text.trim_start_matches('\u{feff}');
        if text.trim_start().starts_with('{') {
            self.costs = costs::read(text)?;
            return Ok("Read what tasks and threads cost on your machine.".to_owned());
        }
        let read = recording::read(text)?;
        let end = read.polls.last().map_or(Instant::ZERO, |poll| poll.to);
        let mut understood = format!(
            "Read {} polls on {} workers, up to {end}.",
            read.polls.len(),
            read.workers
        );
        if read.left_out > 0 {
            understood += &format!(" {} rows are left out.", read.left_out);
        }
        self.window = ALL;
        (self.runtime, self.processors) = (1.0, f64::from(read.workers).min(8.0));
        self.recording = Some(Arc::new(read));
        Ok(understood)
    }
}

/// The lanes show the whole run.
const ALL: f64 = 4.0;
/// A recording is shown for so long at least.
const SHORTEST: Duration = Duration::from_micros(10);
/// How long a database needs for its answer.
const NETWORK: Duration = Duration::from_millis(10);

/// The mix of the lab, on as few processors as can be.
pub(crate) const CHALLENGE: Challenge = Challenge {
    id: "fewest-processors",
    lab: "scheduler-playground",
    title: "The same mix on fewer processors",
    task: "A thousand tasks a second compute for 2 ms each; half of them ask a database, and every tenth reads a file \
           in a call that blocks for 5 ms. They have four processors. \
           Finish 99 of 100 within 40 ms on three.",
    knobs: &["runtime", "processors", "aside"],
    given: &[],
    goals: &[
        Goal {
            label: "99 of 100 done within 40 ms",
            query: "counter(99 of 100 within, 2) <= 40",
        },
        Goal {
            label: "on at most 3 processors",
            query: "knob(processors) <= 3",
        },
    ],
    needed: 95,
};

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
        title: "Tasks that can run and wait",
        unit: "",
        top: 10.0,
        lines: &[
            line("at a processor", State::Waiting),
            line("in the shared queue", State::Moved),
        ],
    },
    Chart {
        title: "From start to end, of all so far",
        unit: "ms",
        top: 10.0,
        lines: &[
            line("99 of 100", State::TimedOut),
            line("median", State::Served),
        ],
    },
];

const fn linear(min: f64, max: f64, step: f64) -> Range {
    Range::Linear { min, max, step }
}

const fn spec(
    id: &'static str,
    label: &'static str,
    unit: &'static str,
    help: &'static str,
    range: Range,
) -> KnobSpec {
    KnobSpec {
        id,
        label,
        unit,
        help,
        range,
    }
}

/// What the reader may turn.
pub(super) const KNOBS: &[Knob<Params>] = &[
    Knob {
        spec: spec(
            "runtime",
            "Scheduler",
            "",
            "Go, tokio with many workers, tokio with one, or a thread for each task.",
            Range::Choice(&["Go", "tokio", "tokio, current thread", "threads"]),
        ),
        get: |params| params.runtime,
        set: |params, value| params.runtime = value,
    },
    Knob {
        spec: spec(
            "processors",
            "Processors",
            "",
            "Ps in Go, workers in tokio.",
            linear(1.0, 8.0, 1.0),
        ),
        get: |params| params.processors,
        set: |params, value| params.processors = value,
    },
    Knob {
        spec: spec(
            "rate",
            "Tasks",
            "/s",
            "Started a second, on average; a recording keeps its own.",
            Range::Log {
                min: 10.0,
                max: 10_000.0,
            },
        ),
        get: |params| params.per_second,
        set: |params, value| params.per_second = value,
    },
    Knob {
        spec: spec(
            "work",
            "Work",
            "ms",
            "What a task computes, on average; each half is drawn from an exponential distribution.",
            Range::Log {
                min: 0.01,
                max: 100.0,
            },
        ),
        get: |params| params.work_ms,
        set: |params, value| params.work_ms = value,
    },
    Knob {
        spec: spec(
            "network",
            "Ask a database",
            "%",
            "So many tasks wait 10 ms for the network between the halves of their work.",
            linear(0.0, 100.0, 5.0),
        ),
        get: |params| params.network,
        set: |params, value| params.network = value,
    },
    Knob {
        spec: spec(
            "calls",
            "Read a file",
            "%",
            "So many tasks make a call that blocks.",
            linear(0.0, 100.0, 5.0),
        ),
        get: |params| params.calls,
        set: |params, value| params.calls = value,
    },
    Knob {
        spec: spec(
            "call",
            "Call",
            "ms",
            "How long such a call takes.",
            linear(1.0, 50.0, 1.0),
        ),
        get: |params| params.call_ms,
        set: |params, value| params.call_ms = value,
    },
    Knob {
        spec: spec(
            "aside",
            "spawn_blocking",
            "",
            "Such calls are made on threads beside the workers; only tokio makes a difference of it.",
            Range::Toggle,
        ),
        get: |params| params.aside,
        set: |params, value| params.aside = value,
    },
    Knob {
        spec: spec(
            "window",
            "In sight",
            "",
            "How much of the past the lanes show.",
            Range::Choice(&["100 µs", "1 ms", "10 ms", "100 ms", "all"]),
        ),
        get: |params| params.window,
        set: |params, value| params.window = value,
    },
];
