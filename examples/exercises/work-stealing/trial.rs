//! Two workers under trial, one call after the other: every call goes on the tape and is compared with what it should give.

use exercises::interleave::of_worker;
use exercises::{Miss, expect, tape};

use super::given::{Global, Task};
use super::source::{Ring, next};

/// Two rings and the global queue, of the reader's making.
pub(crate) struct Trial {
    pub(crate) rings: [Ring; 2],
    pub(crate) global: Global,
}

/// `Some(3)` as `3`, none as `nothing`.
fn shown(task: Option<Task>) -> String {
    task.map_or_else(|| "nothing".to_owned(), |task| task.to_string())
}

impl Trial {
    /// Two empty rings.
    pub(crate) fn new() -> Self {
        Self {
            rings: [0, 1].map(|worker| of_worker(worker, Ring::new)),
            global: Global::default(),
        }
    }

    /// Two rings, with these tasks in the first.
    pub(crate) fn with(tasks: &[Task]) -> Self {
        let trial = Self::new();
        for task in tasks {
            trial.push(0, *task);
        }
        trial
    }

    /// Worker `worker` adds a task to its ring.
    pub(crate) fn push(&self, worker: usize, task: Task) {
        tape::call(format!("ring {worker}: push({task})"));
        self.rings[worker].push(task, &self.global);
    }

    /// Worker `worker` takes a task from its ring.
    pub(crate) fn pop(&self, worker: usize, expected: Option<Task>, why: &str) -> Result<(), Miss> {
        tape::call(format!("ring {worker}: pop()"));
        check(self.rings[worker].pop(), expected, why)
    }

    /// All that worker `worker` still finds in its ring, in order.
    pub(crate) fn holds(&self, worker: usize, expected: &[Task], why: &str) -> Result<(), Miss> {
        for task in expected {
            self.pop(worker, Some(*task), why)?;
        }
        self.pop(worker, None, why)
    }

    /// Worker 1 steals from worker 0.
    pub(crate) fn steal(&self, expected: Option<Task>, why: &str) -> Result<(), Miss> {
        tape::call("ring 0: steal_into(ring 1)".to_owned());
        check(self.rings[0].steal_into(&self.rings[1]), expected, why)
    }

    /// Worker `worker` looks for something to run.
    pub(crate) fn next(
        &self,
        worker: usize,
        expected: Option<Task>,
        why: &str,
    ) -> Result<(), Miss> {
        tape::call(format!("next(ring {worker}, ring {}, global)", 1 - worker));
        let task = next(&self.rings[worker], &self.rings[1 - worker], &self.global);
        check(task, expected, why)
    }

    /// What is in the global queue, in order; it is empty afterwards.
    pub(crate) fn global_holds(&self, expected: &[Task], why: &str) -> Result<(), Miss> {
        tape::call("what is in the global queue".to_owned());
        let found: Vec<Task> = std::iter::from_fn(|| self.global.pop()).collect();
        tape::gave(&format!("{found:?}"));
        expect(found, expected.to_vec(), why)
    }
}

fn check(came_out: Option<Task>, expected: Option<Task>, why: &str) -> Result<(), Miss> {
    tape::gave(&shown(came_out));
    if came_out == expected {
        return Ok(());
    }
    Err(Miss {
        came_out: shown(came_out),
        expected: format!("{}: {why}", shown(expected)),
    })
}
