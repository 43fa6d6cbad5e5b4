//! tokio: the LIFO slot and its cap, the queue, the budget, tasks that step aside.

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
