//! What the six-algorithms lab is meant to show, held against its own log.

use core::time::Duration;

use clock::Instant;

use super::{arrivals, events, knob, open};
use crate::{AnyRun, State};

const SECOND: Duration = Duration::from_secs(1);
const PATTERNS: [f64; 4] = [0.0, 1.0, 2.0, 3.0];

fn lab(seed: u64) -> Box<dyn AnyRun> {
    open("six-algorithms", seed)
}

/// A finished run with these arrivals.
fn finished(seed: u64, pattern: f64) -> Box<dyn AnyRun> {
    let mut run = lab(seed);
    knob(run.as_mut(), "arrivals", pattern);
    run.finish();
    run
}

/// When requests were passed on by the limiter of this name, and which.
fn passed(run: &dyn AnyRun, name: &str) -> Vec<(Instant, u32)> {
    events(run, name, State::Served)
        .iter()
        .map(|event| (event.at, event.subject))
        .collect()
}

/// The most within any stretch of this length that covers its end and not its beginning.
fn most_within(passed: &[(Instant, u32)], window: Duration) -> usize {
    let mut first = 0;
    let within = passed.iter().enumerate().map(|(last, &(at, _))| {
        while passed[first].0 + window <= at {
            first += 1;
        }
        last + 1 - first
    });
    within.max().unwrap_or(0)
}

fn between(passed: &[(Instant, u32)], from: f64, to: f64) -> usize {
    let (from, to) = (Instant::from_secs_f64(from), Instant::from_secs_f64(to));
    let inside = |&&(at, _): &&(Instant, u32)| at >= from && at < to;
    passed.iter().filter(inside).count()
}

#[test]
fn across_an_edge_the_fixed_window_passes_exactly_twice_its_limit() {
    for seed in 1..=20 {
        let run = finished(seed, 0.0);
        let fixed = passed(run.as_ref(), "fixed window");
        for edge in [1.0, 6.0, 11.0, 16.0, 21.0, 26.0] {
            assert_eq!(between(&fixed, edge - 0.1, edge), 10, "before {edge} s");
            assert_eq!(between(&fixed, edge, edge + 0.1), 10, "after {edge} s");
        }
        // The same burst in the middle of a window.
        for middle in [3.5, 8.5, 13.5, 18.5, 23.5, 28.5] {
            assert_eq!(between(&fixed, middle - 0.1, middle + 0.1), 10);
        }
        assert_eq!(most_within(&fixed, SECOND), 20);
    }
}

#[test]
fn the_sliding_log_and_the_leaky_queue_never_pass_more_than_the_limit() {
    for pattern in PATTERNS {
        for seed in 1..=5 {
            let run = finished(seed, pattern);
            for name in ["sliding log", "leaves queue"] {
                let most = most_within(&passed(run.as_ref(), name), SECOND);
                assert!((1..=10).contains(&most), "{name} passed {most}");
            }
        }
    }
}

#[test]
fn gcra_decides_as_the_token_bucket_and_so_does_the_leaky_meter() {
    for pattern in PATTERNS {
        for seed in 1..=5 {
            let mut run = lab(seed);
            knob(run.as_mut(), "arrivals", pattern);
            knob(run.as_mut(), "offered", 17.0);
            knob(run.as_mut(), "leaky-bucket", 1.0);
            run.finish();
            let bucket = passed(run.as_ref(), "token bucket");
            assert!(bucket.len() > 100);
            assert_eq!(passed(run.as_ref(), "GCRA"), bucket);
            let meter: Vec<_> = events(run.as_ref(), "leaky bucket", State::Waiting)
                .iter()
                .map(|event| (event.at, event.subject))
                .collect();
            assert_eq!(meter, bucket);
        }
    }
}

#[test]
fn the_token_bucket_passes_no_more_than_its_burst_and_the_refill() {
    for pattern in PATTERNS {
        let run = finished(3, pattern);
        let most = most_within(&passed(run.as_ref(), "token bucket"), SECOND);
        assert!((10..=20).contains(&most), "{most}");
    }
}

#[test]
fn behind_the_leaky_queue_requests_are_a_period_apart_and_in_order() {
    let run = finished(1, 0.0);
    let left = passed(run.as_ref(), "leaves queue");
    for pair in left.windows(2) {
        assert!(pair[1].0.since(pair[0].0) >= Duration::from_millis(100));
        assert!(pair[1].1 > pair[0].1);
    }
    let admitted = events(run.as_ref(), "leaky bucket", State::Waiting);
    assert_eq!(admitted.len(), left.len(), "everybody let in has left");
}

#[test]
fn every_request_gets_six_verdicts_that_name_it_as_their_cause() {
    let mut run = lab(2);
    run.seek(Instant::from_millis(3_000));
    run.act(0);
    run.finish();
    let log = run.tape().events();
    for (index, event) in log.iter().enumerate() {
        if run.kinds()[usize::from(event.kind)].name != "arrival" {
            continue;
        }
        let verdicts = log.iter().filter(|verdict| {
            verdict.cause.is_some_and(|cause| cause.0 as usize == index)
                && verdict.subject == event.subject
        });
        assert_eq!(verdicts.count(), 6, "request {}", event.subject);
    }
}

#[test]
fn the_chart_shows_what_passed_within_the_last_window() {
    for (window, limit) in [(1.0, 10.0), (2.5, 40.0)] {
        let mut run = lab(4);
        knob(run.as_mut(), "window", window);
        knob(run.as_mut(), "limit", limit);
        knob(run.as_mut(), "offered", 60.0);
        run.finish();
        let window = Duration::from_secs_f64(window);
        let lines = [
            "GCRA",
            "fixed window",
            "sliding log",
            "sliding counter",
            "leaves queue",
        ];
        for (line, name) in lines.iter().enumerate() {
            let passed = passed(run.as_ref(), name);
            for point in run.tape().line(line) {
                let inside = |&&(at, _): &&(Instant, u32)| at <= point.at && at + window > point.at;
                let expected = passed.iter().filter(inside).count();
                assert_eq!(point.value, expected as f64, "{name} at {}", point.at);
            }
        }
    }
}

#[test]
fn the_record_beside_the_figure_is_the_most_within_any_window() {
    for pattern in PATTERNS {
        let run = finished(5, pattern);
        let counters = run.frame().counters;
        for name in ["fixed window", "sliding log"] {
            let label = format!("{name}, most");
            let counter = counters.iter().find(|counter| counter.label == label);
            let most = most_within(&passed(run.as_ref(), name), SECOND);
            assert_eq!(counter.map(|counter| counter.value), Some(most as f64));
        }
    }
}

#[test]
fn going_over_the_limit_is_said_once_and_names_the_request_that_did() {
    let run = finished(1, 0.0);
    let over: Vec<_> = events(run.as_ref(), "over the limit", State::Retried)
        .into_iter()
        .filter(|event| run.describe(event).starts_with("fixed window"))
        .collect();
    assert_eq!(over.len(), 1);
    assert_eq!(over[0].value, 11.0);
    let cause = over[0].cause.expect("an admission caused it");
    let admission = run.tape().events()[cause.0 as usize];
    assert_eq!(admission.subject, over[0].subject);
    assert!(run.describe(&admission).starts_with("fixed window admits"));
}

#[test]
fn every_pattern_offers_the_same_load_on_average() {
    for pattern in PATTERNS {
        let mut run = lab(6);
        knob(run.as_mut(), "arrivals", pattern);
        knob(run.as_mut(), "offered", 100.0);
        run.finish();
        let arrived = arrivals(run.as_ref()).len();
        assert!(
            (2_800..=3_200).contains(&arrived),
            "pattern {pattern}: {arrived}"
        );
    }
}

#[test]
fn turning_the_limit_leaves_the_arrivals_as_they_were() {
    for pattern in PATTERNS {
        let run = finished(7, pattern);
        let mut turned = lab(7);
        knob(turned.as_mut(), "arrivals", pattern);
        knob(turned.as_mut(), "limit", 100.0);
        knob(turned.as_mut(), "leaky-bucket", 1.0);
        turned.finish();
        assert_eq!(arrivals(run.as_ref()), arrivals(turned.as_ref()));
    }
}
