//! Looking at a machine: time, tasks, workers, queues, memory.

use clock::Instant;

use crate::config::{Config, Policy};
use crate::costs::Costs;
use crate::machine::Machine;
use crate::task::{Life, Task};
use crate::worker::Worker;
use crate::workload::Workload;

/// Looking at it.
impl Machine {
    /// The present.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// What it was made from.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What it was given to do.
    #[must_use]
    pub fn workload(&self) -> &Workload {
        &self.workload
    }

    /// Every task there has been, in the order of creation; a task's number is its place.
    #[must_use]
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// Every worker.
    #[must_use]
    pub fn workers(&self) -> &[Worker] {
        &self.workers
    }

    /// The shared queue, head first; with [`Policy::Manual`] what can be chosen.
    pub fn shared(&self) -> impl ExactSizeIterator<Item = u32> + '_ {
        self.shared.iter().copied()
    }

    /// How many tasks fare so.
    #[must_use]
    pub fn count(&self, life: Life) -> u32 {
        self.counts[life as usize]
    }

    /// Tasks that have not ended.
    #[must_use]
    pub fn alive(&self) -> u32 {
        self.tasks.len() as u32 - self.counts[Life::Ended as usize]
    }

    /// The most tasks alive at once so far.
    #[must_use]
    pub fn most_alive(&self) -> u32 {
        self.most_alive
    }

    /// Threads of the runtime so far: workers and those that do blocking calls; with [`Policy::Threads`] none, for the tasks are threads.
    #[must_use]
    pub fn threads(&self) -> u32 {
        if self.config.policy == Policy::Threads {
            0
        } else {
            self.threads
        }
    }

    /// Memory resident at the most so far, in bytes.
    #[must_use]
    pub fn resident_bytes(&self) -> u64 {
        u64::from(self.most_alive) * self.config.costs.task_bytes
            + u64::from(self.threads()) * self.config.costs.thread_bytes
    }

    /// Address space reserved at the most so far, in bytes.
    #[must_use]
    pub fn reserved_bytes(&self) -> u64 {
        u64::from(self.most_alive) * self.config.costs.task_reserved
            + u64::from(self.threads()) * Costs::THREADS.task_reserved
    }

    /// About how many bytes a copy of the machine takes.
    #[must_use]
    pub fn weight(&self) -> usize {
        // A task, and on average one entry for it in a queue or a heap of timers.
        self.tasks.len() * (size_of::<Task>() + 3 * size_of::<u64>())
    }

    /// Nothing can ever run again and some tasks still wait: a deadlock, or a lost wake-up.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.due.is_empty() && self.alive() > 0 && self.shared.is_empty()
    }
}
