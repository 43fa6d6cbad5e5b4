//! The run queues of a scheduler with two workers; one way to do the exercise.

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
    pub fn push(&self, task: Task, global: &Global) {
        loop {
            let (head, tail) = (self.head.load(), self.tail.load());
            if tail - head < CAPACITY {
                // First the slot, then the tail: whoever sees the new tail finds the task.
                self.slot(tail).store(task);
                self.tail.store(tail + 1);
                return;
            }
            let half = CAPACITY / 2;
            let oldest = (head..head + half).map(|position| self.slot(position).load());
            let batch: Vec<Task> = oldest.chain([task]).collect();
            if self.head.compare_exchange(head, head + half) {
                global.push_all(&batch);
                return;
            }
            // A thief was quicker, so there is room now.
        }
    }

    /// Takes the oldest task; only the owner calls it.
    pub fn pop(&self) -> Option<Task> {
        loop {
            let (head, tail) = (self.head.load(), self.tail.load());
            if head == tail {
                return None;
            }
            let task = self.slot(head).load();
            if self.head.compare_exchange(head, head + 1) {
                return Some(task);
            }
        }
    }

    /// Takes half of the tasks, rounded up: the youngest of them to run, the others into `own`, which is empty.
    pub fn steal_into(&self, own: &Self) -> Option<Task> {
        let end = own.tail.load();
        loop {
            let (head, tail) = (self.head.load(), self.tail.load());
            let there = tail - head;
            if there == 0 {
                return None;
            }
            if there > CAPACITY {
                // The owner went on between the two looks; they do not belong together.
                continue;
            }
            let half = there - there / 2;
            for nth in 0..half {
                own.slot(end + nth).store(self.slot(head + nth).load());
            }
            // Only now, and only if nobody took any of them meanwhile, are they taken.
            if self.head.compare_exchange(head, head + half) {
                let youngest = own.slot(end + half - 1).load();
                own.tail.store(end + half - 1);
                return Some(youngest);
            }
        }
    }
}

/// What a worker runs next: from its own ring, else from the global queue, else stolen from the other.
pub fn next(own: &Ring, other: &Ring, global: &Global) -> Option<Task> {
    own.pop()
        .or_else(|| global.pop())
        .or_else(|| other.steal_into(own))
}
