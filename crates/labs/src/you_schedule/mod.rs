//! The reader is the scheduler: two workers ask for their next task, and the order decides what goes wrong.

mod export;
mod puzzle;
mod scene;
mod settings;

use core::time::Duration;

use clock::Instant;
use schedulers::{Config, Costs, Life, Op, Policy};
use sim::Event;

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::scheduling::Desk;
use crate::scheduling::words::{self, KINDS};
use crate::tape::Tape;

use puzzle::Puzzle;
pub(crate) use settings::Goal;
use settings::{ACTIONS, CHARTS, KNOBS, Params};

/// A choice of the reader's: when, the worker that asked, and the task's place among the ready.
type Choice = (Instant, u32, usize);

/// How the puzzle stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Neither reached nor out of reach.
    Open,
    /// The goal is reached.
    Reached,
    /// Everything has ended without it.
    Missed,
}

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct YouSchedule {
    goal: Goal,
    seed: u64,
    puzzle: Puzzle,
    desk: Desk,
    chosen: Vec<Choice>,
    /// What the lines stand at.
    lines: [f64; 2],
}

impl Lab for YouSchedule {
    type Params = Params;

    const ABOUT: About = About {
        id: "you-schedule",
        title: "You are the scheduler",
        summary: "Two workers ask you for their next task: the same five tasks end, or wait for ever, by your order alone.",
        section: "2.1",
        subject: "Task",
        duration: Duration::from_millis(40),
        poster: Duration::ZERO,
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = ACTIONS;
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        let goal = params.goal();
        let puzzle = Puzzle::new(goal, seed);
        let config = Config::new(Policy::Manual, 2, Costs::NONE);
        Self {
            desk: Desk::new(config, puzzle.workload(), seed),
            goal,
            seed,
            puzzle,
            chosen: Vec::new(),
            lines: [-1.0; 2],
        }
    }

    fn next_at(&self) -> Option<Instant> {
        match self.asks() {
            Some(_) => None,
            None => self.desk.next_at(),
        }
    }

    fn step(&mut self, tape: &mut Tape) {
        self.desk.step(tape, |_| {});
        self.sample(tape);
    }

    // ANCHOR: choose
    fn act(&mut self, _now: Instant, action: usize, tape: &mut Tape) {
        let machine = &self.desk.machine;
        let (Some(worker), Some(place)) = (
            self.asks(),
            machine.shared().position(|task| task == action as u32),
        ) else {
            return;
        };
        self.chosen.push((machine.now(), worker, place));
        self.desk.choose(worker, place, tape);
        self.sample(tape);
    }
    // ANCHOR_END: choose

    fn choices(&self) -> Option<u32> {
        Some(match self.asks() {
            Some(_) => (self.desk.machine.shared()).fold(0, |bits, task| bits | 1 << task),
            None => 0,
        })
    }

    fn test(&self) -> Option<String> {
        Some(self.export())
    }

    fn frame(&self, now: Instant, tape: &Tape) -> Frame {
        self.show(now, tape)
    }

    fn source(kind: u16) -> Option<&'static str> {
        if words::is_choice(kind) {
            return Some("crates/labs/src/you_schedule/mod.rs:choose");
        }
        words::source(kind)
    }

    fn describe(event: &Event) -> String {
        words::describe(event)
    }
}

impl YouSchedule {
    /// The worker that asks, once nothing else happens at its instant.
    fn asks(&self) -> Option<u32> {
        let machine = &self.desk.machine;
        if self.more() || machine.shared().len() == 0 {
            return None;
        }
        machine.asking().next()
    }

    /// More happens at this instant.
    fn more(&self) -> bool {
        self.desk.next_at() == Some(self.desk.machine.now())
    }

    fn sample(&mut self, tape: &mut Tape) {
        let machine = &self.desk.machine;
        if self.more() {
            return;
        }
        let values = [Life::Ready, Life::Waiting].map(|life| f64::from(machine.count(life)));
        for (line, (old, new)) in self.lines.iter_mut().zip(values).enumerate() {
            if *old != new {
                *old = new;
                tape.sample(line, machine.now(), new);
            }
        }
    }

    /// The operation at which a task waits, if it waits.
    fn waits_at(&self, task: usize) -> Option<Op> {
        let state = self.desk.machine.tasks().get(task)?;
        let (here, _) = state.place();
        let op = self.puzzle.programs[task].get(usize::from(here));
        op.copied().filter(|_| state.life == Life::Waiting)
    }

    /// The task waits for this lock.
    fn wants(&self, task: usize, lock: u16) -> bool {
        matches!(self.waits_at(task), Some(Op::Send { channel, .. }) if channel == lock)
    }

    /// The task that holds a lock: the last it did with it was to take it.
    fn holder(&self, lock: u16) -> Option<usize> {
        let tasks = self.desk.machine.tasks();
        (0..tasks.len()).find(|&task| {
            let (here, begun) = tasks[task].place();
            // One that has been handed it and has not run since still stands at it.
            let done = usize::from(here) + usize::from(begun > 0 && !self.wants(task, lock));
            let of = |op: &&Op| match op {
                Op::Send { channel, .. } | Op::Receive(channel) => *channel == lock,
                _ => false,
            };
            let last = self.puzzle.programs[task].iter().take(done).rfind(of);
            matches!(last, Some(Op::Send { .. }))
        })
    }

    /// The flag has been put up.
    fn signalled(&self) -> bool {
        let producer = self.desk.machine.tasks().get(1);
        producer.is_some_and(|task| task.life == Life::Ended)
    }

    fn verdict(&self) -> Verdict {
        let machine = &self.desk.machine;
        let over = machine.alive() == 0 && machine.now() > Instant::ZERO;
        let reached = match self.goal {
            // Task 0 takes lock 0 first, task 1 the other.
            Goal::Deadlock => (0..2).all(|task| {
                self.wants(task, 1 - task as u16) && self.holder(task as u16) == Some(task)
            }),
            Goal::LostWakeUp => self.waits_at(0).is_some() && self.signalled(),
            Goal::Makespan => over && machine.now() == Instant::from_millis(self.puzzle.bounds[1]),
        };
        match (reached, over) {
            (true, _) => Verdict::Reached,
            (false, true) => Verdict::Missed,
            (false, false) => Verdict::Open,
        }
    }
}
