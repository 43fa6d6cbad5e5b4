//! Two workers at the same time: what each does, and whether every task was run or kept exactly once.

use std::sync::{Mutex, PoisonError};

use exercises::Miss;
use exercises::interleave::{Scene, every_order, note, of_worker, random_order};

use super::given::{Global, Task};
use super::source::{Ring, next};

/// Something a worker does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    /// Adds a task.
    Push(Task),
    /// Takes from its own ring.
    Pop,
    /// Steals from the other's ring; its own is empty.
    Steal,
    /// Takes from where there is something.
    Next,
}

/// What two workers do before the first step that counts, one after the other, and then at the same time.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) before: [Vec<Act>; 2],
    pub(crate) during: [Vec<Act>; 2],
}

/// What the workers share, and what they have run.
pub(crate) struct Shared {
    rings: [Ring; 2],
    global: Global,
    /// Worker, what it did, and the task it got. Never locked by both, as only one runs at a time.
    ran: Mutex<Vec<(usize, &'static str, Task)>>,
}

impl Shared {
    fn new() -> Self {
        Self {
            rings: [0, 1].map(|worker| of_worker(worker, Ring::new)),
            global: Global::default(),
            ran: Mutex::default(),
        }
    }

    fn act(&self, worker: usize, act: Act) {
        let (own, other) = (&self.rings[worker], &self.rings[1 - worker]);
        let (how, task) = match act {
            Act::Push(task) => {
                note(|| format!("push({task})"));
                return own.push(task, &self.global);
            }
            Act::Pop => {
                note(|| "pop()".to_owned());
                ("popped", own.pop())
            }
            Act::Steal => {
                note(|| "steal_into()".to_owned());
                ("stole", other.steal_into(own))
            }
            Act::Next => {
                note(|| "next()".to_owned());
                ("was given", next(own, other, &self.global))
            }
        };
        if let Some(task) = task {
            note(|| format!("runs {task}"));
            self.ran().push((worker, how, task));
        }
    }

    fn ran(&self) -> std::sync::MutexGuard<'_, Vec<(usize, &'static str, Task)>> {
        self.ran.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether each of the tasks is in one place.
    fn judge(&self, tasks: &[Task]) -> Result<(), Miss> {
        // Every place a task was found in, in words.
        let mut found: Vec<(Task, String)> = Vec::new();
        for (worker, how, task) in self.ran().iter() {
            found.push((*task, format!("worker {worker} {how} it")));
        }
        for worker in 0..2 {
            for task in some(|| self.rings[worker].pop()) {
                found.push((task, format!("it is in the ring of worker {worker}")));
            }
        }
        for task in some(|| self.global.pop()) {
            found.push((task, "it is in the global queue".to_owned()));
        }
        for task in tasks {
            let places: Vec<&str> = found
                .iter()
                .filter(|(found, _)| found == task)
                .map(|(_, place)| place.as_str())
                .collect();
            match places[..] {
                [_] => {}
                [] => return Err(lost(*task)),
                _ => return Err(doubled(*task, &places)),
            }
        }
        let unknown = found.iter().find(|(task, _)| !tasks.contains(task));
        unknown.map_or(Ok(()), |(task, place)| Err(stray(*task, place)))
    }
}

/// What `take` gives until it gives nothing; a queue that never ends is cut.
fn some(take: impl FnMut() -> Option<Task>) -> Vec<Task> {
    std::iter::from_fn(take).take(100).collect()
}

fn lost(task: Task) -> Miss {
    Miss {
        came_out: format!("task {task} is lost: nobody ran it, and it is in no queue"),
        expected: "every task once, wherever the workers are interrupted".to_owned(),
    }
}

fn doubled(task: Task, places: &[&str]) -> Miss {
    Miss {
        came_out: format!("task {task} is there twice: {}", places.join(", and ")),
        expected: "every task once, wherever the workers are interrupted".to_owned(),
    }
}

fn stray(task: Task, place: &str) -> Miss {
    Miss {
        came_out: format!("task {task}, which nobody added: {place}"),
        expected: "only tasks that were added; an empty slot holds 0 or an old task".to_owned(),
    }
}

impl Script {
    /// In every order of steps that so many interruptions can make.
    pub(crate) fn every_order(&self, interruptions: u32) -> Result<(), Miss> {
        every_order(self, interruptions).map(drop)
    }

    /// In a random order of steps.
    pub(crate) fn random_order(&self, seed: u64) -> Result<(), Miss> {
        random_order(self, seed)
    }

    /// The tasks that are added.
    fn tasks(&self) -> Vec<Task> {
        let acts = self.before.iter().chain(&self.during).flatten();
        acts.filter_map(|act| match act {
            Act::Push(task) => Some(*task),
            _ => None,
        })
        .collect()
    }
}

impl Scene for Script {
    type Shared = Shared;

    fn begin(&self) -> Shared {
        let shared = Shared::new();
        for (worker, acts) in self.before.iter().enumerate() {
            for act in acts {
                shared.act(worker, *act);
            }
        }
        shared
    }

    fn work(&self, worker: usize, shared: &Shared) {
        for act in &self.during[worker] {
            shared.act(worker, *act);
        }
    }

    fn judge(&self, shared: &Shared) -> Result<(), Miss> {
        shared.judge(&self.tasks())
    }
}
