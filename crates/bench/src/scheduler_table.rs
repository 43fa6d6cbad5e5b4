//! 100,000 tasks on four processors, simulated: each scheduler beside a bare heap that pops as many entries.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use schedulers::{Config, Costs, Machine, Op, Policy, Workload};

use crate::measure::{Samples, time};
use crate::table;

/// Tasks of a round; each sleeps 100 ms and computes for 1 µs.
const TASKS: u32 = 100_000;

const POLICIES: [(&str, Policy, Costs); 3] = [
    ("goroutines", Policy::Go, Costs::GO),
    ("tokio tasks", Policy::Tokio, Costs::TOKIO),
    ("threads", Policy::Threads, Costs::THREADS),
];

/// Measures and prints.
pub(crate) fn run(rounds: u32) {
    let mut bare = Vec::new();
    let mut whole = vec![Vec::new(); POLICIES.len()];
    for round in 0..=rounds {
        let seed = u64::from(round);
        let (nanos, _) = time(TASKS, || bare_heap(TASKS));
        if round > 0 {
            bare.push(nanos);
        }
        for (samples, (_, policy, costs)) in whole.iter_mut().zip(POLICIES) {
            let (nanos, _) = time(TASKS, || sleep_all(policy, costs, seed));
            if round > 0 {
                samples.push(nanos);
            }
        }
    }
    let bare = Samples::new(bare);
    let header = [
        format!("{TASKS} tasks, ns a task, median (min–max)"),
        "simulated".into(),
        "× bare".into(),
    ];
    let mut rows = vec![header.to_vec()];
    rows.push(vec![
        "one push and one pop of a bare heap".into(),
        bare.text(),
        "1".into(),
    ]);
    for ((name, ..), samples) in POLICIES.iter().zip(whole) {
        let samples = Samples::new(samples);
        let ratio = format!("{:.1}", samples.ratio_to(&bare));
        rows.push(vec![(*name).to_owned(), samples.text(), ratio]);
    }
    let headline = "\nSchedulers: 100,000 tasks that sleep on four processors, the whole run simulated decision by decision";
    table::print(headline, &rows);
}

/// What keeping that many timers costs at the least.
fn bare_heap(tasks: u32) -> u64 {
    let mut heap = BinaryHeap::with_capacity(tasks as usize);
    for task in 0..tasks {
        heap.push(Reverse((u64::from(task) * 500, task)));
    }
    let mut sum = 0;
    while let Some(Reverse((at, task))) = heap.pop() {
        sum ^= at + u64::from(task);
    }
    sum
}

/// The whole run, decision by decision; the simulated nanosecond of its end.
fn sleep_all(policy: Policy, costs: Costs, seed: u64) -> u64 {
    let starter = vec![
        Op::Spawn {
            program: 1,
            count: TASKS,
        },
        Op::WaitAll,
    ];
    let sleeper = vec![
        Op::Sleep(Duration::from_millis(100)),
        Op::RunRandom(Duration::from_micros(1)),
    ];
    let workload = Workload::of(vec![starter, sleeper]);
    let mut machine = Machine::new(Config::new(policy, 4, costs), workload, seed);
    let mut events = Vec::new();
    while machine.next_deadline().is_some() {
        machine.step(&mut events);
        events.clear();
    }
    machine.now().as_nanos()
}
