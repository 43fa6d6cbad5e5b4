//! The three-breakers lab: each situation shows the disagreement it is there for, whatever the seed.

use core::time::Duration;

use clock::Instant;

use super::{knob, open};
use crate::{AnyRun, Event};

const NAMES: [&str; 3] = ["hystrix-go", "gobreaker", "resilience4j"];
const SEEDS: core::ops::RangeInclusive<u64> = 1..=20;

/// A finished run of a situation, its number, with the libraries set alike or (1) as they come.
fn finished(seed: u64, situation: f64, settings: f64) -> Box<dyn AnyRun> {
    let mut run = open("three-breakers", seed);
    knob(&mut *run, "situation", situation);
    knob(&mut *run, "settings", settings);
    run.finish();
    run
}

/// What a library did.
fn did(run: &dyn AnyRun, name: &str, what: &str) -> Vec<Event> {
    let wanted = [name, " ", what].concat();
    told(run, &wanted)
}

fn told(run: &dyn AnyRun, name: &str) -> Vec<Event> {
    let known = run.kinds().iter().any(|kind| kind.name == name);
    assert!(known, "{name}");
    let events = run.tape().events().iter();
    let named = events.filter(|event| run.kinds()[usize::from(event.kind)].name == name);
    named.copied().collect()
}

#[test]
fn after_twenty_failures_two_open_at_once_and_hystrix_with_the_next_call() {
    for seed in SEEDS {
        let run = finished(seed, 0.0, 0.0);
        let last = did(&*run, "gobreaker", "fails")[19];
        for name in ["gobreaker", "resilience4j"] {
            let opens = did(&*run, name, "opens");
            assert_eq!((opens[0].at, opens[0].subject), (last.at, 20), "{name}");
        }
        let calls = told(&*run, "call");
        let opens = did(&*run, "hystrix-go", "opens");
        assert_eq!((opens[0].at, opens[0].subject), (calls[20].at, 21));
        assert!(calls[20].at > last.at + Duration::from_secs(1));
        // None of them lets call 21 through; they part when the earlier waits are over.
        for name in NAMES {
            assert_eq!(did(&*run, name, "refuses")[0].subject, 21);
        }
        let differ = told(&*run, "differ");
        assert!(!differ.is_empty(), "seed {seed}");
        let wait = Duration::from_secs(2);
        let closed = did(&*run, "hystrix-go", "closes")[0].at;
        for event in &differ {
            assert!(event.at > last.at + wait && event.at < closed);
            assert_eq!(event.value, 6.0, "hystrix-go alone refuses");
        }
    }
}

#[test]
fn as_they_come_one_opens_with_the_sixth_one_with_the_twenty_first_and_one_not_at_all() {
    for seed in SEEDS {
        let run = finished(seed, 0.0, 1.0);
        assert_eq!(did(&*run, "gobreaker", "opens")[0].subject, 6);
        assert_eq!(did(&*run, "gobreaker", "refuses")[0].subject, 7);
        assert_eq!(did(&*run, "hystrix-go", "opens")[0].subject, 21);
        assert!(did(&*run, "resilience4j", "opens").is_empty());
    }
}

#[test]
fn a_late_success_closes_hystrix_without_a_trial_and_nobody_else() {
    for seed in SEEDS {
        let run = finished(seed, 1.0, 0.0);
        let late = did(&*run, "hystrix-go", "succeeds")[0];
        assert_eq!(late.at, Instant::from_millis(1_900));
        let closes = did(&*run, "hystrix-go", "closes");
        assert_eq!((closes[0].at, closes[0].subject), (late.at, late.subject));
        assert!(did(&*run, "hystrix-go", "trial").is_empty());
        let told = run.describe(&closes[0]);
        assert!(
            told.contains("a call from before the trip succeeded"),
            "{told}"
        );
        for name in ["gobreaker", "resilience4j"] {
            let closes = did(&*run, name, "closes");
            let trial = did(&*run, name, "trial")[0];
            assert!(trial.at > did(&*run, name, "opens")[0].at + Duration::from_secs(2));
            assert_eq!(
                closes[0].subject, trial.subject,
                "{name} closes by its trial"
            );
        }
    }
}

#[test]
fn slow_calls_that_all_succeed_open_resilience4j_alone() {
    for seed in SEEDS {
        let run = finished(seed, 2.0, 0.0);
        let opens = did(&*run, "resilience4j", "opens");
        let twentieth = did(&*run, "resilience4j", "succeeds")[19];
        assert_eq!((opens[0].at, opens[0].subject), (twentieth.at, 20));
        for name in ["hystrix-go", "gobreaker"] {
            assert!(did(&*run, name, "refuses").is_empty(), "{name}");
        }
        assert!(
            NAMES
                .iter()
                .all(|name| did(&*run, name, "fails").is_empty())
        );
    }
}

#[test]
fn a_trial_slower_than_the_wait_is_followed_by_a_second_in_hystrix_alone() {
    for seed in SEEDS {
        let run = finished(seed, 3.0, 0.0);
        let answered = |name: &str, trial: &Event| {
            let answers = did(&*run, name, "succeeds");
            let answer = answers.iter().find(|each| each.subject == trial.subject);
            answer.map_or(Instant::MAX, |answer| answer.at)
        };
        let trials = did(&*run, "hystrix-go", "trial");
        let under_way = |at| trials.iter().filter(|trial| trial.at < at).count();
        assert!(
            under_way(answered("hystrix-go", &trials[0])) >= 3,
            "seed {seed}"
        );
        for pair in trials.windows(2) {
            assert!(pair[1].at > pair[0].at + Duration::from_secs(2));
        }
        for name in ["gobreaker", "resilience4j"] {
            let trials = did(&*run, name, "trial");
            let first = answered(name, &trials[0]);
            assert!(first < Instant::MAX, "the first trial is answered");
            let early = trials.iter().filter(|trial| trial.at < first).count();
            assert_eq!(early, 1, "{name}, seed {seed}");
        }
    }
}

#[test]
fn at_the_very_end_of_the_wait_all_refuse_and_a_millisecond_later_all_try() {
    for seed in SEEDS {
        for wait in [0.5, 2.0, 5.0] {
            let mut run = open("three-breakers", seed);
            knob(&mut *run, "situation", 4.0);
            knob(&mut *run, "wait", wait);
            run.finish();
            let end = Duration::from_secs_f64(wait);
            for name in NAMES {
                let opens = did(&*run, name, "opens");
                let calls = told(&*run, "call");
                assert_eq!(calls[21].at, opens[0].at + end, "{name}");
                let refused = did(&*run, name, "refuses");
                assert_eq!(refused[1].subject, 22, "{name}");
                let trial = did(&*run, name, "trial")[0];
                assert_eq!(trial.at, calls[21].at + Duration::from_millis(1));
            }
            // The trial fails. Two count the next wait from its answer, hystrix-go from its start.
            let second = |name| did(&*run, name, "trial")[1].at;
            assert!(second("hystrix-go") < second("gobreaker"), "wait {wait}");
            assert_eq!(second("gobreaker"), second("resilience4j"));
        }
    }
}

#[test]
fn errors_that_should_be_forgotten_open_hystrix_on_good_calls_alone() {
    for seed in SEEDS {
        let run = finished(seed, 5.0, 0.0);
        let opens = did(&*run, "hystrix-go", "opens");
        assert_eq!(opens.len(), 1);
        let failed = did(&*run, "hystrix-go", "fails");
        let last = failed.last().expect("there were failures");
        assert!(
            opens[0].at > last.at + Duration::from_secs(9),
            "seed {seed}"
        );
        let told = run.describe(&opens[0]);
        assert!(
            told.contains("12 of the errors are older than the window"),
            "{told}"
        );
        for name in ["gobreaker", "resilience4j"] {
            assert!(did(&*run, name, "opens").is_empty(), "{name}");
        }
    }
}

#[test]
fn one_bad_trial_of_three_opens_gobreaker_again_and_not_resilience4j() {
    for seed in SEEDS {
        let run = finished(seed, 6.0, 0.0);
        let bad = did(&*run, "gobreaker", "fails")[20];
        let reopened = did(&*run, "gobreaker", "opens")[1];
        assert_eq!((reopened.at, reopened.subject), (bad.at, bad.subject));
        assert_eq!(did(&*run, "resilience4j", "opens").len(), 1);
        let closes = did(&*run, "resilience4j", "closes")[0];
        let trials = did(&*run, "resilience4j", "trial");
        assert_eq!((trials.len(), closes.subject), (3, trials[2].subject));
    }
}

#[test]
fn the_decisions_that_differ_are_those_of_the_log() {
    for situation in 0..7 {
        for settings in [0.0, 1.0] {
            let run = finished(7, situation.into(), settings);
            let passed = NAMES.map(|name| {
                let admitted = did(&*run, name, "admits");
                let refused = did(&*run, name, "refuses");
                let calls = told(&*run, "call").len();
                assert_eq!(admitted.len() + refused.len(), calls, "{name}");
                let numbers = admitted.iter().map(|event| event.subject);
                numbers.collect::<Vec<u32>>()
            });
            let differs = |call: u32| {
                let votes = passed.iter().filter(|lane| lane.contains(&call)).count();
                (1..=2).contains(&votes)
            };
            let calls = told(&*run, "call").len() as u32;
            let expected: Vec<u32> = (1..=calls).filter(|&call| differs(call)).collect();
            let differ = told(&*run, "differ");
            let found: Vec<u32> = differ.iter().map(|event| event.subject).collect();
            assert_eq!(found, expected, "situation {situation}");
            let counters = run.frame().counters;
            let label = "decisions that differ";
            let counter = counters.iter().find(|counter| counter.label == label);
            assert_eq!(counter.expect("a counter").value, expected.len() as f64);
            // Slow calls are nothing to a library that does not look at them: 60 s by default.
            assert_eq!(expected.is_empty(), situation == 2 && settings == 1.0);
        }
    }
}
