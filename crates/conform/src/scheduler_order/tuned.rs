//! Where tokio tunes how often it looks at its shared queue, its order depends on time; here the times are found that give an order.

use std::collections::BTreeMap;
use std::time::Duration;

use schedulers::{Config, Op, Policy, Program, Workload};

use super::run;

/// tokio takes stock of its polls every so many ticks.
const BATCH: u32 = 61;
/// It wants to look at its shared queue about this often, and makes that an interval of 2 to 127 ticks.
const AIM: Duration = Duration::from_micros(200);
/// So many batches after its own the time of a poll may still show: the tuning waits for the next look at the shared queue,
/// at most 127 ticks on, and what it gives for the look after.
const SHOWS: u32 = 5;
/// Polls that may share a tick: the task's own, and three of the LIFO slot.
const POLLS: u32 = 4;

/// The order that comes out with those times of the polls that make it agree longest with the observed one.
///
/// The times are found batch by batch: what differs before a batch is polled cannot be mended by its times.
pub(super) fn order(config: &Config, workload: &Workload, observed: &[u32]) -> Vec<u32> {
    let places = places(workload, observed);
    let run = |times: &[Duration], rest| {
        let workload = timed(workload, &places, times, rest);
        run(config.clone(), workload, observed)
    };
    let mut rest = time(2 * BATCH);
    let mut closest = run(&[], rest);
    let tuned = config.policy == Policy::Tokio && config.interval.is_none();
    // Of each poll in the batches before, by its place; whatever is polled later takes the rest.
    let mut times: Vec<Duration> = Vec::new();
    let mut batch = 0;
    while tuned && closest.spilled && times.len() < closest.ticks.len() {
        for tried in times_to_try() {
            if closest.order == observed {
                return closest.order;
            }
            let got = run(&times, tried);
            if got.order.len() > closest.order.len() || got.order == observed {
                (closest, rest) = (got, tried);
            }
        }
        let parts = closest.ticks.last().unwrap_or(&0) / BATCH;
        batch = parts.saturating_sub(SHOWS).max(batch + 1);
        let settled = closest.ticks.partition_point(|tick| tick / BATCH < batch);
        times.resize(settled, rest);
    }
    closest.order
}

/// How long a poll takes that makes for this interval if it has its tick for itself; in half ticks.
fn time(halves: u32) -> Duration {
    AIM * 2 / halves
}

/// Times for every interval there is, for polls that have a tick for themselves and for those that share one.
/// The mean of a batch keeps a little of the batches before, so they go a little beyond, and lie closer together than intervals.
fn times_to_try() -> impl Iterator<Item = Duration> {
    let (least, most) = (2 * 2, 2 * 160);
    let shared = (most + POLLS..=most * POLLS).step_by(POLLS as usize);
    (least..=most).chain(shared).map(time)
}

/// Where in the order each program's notes stand, in the order it makes them.
fn places(workload: &Workload, observed: &[u32]) -> Vec<Vec<usize>> {
    let mut of_number: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (place, &number) in observed.iter().enumerate() {
        of_number.entry(number).or_default().push(place);
    }
    let noted = |program: &Program| {
        let number = program.iter().find_map(|op| match op {
            Op::Note(number) => Some(number),
            _ => None,
        });
        number.and_then(|number| of_number.remove(number))
    };
    let places = workload.programs.iter().map(noted);
    places.map(Option::unwrap_or_default).collect()
}

/// The same workload, in which each poll takes the time of its place in the order, or of the rest.
fn timed(
    workload: &Workload,
    places: &[Vec<usize>],
    times: &[Duration],
    rest: Duration,
) -> Workload {
    let timed = |(program, places): (&Program, &Vec<usize>)| {
        let mut places = places.iter();
        let mut operations = Program::with_capacity(program.len() + places.len());
        for op in program {
            operations.push(*op);
            if let Op::Note(_) = op
                && let Some(&place) = places.next()
            {
                operations.push(Op::Run(*times.get(place).unwrap_or(&rest)));
            }
        }
        operations
    };
    let programs = workload.programs.iter().zip(places).map(timed);
    Workload {
        programs: programs.collect(),
        ..workload.clone()
    }
}
