//! The machine all schedulers share: time, tasks and what they do; where a ready task goes and who runs next is theirs to decide.

use core::cmp::Reverse;
use core::time::Duration;
use std::collections::{BinaryHeap, VecDeque};

use clock::Instant;

use crate::channel::{Channel, Flag};
use crate::config::{Config, Policy};
use crate::event::{Event, NONE, Rule, What};
use crate::go::Monitor;
use crate::rng::Rng;
use crate::task::{Life, Task};
use crate::worker::{Stage, Worker};
use crate::workload::{Op, Workload};

/// Something planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// A worker comes to its decision or to the end of a stretch, unless its plan has changed.
    Work(u32, u32),
    /// A timer of this task goes off.
    Timer(u32),
    /// The earliest timer of this P goes off (Go).
    Timers(u32),
    /// The network has something for this task.
    Network(u32),
    /// A blocking call ends.
    CallEnds(u32),
    /// A call done elsewhere ends.
    Elsewhere(u32),
    /// Go's monitor looks round.
    Monitor,
    /// The next task comes from outside.
    Arrival,
}

/// A scheduler at work. Every step is one decision, one end of a stretch, or one thing that comes from outside.
#[derive(Clone, Debug)]
pub struct Machine {
    pub(crate) config: Config,
    pub(crate) workload: Workload,
    pub(crate) now: Instant,
    pub(crate) due: BinaryHeap<Reverse<(Instant, u64, Due)>>,
    planned: u64,
    pub(crate) tasks: Vec<Task>,
    /// Threads: the time each has had, in nanoseconds, weighted to what is fair where it ran.
    pub(crate) had: Vec<u64>,
    pub(crate) counts: [u32; 5],
    pub(crate) channels: Vec<Channel>,
    pub(crate) flags: Vec<Flag>,
    pub(crate) workers: Vec<Worker>,
    /// The shared queue: Go's global queue, tokio's inject queue, or what the reader can choose from.
    pub(crate) shared: VecDeque<u32>,
    /// Idle workers, the one that went to sleep last at the end.
    pub(crate) idle: Vec<u32>,
    /// What the network poller or the driver has ready and nobody has fetched.
    pub(crate) ready_outside: VecDeque<u32>,
    pub(crate) fetched_at: Instant,
    pub(crate) monitor: Monitor,
    pub(crate) rng: Rng,
    /// Draws of the workload, so that every scheduler gets the same.
    pub(crate) draws: Rng,
    arrived: usize,
    pub(crate) waiting_for_all: Vec<u32>,
    /// Threads that do blocking calls, beside the workers.
    pub(crate) in_calls: u32,
    pub(crate) threads: u32,
    pub(crate) most_alive: u32,
}

impl Machine {
    /// A scheduler at time zero.
    #[must_use]
    pub fn new(config: Config, workload: Workload, seed: u64) -> Self {
        let workers = config.workers;
        let mut machine = Self {
            now: Instant::ZERO,
            due: BinaryHeap::new(),
            planned: 0,
            tasks: Vec::new(),
            had: Vec::new(),
            counts: [0; 5],
            channels: workload
                .channels
                .iter()
                .map(|&capacity| Channel::new(capacity))
                .collect(),
            flags: vec![Flag::default(); usize::from(workload.flags)],
            workers: (0..workers).map(|_| Worker::new()).collect(),
            shared: VecDeque::new(),
            idle: (0..workers).rev().collect(),
            ready_outside: VecDeque::new(),
            fetched_at: Instant::ZERO,
            monitor: Monitor::default(),
            rng: Rng::new(seed),
            draws: Rng::new(seed ^ 0x5bd1_e995_9d1b_54a3),
            arrived: 0,
            waiting_for_all: Vec::new(),
            in_calls: 0,
            threads: 0,
            most_alive: 0,
            config,
            workload,
        };
        machine.begin();
        machine
    }

    fn begin(&mut self) {
        self.begin_workers();
        if let Some(program) = self.workload.root {
            let root = self.add(program);
            self.begin_with(root);
        }
        if let Some(&(at, _)) = self.workload.arrivals.first() {
            self.plan(at, Due::Arrival);
        }
    }

    fn begin_workers(&mut self) {
        let (first_tick, interval) = (self.config.first_tick, self.first_interval());
        for worker in &mut self.workers {
            worker.tick = first_tick;
            worker.interval = interval;
            worker.mean_poll = crate::tokio::FIRST_MEAN_POLL;
        }
    }

    /// When something happens next; `None` when nothing ever will, unless somebody chooses.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        self.due.peek().map(|Reverse((at, ..))| *at)
    }

    // ANCHOR: step
    /// Does what is due next and appends what happened; nothing if nothing is due.
    pub fn step(&mut self, events: &mut Vec<Event>) {
        let Some(Reverse((at, _, due))) = self.due.pop() else {
            return;
        };
        self.now = at;
        match due {
            Due::Work(worker, plan) if self.workers[worker as usize].plan == plan => {
                match self.workers[worker as usize].stage {
                    Stage::Deciding => self.decide(worker, events),
                    Stage::Running => self.stretch_ends(worker, events),
                    _ => {}
                }
            }
            Due::Work(..) => {}
            Due::Timer(task) | Due::Network(task) => self.ready_from_outside(task, events),
            Due::Timers(worker) => self.go_timers_due(worker),
            Due::CallEnds(task) => self.call_ends(task, events),
            Due::Elsewhere(task) => {
                self.in_calls -= 1;
                self.advance(task);
                self.wake(task, None, events);
            }
            Due::Monitor => self.look_round(events),
            Due::Arrival => self.arrive(events),
        }
    }
    // ANCHOR_END: step

    pub(crate) fn plan(&mut self, at: Instant, due: Due) {
        self.planned += 1;
        self.due.push(Reverse((at, self.planned, due)));
    }

    /// A number for ordering what is set at the same instant.
    pub(crate) fn order(&mut self) -> u64 {
        self.planned += 1;
        self.planned
    }

    /// A worker does what its stage says after so long.
    pub(crate) fn plan_work(&mut self, worker: u32, after: Duration) {
        let at = self.now + after;
        let this = &mut self.workers[worker as usize];
        this.plan = this.plan.wrapping_add(1);
        this.until = at;
        let plan = this.plan;
        self.plan(at, Due::Work(worker, plan));
    }

    fn arrive(&mut self, events: &mut Vec<Event>) {
        let (_, program) = self.workload.arrivals[self.arrived];
        let landing = self.workload.landing.get(self.arrived).copied();
        self.arrived += 1;
        if let Some(&(at, _)) = self.workload.arrivals.get(self.arrived) {
            self.plan(at, Due::Arrival);
        }
        let task = self.add(program);
        self.tell(events, What::Spawned, task, landing.unwrap_or(NONE), NONE);
        match landing {
            Some(worker) if (worker as usize) < self.workers.len() => {
                self.land(task, worker, events)
            }
            _ => self.enqueue(task, None, events),
        }
    }

    /// A new task, which stands nowhere yet.
    pub(crate) fn add(&mut self, program: u16) -> u32 {
        let id = self.tasks.len() as u32;
        self.tasks.push(Task::new(program, self.now));
        if self.config.policy == Policy::Threads {
            self.had.push(0);
        }
        self.counts[Life::Ready as usize] += 1;
        self.most_alive = self.most_alive.max(self.alive());
        id
    }

    pub(crate) fn tell(
        &self,
        events: &mut Vec<Event>,
        what: What,
        task: u32,
        worker: u32,
        value: u32,
    ) {
        events.push(Event {
            at: self.now,
            what,
            task,
            worker,
            value,
        });
    }

    pub(crate) fn live(&mut self, task: u32, life: Life) {
        let this = &mut self.tasks[task as usize];
        self.counts[this.life as usize] -= 1;
        self.counts[life as usize] += 1;
        this.life = life;
        this.since = self.now;
    }

    /// A task that was there before the first.
    ///
    /// A program that does not exist ends at once.
    pub(crate) fn add_silent(&mut self) -> u32 {
        self.add(u16::MAX)
    }

    /// Moves a task past its operation.
    pub(crate) fn advance(&mut self, task: u32) {
        let this = &mut self.tasks[task as usize];
        this.pc += 1;
        this.count = 0;
    }

    /// A waiting task can run again; `by` is the worker on which it was woken.
    pub(crate) fn wake(&mut self, task: u32, by: Option<u32>, events: &mut Vec<Event>) {
        self.live(task, Life::Ready);
        let cause = by.map_or(NONE, |worker| self.workers[worker as usize].task);
        self.tell(events, What::Ready, task, by.unwrap_or(NONE), cause);
        self.enqueue(task, by, events);
    }

    /// A scheduler has chosen; the worker runs it at once.
    pub(crate) fn run(&mut self, worker: u32, task: u32, rule: Rule, events: &mut Vec<Event>) {
        self.live(task, Life::Running);
        let now = self.now;
        let this = &mut self.workers[worker as usize];
        this.task = task;
        this.began = now;
        this.stop = false;
        this.stage = Stage::Running;
        self.tell(events, What::Runs(rule), task, worker, NONE);
        self.go_on(worker, events);
    }

    /// The worker's task is off it; it comes to a decision after the cost of a switch.
    pub(crate) fn leave(&mut self, worker: u32) {
        self.charge(worker);
        let now = self.now;
        let this = &mut self.workers[worker as usize];
        this.busy += now.since(this.began).as_nanos() as u64;
        this.task = NONE;
        this.stage = Stage::Deciding;
        self.plan_work(worker, self.config.costs.switch);
    }

    fn stretch_ends(&mut self, worker: u32, events: &mut Vec<Event>) {
        let task = self.workers[worker as usize].task;
        if self.slice_ends(worker, events) {
            return;
        }
        self.tasks[task as usize].left = 0;
        match self.op(task) {
            Some(Op::Spawn { program, .. }) => self.spawn(worker, task, program, events),
            _ => self.advance(task),
        }
        if !self.slice_over(worker, events) {
            self.go_on(worker, events);
        }
    }

    /// Counts the threads there are when a worker or a call needs one.
    pub(crate) fn count_threads(&mut self) -> bool {
        let busy = self.workers.len() - self.idle.len();
        let needed = busy as u32 + self.in_calls;
        let more = needed > self.threads;
        self.threads = self.threads.max(needed);
        more
    }

    pub(crate) fn is_tokio(&self) -> bool {
        matches!(self.config.policy, Policy::Tokio | Policy::TokioCurrent)
    }
}
