//! A schedule chosen by hand in the lab `you-schedule`, seed 1, in search of a deadlock.

use core::time::Duration;

use clock::Instant;
use schedulers::{Config, Costs, Machine, Op, Policy, Workload};

#[test]
#[should_panic = "tasks that wait for ever"]
fn every_task_ends_under_this_schedule() {
    let run = |millis| Op::Run(Duration::from_millis(millis));
    // A lock is a channel with one place: who fills it holds the lock.
    #[rustfmt::skip]
    let programs = vec![
        /* 0 pay */ vec![Op::Send { channel: 0, count: 1 }, run(3), Op::Send { channel: 1, count: 1 }, run(1), Op::Receive(1), Op::Receive(0)],
        /* 1 refund */ vec![run(6), Op::Send { channel: 1, count: 1 }, run(2), Op::Send { channel: 0, count: 1 }, run(1), Op::Receive(0), Op::Receive(1)],
        /* 2 audit */ vec![Op::Send { channel: 0, count: 1 }, run(5), Op::Receive(0)],
        /* 3 report */ vec![run(3)],
        /* 4 backup */ vec![run(5)],
    ];
    let arrivals = (0..5).map(|task| (Instant::ZERO, task)).collect();
    let workload = Workload::arriving(programs, arrivals)
        .with_channels(&[1, 1])
        .with_flags(1);
    let config = Config::new(Policy::Manual, 2, Costs::NONE);
    let mut machine = Machine::new(config, workload, 1);
    let mut told = Vec::new();
    // When, which worker, and the place of the task among those that were ready.
    #[rustfmt::skip]
    let choices = [(0, 0, 1), (0, 1, 1), (5, 1, 0), (8, 0, 0), (8, 1, 0)];
    for (millis, worker, place) in choices {
        let at = Instant::from_millis(millis);
        while machine.next_deadline().is_some_and(|due| due <= at) {
            machine.step(&mut told);
        }
        assert!(machine.choose(worker, place, &mut told));
    }
    // What was not chosen runs in the order it became ready.
    loop {
        while machine.next_deadline().is_some() {
            machine.step(&mut told);
        }
        let asks = machine.asking().next();
        if !asks.is_some_and(|worker| machine.choose(worker, 0, &mut told)) {
            break;
        }
    }
    assert_eq!(machine.alive(), 0, "tasks that wait for ever");
}
