//! The rules of each scheduler at their exact boundaries, and what holds for all of them.

mod every;
mod go;
mod kernel;
mod tokio;

use core::time::Duration;

use crate::{Config, Costs, Event, Machine, Op, Policy, Program, What, Workload};

pub(super) fn micros(micros: u64) -> Duration {
    Duration::from_micros(micros)
}

pub(super) fn run(time: u64) -> Op {
    Op::Run(micros(time))
}

pub(super) fn spawn(program: u16, count: u32) -> Op {
    Op::Spawn { program, count }
}

/// A scheduler whose own work costs nothing.
pub(super) fn free(policy: Policy, workers: u32) -> Config {
    Config::new(policy, workers, Costs::NONE)
}

/// Everything that happens; at most so many steps, more would be a run without an end.
pub(super) fn all(config: Config, workload: Workload, seed: u64) -> (Machine, Vec<Event>) {
    let mut machine = Machine::new(config, workload, seed);
    let mut events = Vec::new();
    for _ in 0..2_000_000 {
        if machine.next_deadline().is_none() {
            break;
        }
        machine.step(&mut events);
    }
    assert_eq!(machine.next_deadline(), None, "it comes to an end");
    (machine, events)
}

/// The first task does the first program.
pub(super) fn events(config: Config, programs: Vec<Program>) -> Vec<Event> {
    all(config, Workload::of(programs), 1).1
}

/// Tasks in the order of their turns, without the first one.
pub(super) fn turns(events: &[Event]) -> Vec<u32> {
    let turns = events
        .iter()
        .filter(|event| matches!(event.what, What::Runs(_)));
    turns
        .map(|event| event.task)
        .filter(|&task| task > 0)
        .collect()
}

/// How often this happened.
pub(super) fn count(events: &[Event], what: What) -> usize {
    events.iter().filter(|event| event.what == what).count()
}
