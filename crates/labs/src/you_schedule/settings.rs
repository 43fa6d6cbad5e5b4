//! What the reader may turn and do in this lab, and what it draws over time.

use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Action, Chart, Line, LineStyle};
use crate::scene::State;

/// What shapes a run besides the seed, which gives the lengths.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Params {
    goal: f64,
}

/// What the reader is to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// Two tasks that wait for each other.
    Deadlock,
    /// A task that sleeps although what it waits for has happened.
    LostWakeUp,
    /// Everything done as early as possible.
    Makespan,
}

impl Params {
    pub(super) fn goal(&self) -> Goal {
        match self.goal as u32 {
            0 => Goal::Deadlock,
            1 => Goal::LostWakeUp,
            _ => Goal::Makespan,
        }
    }
}

const fn run(id: &'static str, label: &'static str) -> Action {
    Action {
        id,
        label,
        help: "gives this task to the worker that asks, if the task is ready",
    }
}

/// Action n runs task n.
pub(super) const ACTIONS: &[Action] = &[
    run("task-0", "task 0"),
    run("task-1", "task 1"),
    run("task-2", "task 2"),
    run("task-3", "task 3"),
    run("task-4", "task 4"),
];

/// What is drawn over time.
pub(super) const CHARTS: &[Chart] = &[Chart {
    title: "Tasks that do not run",
    unit: "tasks",
    top: 4.0,
    lines: &[
        Line {
            label: "ready",
            state: State::Waiting,
            style: LineStyle::Step,
        },
        Line {
            label: "blocked",
            state: State::Neutral,
            style: LineStyle::Step,
        },
    ],
}];

/// What the reader may turn.
pub(super) const KNOBS: &[Knob<Params>] = &[Knob {
    spec: KnobSpec {
        id: "goal",
        label: "Goal",
        unit: "",
        help: "What you are to reach; another seed gives other lengths.",
        range: Range::Choice(&["a deadlock", "a lost wake-up", "the shortest run"]),
    },
    get: |params| params.goal,
    set: |params, value| params.goal = value,
}];
