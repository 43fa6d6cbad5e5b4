//! Threads under a fair kernel scheduler: whoever has had the least time runs next, for a slice.

use core::cmp::Reverse;
use core::time::Duration;

use crate::event::{Event, NONE, Rule, What};
use crate::machine::Machine;
use crate::task::Life;

/// How long a thread runs before another that waits gets its turn: Linux's base slice on a few processors.
pub(crate) const SLICE: Duration = Duration::from_millis(3);

impl Machine {
    /// Adds the time it has run to what the processor's thread has had.
    pub(crate) fn charge(&mut self, worker: u32) {
        let this = &self.workers[worker as usize];
        let ran = self.now.since(this.began).as_nanos() as u64;
        if let Some(had) = self.had.get_mut(this.task as usize) {
            *had += ran;
        }
    }

    /// To an idle processor, else to the one with the fewest that wait; there it begins where the others are.
    pub(crate) fn threads_place(&mut self, task: u32) {
        let idle = self.idle.pop();
        let chosen = idle.unwrap_or_else(|| {
            let fewest = (0..self.workers.len()).min_by_key(|&nth| self.workers[nth].fair.len());
            fewest.unwrap_or_default() as u32
        });
        let least = self.workers[chosen as usize].least_had;
        let had = &mut self.had[task as usize];
        *had = (*had).max(least.saturating_sub(SLICE.as_nanos() as u64));
        let key = (*had, task);
        self.workers[chosen as usize].fair.push(Reverse(key));
        if idle.is_some() {
            self.wake_worker(chosen, self.config.costs.wake);
        }
    }

    pub(crate) fn threads_step_aside(&mut self, worker: u32, task: u32) {
        self.leave(worker);
        let key = (self.had[task as usize], task);
        self.workers[worker as usize].fair.push(Reverse(key));
    }

    // ANCHOR: decide
    pub(crate) fn threads_decide(&mut self, worker: u32, events: &mut Vec<Event>) {
        let own = self.workers[worker as usize].fair.pop();
        let found = own
            .map(|Reverse((_, task))| (task, Rule::Fair))
            .or_else(|| self.threads_pull(worker, events));
        let Some((task, rule)) = found else {
            return self.park(worker, events);
        };
        let had = self.had[task as usize];
        let slice_end = self.now + SLICE;
        let this = &mut self.workers[worker as usize];
        this.least_had = this.least_had.max(had);
        this.slice_end = slice_end;
        self.run(worker, task, rule, events);
    }
    // ANCHOR_END: decide

    /// An idle processor takes one from the busiest.
    fn threads_pull(&mut self, worker: u32, events: &mut Vec<Event>) -> Option<(u32, Rule)> {
        if !self.config.stealing {
            return None;
        }
        let busiest = (0..self.workers.len()).max_by_key(|&nth| self.workers[nth].fair.len())?;
        let Reverse((_, task)) = self.workers[busiest].fair.pop()?;
        self.had[task as usize] = self.workers[worker as usize].least_had;
        self.tell(events, What::Steals, busiest as u32, worker, 1);
        Some((task, Rule::Stolen))
    }

    pub(crate) fn threads_stretch(&mut self, worker: u32, nanos: u64) -> u64 {
        let now = self.now;
        let this = &mut self.workers[worker as usize];
        if this.slice_end <= now {
            this.slice_end = now + SLICE;
        }
        nanos.min(this.slice_end.since(now).as_nanos() as u64)
    }

    /// At the end of a stretch: goes on, or gives way if the slice is over and others wait.
    pub(crate) fn threads_slice_ends(&mut self, worker: u32, events: &mut Vec<Event>) -> bool {
        let task = self.workers[worker as usize].task;
        let stretch = self.workers[worker as usize].stretch;
        let left = self.tasks[task as usize].left.saturating_sub(stretch);
        if left == 0 {
            return false;
        }
        self.tasks[task as usize].left = left;
        if !self.threads_slice_over(worker, events) {
            self.go_on(worker, events);
        }
        true
    }

    /// Gives way if the slice is over, others wait, and there is more to do.
    pub(crate) fn threads_slice_over(&mut self, worker: u32, events: &mut Vec<Event>) -> bool {
        let this = &self.workers[worker as usize];
        let (task, over) = (this.task, self.now >= this.slice_end);
        if !over || this.fair.is_empty() || self.op(task).is_none() {
            return false;
        }
        self.live(task, Life::Ready);
        self.tell(events, What::Preempted, task, worker, NONE);
        self.threads_step_aside(worker, task);
        true
    }
}
