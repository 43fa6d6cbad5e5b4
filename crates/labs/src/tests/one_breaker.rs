//! The one-breaker lab held against its rules, recomputed from its log.

use core::time::Duration;

use clock::Instant;

use super::{events, knob, open};
use crate::scene::Mark;
use crate::{AnyRun, Event, State};

const SECOND: Duration = Duration::from_secs(1);

/// A finished run with these knobs.
fn finished(seed: u64, knobs: &[(&str, f64)]) -> Box<dyn AnyRun> {
    let mut run = open("one-breaker", seed);
    for &(id, value) in knobs {
        knob(&mut *run, id, value);
    }
    run.finish();
    run
}

fn admitted(run: &dyn AnyRun) -> Vec<Event> {
    events(run, "admitted", State::Waiting)
}

fn refused(run: &dyn AnyRun) -> Vec<Event> {
    events(run, "refused", State::Rejected)
}

fn opens(run: &dyn AnyRun) -> Vec<Event> {
    events(run, "opens", State::Rejected)
}

/// When calls were wanted, in their order.
fn calls(run: &dyn AnyRun) -> Vec<(Instant, u32)> {
    let mut calls: Vec<_> = admitted(run).into_iter().chain(refused(run)).collect();
    calls.sort_by_key(|event| event.subject);
    let told = calls.iter().map(|event| (event.at, event.subject));
    told.collect()
}

#[test]
fn twenty_errors_open_nothing_and_the_call_after_them_is_the_first_to_be_refused() {
    for seed in 1..=30 {
        let run = finished(seed, &[("errors", 100.0), ("begins", 0.0)]);
        let failed = events(&*run, "failed", State::Rejected);
        let twentieth = failed[19].at;
        let next = calls(&*run).into_iter().find(|call| call.0 >= twentieth);
        let opened = opens(&*run)[0];
        assert_eq!(Some((opened.at, opened.subject)), next, "seed {seed}");
        assert_eq!(refused(&*run)[0].subject, opened.subject);
        assert!(opened.subject >= 21);
        // More answers may have come in before that call.
        let known = failed.iter().filter(|event| event.at <= opened.at).count();
        let told = format!("{known} errors against {known} calls are 100 %");
        assert!(run.describe(&opened).contains(&told), "{told}");
    }
}

#[test]
fn with_quick_answers_the_twenty_first_call_is_refused() {
    let mut told = 0;
    for seed in 1..=30 {
        let run = finished(
            seed,
            &[("errors", 100.0), ("begins", 0.0), ("latency", 10.0)],
        );
        let calls = calls(&*run);
        // The longest answer takes 15 ms; two calls closer than that tell nothing.
        if calls[20].0.since(calls[19].0) > Duration::from_millis(15)
            && calls[20].0.since(Instant::ZERO) < Duration::from_secs(8)
        {
            assert_eq!(opens(&*run)[0].subject, 21, "seed {seed}");
            told += 1;
        }
    }
    assert!(told > 15, "{told}");
}

/// Calls and errors of the ten seconds that end with the one of `now`, among entries that count.
fn window(counted: &[(Instant, bool)], now: Instant) -> (u64, u64) {
    let second = |at: Instant| at.as_nanos() / 1_000_000_000;
    let inside = counted
        .iter()
        .filter(|entry| second(entry.0) + 10 > second(now));
    let errors = inside.clone().filter(|entry| entry.1).count();
    (inside.count() as u64, errors as u64)
}

#[test]
fn a_clean_window_opens_at_exactly_the_calls_that_its_rule_names() {
    let mut opened = 0;
    for seed in 1..=30 {
        for errors in [60.0, 100.0] {
            let run = finished(
                seed,
                &[("policy", 1.0), ("errors", errors), ("lasts", 15.0)],
            );
            let mut counted: Vec<(Instant, bool)> = Vec::new();
            let mut is_open = false;
            for event in run.tape().events() {
                let name = run.kinds()[usize::from(event.kind)].name;
                match name {
                    "succeeded" => counted.push((event.at, false)),
                    "failed" | "timed out" | "refused" => counted.push((event.at, true)),
                    _ => {}
                }
                let (calls, errors) = window(&counted, event.at);
                // Half a per cent is rounded up.
                let unhealthy = calls >= 20 && errors * 200 + calls >= calls * 100;
                match name {
                    "opens" => {
                        assert!(unhealthy && !is_open, "seed {seed} at {}", event.at);
                        is_open = true;
                        opened += 1;
                    }
                    "closes" => {
                        is_open = false;
                        // The success that closes is counted after everything is forgotten.
                        counted = vec![(event.at, false)];
                    }
                    "admitted" if !is_open => assert!(!unhealthy, "seed {seed} at {}", event.at),
                    _ => {}
                }
            }
        }
    }
    assert!(opened > 30, "{opened}");
}

#[test]
fn the_ring_holds_the_calls_and_errors_of_its_last_seconds_and_no_others() {
    let mut run = open("one-breaker", 7);
    knob(&mut *run, "policy", 1.0);
    let mut looked = 0;
    for half_seconds in 1..=58 {
        run.seek(Instant::from_millis(half_seconds * 500));
        let mut counted = Vec::new();
        for event in run.tape().events() {
            match run.kinds()[usize::from(event.kind)].name {
                "succeeded" => counted.push((event.at, false)),
                "failed" | "timed out" | "refused" => counted.push((event.at, true)),
                // The success that closes is counted after everything is forgotten.
                "closes" => counted = vec![(event.at, false)],
                _ => {}
            }
        }
        let (calls, errors) = window(&counted, run.now());
        let frame = run.frame();
        let ring = frame.scene.marks.iter().find_map(|mark| match mark {
            Mark::Ring { wedges, .. } => Some(wedges),
            _ => None,
        });
        let share = |state| {
            let pieces = ring.into_iter().flatten();
            let of = pieces.filter(|piece| piece.state == state);
            of.map(|piece| piece.outer - piece.inner).sum::<f32>()
        };
        let (good, bad) = (share(State::Served), share(State::Rejected));
        if calls > 0 {
            let told = bad / (good + bad);
            let expected = errors as f32 / calls as f32;
            assert!(
                (told - expected).abs() < 1e-3,
                "at {}: {told} for {errors} of {calls}",
                run.now()
            );
            looked += 1;
        }
    }
    assert!(looked > 50, "{looked}");
}

#[test]
fn an_open_breaker_refuses_everybody_up_to_the_end_of_the_wait_and_then_tries_one() {
    for seed in 1..=30 {
        let run = finished(seed, &[("errors", 100.0), ("sleep", 2.0)]);
        let sleep = 2 * SECOND;
        let trials = events(&*run, "trial", State::Moved);
        let passed = admitted(&*run);
        let is_trial = |event: &Event| trials.iter().any(|trial| trial.subject == event.subject);
        // From the opening, and from one trial to the next.
        let mut waits: Vec<Instant> = opens(&*run).iter().map(|event| event.at).collect();
        waits.extend(trials.iter().map(|event| event.at));
        assert!(!trials.is_empty(), "seed {seed}");
        let closes = events(&*run, "closes", State::Served);
        for begin in waits {
            let closed = closes.iter().find(|event| event.at >= begin);
            let end = closed.map_or(Instant::MAX, |event| event.at);
            for event in passed
                .iter()
                .filter(|event| event.at > begin && event.at <= end)
            {
                assert!(event.at > begin + sleep, "seed {seed} at {}", event.at);
                assert!(is_trial(event), "seed {seed} at {}", event.at);
            }
        }
    }
}

#[test]
fn the_breaker_changes_neither_the_calls_nor_their_fates() {
    let fates = |run: &dyn AnyRun| {
        let mut answers = events(run, "succeeded", State::Served);
        answers.extend(events(run, "failed", State::Rejected));
        answers.sort_by_key(|event| event.subject);
        answers
    };
    for policy in [0.0, 1.0, 2.0, 3.0] {
        let knobs = [("errors", 80.0), ("policy", policy)];
        let run = finished(7, &knobs);
        let never = finished(
            7,
            &[("errors", 80.0), ("volume", 100.0), ("percent", 100.0)],
        );
        assert!(opens(&*never).is_empty());
        assert!(!opens(&*run).is_empty(), "policy {policy}");
        assert_eq!(calls(&*run), calls(&*never), "policy {policy}");
        let all = fates(&*never);
        for answer in fates(&*run) {
            let same = |other: &&Event| other.subject == answer.subject;
            let twin = all.iter().find(same).expect("it was answered there, too");
            assert_eq!((twin.at, twin.kind), (answer.at, answer.kind));
        }
    }
}

#[test]
fn every_call_either_reaches_the_backend_or_is_refused() {
    for seed in 1..=10 {
        let run = finished(seed, &[("errors", 90.0)]);
        let numbers: Vec<u32> = calls(&*run).iter().map(|call| call.1).collect();
        let expected: Vec<u32> = (1..=numbers.len() as u32).collect();
        assert_eq!(numbers, expected);
        let counters = run.frame().counters;
        let counter = |label: &str| {
            let found = counters.iter().find(|counter| counter.label == label);
            found.expect("a counter").value as usize
        };
        assert_eq!(counter("reached backend"), admitted(&*run).len());
        assert_eq!(counter("refused"), refused(&*run).len());
        let (from, to) = (Instant::from_millis(5_000), Instant::from_millis(13_000));
        let passed = admitted(&*run);
        let inside = passed
            .iter()
            .filter(|event| event.at >= from && event.at < to);
        assert_eq!(counter("of them in trouble"), inside.count());
    }
}

#[test]
fn a_caller_gives_up_exactly_when_its_time_is_up() {
    for policy in [0.0, 1.0, 2.0, 3.0] {
        let knobs = [("latency", 5_000.0), ("time-out", 50.0), ("policy", policy)];
        let run = finished(3, &knobs);
        let passed = admitted(&*run);
        let given_up = events(&*run, "timed out", State::TimedOut);
        assert!(!given_up.is_empty());
        assert!(events(&*run, "succeeded", State::Served).is_empty());
        for event in given_up {
            let began = passed.iter().find(|each| each.subject == event.subject);
            let began = began.expect("it was let through");
            assert_eq!(event.at, began.at + Duration::from_millis(50));
        }
        assert!(!opens(&*run).is_empty(), "giving up is an error: {policy}");
    }
}

#[test]
fn breaking_the_backend_fails_every_call_for_five_seconds_and_none_after() {
    let mut run = open("one-breaker", 7);
    knob(&mut *run, "errors", 0.0);
    knob(&mut *run, "volume", 100.0);
    run.seek(Instant::from_millis(15_000));
    run.act(0);
    run.finish();
    let (from, to) = (Instant::from_millis(15_000), Instant::from_millis(20_000));
    let failed = events(&*run, "failed", State::Rejected);
    let passed = admitted(&*run);
    let hit: Vec<u32> = passed
        .iter()
        .filter(|event| event.at >= from && event.at < to)
        .map(|event| event.subject)
        .collect();
    assert!(hit.len() > 10);
    let mut told: Vec<u32> = failed.iter().map(|event| event.subject).collect();
    told.sort_unstable();
    assert_eq!(told, hit);
}

#[test]
fn calls_come_at_the_rate_that_the_knob_says() {
    let all: usize = (1..=100)
        .map(|seed| calls(&*finished(seed, &[])).len())
        .sum();
    // 100 runs of 30 s at 8 a second: 24,000, give or take four times their root.
    assert!((23_380..=24_620).contains(&all), "{all}");
}
