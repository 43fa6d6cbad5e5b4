//! The machine all schedulers share: time, tasks and what they do; where a ready task goes and who runs next is theirs to decide.

use core::cmp::Reverse;
use core::time::Duration;
use std::collections::{BinaryHeap, VecDeque};

use clock::Instant;

use crate::channel::{Channel, Flag, Passed};
use crate::costs::Costs;
use crate::event::{Event, NONE, Rule, Wait, What};
use crate::go::Monitor;
use crate::rng::Rng;
use crate::task::{Life, Task};
use crate::worker::{Stage, Worker};
use crate::workload::{Op, Workload};

/// Which scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Go's goroutines: G, M and P.
    Go,
    /// tokio's multi-thread scheduler.
    Tokio,
    /// tokio's current-thread scheduler: one worker, one queue.
    TokioCurrent,
    /// A thread for each task under a fair kernel scheduler.
    Threads,
    /// The reader: see [`Machine::choose`].
    Manual,
}

/// A scheduler and what it runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Which scheduler.
    pub policy: Policy,
    /// Ps, workers or processors: 1 to 256.
    pub workers: u32,
    /// What its work costs.
    pub costs: Costs,
    /// Idle workers take work from others.
    pub stealing: bool,
    /// Go: the first P's tick at the start, which a real run cannot choose.
    pub first_tick: u32,
    /// Go: goroutines of the runtime ahead in the first P's queue, which do nothing.
    pub silent: u32,
    /// Go: the same ahead in the shared queue.
    pub silent_shared: u32,
    /// tokio: the shared queue comes first every so many ticks; `None` for tuned by the time of a poll.
    pub interval: Option<u32>,
    /// Go: a goroutine that runs for 10 ms is interrupted.
    pub preemption: bool,
}

impl Config {
    /// The scheduler as it comes, on so many workers.
    #[must_use]
    pub fn new(policy: Policy, workers: u32, costs: Costs) -> Self {
        Self {
            policy,
            workers: if policy == Policy::TokioCurrent {
                1
            } else {
                workers.clamp(1, 256)
            },
            costs,
            stealing: true,
            first_tick: 0,
            silent: 0,
            silent_shared: 0,
            interval: None,
            preemption: true,
        }
    }
}

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
    due: BinaryHeap<Reverse<(Instant, u64, Due)>>,
    planned: u64,
    pub(crate) tasks: Vec<Task>,
    /// Threads: the time each has had, in nanoseconds, weighted to what is fair where it ran.
    pub(crate) had: Vec<u64>,
    counts: [u32; 5],
    pub(crate) channels: Vec<Channel>,
    flags: Vec<Flag>,
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
    draws: Rng,
    arrived: usize,
    waiting_for_all: Vec<u32>,
    /// Threads that do blocking calls, beside the workers.
    pub(crate) in_calls: u32,
    threads: u32,
    most_alive: u32,
}

/// What an operation means for whoever runs the task.
enum Flow {
    /// Go on with the next one.
    On,
    /// It takes so many nanoseconds.
    Busy(u64),
    /// The task is off its worker.
    Off,
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
        self.arrived += 1;
        if let Some(&(at, _)) = self.workload.arrivals.get(self.arrived) {
            self.plan(at, Due::Arrival);
        }
        let task = self.add(program);
        self.tell(events, What::Spawned, task, NONE, NONE);
        self.enqueue(task, None, events);
    }

    /// A new task, which stands nowhere yet.
    fn add(&mut self, program: u16) -> u32 {
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
        match self.op(task) {
            Some(Op::Spawn { program, .. }) => self.spawn(worker, task, program, events),
            _ if self.slice_ends(worker, events) => return,
            _ => {
                self.tasks[task as usize].left = 0;
                self.advance(task);
            }
        }
        self.go_on(worker, events);
    }

    fn op(&self, task: u32) -> Option<Op> {
        let task = &self.tasks[task as usize];
        let program = self.workload.programs.get(usize::from(task.program))?;
        program.get(usize::from(task.pc)).copied()
    }

    /// Does operations of the worker's task until one takes time or takes it off its worker.
    pub(crate) fn go_on(&mut self, worker: u32, events: &mut Vec<Event>) {
        loop {
            let task = self.workers[worker as usize].task;
            let Some(op) = self.op(task) else {
                return self.end(worker, task, events);
            };
            match self.perform(worker, task, op, events) {
                Flow::On => {}
                Flow::Busy(nanos) => {
                    let stretch = self.stretch(worker, nanos);
                    let this = &mut self.workers[worker as usize];
                    this.stage = Stage::Running;
                    this.stretch = stretch;
                    return self.plan_work(worker, Duration::from_nanos(stretch));
                }
                Flow::Off => return,
            }
        }
    }

    fn perform(&mut self, worker: u32, task: u32, op: Op, events: &mut Vec<Event>) -> Flow {
        match op {
            Op::Run(time) => self.compute(task, time.as_nanos() as u64),
            Op::RunRandom(mean) => {
                let nanos = if self.tasks[task as usize].left == 0 {
                    (self.draws.exponential() * mean.as_nanos() as f64) as u64
                } else {
                    0
                };
                self.compute(task, nanos.max(1))
            }
            Op::Spawn { program, count } => self.next_spawn(worker, task, program, count, events),
            Op::Note(value) => self.note(worker, task, value, events),
            Op::NoteReceived(base) => {
                let value = base.wrapping_add(self.tasks[task as usize].value);
                self.note(worker, task, value, events)
            }
            Op::Repeat(times) => {
                let this = &mut self.tasks[task as usize];
                this.rounds += 1;
                if this.rounds < times {
                    this.pc = 0;
                } else {
                    this.pc += 1;
                }
                Flow::On
            }
            Op::Yield => {
                self.advance(task);
                self.live(task, Life::Ready);
                self.tell(events, What::Yields, task, worker, NONE);
                self.step_aside(worker, task, events);
                Flow::Off
            }
            Op::Send { channel, count } => self.send(worker, task, (channel, count), events),
            Op::Receive(channel) => self.receive(worker, task, channel, events),
            Op::Close(channel) => self.close(worker, task, channel, events),
            Op::ReadFlag(flag) => {
                let this = &mut self.flags[usize::from(flag)];
                self.tasks[task as usize].value = u32::from(core::mem::take(&mut this.up));
                self.advance(task);
                Flow::On
            }
            Op::RaiseFlag(flag) => self.raise(worker, task, flag, events),
            Op::WaitFlag(flag) => self.wait_flag(worker, task, flag, events),
            Op::WaitAll if self.alive() as usize > self.waiting_for_all.len() + 1 => {
                self.waiting_for_all.push(task);
                self.wait(worker, task, Wait::Others, events)
            }
            Op::WaitAll => {
                self.advance(task);
                Flow::On
            }
            Op::Sleep(_) | Op::Network(_) | Op::Syscall(_) | Op::Blocking(_) => {
                self.wait_outside(worker, task, op, events)
            }
        }
    }

    fn compute(&mut self, task: u32, nanos: u64) -> Flow {
        let this = &mut self.tasks[task as usize];
        if this.left == 0 {
            if nanos == 0 {
                this.pc += 1;
                return Flow::On;
            }
            this.left = nanos;
        }
        Flow::Busy(this.left)
    }

    fn next_spawn(
        &mut self,
        worker: u32,
        task: u32,
        program: u16,
        count: u32,
        events: &mut Vec<Event>,
    ) -> Flow {
        let this = &mut self.tasks[task as usize];
        if this.count >= count {
            self.advance(task);
            return Flow::On;
        }
        let cost = self.config.costs.create.as_nanos() as u64;
        if cost > 0 {
            return Flow::Busy(cost);
        }
        self.spawn(worker, task, program, events);
        Flow::On
    }

    fn spawn(&mut self, worker: u32, parent: u32, program: u16, events: &mut Vec<Event>) {
        self.tasks[parent as usize].count += 1;
        let task = self.add(program);
        self.tell(events, What::Spawned, task, worker, parent);
        self.enqueue(task, Some(worker), events);
    }

    fn note(&mut self, worker: u32, task: u32, value: u32, events: &mut Vec<Event>) -> Flow {
        self.tell(events, What::Notes, task, worker, value);
        self.advance(task);
        Flow::On
    }

    /// The task waits and leaves its worker.
    fn wait(&mut self, worker: u32, task: u32, wait: Wait, events: &mut Vec<Event>) -> Flow {
        self.live(task, Life::Waiting);
        self.tell(events, What::Waits(wait), task, worker, NONE);
        self.leave(worker);
        Flow::Off
    }

    fn wait_outside(&mut self, worker: u32, task: u32, op: Op, events: &mut Vec<Event>) -> Flow {
        match op {
            Op::Sleep(time) => {
                self.advance(task);
                self.set_timer(worker, task, time);
                self.wait(worker, task, Wait::Timer, events)
            }
            Op::Network(time) => {
                self.advance(task);
                self.plan(self.now + time, Due::Network(task));
                self.wait(worker, task, Wait::Network, events)
            }
            Op::Blocking(time) if self.is_tokio() => {
                self.in_calls += 1;
                self.count_threads();
                self.plan(self.now + time, Due::Elsewhere(task));
                self.wait(worker, task, Wait::Elsewhere, events)
            }
            Op::Syscall(time) | Op::Blocking(time) => {
                self.live(task, Life::InCall);
                self.tell(events, What::EntersCall, task, worker, NONE);
                self.plan(self.now + time, Due::CallEnds(task));
                self.enter_call(worker);
                Flow::Off
            }
            _ => Flow::On,
        }
    }

    fn send(
        &mut self,
        worker: u32,
        task: u32,
        (channel, count): (u16, u32),
        events: &mut Vec<Event>,
    ) -> Flow {
        let value = self.tasks[task as usize].count;
        if value >= count {
            self.advance(task);
            return Flow::On;
        }
        if self.over_budget(worker, task, events) {
            return Flow::Off;
        }
        self.tasks[task as usize].count += 1;
        match self.channels[usize::from(channel)].send(task, value) {
            Passed::Woke(receiver) => {
                self.tasks[receiver as usize].value = value;
                self.advance(receiver);
                self.wake(receiver, Some(worker), events);
                Flow::On
            }
            Passed::Done => Flow::On,
            Passed::Waits => self.wait(worker, task, Wait::Channel, events),
        }
    }

    fn receive(&mut self, worker: u32, task: u32, channel: u16, events: &mut Vec<Event>) -> Flow {
        if self.over_budget(worker, task, events) {
            return Flow::Off;
        }
        match self.channels[usize::from(channel)].receive(task) {
            None => {
                self.tasks[task as usize].pc = u16::MAX;
                Flow::On
            }
            Some((Passed::Waits, _)) => self.wait(worker, task, Wait::Channel, events),
            Some((passed, value)) => {
                self.tasks[task as usize].value = value;
                self.advance(task);
                if let Passed::Woke(sender) = passed {
                    self.wake(sender, Some(worker), events);
                }
                Flow::On
            }
        }
    }

    fn close(&mut self, worker: u32, task: u32, channel: u16, events: &mut Vec<Event>) -> Flow {
        let this = &mut self.channels[usize::from(channel)];
        this.closed = true;
        for receiver in core::mem::take(&mut this.receivers) {
            self.tasks[receiver as usize].pc = u16::MAX;
            self.wake(receiver, Some(worker), events);
        }
        self.advance(task);
        Flow::On
    }

    fn raise(&mut self, worker: u32, task: u32, flag: u16, events: &mut Vec<Event>) -> Flow {
        let this = &mut self.flags[usize::from(flag)];
        this.up = true;
        for waiting in core::mem::take(&mut this.waiting) {
            self.advance(waiting);
            self.wake(waiting, Some(worker), events);
        }
        self.advance(task);
        Flow::On
    }

    fn wait_flag(&mut self, worker: u32, task: u32, flag: u16, events: &mut Vec<Event>) -> Flow {
        if self.tasks[task as usize].value == 1 {
            self.advance(task);
            return Flow::On;
        }
        self.flags[usize::from(flag)].waiting.push(task);
        self.wait(worker, task, Wait::Flag, events)
    }

    fn end(&mut self, worker: u32, task: u32, events: &mut Vec<Event>) {
        self.live(task, Life::Ended);
        self.tell(events, What::Ends, task, worker, NONE);
        if !self.waiting_for_all.is_empty() && self.alive() as usize <= self.waiting_for_all.len() {
            for waiting in core::mem::take(&mut self.waiting_for_all) {
                self.advance(waiting);
                self.wake(waiting, Some(worker), events);
            }
        }
        self.leave(worker);
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

    /// Nothing can ever run again and some tasks still wait: a deadlock, or a lost wake-up.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.due.is_empty() && self.alive() > 0 && self.shared.is_empty()
    }
}
