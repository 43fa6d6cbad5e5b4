//! tokio's schedulers, as in tokio 1.54: the multi-thread workers, and the current-thread one.

use crate::config::Policy;
use crate::event::{Event, NONE, Rule, What};
use crate::machine::Machine;
use crate::task::Life;

/// Places in a worker's own queue.
pub(crate) const QUEUE: usize = 256;
/// How often in a row the LIFO slot is used before it is closed for the rest of the turn.
pub(crate) const LIFO_POLLS: u32 = 3;
/// Operations a task may do before it has to step aside.
pub(crate) const BUDGET: u32 = 128;
/// Timers and network are looked at every so many ticks (current-thread: polls), or when there is nothing else to do.
pub(crate) const DRIVER_EVERY: u32 = 61;
/// The shared queue comes first every so many ticks of the current-thread scheduler.
const CURRENT_INTERVAL: u32 = 31;
/// And of the multi-thread one at first, and within these bounds once it is tuned.
const FIRST_INTERVAL: u32 = 61;
const INTERVAL_LEAST: f64 = 2.0;
const INTERVAL_MOST: f64 = 127.0;
/// It is tuned so that the shared queue is looked at about this often, in nanoseconds.
const INTERVAL_AIM: f64 = 200_000.0;
/// It stays as it is unless it is off by more than this.
const INTERVAL_JITTER: u32 = 2;
/// The mean time of a poll before any was measured, in nanoseconds.
pub(crate) const FIRST_MEAN_POLL: f64 = INTERVAL_AIM / FIRST_INTERVAL as f64;
/// Weight of the newest poll in the mean.
const WEIGHT: f64 = 0.1;

impl Machine {
    pub(crate) fn first_interval(&self) -> u32 {
        match (self.config.interval, self.config.policy) {
            (Some(interval), _) => interval.max(1),
            (None, Policy::TokioCurrent) => CURRENT_INTERVAL,
            (None, _) => FIRST_INTERVAL,
        }
    }

    /// Whether the task has used up its budget and was made to step aside.
    pub(crate) fn over_budget(&mut self, worker: u32, task: u32, events: &mut Vec<Event>) -> bool {
        if !self.is_tokio() {
            return false;
        }
        let this = &mut self.workers[worker as usize];
        if this.budget > 0 {
            this.budget -= 1;
            return false;
        }
        self.live(task, Life::Ready);
        self.tell(events, What::OutOfBudget, task, worker, NONE);
        self.workers[worker as usize].deferred.push(task);
        self.leave(worker);
        true
    }

    // ANCHOR: schedule
    /// On a worker a task gets the LIFO slot; from elsewhere it goes to the shared queue.
    pub(crate) fn tokio_schedule(&mut self, task: u32, by: Option<u32>, events: &mut Vec<Event>) {
        let Some(worker) = by else {
            self.shared.push_back(task);
            return self.tokio_notify();
        };
        let this = &mut self.workers[worker as usize];
        if !this.lifo_enabled {
            self.tokio_push(worker, task, events);
            return self.tokio_notify();
        }
        let kicked = core::mem::replace(&mut this.next, task);
        // A task in the slot alone will run here next: nobody else is needed.
        if kicked != NONE {
            self.tokio_push(worker, kicked, events);
            self.tokio_notify();
        }
    }
    // ANCHOR_END: schedule

    /// A full queue moves its newer half and the new one to the shared queue.
    pub(crate) fn tokio_push(&mut self, worker: u32, task: u32, events: &mut Vec<Event>) {
        let queue = &mut self.workers[worker as usize].queue;
        if queue.len() < QUEUE {
            queue.push_back(task);
            return;
        }
        self.shared.extend(queue.drain(QUEUE / 2..));
        self.shared.push_back(task);
        self.tell(events, What::Spills, task, worker, QUEUE as u32 / 2 + 1);
    }

    /// Wakes a worker unless one is searching already.
    pub(crate) fn tokio_notify(&mut self) {
        if self.searching() == 0
            && let Some(worker) = self.wake_idle()
        {
            self.workers[worker as usize].searching = self.workers.len() > 1;
        }
    }

    pub(crate) fn tokio_decide(&mut self, worker: u32, events: &mut Vec<Event>) {
        let this = &mut self.workers[worker as usize];
        if let Some(task) = this.lifo_task() {
            return self.run(worker, task, Rule::Lifo, events);
        }
        if let Some(task) = this.lifo_without_budget() {
            self.tokio_push(worker, task, events);
        }
        let now = self.now;
        let this = &mut self.workers[worker as usize];
        this.lifo_enabled = true;
        this.tick = this.tick.wrapping_add(1);
        if this.tick.is_multiple_of(DRIVER_EVERY) {
            this.end_batch(now);
            self.tokio_drive(worker, events);
        }
        let mut found = self.tokio_next(worker);
        if found.is_none() {
            self.workers[worker as usize].end_batch(now);
            found = self.tokio_steal(worker, events);
        }
        if found.is_none() && self.tokio_drive(worker, events) {
            let this = &mut self.workers[worker as usize];
            this.tick = this.tick.wrapping_add(1);
            found = self.tokio_next(worker);
        }
        let was_searching = core::mem::take(&mut self.workers[worker as usize].searching);
        let Some((task, rule)) = found else {
            return self.park(worker, events);
        };
        if was_searching {
            self.tokio_notify();
        }
        self.workers[worker as usize].begin_turn(now);
        self.run(worker, task, rule, events);
    }

    /// Wakes whom timers and network have ready, and those that stepped aside, the last of them first.
    fn tokio_drive(&mut self, worker: u32, events: &mut Vec<Event>) -> bool {
        let fetched = core::mem::take(&mut self.ready_outside);
        let mut any = !fetched.is_empty();
        for task in fetched {
            self.live(task, Life::Ready);
            self.tell(events, What::Ready, task, worker, NONE);
            self.enqueue(task, Some(worker), events);
        }
        while let Some(task) = self.workers[worker as usize].deferred.pop() {
            any = true;
            self.enqueue(task, Some(worker), events);
        }
        any
    }

    fn tokio_next(&mut self, worker: u32) -> Option<(u32, Rule)> {
        let workers = self.workers.len();
        let this = &mut self.workers[worker as usize];
        if this.tick.is_multiple_of(this.interval) {
            if self.config.interval.is_none() {
                this.tune();
            }
            if let Some(task) = self.shared.pop_front() {
                return Some((task, Rule::SharedFirst));
            }
            return this.local();
        }
        if let Some(found) = this.local() {
            return Some(found);
        }
        let length = self.shared.len();
        let room = QUEUE - this.queue.len();
        let share = (length / workers + 1)
            .clamp(1, room.clamp(1, QUEUE / 2))
            .min(length);
        let mut batch = self.shared.drain(..share);
        let first = batch.next()?;
        self.workers[worker as usize].queue.extend(batch);
        Some((first, Rule::Shared))
    }

    fn tokio_steal(&mut self, worker: u32, events: &mut Vec<Event>) -> Option<(u32, Rule)> {
        let count = self.workers.len() as u32;
        let own = self.workers[worker as usize].queue.len();
        if !self.config.stealing || count == 1 || own > QUEUE / 2 {
            return None;
        }
        if !self.workers[worker as usize].searching && 2 * self.searching() >= count as usize {
            return None;
        }
        self.workers[worker as usize].searching = true;
        let start = self.rng.below(count);
        for nth in 0..count {
            let victim = (start + nth) % count;
            let queue = &mut self.workers[victim as usize].queue;
            let grab = queue.len() - queue.len() / 2;
            if victim == worker || grab == 0 {
                continue;
            }
            let mut grabbed: Vec<u32> = queue.drain(..grab).collect();
            let runs = grabbed.pop()?;
            self.workers[worker as usize].queue.extend(grabbed);
            self.tell(events, What::Steals, victim, worker, grab as u32);
            return Some((runs, Rule::Stolen));
        }
        self.shared.pop_front().map(|task| (task, Rule::Shared))
    }

    pub(crate) fn current_schedule(&mut self, task: u32, by: Option<u32>) {
        if by.is_some() {
            self.workers[0].queue.push_back(task);
        } else {
            self.shared.push_back(task);
            self.wake_idle();
        }
    }

    pub(crate) fn current_decide(&mut self, worker: u32, events: &mut Vec<Event>) {
        if self.workers[worker as usize].batch.1 == DRIVER_EVERY {
            self.current_drive(worker, events);
        }
        let this = &mut self.workers[worker as usize];
        this.tick = this.tick.wrapping_add(1);
        let stepped_aside = !this.deferred.is_empty();
        let mut found = self.current_next(worker);
        if found.is_none() && self.current_drive(worker, events) {
            // To find nothing was a tick of its own; that of a worker that has slept counted before it went to sleep.
            let this = &mut self.workers[worker as usize];
            this.tick = this.tick.wrapping_add(u32::from(stepped_aside));
            found = self.current_next(worker);
        }
        let Some((task, rule)) = found else {
            return self.park(worker, events);
        };
        let this = &mut self.workers[worker as usize];
        this.batch.1 += 1;
        this.budget = BUDGET;
        self.run(worker, task, rule, events);
    }

    /// The turn of timers, network and those that stepped aside: after [`DRIVER_EVERY`] polls since the last such turn, so that
    /// a queue that runs empty puts it off. The multi-thread scheduler counts ticks instead, whatever happens between.
    fn current_drive(&mut self, worker: u32, events: &mut Vec<Event>) -> bool {
        self.workers[worker as usize].batch.1 = 0;
        self.tokio_drive(worker, events)
    }

    fn current_next(&mut self, worker: u32) -> Option<(u32, Rule)> {
        let this = &mut self.workers[worker as usize];
        let own =
            |queue: &mut std::collections::VecDeque<u32>| Some((queue.pop_front()?, Rule::Own));
        let first = this.tick.is_multiple_of(this.interval);
        if first && let Some(task) = self.shared.pop_front() {
            return Some((task, Rule::SharedFirst));
        }
        own(&mut this.queue).or_else(|| Some((self.shared.pop_front()?, Rule::Shared)))
    }
}

impl crate::worker::Worker {
    /// The LIFO slot's task while the turn of a queue's task goes on; they share its budget.
    fn lifo_task(&mut self) -> Option<u32> {
        if self.budget == 0 {
            return None;
        }
        let task = self.take_next()?;
        self.lifo_polls += 1;
        if self.lifo_polls >= LIFO_POLLS {
            self.lifo_enabled = false;
        }
        Some(task)
    }

    fn lifo_without_budget(&mut self) -> Option<u32> {
        self.take_next()
    }

    fn local(&mut self) -> Option<(u32, Rule)> {
        if let Some(task) = self.take_next() {
            return Some((task, Rule::Lifo));
        }
        Some((self.queue.pop_front()?, Rule::Own))
    }

    fn begin_turn(&mut self, now: clock::Instant) {
        self.budget = BUDGET;
        self.lifo_polls = 0;
        if self.batch.1 == 0 {
            self.batch.0 = now;
        }
        self.batch.1 += 1;
    }

    /// The polls of a batch count together: their mean, with the weight of so many.
    fn end_batch(&mut self, now: clock::Instant) {
        let (began, polls) = core::mem::replace(&mut self.batch, (now, 0));
        if polls == 0 {
            return;
        }
        let mean = now.since(began).as_nanos() as f64 / f64::from(polls);
        let mut old = 1.0;
        for _ in 0..polls.min(1_000) {
            old *= 1.0 - WEIGHT;
        }
        self.mean_poll = mean * (1.0 - old) + self.mean_poll * old;
    }

    fn tune(&mut self) {
        let wanted = INTERVAL_AIM / self.mean_poll.max(1.0);
        let wanted = wanted.clamp(INTERVAL_LEAST, INTERVAL_MOST) as u32;
        if wanted.abs_diff(self.interval) > INTERVAL_JITTER {
            self.interval = wanted;
        }
    }
}
