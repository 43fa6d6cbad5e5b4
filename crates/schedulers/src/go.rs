//! Go's scheduler: `runtime/proc.go` of go1.27, in the order it looks for work.

use core::cmp::Reverse;
use core::time::Duration;

use clock::Instant;

use crate::config::Policy;
use crate::event::{Event, NONE, Rule, What};
use crate::machine::{Due, Machine};
use crate::task::Life;
use crate::worker::Stage;

/// Places in a P's own queue.
pub(crate) const RING: usize = 256;
/// Every so many decisions the shared queue comes first, so that two goroutines that wake each other cannot starve it.
pub(crate) const SHARED_EVERY: u32 = 61;
/// A goroutine that has run for so long on one decision is interrupted.
pub(crate) const SLICE: Duration = Duration::from_millis(10);
/// How often a thief goes round all Ps; only the last time it takes slots and timers.
const STEAL_ROUNDS: u32 = 4;
/// The monitor's shortest and longest sleep, and after how many idle rounds it begins to double it.
const MONITOR_LEAST: Duration = Duration::from_micros(20);
const MONITOR_MOST: Duration = Duration::from_millis(10);
const MONITOR_IDLE: u32 = 50;

/// Go's `sysmon`: a thread without a P that looks round now and then.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Monitor {
    awake: bool,
    sleep: Duration,
    idle_rounds: u32,
}

/// Queues.
impl Machine {
    pub(crate) fn go_begin(&mut self, root: u32) {
        for _ in 0..self.config.silent {
            let silent = self.add_silent();
            self.workers[0].queue.push_back(silent);
        }
        for _ in 0..self.config.silent_shared {
            let silent = self.add_silent();
            self.shared.push_back(silent);
        }
        self.workers[0].next = root;
    }

    /// A goroutine can run: on a P it gets the slot, from elsewhere it goes to the end of the shared queue.
    pub(crate) fn go_ready(&mut self, task: u32, by: Option<u32>, events: &mut Vec<Event>) {
        match by {
            Some(worker) => self.go_put_next(worker, task, events),
            None => self.shared.push_back(task),
        }
        self.go_wake_one();
    }

    fn go_put_next(&mut self, worker: u32, task: u32, events: &mut Vec<Event>) {
        let kicked = core::mem::replace(&mut self.workers[worker as usize].next, task);
        if kicked != NONE {
            self.go_put_tail(worker, kicked, events);
        }
    }

    // ANCHOR: spill
    /// A full queue moves its older half and the new one to the shared queue.
    pub(crate) fn go_put_tail(&mut self, worker: u32, task: u32, events: &mut Vec<Event>) {
        let queue = &mut self.workers[worker as usize].queue;
        if queue.len() < RING {
            queue.push_back(task);
            return;
        }
        self.shared.extend(queue.drain(..RING / 2));
        self.shared.push_back(task);
        self.tell(events, What::Spills, task, worker, RING as u32 / 2 + 1);
    }
    // ANCHOR_END: spill

    /// At most one M looks for work at a time; it wakes the next when it has found some.
    pub(crate) fn go_wake_one(&mut self) {
        if self.searching() == 0
            && let Some(worker) = self.wake_idle()
        {
            self.workers[worker as usize].searching = true;
        }
    }

    pub(crate) fn searching(&self) -> usize {
        self.workers
            .iter()
            .filter(|worker| worker.searching)
            .count()
    }
}

/// Finding work.
impl Machine {
    pub(crate) fn go_decide(&mut self, worker: u32, events: &mut Vec<Event>) {
        self.go_run_timers(worker, worker, events);
        let Some((task, rule)) = self.go_find(worker, events) else {
            self.workers[worker as usize].searching = false;
            return self.park(worker, events);
        };
        if core::mem::take(&mut self.workers[worker as usize].searching) {
            self.go_wake_one();
        }
        // The slot's goroutine inherits what is left of the time slice, so it is no new tick.
        if rule != Rule::RunNext {
            let this = &mut self.workers[worker as usize];
            this.tick = this.tick.wrapping_add(1);
        }
        self.run(worker, task, rule, events);
    }

    // ANCHOR: find
    fn go_find(&mut self, worker: u32, events: &mut Vec<Event>) -> Option<(u32, Rule)> {
        let this = &mut self.workers[worker as usize];
        if this.tick.is_multiple_of(SHARED_EVERY)
            && let Some(task) = self.shared.pop_front()
        {
            return Some((task, Rule::SharedFirst));
        }
        if let Some(task) = this.take_next() {
            return Some((task, Rule::RunNext));
        }
        if let Some(task) = this.queue.pop_front() {
            return Some((task, Rule::Own));
        }
        (self.go_batch(worker).map(|task| (task, Rule::Shared)))
            .or_else(|| {
                self.go_fetch(worker, events)
                    .map(|task| (task, Rule::Network))
            })
            .or_else(|| self.go_steal(worker, events))
    }
    // ANCHOR_END: find

    /// A fair share of the shared queue, at most half a ring; the first runs.
    fn go_batch(&mut self, worker: u32) -> Option<u32> {
        let length = self.shared.len();
        let share = (length / self.workers.len() + 1).min(length).min(RING / 2);
        let mut batch = self.shared.drain(..share);
        let first = batch.next()?;
        self.workers[worker as usize].queue.extend(batch);
        Some(first)
    }

    /// What the network has ready: the first runs; idle Ps are given others, by the shared queue, and the rest stay here.
    fn go_fetch(&mut self, worker: u32, events: &mut Vec<Event>) -> Option<u32> {
        self.fetched_at = self.now;
        let first = self.ready_outside.pop_front()?;
        self.live(first, Life::Ready);
        self.tell(events, What::Ready, first, worker, NONE);
        let rest = core::mem::take(&mut self.ready_outside);
        for task in rest {
            self.live(task, Life::Ready);
            self.tell(events, What::Ready, task, worker, NONE);
            if self.wake_idle().is_some() {
                self.shared.push_back(task);
            } else {
                self.go_put_tail(worker, task, events);
            }
        }
        Some(first)
    }

    fn go_steal(&mut self, worker: u32, events: &mut Vec<Event>) -> Option<(u32, Rule)> {
        let count = self.workers.len() as u32;
        if !self.config.stealing || count == 1 {
            return None;
        }
        if !self.workers[worker as usize].searching {
            let busy = count as usize - self.idle.len();
            if 2 * self.searching() >= busy {
                return None;
            }
            self.workers[worker as usize].searching = true;
        }
        for round in 1..=STEAL_ROUNDS {
            let last = round == STEAL_ROUNDS;
            let (start, step) = (self.rng.below(count), self.coprime_step(count));
            for nth in 0..count {
                let victim = (start + nth * step) % count;
                if victim == worker {
                    continue;
                }
                if last {
                    self.go_run_timers(victim, worker, events);
                    if let Some(task) = self.workers[worker as usize].take_next() {
                        return Some((task, Rule::RunNext));
                    }
                }
                if let Some(found) = self.go_grab(worker, victim, last, events) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// A step that visits every P once from any start.
    fn coprime_step(&mut self, count: u32) -> u32 {
        let divides = |mut a: u32, mut b: u32| {
            while b != 0 {
                (a, b) = (b, a % b);
            }
            a
        };
        let steps: Vec<u32> = (1..=count)
            .filter(|&step| divides(step, count) == 1)
            .collect();
        steps[self.rng.below(steps.len() as u32) as usize]
    }

    // ANCHOR: grab
    /// Half of another's queue, rounded up; the last of them runs. Its slot only if nothing else is there, and only the last time round.
    fn go_grab(
        &mut self,
        worker: u32,
        victim: u32,
        last: bool,
        events: &mut Vec<Event>,
    ) -> Option<(u32, Rule)> {
        let other = &mut self.workers[victim as usize];
        let count = other.queue.len() - other.queue.len() / 2;
        let (task, rule) = if count == 0 {
            if !last || other.stage == Stage::Deciding {
                return None;
            }
            (other.take_next()?, Rule::StolenNext)
        } else {
            let mut grabbed: Vec<u32> = other.queue.drain(..count).collect();
            let runs = grabbed.pop()?;
            self.workers[worker as usize].queue.extend(grabbed);
            (runs, Rule::Stolen)
        };
        self.tell(events, What::Steals, victim, worker, count.max(1) as u32);
        Some((task, rule))
    }
    // ANCHOR_END: grab
}

/// Timers.
impl Machine {
    pub(crate) fn go_set_timer(&mut self, worker: u32, task: u32, at: Instant) {
        let order = self.order();
        let timers = &mut self.workers[worker as usize].timers;
        let first = timers
            .peek()
            .is_none_or(|Reverse((earliest, ..))| at < *earliest);
        timers.push(Reverse((at, order, task)));
        if first {
            self.plan(at, Due::Timers(worker));
        }
    }

    /// Readies the goroutines whose timers on `owner` have gone off, on the P that found them.
    fn go_run_timers(&mut self, owner: u32, worker: u32, events: &mut Vec<Event>) {
        let mut ran = false;
        while let Some(&Reverse((at, _, task))) = self.workers[owner as usize].timers.peek() {
            if at > self.now {
                if ran {
                    self.plan(at, Due::Timers(owner));
                }
                return;
            }
            self.workers[owner as usize].timers.pop();
            ran = true;
            self.live(task, Life::Ready);
            self.tell(events, What::Ready, task, worker, NONE);
            self.go_ready(task, Some(worker), events);
        }
    }

    /// A P that sleeps wakes for its timers, or another that sleeps does; a busy one looks at them when it next decides.
    pub(crate) fn go_timers_due(&mut self, worker: u32) {
        if let Some(place) = self.idle.iter().position(|&idle| idle == worker) {
            self.idle.remove(place);
            self.wake_worker(worker, self.config.costs.wake);
        } else {
            self.go_wake_one();
        }
    }
}

/// System calls and the monitor.
impl Machine {
    /// Back from a call whose P was taken away: on an idle P, or to the end of the shared queue.
    pub(crate) fn go_returns(&mut self, task: u32, events: &mut Vec<Event>) {
        self.in_calls -= 1;
        self.live(task, Life::Ready);
        if let Some(worker) = self.idle.pop() {
            self.tell(events, What::LeavesCall, task, worker, NONE);
            self.count_threads();
            let this = &mut self.workers[worker as usize];
            this.tick = this.tick.wrapping_add(1);
            self.start_monitor();
            return self.run(worker, task, Rule::Returned, events);
        }
        self.tell(events, What::LeavesCall, task, NONE, NONE);
        self.shared.push_back(task);
    }

    pub(crate) fn start_monitor(&mut self) {
        if self.config.policy == Policy::Go && !self.monitor.awake {
            self.monitor = Monitor {
                awake: true,
                sleep: MONITOR_LEAST,
                idle_rounds: 0,
            };
            self.plan(self.now + MONITOR_LEAST, Due::Monitor);
        }
    }

    pub(crate) fn look_round(&mut self, events: &mut Vec<Event>) {
        if self.idle.len() == self.workers.len() {
            self.monitor.awake = false;
            return;
        }
        if self.now.since(self.fetched_at) >= SLICE {
            self.fetch_for_all(events);
        }
        let mut did = false;
        for worker in 0..self.workers.len() as u32 {
            match self.workers[worker as usize].stage {
                Stage::InCall => did |= self.go_retake(worker, events),
                Stage::Running => self.go_preempt(worker, events),
                _ => {}
            }
        }
        let monitor = &mut self.monitor;
        monitor.idle_rounds = if did { 0 } else { monitor.idle_rounds + 1 };
        if did {
            monitor.sleep = MONITOR_LEAST;
        } else if monitor.idle_rounds > MONITOR_IDLE {
            monitor.sleep = (monitor.sleep * 2).min(MONITOR_MOST);
        }
        let next = self.now + monitor.sleep;
        self.plan(next, Due::Monitor);
    }

    /// Nobody has asked the network for 10 ms: the monitor does, for the shared queue.
    fn fetch_for_all(&mut self, events: &mut Vec<Event>) {
        self.fetched_at = self.now;
        while let Some(task) = self.ready_outside.pop_front() {
            self.live(task, Life::Ready);
            self.tell(events, What::Ready, task, NONE, NONE);
            self.go_ready(task, None, events);
        }
    }

    // ANCHOR: calls
    /// Takes the P from a goroutine in a system call that the monitor has seen before: at once if there is other work, else after 10 ms.
    fn go_retake(&mut self, worker: u32, events: &mut Vec<Event>) -> bool {
        let nothing_else =
            self.workers[worker as usize].waiting() == 0 && self.searching() + self.idle.len() > 0;
        let now = self.now;
        let this = &mut self.workers[worker as usize];
        let Some((entered, seen)) = &mut this.call else {
            return false;
        };
        if !core::mem::replace(seen, true) || (nothing_else && now.since(*entered) < SLICE) {
            return false;
        }
        let task = core::mem::replace(&mut this.task, NONE);
        this.call = None;
        self.in_calls += 1;
        let more = self.count_threads();
        self.tell(events, What::HandedOff, task, worker, self.threads());
        let costs = self.config.costs;
        self.workers[worker as usize].stage = Stage::Deciding;
        self.plan_work(worker, if more { costs.thread } else { costs.wake });
        true
    }
    // ANCHOR_END: calls

    /// Interrupts a goroutine that has run for 10 ms on the same tick; it goes to the end of the shared queue.
    /// The monitor does not count this as work: it goes on sleeping longer and longer, so that a turn may last 20 ms.
    fn go_preempt(&mut self, worker: u32, events: &mut Vec<Event>) {
        let now = self.now;
        let this = &mut self.workers[worker as usize];
        if this.seen.0 != this.tick {
            this.seen = (this.tick, now);
            return;
        }
        if !self.config.preemption || now.since(this.seen.1) < SLICE {
            return;
        }
        let (task, left) = (this.task, this.until.since(now).as_nanos() as u64);
        if self.tasks[task as usize].left == 0 {
            return;
        }
        if left == 0 {
            // What it does ends at this very instant; before it begins something else it is interrupted.
            this.stop = true;
            return;
        }
        self.tasks[task as usize].left = left;
        self.go_interrupt(worker, events);
    }

    /// Gives way between two operations if the monitor wanted it to, and there is more to do.
    pub(crate) fn go_stops(&mut self, worker: u32, events: &mut Vec<Event>) -> bool {
        let this = &mut self.workers[worker as usize];
        let task = this.task;
        if !core::mem::take(&mut this.stop) || self.op(task).is_none() {
            return false;
        }
        self.go_interrupt(worker, events);
        true
    }

    fn go_interrupt(&mut self, worker: u32, events: &mut Vec<Event>) {
        let task = self.workers[worker as usize].task;
        self.live(task, Life::Ready);
        self.tell(events, What::Preempted, task, worker, NONE);
        self.shared.push_back(task);
        self.leave(worker);
        self.go_wake_one();
    }
}
