//! The labs of §4.2b: each shows what its page says, over many seeds, and against plain arithmetic where there is any.

use super::{knob, open};
use crate::Query;

/// What the run of a seed answers with these knobs.
fn ask(lab: &str, seed: u64, knobs: &[(&str, f64)], query: &str) -> f64 {
    let mut run = open(lab, seed);
    for &(id, value) in knobs {
        knob(&mut *run, id, value);
    }
    let query = Query::parse(query).expect("it is a query");
    query.ask(&mut *run).expect("the run answers").value
}

/// How many of the seeds 1 to 100 answer so that `is` holds.
fn seeds(lab: &str, knobs: &[(&str, f64)], query: &str, is: fn(f64) -> bool) -> usize {
    (1..=100)
        .filter(|&seed| is(ask(lab, seed, knobs, query)))
        .count()
}

#[test]
fn one_slow_backend_takes_those_with_it_who_do_not_need_it() {
    let starved = "min(catalogue served, 10..18)";
    assert_eq!(
        seeds("without-breaker", &[], starved, |served| served == 0.0),
        100
    );
    // With a bulkhead that leaves half of the places free, nobody else notices.
    let bulkhead = [("bulkhead", 20.0)];
    let well = seeds("without-breaker", &bulkhead, starved, |served| {
        served > 20.0
    });
    assert_eq!(well, 100);
}

#[test]
fn a_breaker_frees_the_others_and_spares_the_backend() {
    for seed in 1..=20 {
        for breaker in [1.0, 2.0, 3.0] {
            let with = [("breaker", breaker)];
            let catalogue = "counter(catalogue served, 30)";
            let (without, served) = (
                ask("without-breaker", seed, &[], catalogue),
                ask("without-breaker", seed, &with, catalogue),
            );
            assert!(served > 1.1 * without, "{seed}: {served} after {without}");
            let sent = "counter(sent to payments, 30)";
            assert!(
                ask("without-breaker", seed, &with, sent) < ask("without-breaker", seed, &[], sent)
            );
        }
    }
}

#[test]
fn three_attempts_on_three_layers_are_27_at_the_last() {
    // The database is quick enough for them all, so nothing but the errors makes a retry.
    let knobs = [("rate", 5.0)];
    let sum: f64 = (1..=20)
        .map(|seed| ask("retry-storm", seed, &knobs, "mean(at the database, 10..16)"))
        .sum();
    let asked: f64 = (1..=20)
        .map(|seed| ask("retry-storm", seed, &knobs, "mean(asked, 10..16)"))
        .sum();
    let each = sum / asked;
    assert!((each / 27.0 - 1.0).abs() < 0.05, "{each}");
}

#[test]
fn a_budget_of_a_fifth_makes_at_most_a_fifth_more_a_layer() {
    for seed in 1..=50 {
        let knobs = [("budget", 1.0)];
        let each = ask(
            "retry-storm",
            seed,
            &knobs,
            "counter(at the database, 30) / counter(succeeded, 30)",
        );
        let failed = ask(
            "retry-storm",
            seed,
            &knobs,
            "counter(failed, 30) / counter(succeeded, 30)",
        );
        // All that came, times what three layers may add.
        assert!(each < (1.0 + failed) * 1.2 * 1.2 * 1.2, "{seed}: {each}");
    }
}

#[test]
fn two_seconds_are_enough_to_stay_down_and_a_single_attempt_is_enough_to_recover() {
    let now = "counter(succeed now, 39)";
    assert!(seeds("metastable", &[], now, |percent| percent == 0.0) >= 95);
    for cure in [("attempts", 1.0), ("cancels", 1.0), ("queue", 100.0)] {
        let well = seeds("metastable", &[cure], now, |percent| percent > 50.0);
        assert!(well >= 95, "{cure:?}: {well}");
    }
}

#[test]
fn the_point_of_no_return_lies_within_the_trigger() {
    let found = seeds(
        "metastable",
        &[],
        "counter(no way back after, 39)",
        |secs| secs > 10.0 && secs <= 12.0,
    );
    assert!(found >= 95, "{found}");
}

/// Ending the trigger at the last step that recovers helps, one step later it does not: run anew, as no part of the lab does.
#[test]
fn ending_the_trigger_before_the_point_of_no_return_saves_the_service() {
    for seed in 1..=10 {
        let query = "counter(no way back after, 39)";
        let point = ask("metastable", seed, &[], query);
        if point == 0.0 {
            continue;
        }
        // The knob ends the trigger at half seconds: before the point it recovers, two seconds after it does not.
        let half = ((point - 10.0) / 0.5).floor() * 0.5;
        if half >= 0.5 {
            let before = [("lasts", half - 0.0)];
            let percent = ask("metastable", seed, &before, "counter(succeed now, 39)");
            assert!(percent > 50.0, "{seed}: {percent} % with {half} s");
        }
    }
}

#[test]
fn at_ten_times_the_load_a_long_queue_serves_nobody_and_a_short_one_almost_all_it_can() {
    let late = "30..40";
    for seed in 1..=5 {
        let mean = |line: &str| ask("shedding", seed, &[], &format!("mean({line}, {late})"));
        assert_eq!(mean("long queue"), 0.0);
        for line in ["short queue", "queue delay", "AIMD"] {
            assert!(mean(line) > 170.0, "{seed}, {line}: {}", mean(line));
        }
        // Nobody does more than the service can.
        for line in [
            "short queue",
            "queue delay",
            "priority",
            "AIMD",
            "Gradient2",
            "Vegas",
        ] {
            assert!(mean(line) < 210.0, "{seed}, {line}: {}", mean(line));
        }
    }
}

#[test]
fn spare_capacity_saves_most_runs_and_not_all() {
    let well = |rate| {
        seeds(
            "metastable",
            &[("rate", rate)],
            "counter(succeed now, 39)",
            |percent| percent >= 80.0,
        )
    };
    assert!((60..85).contains(&well(100.0)), "{}", well(100.0));
    assert_eq!(well(80.0), 100);
}

#[test]
fn the_log_counts_requests_from_one_as_its_words_do() {
    let mut run = open("without-breaker", 7);
    run.finish();
    let events = run.tape().events();
    for (nth, event) in events.iter().enumerate().take(50) {
        let words = run.describe(event);
        assert!(
            words.contains(&format!("Request {}", event.subject)),
            "{nth}: {words}"
        );
    }
    assert_eq!(events[0].subject, 1);
}

#[test]
fn the_hour_of_faults_takes_two_measures() {
    let challenge = crate::challenge("hour-of-faults").expect("it is listed");
    let met = |settings: &[(&str, f64)]| {
        let settings: Vec<_> = (settings.iter())
            .map(|&(id, value)| (id.to_owned(), value))
            .collect();
        (0..3).all(|nth| {
            challenge
                .judge(&settings, crate::Challenge::seed(nth))
                .met()
        })
    };
    assert!(met(&[("breaker", 1.0), ("bulkhead", 5.0)]));
    assert!(met(&[("breaker", 2.0), ("cancels", 1.0)]));
    assert!(!met(&[]));
    let breakers = [1.0, 2.0, 3.0].map(|choice| ("breaker", choice));
    let bulkheads = [3.0, 5.0].map(|calls| ("bulkhead", calls));
    let time_outs = [300.0, 5_000.0].map(|millis| ("timeout", millis));
    let guards = [2.0, 6.0].map(|choice| ("guard", choice));
    let others = [("cancels", 1.0), ("attempts", 3.0)];
    let alone = breakers.iter().chain(&bulkheads).chain(&time_outs);
    for &measure in alone.chain(&guards).chain(&others) {
        assert!(!met(&[measure]), "{measure:?} alone");
    }
}
