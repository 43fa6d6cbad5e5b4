//! tokio: the LIFO slot and its cap, the queue, the budget, tasks that step aside.

use core::time::Duration;

use super::{count, events, free, micros, run, spawn, turns};
use crate::{Op, Policy, Rule, What};

#[test]
fn a_full_queue_moves_its_newer_half() {
    let programs = |tasks| vec![vec![spawn(1, tasks), Op::WaitAll], vec![run(1)]];
    let all = events(free(Policy::Tokio, 1), programs(258));
    assert_eq!(count(&all, What::Spills), 1);
    assert_eq!(turns(&all)[..3], [258, 1, 2]);
    assert_eq!(
        count(&events(free(Policy::Tokio, 1), programs(257)), What::Spills),
        0
    );
}

#[test]
fn the_current_thread_scheduler_is_first_in_first_out() {
    let programs = vec![vec![spawn(1, 5), Op::WaitAll], vec![run(1)]];
    let all = events(free(Policy::TokioCurrent, 1), programs);
    assert_eq!(turns(&all), [1, 2, 3, 4, 5]);
}

#[test]
fn the_lifo_slot_is_used_three_times_in_a_row() {
    // Each task of the chain starts the next; five others wait in the queue.
    let mut programs = vec![vec![spawn(1, 5), spawn(2, 1), Op::WaitAll], vec![run(1)]];
    programs.extend((3..=8).map(|next| vec![run(1), spawn(next, 1)]));
    programs.push(vec![run(1)]);
    let all = events(free(Policy::Tokio, 1), programs);
    let rules: Vec<bool> = (all.iter())
        .filter_map(|event| match event.what {
            What::Runs(rule) => Some(rule == Rule::Lifo),
            _ => None,
        })
        .collect();
    let longest = rules.split(|lifo| !lifo).map(<[bool]>::len).max();
    assert_eq!(longest, Some(3));
}

#[test]
fn what_sits_in_the_lifo_slot_waits_although_another_worker_is_idle() {
    let programs = vec![vec![spawn(1, 1), run(1_000), Op::WaitAll], vec![run(1)]];
    let all = events(free(Policy::Tokio, 2), programs);
    let turn = all
        .iter()
        .find(|event| event.task == 1 && matches!(event.what, What::Runs(_)));
    assert_eq!(turn.unwrap().at.as_nanos(), 1_000_000);
    assert_eq!(count(&all, What::Steals), 0);
}

#[test]
fn a_turn_ends_after_128_operations_and_not_after_127() {
    let ends = |sends| {
        let send = Op::Send {
            channel: 0,
            count: sends,
        };
        let workload = crate::Workload::of(vec![vec![send]]).with_channels(&[1_000]);
        let (_, all) = super::all(free(Policy::Tokio, 1), workload, 1);
        count(&all, What::OutOfBudget)
    };
    assert_eq!((ends(127), ends(128), ends(129)), (0, 0, 1));
    assert_eq!(ends(257), 2);
}

#[test]
fn who_steps_aside_comes_back_in_reversed_order() {
    let programs = vec![
        vec![spawn(1, 3), Op::WaitAll],
        vec![run(1), Op::Yield, run(1), Op::Yield, run(1)],
    ];
    let all = events(free(Policy::Tokio, 1), programs);
    assert_eq!(turns(&all), [3, 1, 2, 3, 2, 1, 3, 1, 2]);
}

#[test]
fn the_current_thread_driver_has_its_turn_after_61_polls_in_a_row_whatever_the_tick() {
    let order = |tasks, yields| {
        let mut steps = vec![run(1)];
        steps.extend((0..yields).flat_map(|_| [Op::Yield, run(1)]));
        let programs = vec![vec![spawn(1, tasks), Op::WaitAll], steps];
        turns(&events(free(Policy::TokioCurrent, 1), programs))
    };
    // Rounds of 60 and of 40 end before the 61st poll, and the driver has its turn because the queue is empty.
    let there = |tasks| 1..=tasks;
    let back = |tasks| (1..=tasks).rev();
    let rounds: Vec<u32> = there(40).chain(back(40)).chain(there(40)).collect();
    assert_eq!(order(40, 2), rounds);
    let rounds: Vec<u32> = there(60).chain(back(60)).collect();
    assert_eq!(order(60, 1), rounds);
    // The first task and 60 others are 61 polls: the 61st other is polled after the driver, and steps aside alone.
    let rounds: Vec<u32> = there(61).chain(back(60)).chain([61]).collect();
    assert_eq!(order(61, 1), rounds);
}

#[test]
fn an_interval_off_by_two_stays_and_one_off_by_three_is_tuned() {
    let second_look = |nanos| {
        let poll = vec![Op::Run(Duration::from_nanos(nanos))];
        let programs = vec![vec![spawn(1, 300), Op::WaitAll], poll];
        let all = events(free(Policy::Tokio, 1), programs);
        let ran = all.iter().filter_map(|event| match event.what {
            What::Runs(rule) => Some(rule),
            _ => None,
        });
        // A task of the slot shares the tick of the one before.
        let ticks: Vec<Rule> = ran.filter(|&rule| rule != Rule::Lifo).collect();
        let looks = ticks.iter().enumerate();
        let mut looks = looks.filter(|&(_, &rule)| rule == Rule::SharedFirst);
        looks.nth(1).map(|(tick, _)| tick + 1)
    };
    // 200 µs / 3.149 µs are 63 ticks, and 200 µs / 3.1 µs are 64.
    assert_eq!(second_look(3_149), Some(2 * 61), "it stays 61");
    assert_eq!(second_look(3_100), Some(64));
}

#[test]
fn a_call_keeps_the_worker_and_spawn_blocking_does_not() {
    let waits = |call: Op| {
        let programs = vec![
            vec![spawn(1, 1), spawn(2, 1), Op::WaitAll],
            vec![run(1)],
            vec![call],
        ];
        let all = events(free(Policy::Tokio, 1), programs);
        let turn = all
            .iter()
            .find(|event| event.task == 1 && matches!(event.what, What::Runs(_)));
        turn.unwrap().at.as_nanos()
    };
    assert_eq!(waits(Op::Syscall(micros(500))), 500_000);
    assert_eq!(waits(Op::Blocking(micros(500))), 0);
}
