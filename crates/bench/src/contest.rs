//! One column of a limiter table: who decides, on how many threads, and with what answer.

use core::hint::black_box;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Barrier;

use crate::measure::{Contestant, Stopwatch};

/// Decisions of one thread in a round.
pub(crate) const DECISIONS: u32 = 300_000;

/// What every decision of a column comes to; a contestant that answers otherwise ends the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The limit is never reached.
    Allowed,
    /// The limit has been reached before the round.
    Denied,
}

/// A named contestant; without one where it cannot take part, as what one thread owns with two.
pub(crate) struct Contest<'a> {
    pub(crate) name: &'static str,
    pub(crate) contestant: Option<Contestant<'a>>,
}

/// A limiter that threads share; `decide` gets a number that grows from call to call.
pub(crate) fn shared<'a>(
    name: &'static str,
    threads: u32,
    answer: Answer,
    decide: impl Fn(u64) -> bool + Sync + 'a,
) -> Contest<'a> {
    let mut round = 0;
    let contestant = move || {
        round += 1;
        let watch = Stopwatch::start();
        let (start, end) = (AtomicU64::new(u64::MAX), AtomicU64::new(0));
        let barrier = Barrier::new(threads as usize);
        std::thread::scope(|scope| {
            for thread in 0..threads {
                let (decide, watch, start, end) = (&decide, &watch, &start, &end);
                let barrier = &barrier;
                scope.spawn(move || {
                    // Rounds and threads never use a number twice.
                    let first = (u64::from(round * threads + thread)) * u64::from(DECISIONS);
                    barrier.wait();
                    start.fetch_min(watch.nanos(), Ordering::Relaxed);
                    check(name, answer, run(first, decide));
                    end.fetch_max(watch.nanos(), Ordering::Relaxed);
                });
            }
        });
        let nanos = end.into_inner() - start.into_inner();
        nanos as f64 / f64::from(threads * DECISIONS)
    };
    Contest {
        name,
        contestant: Some(Box::new(contestant)),
    }
}

/// A limiter that belongs to one thread.
pub(crate) fn alone<'a>(
    name: &'static str,
    threads: u32,
    answer: Answer,
    mut decide: impl FnMut(u64) -> bool + 'a,
) -> Contest<'a> {
    let mut round = 0;
    let contestant = move || {
        round += 1;
        let watch = Stopwatch::start();
        check(name, answer, run(round * u64::from(DECISIONS), &mut decide));
        watch.nanos() as f64 / f64::from(DECISIONS)
    };
    Contest {
        name,
        contestant: (threads == 1).then(|| Box::new(contestant) as Contestant<'a>),
    }
}

/// Decides [`DECISIONS`] times; returns how often the answer was yes.
fn run(first: u64, mut decide: impl FnMut(u64) -> bool) -> u32 {
    (0..DECISIONS)
        .map(|number| u32::from(decide(black_box(first + u64::from(number)))))
        .sum()
}

/// A benchmark of the wrong answer would be a benchmark of something else.
fn check(name: &str, answer: Answer, allowed: u32) {
    let expected = match answer {
        Answer::Allowed => DECISIONS,
        Answer::Denied => 0,
    };
    assert_eq!(allowed, expected, "{name} was to answer {answer:?}");
}
