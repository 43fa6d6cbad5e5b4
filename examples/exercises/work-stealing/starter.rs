//! The run queues of a scheduler with two workers; `README.md` says what each of these should do.

use super::given::{CAPACITY, Global, Task, Word};

/// The run queue of one worker: it alone adds, and anybody may take.
#[derive(Debug)]
pub struct Ring {
    /// How many tasks have been taken since the beginning; who takes moves it on.
    head: Word,
    /// How many tasks have been added; only the owner moves it on.
    tail: Word,
    /// Where they are: the task of position `p` is in slot `p` modulo the capacity.
    slots: [Word; CAPACITY as usize],
}

impl Ring {
    /// An empty ring.
    pub fn new() -> Self {
        Self {
            head: Word::new("head"),
            tail: Word::new("tail"),
            slots: std::array::from_fn(|index| Word::numbered("slot", index)),
        }
    }

    /// The slot of a position.
    fn slot(&self, position: u64) -> &Word {
        &self.slots[(position % CAPACITY) as usize]
    }

    /// Adds a task at the end; only the owner calls it.
    pub fn push(&self, _task: Task, _global: &Global) {
        todo!("push")
    }

    /// Takes the oldest task; only the owner calls it.
    pub fn pop(&self) -> Option<Task> {
        todo!("pop")
    }

    /// Takes half of the tasks, rounded up: the youngest of them to run, the others into `own`, which is empty.
    pub fn steal_into(&self, _own: &Self) -> Option<Task> {
        todo!("steal_into")
    }
}

/// What a worker runs next: from its own ring, else from the global queue, else stolen from the other.
pub fn next(_own: &Ring, _other: &Ring, _global: &Global) -> Option<Task> {
    todo!("next")
}
