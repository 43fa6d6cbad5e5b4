//! What holds for every scheduler, under workloads drawn by lot.

use super::{all, free, micros, run};
use crate::rng::Rng;
use crate::{Config, Costs, Machine, Op, Policy, What, Workload};

const POLICIES: [Policy; 4] = [
    Policy::Go,
    Policy::Tokio,
    Policy::TokioCurrent,
    Policy::Threads,
];

/// A tree of tasks that do a bit of everything and come to an end.
fn workload(seed: u64) -> Workload {
    let mut rng = Rng::new(seed);
    let programs = 6;
    let mut all = Vec::new();
    for program in 0..programs {
        let mut ops = Vec::new();
        for _ in 0..=rng.below(5) {
            let time = u64::from(rng.below(200));
            ops.push(match rng.below(8) {
                0 => Op::Yield,
                1 => Op::Sleep(micros(time)),
                2 => Op::Network(micros(time)),
                3 => Op::Syscall(micros(time)),
                4 => Op::Blocking(micros(time)),
                5 => Op::RunRandom(micros(time)),
                _ => run(time),
            });
        }
        // Only later programs are started, so that the tree ends.
        if (1..programs - 1).contains(&program) {
            ops.push(Op::Spawn {
                program: (program + 1) as u16,
                count: rng.below(3),
            });
        }
        all.push(ops);
    }
    all[0].push(Op::Spawn {
        program: 1,
        count: 1 + rng.below(300),
    });
    all[0].push(Op::WaitAll);
    Workload::of(all)
}

fn config(policy: Policy, seed: u64) -> Config {
    let workers = 1 + (seed % 5) as u32;
    match seed % 2 {
        0 => free(policy, workers),
        _ => Config::new(policy, workers, Costs::GO),
    }
}

#[test]
fn no_task_is_lost_or_run_in_two_places_and_time_never_goes_back() {
    for seed in 0..40 {
        for policy in POLICIES {
            let (machine, events) = all(config(policy, seed), workload(seed), seed);
            let mut running = vec![false; machine.tasks().len()];
            let (mut spawned, mut ended) = (0, 0);
            for pair in events.windows(2) {
                assert!(pair[0].at <= pair[1].at, "{policy:?} {seed}");
            }
            for event in &events {
                let task = event.task as usize;
                match event.what {
                    What::Spawned => spawned += 1,
                    What::Ends => ended += 1,
                    What::Runs(_) => {
                        assert!(
                            !core::mem::replace(&mut running[task], true),
                            "{policy:?} {seed}"
                        );
                        continue;
                    }
                    What::Steals | What::Parks | What::Notes | What::Ready | What::Spills => {
                        continue;
                    }
                    _ => {}
                }
                if let Some(runs) = running.get_mut(task) {
                    *runs = false;
                }
            }
            // Nobody starts the first one.
            assert_eq!(spawned + 1, machine.tasks().len(), "{policy:?} {seed}");
            assert_eq!(
                (ended, machine.alive()),
                (spawned + 1, 0),
                "{policy:?} {seed}"
            );
        }
    }
}

#[test]
fn a_copy_goes_on_as_the_original_does() {
    for policy in POLICIES {
        let mut machine = Machine::new(config(policy, 3), workload(3), 3);
        let mut events = Vec::new();
        for _ in 0..500 {
            machine.step(&mut events);
        }
        let mut copy = machine.clone();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        while machine.next_deadline().is_some() {
            machine.step(&mut first);
            copy.step(&mut second);
        }
        assert_eq!(first, second, "{policy:?}");
        assert_eq!(copy.next_deadline(), None);
    }
}

#[test]
fn the_same_seed_gives_the_same_events_and_another_one_others() {
    for policy in POLICIES {
        let events = |seed| all(config(policy, 3), workload(3), seed).1;
        assert_eq!(events(5), events(5), "{policy:?}");
    }
    let random = |seed| {
        let workload = Workload::of(vec![vec![Op::RunRandom(micros(10)); 20]]);
        all(free(Policy::Go, 1), workload, seed).1
    };
    assert_ne!(random(5), random(6));
}

#[test]
fn whoever_waits_for_a_message_that_never_comes_leaves_the_machine_stuck() {
    for policy in POLICIES {
        let workload = Workload::of(vec![vec![Op::Receive(0)]]).with_channels(&[1]);
        let (machine, _) = all(free(policy, 2), workload, 1);
        assert!(machine.is_stuck(), "{policy:?}");
    }
}
