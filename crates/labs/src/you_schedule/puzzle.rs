//! The five tasks of a puzzle: what each does, operation by operation, and how fast they can be done at all.

use core::time::Duration;
use std::sync::Arc;

use clock::Instant;
use schedulers::{Op, Program, Workload};
use sim::Rng;

use super::settings::Goal;

/// Tasks of a puzzle.
pub(super) const TASKS: usize = 5;

/// See the module's text.
#[derive(Clone, Debug)]
pub(super) struct Puzzle {
    pub(super) names: [&'static str; TASKS],
    pub(super) programs: Arc<[Program]>,
    /// Of the last goal, in milliseconds: no schedule takes less; the best takes so long, the worst, and longest first.
    pub(super) bounds: [u64; 4],
}

impl Puzzle {
    /// The puzzle of a goal with the lengths of a seed.
    pub(super) fn new(goal: Goal, seed: u64) -> Self {
        let mut rng = Rng::stream(seed, "lengths");
        let mut between = |from: u64, to: u64| from + rng.below(to - from + 1);
        if goal == Goal::Makespan {
            let mut lengths = [0; TASKS];
            for length in &mut lengths {
                *length = between(2, 9);
            }
            return Self {
                names: ["resize", "index", "backup", "report", "invoice"],
                programs: lengths.iter().map(|&length| vec![run(length)]).collect(),
                bounds: bounds(&lengths),
            };
        }
        // What goes wrong needs two stretches to overlap, one of which begins later: the other three put it in place.
        let (begin, hold) = (run(between(5, 6)), run(between(2, 3)));
        let [short, middle, long] = [between(1, 3), between(3, 5), between(4, 5)].map(run);
        // A lock is a channel with one place: who fills it holds the lock.
        let lock = |channel| Op::Send { channel, count: 1 };
        let free = Op::Receive;
        let locks = goal == Goal::Deadlock;
        let (names, first, second, audit) = if locks {
            (
                ["pay", "refund"],
                vec![lock(0), hold, lock(1), run(1), free(1), free(0)],
                vec![begin, lock(1), run(2), lock(0), run(1), free(0), free(1)],
                vec![lock(0), long, free(0)],
            )
        } else {
            (
                ["consume", "produce"],
                vec![Op::ReadFlag(0), hold, Op::WaitFlag(0), run(1)],
                vec![begin, Op::RaiseFlag(0)],
                vec![long],
            )
        };
        Self {
            names: [names[0], names[1], "audit", "report", "backup"],
            programs: [first, second, audit, vec![short], vec![middle]].into(),
            bounds: [0; 4],
        }
    }

    /// What a machine does.
    pub(super) fn workload(&self) -> Workload {
        let arrivals = (0..TASKS as u16).map(|task| (Instant::ZERO, task));
        Workload {
            programs: self.programs.clone(),
            channels: vec![1; 2],
            flags: 1,
            arrivals: arrivals.collect(),
            ..Workload::default()
        }
    }
}

fn run(millis: u64) -> Op {
    Op::Run(Duration::from_millis(millis))
}

/// See [`Puzzle::bounds`].
fn bounds(lengths: &[u64; TASKS]) -> [u64; 4] {
    let mut known = [0, u64::MAX, 0, 0];
    extremes(lengths, 0, [0; 2], &mut known);
    let (mut loads, mut given) = ([0; 2], 0);
    while let Some(task) = left(given).max_by_key(|&task| lengths[task]) {
        known[0] = known[0].max(lengths[task]);
        loads = loaded(loads, lengths[task]);
        given |= 1 << task;
    }
    known[0] = known[0].max(lengths.iter().sum::<u64>().div_ceil(2));
    known[3] = loads[1];
    known
}

/// The shortest and the longest run over all orders of what is not yet `given`, a bit each.
fn extremes(lengths: &[u64; TASKS], given: u32, loads: [u64; 2], known: &mut [u64; 4]) {
    if left(given).next().is_none() {
        known[1] = known[1].min(loads[1]);
        known[2] = known[2].max(loads[1]);
    }
    for task in left(given) {
        extremes(
            lengths,
            given | 1 << task,
            loaded(loads, lengths[task]),
            known,
        );
    }
}

fn left(given: u32) -> impl Iterator<Item = usize> {
    (0..TASKS).filter(move |task| given & 1 << task == 0)
}

/// The worker that is free first, who stands first, takes the next job.
fn loaded([first, last]: [u64; 2], length: u64) -> [u64; 2] {
    let sum = first + length;
    [sum.min(last), sum.max(last)]
}
