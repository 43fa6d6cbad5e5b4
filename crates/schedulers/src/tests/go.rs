//! Go: slot, ring, the 61st tick, batches, stealing, the monitor.

use super::{all, count, events, free, micros, run, spawn, turns};
use crate::{Config, Costs, Op, Policy, Rule, What, Workload};

/// One P that has made a decision before, so that the shared queue is not looked at first.
fn one() -> Config {
    Config {
        first_tick: 1,
        ..free(Policy::Go, 1)
    }
}

fn started(count: u32) -> Vec<u32> {
    turns(&events(
        one(),
        vec![vec![spawn(1, count), Op::WaitAll], vec![run(1)]],
    ))
}

#[test]
fn a_ring_of_256_and_a_slot_hold_257_and_the_258th_spills_the_older_half() {
    let spills = |tasks| {
        let programs = vec![vec![spawn(1, tasks), Op::WaitAll], vec![run(1)]];
        count(&events(one(), programs), What::Spills)
    };
    assert_eq!((spills(257), spills(258)), (0, 1));
    // 1 to 128 and the one that did not fit, 257, went to the shared queue.
    let order = started(258);
    assert_eq!(order[..3], [258, 129, 130]);
    assert_eq!(started(257)[..3], [257, 1, 2]);
}

#[test]
fn the_shared_queue_comes_first_at_every_61st_decision() {
    // 129 in the shared queue.
    let programs = vec![vec![spawn(1, 258), Op::WaitAll], vec![run(1)]];
    let all = events(one(), programs);
    let rules: Vec<Rule> = (all.iter())
        .filter_map(|event| match event.what {
            What::Runs(rule) => Some(rule),
            _ => None,
        })
        .collect();
    // The root and the slot's task inherit or begin; then 59 from the ring, and the 61st tick.
    let first = rules.iter().position(|&rule| rule == Rule::SharedFirst);
    let second = rules
        .iter()
        .skip(first.unwrap() + 1)
        .position(|&rule| rule == Rule::SharedFirst);
    assert_eq!(second, Some(60), "sixty others in between");
}

#[test]
fn whoever_steps_aside_goes_behind_everybody_in_the_shared_queue() {
    let programs = vec![
        vec![spawn(1, 3), Op::WaitAll],
        vec![run(1), Op::Yield, run(1)],
    ];
    assert_eq!(turns(&events(one(), programs)), [3, 1, 2, 3, 1, 2]);
}

#[test]
fn a_slot_is_stolen_only_when_nothing_else_is_anywhere() {
    let programs = vec![vec![spawn(1, 1), run(100), Op::WaitAll], vec![run(10)]];
    let all = events(free(Policy::Go, 2), programs);
    assert_eq!(count(&all, What::Runs(Rule::StolenNext)), 1);
    assert_eq!(count(&all, What::Runs(Rule::Stolen)), 0);
}

#[test]
fn ten_milliseconds_are_not_interrupted_and_what_is_longer_goes_to_the_shared_queue() {
    let beside = |length| {
        let programs = vec![vec![spawn(1, 1), run(length), Op::WaitAll], vec![run(1)]];
        count(&events(one(), programs), What::Preempted)
    };
    assert_eq!(beside(10_000), 0);
    // The monitor looks every 10 ms at the latest.
    assert!(beside(20_100) >= 1);
    let off = Config {
        preemption: false,
        ..one()
    };
    let programs = vec![vec![spawn(1, 1), run(50_000), Op::WaitAll], vec![run(1)]];
    assert_eq!(count(&events(off, programs), What::Preempted), 0);
}

#[test]
fn starting_many_can_be_interrupted_as_well() {
    let config = Config::new(Policy::Go, 1, Costs::GO);
    let programs = vec![vec![spawn(1, 60_000), Op::WaitAll], vec![run(1)]];
    // 60,000 × 0.5 µs are 30 ms.
    let all = events(config, programs);
    assert_eq!(count(&all, What::Preempted), 2);
    assert_eq!(count(&all, What::Spawned), 60_000);
}

#[test]
fn a_call_longer_than_two_looks_of_the_monitor_loses_its_p() {
    let handed = |call| {
        let calls = vec![Op::Syscall(micros(call)), run(1)];
        let programs = vec![
            vec![spawn(1, 1), spawn(2, 1), Op::WaitAll],
            vec![run(1)],
            calls,
        ];
        let (machine, all) = all(one(), Workload::of(programs), 1);
        (count(&all, What::HandedOff), machine.threads())
    };
    assert_eq!(handed(19), (0, 1), "the monitor looks every 20 µs");
    assert_eq!(handed(10_000), (1, 2));
}
