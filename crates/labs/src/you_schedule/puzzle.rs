//! The five tasks of a puzzle: what each does, step by step, and how fast they can be done at all.

use core::time::Duration;

use clock::Instant;
use schedulers::{Op, Task, Workload};
use sim::Rng;

use super::settings::Goal;

/// Tasks of a puzzle.
pub(super) const TASKS: usize = 5;
/// The locks of the first goal.
pub(super) const LOCKS: [&str; 2] = ["A", "B"];

/// One step of a task as the figure shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Computes for so many milliseconds.
    Work(u64),
    /// Takes this lock, or waits for it.
    Lock(u16),
    /// Releases every lock it has taken.
    Free,
    /// Looks whether the flag is up.
    Check,
    /// Sleeps until the flag goes up, unless it was up when it looked.
    Sleep,
    /// Puts the flag up and wakes whoever sleeps.
    Signal,
}

/// See the module's text.
#[derive(Clone, Debug)]
pub(super) struct Puzzle {
    pub(super) tasks: [(&'static str, Vec<Step>); TASKS],
    /// Of the last goal, in milliseconds: no schedule takes less; the best takes so long, the worst, and longest first.
    pub(super) bounds: [u64; 4],
}

impl Puzzle {
    /// The puzzle of a goal with the lengths of a seed.
    pub(super) fn new(goal: Goal, seed: u64) -> Self {
        use Step::{Check, Free, Lock, Signal, Sleep, Work};
        let mut rng = Rng::stream(seed, "lengths");
        let mut between = |from: u64, to: u64| from + rng.below(to - from + 1);
        if goal == Goal::Makespan {
            let lengths: [u64; TASKS] = core::array::from_fn(|_| between(2, 9));
            let names = ["resize", "index", "backup", "report", "invoice"];
            return Self {
                tasks: core::array::from_fn(|task| (names[task], vec![Work(lengths[task])])),
                bounds: bounds(&lengths),
            };
        }
        // What goes wrong needs two stretches to overlap, one of which begins later: the other three put it in place.
        let (begin, hold) = (between(5, 6), between(2, 3));
        let others = [begin - 1, between(1, 3), between(3, 5)];
        let [first, second] = match goal {
            Goal::Deadlock => [
                ("pay", vec![Lock(0), Work(hold), Lock(1), Work(1), Free]),
                (
                    "refund",
                    vec![Work(begin), Lock(1), Work(2), Lock(0), Work(1), Free],
                ),
            ],
            _ => [
                ("consume", vec![Check, Work(hold), Sleep, Work(1)]),
                ("produce", vec![Work(begin), Signal]),
            ],
        };
        let audit = match goal {
            Goal::Deadlock => vec![Lock(0), Work(others[0]), Free],
            _ => vec![Work(others[0])],
        };
        Self {
            tasks: [
                first,
                second,
                ("audit", audit),
                ("report", vec![Work(others[1])]),
                ("backup", vec![Work(others[2])]),
            ],
            bounds: [0; 4],
        }
    }

    /// What a machine does.
    pub(super) fn workload(&self) -> Workload {
        let programs = (0..TASKS).map(|task| self.program(task)).collect();
        let arrivals = (0..TASKS as u16)
            .map(|task| (Instant::ZERO, task))
            .collect();
        Workload::arriving(programs, arrivals)
            .with_channels(&[1, 1])
            .with_flags(1)
    }

    /// A task's operations. A lock is a channel with one place: who fills it holds the lock.
    pub(super) fn program(&self, task: usize) -> Vec<Op> {
        let steps = &self.tasks[task].1;
        (0..steps.len())
            .flat_map(|nth| operations(steps, nth))
            .collect()
    }

    /// The step a task stands at; their number if it has ended.
    pub(super) fn step_of(&self, task: usize, state: &Task) -> usize {
        let (place, _) = state.place();
        let steps = &self.tasks[task].1;
        let mut done = 0;
        (0..steps.len())
            .find(|&nth| {
                done += operations(steps, nth).len();
                done > usize::from(place)
            })
            .unwrap_or(steps.len())
    }
}

/// The operations of a task's step.
fn operations(steps: &[Step], nth: usize) -> Vec<Op> {
    vec![match steps[nth] {
        Step::Work(millis) => Op::Run(Duration::from_millis(millis)),
        Step::Lock(channel) => Op::Send { channel, count: 1 },
        Step::Check => Op::ReadFlag(0),
        Step::Sleep => Op::WaitFlag(0),
        Step::Signal => Op::RaiseFlag(0),
        Step::Free => {
            let taken = |step: &Step| match step {
                Step::Lock(lock) => Some(Op::Receive(*lock)),
                _ => None,
            };
            return steps[..nth].iter().rev().filter_map(taken).collect();
        }
    }]
}

/// See [`Puzzle::bounds`].
fn bounds(lengths: &[u64; TASKS]) -> [u64; 4] {
    let (all, longest) = (lengths.iter().sum::<u64>(), lengths.iter().max());
    let least = all.div_ceil(2).max(longest.copied().unwrap_or(0));
    let (best, worst) = extremes(lengths, 0, [0; 2]);
    let mut sorted = *lengths;
    sorted.sort_unstable();
    let mut loads = [0; 2];
    for length in sorted.into_iter().rev() {
        loads = loaded(loads, length);
    }
    [least, best, worst, loads[1]]
}

/// The shortest and the longest run over all orders of what is not yet `given`, a bit each.
fn extremes(lengths: &[u64; TASKS], given: u32, loads: [u64; 2]) -> (u64, u64) {
    if given == (1 << TASKS) - 1 {
        return (loads[1], loads[1]);
    }
    let (mut best, mut worst) = (u64::MAX, 0);
    for task in (0..TASKS).filter(|task| given & 1 << task == 0) {
        let (low, high) = extremes(lengths, given | 1 << task, loaded(loads, lengths[task]));
        (best, worst) = (best.min(low), worst.max(high));
    }
    (best, worst)
}

/// The worker that is free first, who stands first, takes the next job.
fn loaded([first, last]: [u64; 2], length: u64) -> [u64; 2] {
    let sum = first + length;
    [sum.min(last), sum.max(last)]
}
