//! What the distributed-limiter lab is meant to show, held against its own log.

mod faults;

use std::path::PathBuf;

use clock::Instant;
use rate_limiter::{Limit, TokenBucket};

use super::{arrivals, events, knob, open};
use crate::{AnyRun, Query, State};

const SHARE: f64 = 0.0;
const WHOLE: f64 = 1.0;
const STORE: f64 = 2.0;
const BATCHES: f64 = 3.0;
const SEEDS: u64 = 100;

fn lab(seed: u64, knobs: &[(&str, f64)]) -> Box<dyn AnyRun> {
    let mut run = open("distributed-limiter", seed);
    for &(id, value) in knobs {
        knob(run.as_mut(), id, value);
    }
    run
}

fn finished(seed: u64, knobs: &[(&str, f64)]) -> Box<dyn AnyRun> {
    let mut run = lab(seed, knobs);
    run.finish();
    run
}

/// A store that loses nothing and is as near as the knobs allow.
fn quick(seed: u64) -> Vec<(&'static str, f64)> {
    vec![
        ("kind", STORE),
        ("loss", 0.0),
        ("latency", 1.0),
        ("jitter", (seed % 2) as f64),
    ]
}

fn counter(run: &dyn AnyRun, label: &str) -> f64 {
    let counters = run.frame().counters;
    let found = counters.iter().find(|counter| counter.label == label);
    found.expect("the lab has this counter").value
}

/// Requests admitted more than by one ideal bucket; below zero, fewer.
fn excess(run: &dyn AnyRun) -> f64 {
    counter(run, "over-admitted") - counter(run, "under-admitted")
}

fn admitted(run: &dyn AnyRun) -> Vec<crate::Event> {
    events(run, "admitted", State::Served)
}

fn rejected(run: &dyn AnyRun) -> Vec<crate::Event> {
    events(run, "rejected", State::Rejected)
}

/// How many of these lie from one second on and before another.
fn between(events: &[crate::Event], from: f64, to: f64) -> usize {
    let (from, to) = (Instant::from_secs_f64(from), Instant::from_secs_f64(to));
    let inside = |event: &&crate::Event| event.at >= from && event.at < to;
    events.iter().filter(inside).count()
}

fn act(run: &mut dyn AnyRun, id: &str, secs: f64) {
    let actions = run.actions();
    let number = actions.iter().position(|action| action.id == id);
    run.seek(Instant::from_secs_f64(secs));
    run.act(number.expect("the lab has this action"));
}

#[test]
fn the_store_decides_as_one_bucket_asked_at_the_times_its_messages_arrive() {
    for seed in 1..=SEEDS {
        let run = finished(seed, &quick(seed));
        let mut ideal = TokenBucket::new(Limit::per_second(100.0), 50);
        let mut decided = 0;
        for event in run.tape().events() {
            let granted = match run.kinds()[usize::from(event.kind)].name {
                "store grants" => true,
                "store refuses" => false,
                _ => continue,
            };
            decided += 1;
            assert_eq!(ideal.allow(event.at, 1), granted, "seed {seed}: {event:?}");
        }
        assert!(decided > 6_000, "seed {seed}: {decided}");
    }
}

#[test]
fn without_jitter_or_loss_the_store_admits_exactly_what_one_bucket_would() {
    for seed in 1..=SEEDS {
        let knobs = [("kind", STORE), ("loss", 0.0), ("jitter", 0.0)];
        let run = finished(seed, &knobs);
        assert_eq!(excess(run.as_ref()), 0.0, "seed {seed}");
        assert_eq!(counter(run.as_ref(), "without an answer"), 0.0);
    }
}

#[test]
fn every_ask_takes_one_round_trip_and_the_race_takes_two_to_admit() {
    let atomic = finished(3, &[("loss", 0.0), ("jitter", 0.0), ("latency", 10.0)]);
    for event in admitted(atomic.as_ref())
        .iter()
        .chain(&rejected(atomic.as_ref()))
    {
        assert!((event.value - 10.0).abs() < 1e-3, "{event:?}");
    }
    let race = finished(
        3,
        &[
            ("loss", 0.0),
            ("jitter", 0.0),
            ("latency", 10.0),
            ("update", 1.0),
        ],
    );
    assert!(admitted(race.as_ref()).len() > 1_000);
    for event in admitted(race.as_ref()) {
        assert!((event.value - 20.0).abs() < 1e-3, "{event:?}");
    }
    for event in rejected(race.as_ref()) {
        assert!((event.value - 10.0).abs() < 1e-3, "{event:?}");
    }
}

#[test]
fn reading_and_writing_in_two_steps_over_admits_and_one_step_does_not() {
    for seed in 1..=SEEDS {
        let mut knobs = quick(seed);
        knobs[2] = ("latency", 10.0);
        let atomic = finished(seed, &knobs);
        // With jitter, requests overtake each other on the way, which moves no more than what is on the way.
        assert!(excess(atomic.as_ref()).abs() <= 10.0, "seed {seed}");
        knobs.push(("update", 1.0));
        let race = finished(seed, &knobs);
        assert!(excess(race.as_ref()) >= 300.0, "seed {seed}");
    }
}

#[test]
fn requests_that_hardly_overlap_hardly_race() {
    // Thirty requests a second that take 2 ms each: one in seventeen meets another, so what is written is mostly kept.
    for seed in 1..=20 {
        let mut knobs = quick(seed);
        knobs.extend([("update", 1.0), ("limit", 10.0), ("offered", 30.0)]);
        let run = finished(seed, &knobs);
        let admitted = admitted(run.as_ref()).len() as f64;
        let excess = excess(run.as_ref());
        assert!(
            (0.0..=0.15 * admitted).contains(&excess),
            "seed {seed}: {excess} of {admitted}"
        );
    }
}

#[test]
fn in_two_steps_an_instance_decides_by_what_it_has_read() {
    let run = finished(3, &[("loss", 0.0), ("update", 1.0), ("latency", 2.0)]);
    let cause =
        |event: &crate::Event| run.tape().events()[event.cause.expect("a cause").0 as usize];
    let writes = events(run.as_ref(), "writes back", State::Waiting);
    assert!(writes.len() > 1_000);
    // The bucket forgives the last fraction of a nanosecond.
    let token = 1.0 - 1e-6;
    assert!(writes.iter().all(|event| cause(event).value >= token));
    let rejected = rejected(run.as_ref());
    assert!(rejected.len() > 1_000);
    for event in rejected {
        let read = cause(&event);
        let timed_out = run.kinds()[usize::from(read.kind)].name == "time-out";
        assert!(timed_out || read.value < 1.0, "{event:?}");
    }
}

#[test]
fn instances_with_the_whole_limit_admit_up_to_their_number_times_the_limit() {
    for seed in 1..=SEEDS {
        for (offered, least) in [(240.0, 100.0 * 30.0), (1_000.0, 0.99 * 400.0 * 30.0)] {
            let run = finished(seed, &[("kind", WHOLE), ("offered", offered)]);
            let count = admitted(run.as_ref()).len() as f64;
            // Four buckets, full at the start, and a token each that is due within the last nanosecond.
            let most = 4.0 * (50.0 + 100.0 * 30.0 + 1.0);
            assert!(
                (least..=most).contains(&count),
                "seed {seed}, {offered}/s: {count}"
            );
        }
    }
}

#[test]
fn a_share_each_never_admits_more_than_the_limit_and_less_when_load_is_uneven() {
    for seed in 1..=SEEDS {
        let run = finished(seed, &[("kind", SHARE)]);
        let count = admitted(run.as_ref()).len() as f64;
        assert!(count <= 50.0 + 100.0 * 30.0 + 4.0, "seed {seed}: {count}");
    }
    // One hundred and ten a second on average, drawn at random: some instance has always too much while another has tokens left.
    let uneven = |seed, balancing| {
        let knobs = [
            ("kind", SHARE),
            ("offered", 110.0),
            ("balancing", balancing),
            ("burst", 4.0),
        ];
        admitted(finished(seed, &knobs).as_ref()).len()
    };
    for seed in 1..=20 {
        assert!(uneven(seed, 1.0) < uneven(seed, 0.0), "seed {seed}");
    }
}

#[test]
fn batches_take_fewer_round_trips_and_go_over_the_limit_by_what_is_held_at_most() {
    for seed in 1..=SEEDS {
        let store = finished(seed, &quick(seed));
        let mut knobs = quick(seed);
        knobs[0] = ("kind", BATCHES);
        let batches = finished(seed, &knobs);
        let asks = |run: &dyn AnyRun, name| events(run, name, State::Waiting).len();
        let (single, batched) = (
            asks(store.as_ref(), "asks store"),
            asks(batches.as_ref(), "asks for batch"),
        );
        assert!(
            batched * 3 < single,
            "seed {seed}: {batched} against {single}"
        );
        // Each of four instances holds a batch and a half at most, of tokens the store has replaced meanwhile.
        assert!(excess(batches.as_ref()) <= 60.0, "seed {seed}");
        assert!(excess(batches.as_ref()) >= -60.0, "seed {seed}");
    }
}

#[test]
fn a_batch_larger_than_the_burst_is_cut_to_it() {
    let knobs = [
        ("kind", BATCHES),
        ("burst", 5.0),
        ("batch", 50.0),
        ("loss", 0.0),
    ];
    let run = finished(1, &knobs);
    let count = admitted(run.as_ref()).len();
    assert!((2_000..=3_040).contains(&count), "{count}");
}

#[test]
fn turning_who_counts_leaves_the_arrivals_as_they_were() {
    let first = arrivals(finished(7, &[]).as_ref());
    assert!(first.len() > 6_000);
    for kind in [SHARE, WHOLE, BATCHES] {
        let turned = finished(7, &[("kind", kind), ("balancing", 1.0), ("loss", 5.0)]);
        assert_eq!(arrivals(turned.as_ref()), first);
    }
}

#[test]
fn the_counters_agree_with_the_log_and_with_a_bucket_of_their_own() {
    for kind in [SHARE, WHOLE, STORE, BATCHES] {
        let run = finished(9, &[("kind", kind)]);
        let decided: std::collections::BTreeSet<u32> = admitted(run.as_ref())
            .iter()
            .chain(&rejected(run.as_ref()))
            .map(|event| event.subject)
            .collect();
        let mut bucket = TokenBucket::new(Limit::per_second(100.0), 50);
        let mut ideal = 0;
        for event in events(run.as_ref(), "arrival", State::Neutral) {
            let passes = bucket.allow(event.at, 1);
            ideal += usize::from(passes && decided.contains(&event.subject));
        }
        let expected = admitted(run.as_ref()).len() as f64 - ideal as f64;
        assert_eq!(excess(run.as_ref()), expected, "kind {kind}");
    }
}

#[test]
fn a_page_can_ask_for_the_over_admission() {
    let mut run = lab(1, &[("kind", WHOLE)]);
    let query = Query::parse("counter(over-admitted, 30) >= 3000").expect("a query");
    let answer = query.ask(run.as_mut()).expect("the lab has the counter");
    assert_eq!(answer.holds, Some(true), "{answer:?}");
}

#[test]
fn every_kind_names_lines_of_source_that_exist() {
    let run = open("distributed-limiter", 1);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (kind, about) in run.kinds().iter().enumerate() {
        let source = run.source(kind as u16).expect("every kind has a source");
        let (file, anchor) = source.split_once(':').expect("a file and an anchor");
        let text = std::fs::read_to_string(root.join(file)).expect("the file exists");
        for mark in ["ANCHOR", "ANCHOR_END"] {
            let line = format!("// {mark}: {anchor}\n");
            assert!(text.contains(&line), "{}: {source}", about.name);
        }
    }
}

#[test]
fn waits_are_as_long_as_two_exponential_ways_are_together() {
    let run = finished(
        1,
        &[("loss", 0.0), ("offered", 1_000.0), ("timeout", 500.0)],
    );
    // The sum of two ways of 5 ms on average: an Erlang distribution, of which 99 of 100 are below 33.19 ms.
    let (mean, p99) = (
        counter(run.as_ref(), "mean wait"),
        counter(run.as_ref(), "p99 wait"),
    );
    assert!((mean - 10.0).abs() < 0.2, "{mean}");
    assert!((p99 - 33.19).abs() < 1.5, "{p99}");
}

#[test]
fn round_trips_a_second_are_what_was_asked_within_it() {
    let mut run = lab(2, &[("loss", 0.0), ("update", 1.0)]);
    run.seek(Instant::from_millis(9_950));
    let asked = [
        events(run.as_ref(), "asks store", State::Waiting),
        events(run.as_ref(), "writes back", State::Waiting),
    ];
    let expected: usize = asked.iter().map(|asked| between(asked, 8.9, 9.9)).sum();
    assert_eq!(counter(run.as_ref(), "round trips"), expected as f64);
}
