//! Stealing, held against the two queues it lies between: one for each processor, and one for all.

use super::{knob, open};
use crate::Query;

/// What the run of a seed answers with these knobs.
fn ask(seed: u64, knobs: &[(&str, f64)], query: &str) -> f64 {
    let mut run = open("stealing", seed);
    for &(id, value) in knobs {
        knob(&mut *run, id, value);
    }
    let query = Query::parse(query).expect("it is a query");
    query.ask(&mut *run).expect("the run answers").value
}

/// Mean over seeds, and twice its standard error.
fn mean(knobs: &[(&str, f64)], query: &str) -> (f64, f64) {
    let values: Vec<f64> = (1..=60).map(|seed| ask(seed, knobs, query)).collect();
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values.iter().map(|value| (value - mean) * (value - mean));
    let variance = squares.sum::<f64>() / (count - 1.0);
    (mean, 2.0 * (variance / count).sqrt())
}

/// Erlang's C: the share of arrivals that wait where `servers` serve a load of `offered` from one queue.
fn erlang_c(servers: u32, offered: f64) -> f64 {
    let mut blocked = 1.0;
    for n in 1..=servers {
        blocked = offered * blocked / (f64::from(n) + offered * blocked);
    }
    let load = offered / f64::from(servers);
    blocked / (1.0 - load + load * blocked)
}

/// A run begins with empty queues and is cut at its end, which takes a few per cent off the mean.
const CUT: f64 = 0.05;

#[test]
fn one_processor_is_an_m_m_1() {
    for load in [50.0, 70.0] {
        let knobs = [("processors", 1.0), ("load", load), ("work", 50.0)];
        let (time, error) = mean(&knobs, "counter(mean time, 0.2)");
        let expected = 50.0 / (1.0 - load / 100.0);
        assert!(
            (time - expected).abs() < error + CUT * expected,
            "{time} ± {error} µs at {load} %, M/M/1 says {expected}"
        );
    }
}

#[test]
fn without_stealing_four_processors_are_four_queues() {
    let (time, error) = mean(&[], "counter(mean time, 0.2)");
    let expected = 200.0 / (1.0 - 0.7);
    assert!(
        (time - expected).abs() < error + CUT * expected,
        "{time} ± {error} µs, four M/M/1 say {expected}"
    );
}

#[test]
fn with_stealing_the_time_lies_between_one_queue_for_all_and_one_for_each() {
    for (runtime, load) in [(0.0, 70.0), (1.0, 70.0), (0.0, 90.0), (1.0, 90.0)] {
        let knobs = [("stealing", 1.0), ("runtime", runtime), ("load", load)];
        let (time, error) = mean(&knobs, "counter(mean time, 0.2)");
        let rho = load / 100.0;
        let one_queue = 200.0 + erlang_c(4, 4.0 * rho) * 200.0 / (4.0 * (1.0 - rho));
        let four_queues = 200.0 / (1.0 - rho);
        // Close to the one queue, far from the four: at 90 % a run of 200 ms ends before its queues are as long as they would get.
        assert!(
            time > one_queue * 0.8 - error && time < 0.5 * four_queues,
            "{time} ± {error} µs at {load} %, between {one_queue} and {four_queues}"
        );
    }
}

#[test]
fn a_thief_takes_half_of_the_queue_rounded_up() {
    let mut run = open("stealing", 7);
    for (id, value) in [("stealing", 1.0), ("processors", 2.0), ("skew", 100.0)] {
        knob(&mut *run, id, value);
    }
    run.finish();
    // Replays the log: what waits at P 0 grows by arrivals and shrinks by turns and thefts.
    let kinds = run.kinds();
    let mut waits = 0_i64;
    let mut thefts = 0;
    for event in run.tape().events() {
        let (worker, number) = (
            event.value % 1024.0,
            (event.value / 1024.0).floor() as i64 - 1,
        );
        match kinds[usize::from(event.kind)].name {
            "started" if worker == 0.0 => waits += 1,
            "runs: own queue" if worker == 0.0 => waits -= 1,
            "steals" if event.subject == 0 && worker == 1.0 => {
                assert_eq!(number, waits - waits / 2, "of {waits}");
                waits -= number;
                thefts += 1;
            }
            "steals" => waits += number - 1,
            _ => {}
        }
    }
    assert!(thefts > 100, "{thefts}");
}
