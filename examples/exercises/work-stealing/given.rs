//! What the exercise gives you: the words that workers share, and the queue behind all of them.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

pub use exercises::interleave::Word;
use exercises::interleave::{note, step};

/// Tasks a ring holds; Go and tokio have 256.
pub const CAPACITY: u64 = 4;

/// A task, by its number.
pub type Task = u64;

/// The queue that all workers share: first in, first out, and without an end.
#[derive(Debug, Default)]
pub struct Global {
    queue: Mutex<VecDeque<Task>>,
}

impl Global {
    /// Puts tasks at the end, in this order, in one step.
    pub fn push_all(&self, tasks: &[Task]) {
        step();
        note(|| format!("global gets {tasks:?}"));
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.extend(tasks);
    }

    /// Takes the one at the front, in one step.
    pub fn pop(&self) -> Option<Task> {
        step();
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let task = queue.pop_front();
        note(|| format!("global gives {task:?}"));
        task
    }
}
