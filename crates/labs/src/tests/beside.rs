//! Blocking calls and greedy loops: how long the small tasks beside them wait, by the rules of each scheduler.

use super::{knob, open};
use crate::Query;

/// What the run of a lab with these knobs answers.
fn ask(lab: &str, knobs: &[(&str, f64)], query: &str) -> f64 {
    let mut run = open(lab, 7);
    for &(id, value) in knobs {
        knob(&mut *run, id, value);
    }
    let query = Query::parse(query).expect("it is a query");
    query.ask(&mut *run).expect("the run answers").value
}

const GO: (&str, f64) = ("runtime", 0.0);
const LONGEST: &str = "counter(longest wait, 0.2)";

#[test]
fn go_interrupts_a_loop_after_10_ms_and_not_earlier() {
    let wait = ask("greedy-loop", &[GO], LONGEST);
    // Up to 10 ms, until the monitor looks again, and the small ones before it in the queue.
    assert!((9.0..21.0).contains(&wait), "{wait} ms");
    // Twice 60 ms in slices of 10 ms and more.
    let interrupted = ask("greedy-loop", &[GO], "count(interrupted)");
    assert!((2.0..=12.0).contains(&interrupted), "{interrupted}");
    // A loop that is over before is never interrupted.
    let brief = [GO, ("loop", 9.0)];
    assert_eq!(ask("greedy-loop", &brief, "count(interrupted)"), 0.0);
    assert!(ask("greedy-loop", &brief, LONGEST) <= 9.0);
}

#[test]
fn without_interruption_everybody_waits_for_the_whole_loop() {
    for runtime in [1.0, 2.0] {
        let wait = ask("greedy-loop", &[("runtime", runtime)], LONGEST);
        assert!((57.0..=60.0).contains(&wait), "{runtime}: {wait} ms");
    }
}

#[test]
fn a_budget_of_128_ends_a_turn_that_awaits() {
    let knobs = [("runtime", 2.0), ("awaits", 1.0)];
    // 128 sends and 100 µs before each: 600 rounds are four such turns and the rest.
    assert_eq!(ask("greedy-loop", &knobs, "count(out of budget)"), 8.0);
    let wait = ask("greedy-loop", &knobs, LONGEST);
    assert!((12.0..2.0 * 12.8).contains(&wait), "{wait} ms");
}

#[test]
fn who_yields_every_100_us_delays_others_by_hardly_more() {
    for runtime in [0.0, 1.0, 2.0, 3.0] {
        let wait = ask(
            "greedy-loop",
            &[("runtime", runtime), ("awaits", 2.0)],
            LONGEST,
        );
        assert!(wait < 0.5, "{runtime}: {wait} ms");
    }
}

#[test]
fn a_thread_gives_way_at_the_end_of_its_slice_also_between_two_operations() {
    for awaits in [0.0, 1.0] {
        let wait = ask(
            "greedy-loop",
            &[("runtime", 3.0), ("awaits", awaits)],
            LONGEST,
        );
        assert!((2.0..3.5).contains(&wait), "{awaits}: {wait} ms");
    }
}

#[test]
fn go_hands_the_processor_of_a_blocked_thread_to_another() {
    let wait = ask("blocking-call", &[GO], LONGEST);
    // The monitor looks every 20 µs while there is work, and takes a processor the second time it sees the call.
    assert!(wait < 0.2, "{wait} ms");
    assert_eq!(ask("blocking-call", &[GO], "counter(threads, 0.2)"), 6.0);
    assert!(ask("blocking-call", &[GO], "count(handed off)") >= 4.0);
}

#[test]
fn workers_of_tokio_are_stuck_in_a_call_and_free_beside_it() {
    // Four calls of 20 ms on two workers: the small ones wait for the first two, and perhaps for the others.
    let wait = ask("blocking-call", &[], LONGEST);
    assert!((18.0..41.0).contains(&wait), "{wait} ms");
    assert_eq!(ask("blocking-call", &[], "counter(threads, 0.2)"), 2.0);
    for (way, threads) in [(1.0, 6.0), (2.0, 2.0)] {
        let knobs = [("way", way)];
        assert!(ask("blocking-call", &knobs, LONGEST) < 0.2);
        assert_eq!(
            ask("blocking-call", &knobs, "counter(threads, 0.2)"),
            threads
        );
    }
}
