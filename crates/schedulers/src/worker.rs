//! A worker: Go's P, tokio's worker thread, or a processor of the kernel.

use core::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use clock::Instant;

use crate::event::NONE;

/// What a worker is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Sleeps: there was nothing to do.
    #[default]
    Idle,
    /// On its way to a decision: switching, waking up or looking for work.
    Deciding,
    /// Runs a task.
    Running,
    /// Its task is in a blocking system call and keeps it.
    InCall,
    /// Waits for the reader to choose.
    Asking,
}

/// A worker and its queues.
#[derive(Clone, Debug, Default)]
pub struct Worker {
    pub(crate) stage: Stage,
    /// Raised whenever what was planned for it is void.
    pub(crate) plan: u32,
    pub(crate) task: u32,
    /// When the present stretch of running ends, if nothing intervenes.
    pub(crate) until: Instant,
    /// The slot of the task readied last: Go's runnext, tokio's LIFO slot.
    pub(crate) next: u32,
    pub(crate) queue: VecDeque<u32>,
    pub(crate) tick: u32,
    pub(crate) searching: bool,
    /// Go: timers, by time and then in the order they were set.
    pub(crate) timers: BinaryHeap<Reverse<(Instant, u64, u32)>>,
    /// Go: the tick the monitor saw last, and when it saw it first.
    pub(crate) seen: (u32, Instant),
    /// Go: the monitor wants the goroutine to be interrupted between two operations.
    pub(crate) stop: bool,
    /// Go: when the system call was entered that keeps it, and whether the monitor has seen it.
    pub(crate) call: Option<(Instant, bool)>,
    /// tokio: how often the LIFO slot was used in a row.
    pub(crate) lifo_polls: u32,
    pub(crate) lifo_enabled: bool,
    /// tokio: operations the task may still do before it has to step aside.
    pub(crate) budget: u32,
    /// tokio: tasks that stepped aside.
    pub(crate) deferred: Vec<u32>,
    /// tokio: the shared queue comes first every so many ticks.
    pub(crate) interval: u32,
    /// tokio: mean time of a poll, in nanoseconds.
    pub(crate) mean_poll: f64,
    /// tokio: when the present batch of polls began, and how many there were since the driver's last turn.
    pub(crate) batch: (Instant, u32),
    /// Threads: those that can run, the one with the least time so far first. No thread is in here twice, so a heap takes
    /// them out in the same order as a search tree would, with less code.
    pub(crate) fair: BinaryHeap<Reverse<(u64, u32)>>,
    /// Threads: when the slice of the running one ends.
    pub(crate) slice_end: Instant,
    /// Threads: the most that any thread that ran here had had when it was chosen.
    pub(crate) least_had: u64,
    /// When the present task came on, and the length of its present stretch in nanoseconds.
    pub(crate) began: Instant,
    pub(crate) stretch: u64,
    /// Time it has spent running tasks, in nanoseconds.
    pub(crate) busy: u64,
}

impl Worker {
    pub(crate) fn new() -> Self {
        Self {
            task: NONE,
            next: NONE,
            lifo_enabled: true,
            ..Self::default()
        }
    }

    /// What it is at.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The task it runs or keeps in a system call.
    #[must_use]
    pub fn task(&self) -> Option<u32> {
        (self.task != NONE).then_some(self.task)
    }

    /// The task in the slot for the one readied last.
    #[must_use]
    pub fn next(&self) -> Option<u32> {
        (self.next != NONE).then_some(self.next)
    }

    /// Its own queue, head first.
    pub fn queue(&self) -> impl ExactSizeIterator<Item = u32> + '_ {
        self.queue.iter().copied()
    }

    /// Threads that can run here, the one with the least time so far first.
    pub fn fair(&self) -> impl Iterator<Item = u32> {
        let mut left = self.fair.clone();
        core::iter::from_fn(move || left.pop().map(|Reverse((_, task))| task))
    }

    /// Tasks that wait here for their turn, slot and queues together.
    #[must_use]
    pub fn waiting(&self) -> usize {
        usize::from(self.next != NONE) + self.queue.len() + self.fair.len() + self.deferred.len()
    }

    /// Decisions it has made that count towards the next look at the shared queue.
    #[must_use]
    pub fn tick(&self) -> u32 {
        self.tick
    }

    /// It is looking for work of others.
    #[must_use]
    pub fn searching(&self) -> bool {
        self.searching
    }

    /// Time it has spent running tasks until its last change of task, in nanoseconds.
    #[must_use]
    pub fn busy_nanos(&self) -> u64 {
        self.busy
    }

    /// Takes the slot's task.
    pub(crate) fn take_next(&mut self) -> Option<u32> {
        let next = core::mem::replace(&mut self.next, NONE);
        (next != NONE).then_some(next)
    }
}
