//! Threads: slices, fairness, and waiting in the kernel.

use super::{count, events, free, micros, run, spawn, turns};
use crate::threads::SLICE;
use crate::{Op, Policy, What};

#[test]
fn a_slice_is_3_ms_and_whoever_is_alone_is_never_interrupted() {
    assert_eq!(SLICE, micros(3_000));
    let alone = events(free(Policy::Threads, 1), vec![vec![run(50_000)]]);
    assert_eq!(count(&alone, What::Preempted), 0);
    let two = |length| {
        let programs = vec![vec![spawn(1, 2), Op::WaitAll], vec![run(length)]];
        events(free(Policy::Threads, 1), programs)
    };
    assert_eq!(count(&two(3_000), What::Preempted), 0);
    assert!(count(&two(3_001), What::Preempted) >= 1);
    assert_eq!(turns(&two(9_000)), [1, 2, 1, 2, 1, 2]);
}

#[test]
fn two_threads_on_one_processor_get_the_same_time() {
    let programs = vec![vec![spawn(1, 2), Op::WaitAll], vec![run(30_000)]];
    let all = events(free(Policy::Threads, 1), programs);
    let ends: Vec<u64> = (all
        .iter()
        .filter(|event| event.what == What::Ends && event.task > 0))
    .map(|event| event.at.as_nanos())
    .collect();
    assert_eq!(ends[1] - ends[0], 3_000_000, "one slice apart");
}

#[test]
fn a_call_that_blocks_blocks_its_thread_alone() {
    let programs = vec![
        vec![spawn(1, 1), spawn(2, 1), Op::WaitAll],
        vec![Op::Syscall(micros(5_000))],
        vec![run(10)],
    ];
    let all = events(free(Policy::Threads, 1), programs);
    let end = all
        .iter()
        .find(|event| event.what == What::Ends && event.task == 2);
    assert!(end.unwrap().at.as_nanos() < 100_000);
}
