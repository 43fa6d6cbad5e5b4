//! What tasks do: every operation, the same under every scheduler.

use core::time::Duration;

use crate::channel::Passed;
use crate::event::{Event, NONE, Wait, What};
use crate::machine::{Due, Machine};
use crate::task::Life;
use crate::worker::Stage;
use crate::workload::Op;

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
    pub(crate) fn op(&self, task: u32) -> Option<Op> {
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
            Op::Repeat(times) => self.repeat(task, times),
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
            Op::ReadFlag(flag) => self.read_flag(task, flag),
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

    fn repeat(&mut self, task: u32, times: u32) -> Flow {
        let this = &mut self.tasks[task as usize];
        this.rounds += 1;
        if this.rounds < times {
            this.pc = 0;
        } else {
            this.pc += 1;
        }
        Flow::On
    }

    /// Reads the flag and takes it down.
    fn read_flag(&mut self, task: u32, flag: u16) -> Flow {
        let this = &mut self.flags[usize::from(flag)];
        self.tasks[task as usize].value = u32::from(core::mem::take(&mut this.up));
        self.advance(task);
        Flow::On
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
            return self.compute(task, cost);
        }
        self.spawn(worker, task, program, events);
        Flow::On
    }

    pub(crate) fn spawn(
        &mut self,
        worker: u32,
        parent: u32,
        program: u16,
        events: &mut Vec<Event>,
    ) {
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
}
