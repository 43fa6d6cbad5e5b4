//! Two workers at the same time: what each does, and whether every task was run or kept exactly once.

use std::sync::{Mutex, PoisonError};

use exercises::Miss;
use exercises::interleave::{How, Scene, Step, every_order, note, of_worker, random_order};

use super::given::{CAPACITY, Global, Task};
use super::source::{Ring, next};

/// Something a worker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// In the order in which they ended. Never locked by both, as only one runs at a time.
    calls: Mutex<Calls>,
}

/// What was called, and a clock that goes on by one when a call begins or ends.
#[derive(Debug, Default)]
struct Calls {
    now: usize,
    ended: Vec<Call>,
}

/// One call, from when to when it lasted, and the task it gave.
#[derive(Clone, Copy, Debug)]
struct Call {
    worker: usize,
    act: Act,
    begin: usize,
    end: usize,
    gave: Option<Task>,
}

impl Shared {
    fn new() -> Self {
        Self {
            rings: [0, 1].map(|worker| of_worker(worker, Ring::new)),
            global: Global::default(),
            calls: Mutex::default(),
        }
    }

    fn act(&self, worker: usize, act: Act) {
        let (own, other) = (&self.rings[worker], &self.rings[1 - worker]);
        let begin = self.tick();
        note(|| act.to_string());
        let gave = match act {
            Act::Push(task) => {
                own.push(task, &self.global);
                None
            }
            Act::Pop => own.pop(),
            Act::Steal => other.steal_into(own),
            Act::Next => next(own, other, &self.global),
        };
        match gave {
            Some(task) => note(|| format!("runs {task}")),
            None if matches!(act, Act::Push(_)) => {}
            None => note(|| "finds nothing".to_owned()),
        }
        let end = self.tick();
        self.calls().ended.push(Call {
            worker,
            act,
            begin,
            end,
            gave,
        });
    }

    fn calls(&self) -> std::sync::MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tick(&self) -> usize {
        let mut calls = self.calls();
        calls.now += 1;
        calls.now
    }

    /// Whether each of the tasks is in one place, and nobody said that there was none while there was one.
    fn judge(&self, tasks: &[Task]) -> Result<(), Miss> {
        // Every place a task was found in, in words.
        let mut found: Vec<(Task, String)> = Vec::new();
        let calls = std::mem::take(&mut self.calls().ended);
        for Call {
            worker, act, gave, ..
        } in &calls
        {
            if let Some(task) = gave {
                found.push((*task, format!("worker {worker} {} it", act.did())));
            }
        }
        let left = [0, 1].map(|worker| some(|| self.rings[worker].pop()));
        for (worker, tasks) in left.iter().enumerate() {
            let place = format!("it is in the ring of worker {worker}");
            found.extend(tasks.iter().map(|task| (*task, place.clone())));
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
        if let Some((task, place)) = unknown {
            return Err(stray(*task, place));
        }
        (0..2).try_for_each(|owner| overlooked(owner, &calls, &left[owner]))
    }
}

impl Act {
    /// What a worker did that way to a task.
    fn did(self) -> &'static str {
        match self {
            Self::Push(_) => "added",
            Self::Pop => "popped",
            Self::Steal => "stole",
            Self::Next => "was given",
        }
    }
}

impl std::fmt::Display for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Push(task) => write!(f, "push({task})"),
            Self::Pop => f.write_str("pop()"),
            Self::Steal => f.write_str("steal_into()"),
            Self::Next => f.write_str("next()"),
        }
    }
}

/// Whether every call that found nothing in the ring of `owner` may have seen it empty; `left` is in it at the end.
fn overlooked(owner: usize, calls: &[Call], left: &[Task]) -> Result<(), Miss> {
    let own = || calls.iter().filter(|call| call.worker == owner);
    // Where the owner steals, a task may leave its ring and come back.
    if own().any(|call| matches!(call.act, Act::Steal | Act::Next)) {
        return Ok(());
    }
    // From when to when a task was in the ring for certain.
    let stays: Vec<(Task, usize, usize)> = own()
        .filter_map(|added| {
            let Act::Push(task) = added.act else {
                return None;
            };
            let popped = own().find(|call| call.gave == Some(task));
            let until = match popped {
                Some(pop) => pop.begin,
                None if left.contains(&task) => usize::MAX,
                None => return None,
            };
            Some((task, added.end, until))
        })
        .collect();
    let found_nothing = calls.iter().filter(|call| {
        let looks = if call.worker == owner {
            Act::Pop
        } else {
            Act::Steal
        };
        call.act == looks && call.gave.is_none()
    });
    for call in found_nothing {
        if let Some(held) = held_all_along(&stays, call.begin, call.end) {
            return Err(found_nothing_but(call, &held));
        }
    }
    Ok(())
}

/// Tasks of which one after the other was there from `begin` to `end` without a gap, if there are such.
fn held_all_along(stays: &[(Task, usize, usize)], begin: usize, end: usize) -> Option<Vec<Task>> {
    let (mut held, mut now) = (Vec::new(), begin);
    while now < end {
        let there = stays
            .iter()
            .filter(|(_, from, until)| *from <= now && now < *until);
        let (task, _, until) = there.max_by_key(|(_, _, until)| *until)?;
        held.push(*task);
        now = *until;
    }
    Some(held)
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

fn found_nothing_but(call: &Call, held: &[Task]) -> Miss {
    let held: Vec<String> = held.iter().map(Task::to_string).collect();
    Miss {
        came_out: format!(
            "{} of worker {} found nothing, and all the while the ring held {}",
            call.act,
            call.worker,
            held.join(", then ")
        ),
        expected:
            "a task: an exchange that says false does not make the ring empty, so begin anew; \
            and it was empty only if head equals a tail that was read after it"
                .to_owned(),
    }
}

fn goes_on(worker: usize, head: u64, tail: u64) -> Miss {
    Miss {
        came_out: format!(
            "worker {worker} read head {head} and then tail {tail}, and went on to take some of these {} tasks",
            tail - head
        ),
        expected: format!(
            "to begin anew: a ring of {CAPACITY} never held {}, so head has moved on since it was read, \
            and whatever follows from it is void",
            tail - head
        ),
    }
}

/// Whether nobody tried to take tasks after reading a head and a tail that do not belong together.
fn begins_anew(steps: &[Step]) -> Result<(), Miss> {
    // By worker and ring: the head it read last, and the tail it read since.
    let mut seen = [[(None, None); 2]; 2];
    for step in steps {
        let Some(access) = step.access else { continue };
        let Some(ring) = access.owner else { continue };
        let seen = &mut seen[step.worker][ring];
        match (access.name, access.how) {
            ("head", How::Read(head)) => *seen = (Some(head), None),
            ("tail", How::Read(tail)) => seen.1 = Some(tail),
            ("head", How::Exchange { current, .. }) => {
                if let (Some(head), Some(tail)) = *seen
                    && head == current
                    && tail > head + CAPACITY
                {
                    return Err(goes_on(step.worker, head, tail));
                }
            }
            _ => {}
        }
    }
    Ok(())
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

    fn judge_steps(&self, steps: &[Step]) -> Result<(), Miss> {
        begins_anew(steps)
    }
}
