//! What the fairness-by-key lab is meant to show, held against its own log.

use clock::Instant;
use rate_limiter::{Limit, TokenBucket};

use super::{arrivals, events, knob, open};
use crate::fairness_by_key::{BYTES_PER_KEY, jain};
use crate::{AnyRun, Event, Query, State};

const GREEDY: usize = 0;
const ROTATE: usize = 1;
/// The customer whose loop runs from 5 s to 20 s.
const BATCH: f64 = 0.0;

fn lab(seed: u64) -> Box<dyn AnyRun> {
    open("fairness-by-key", seed)
}

fn ask(run: &mut dyn AnyRun, query: &str) -> f64 {
    let query = Query::parse(query).expect("the query is well formed");
    query.ask(run).expect("the lab has what is asked for").value
}

/// Of the requests of these customers that arrive in this stretch of seconds, what share has an entry of this kind.
fn share(
    run: &dyn AnyRun,
    kind: &str,
    stretch: (f64, f64),
    customers: impl Fn(f64) -> bool,
) -> f64 {
    let inside = |event: &Event| (stretch.0..stretch.1).contains(&event.at.as_secs_f64());
    let asked: Vec<u32> = events(run, "arrival", State::Neutral)
        .iter()
        .filter(|event| inside(event) && customers(event.value))
        .map(|event| event.subject)
        .collect();
    let admitted = events(run, kind, State::Served)
        .iter()
        .filter(|event| asked.binary_search(&event.subject).is_ok())
        .count();
    assert!(!asked.is_empty());
    admitted as f64 / asked.len() as f64
}

fn quiet(customer: f64) -> bool {
    customer != BATCH
}

/// The customers or keys of the entries of a kind, each once.
fn distinct(values: impl Iterator<Item = f64>) -> usize {
    let mut all: Vec<u64> = values.map(|value| value as u64).collect();
    all.sort_unstable();
    all.dedup();
    all.len()
}

#[test]
fn one_loop_takes_the_shared_bucket_and_a_bucket_per_key_stops_it_for_a_hundred_seeds() {
    for seed in 1..=100 {
        let mut run = lab(seed);
        run.finish();
        let run = run.as_ref();
        // The shared bucket holds enough for the first 0.7 s of the loop.
        let shared = share(run, "one admits", (6.0, 20.0), quiet);
        assert!(shared < 0.5, "seed {seed}: {shared}");
        let whole = (0.0, 30.0);
        assert_eq!(share(run, "key admits", whole, quiet), 1.0, "seed {seed}");
        assert_eq!(share(run, "both admit", whole, quiet), 1.0, "seed {seed}");
        // Before the loop nobody suffers. After it the shared bucket fills by what the quiet ones leave, 20 a second.
        assert_eq!(share(run, "one admits", (0.0, 5.0), quiet), 1.0);
        assert!(share(run, "one admits", (21.0, 30.0), quiet) > 0.97);
        let greedy = share(run, "key admits", (6.0, 20.0), |customer| customer == BATCH);
        assert!(greedy < 0.1, "seed {seed}: {greedy}");
    }
}

#[test]
fn rotating_keys_defeat_the_bucket_per_key_and_drown_the_quiet_behind_the_shared_one() {
    for seed in 1..=100 {
        let mut run = lab(seed);
        knob(run.as_mut(), "rotate", 1.0);
        run.finish();
        let run = run.as_ref();
        let everybody = |_: f64| true;
        assert_eq!(share(run, "key admits", (0.0, 30.0), everybody), 1.0);
        let both = share(run, "both admit", (6.0, 20.0), quiet);
        assert!(both < 0.5, "seed {seed}: {both}");
        // With every key admitted, the shared bucket behind them decides as the one in front does.
        let one = share(run, "one admits", (0.0, 30.0), quiet);
        assert_eq!(share(run, "both admit", (0.0, 30.0), quiet), one);
    }
}

#[test]
fn jains_index_is_what_it_comes_to_by_hand() {
    let index = |amounts: &[f64]| jain(amounts.iter().copied());
    assert_eq!(index(&[5.0; 4]), 1.0, "all have the same");
    assert_eq!(index(&[7.0]), 1.0);
    assert_eq!(index(&[8.0, 0.0, 0.0, 0.0]), 0.25, "one of four has all");
    assert_eq!(index(&[0.0, 3.0]), 0.5);
    // 6² / (3 · (1 + 4 + 9))
    assert_eq!(index(&[1.0, 2.0, 3.0]), 36.0 / 42.0);
    // 20 % of the users have all: 100² / (5 · 100²)
    assert_eq!(index(&[0.0, 0.0, 100.0, 0.0, 0.0]), 0.2);
    assert_eq!(index(&[]), 1.0, "nobody, and so nobody has more");
    assert_eq!(index(&[0.0, 0.0]), 1.0, "all have the same: nothing");
}

#[test]
fn the_index_shown_is_that_of_what_was_admitted_in_the_last_two_seconds() {
    let mut run = lab(3);
    for (label, kind) in [
        ("Jain in one bucket", "one admits"),
        ("Jain per key", "key admits"),
        ("Jain under both", "both admit"),
    ] {
        let shown = ask(run.as_mut(), &format!("counter({label}, 12)"));
        let recent = |event: &&Event| {
            event.at > Instant::from_millis(10_000) && event.at <= Instant::from_millis(12_000)
        };
        let admitted: Vec<u32> = events(run.as_ref(), kind, State::Served)
            .iter()
            .map(|event| event.subject)
            .collect();
        let mut amounts = [0.0; 9];
        for event in events(run.as_ref(), "arrival", State::Neutral)
            .iter()
            .filter(recent)
        {
            let got = admitted.binary_search(&event.subject).is_ok();
            amounts[event.value as usize] += f64::from(u8::from(got));
        }
        assert_eq!(shown, jain(amounts.into_iter()), "{label}");
    }
    let one = ask(run.as_mut(), "counter(Jain in one bucket, 12)");
    let key = ask(run.as_mut(), "counter(Jain per key, 12)");
    assert!(one < 0.3 && key > 0.8, "{one} and {key}");
}

#[test]
fn while_nothing_is_forgotten_each_key_is_decided_as_by_a_bucket_of_its_own() {
    for seed in 1..=10 {
        let mut run = lab(seed);
        run.seek(Instant::from_millis(7_000));
        run.act(GREEDY);
        run.finish();
        assert!(events(run.as_ref(), "forgotten", State::Moved).is_empty());
        // Nine customers, 100/s, twice an equal share; two seconds of it, rounded.
        let rate = 2.0 * 100.0 / 9.0;
        let mut buckets = vec![TokenBucket::new(Limit::per_second(rate), 44); 9];
        let expected: Vec<u32> = events(run.as_ref(), "arrival", State::Neutral)
            .iter()
            .filter(|event| buckets[event.value as usize].allow(event.at, 1))
            .map(|event| event.subject)
            .collect();
        let admitted: Vec<u32> = events(run.as_ref(), "key admits", State::Served)
            .iter()
            .map(|event| event.subject)
            .collect();
        assert_eq!(admitted, expected, "seed {seed}");
    }
}

#[test]
fn the_shared_bucket_behind_is_asked_only_about_what_the_key_admits() {
    let mut run = lab(4);
    run.seek(Instant::from_millis(6_000));
    run.act(GREEDY);
    run.act(GREEDY);
    run.finish();
    let mut shared = TokenBucket::new(Limit::per_second(100.0), 200);
    let by_key = events(run.as_ref(), "key admits", State::Served);
    let expected: Vec<u32> = by_key
        .iter()
        .filter(|event| shared.allow(event.at, 1))
        .map(|event| event.subject)
        .collect();
    let both = events(run.as_ref(), "both admit", State::Served);
    let admitted: Vec<u32> = both.iter().map(|event| event.subject).collect();
    assert_eq!(admitted, expected);
    assert!(
        admitted.len() < by_key.len(),
        "two loops more are too much for the shared bucket"
    );
}

#[test]
fn no_more_keys_are_remembered_than_the_knob_allows() {
    for keys in [1.0, 2.0, 50.0, 500.0] {
        let mut run = lab(5);
        knob(run.as_mut(), "keys", keys);
        knob(run.as_mut(), "rotate", 1.0);
        let mut most: f64 = 0.0;
        for millis in (0..=30_000).step_by(500) {
            run.seek(Instant::from_millis(millis));
            let counters = run.frame().counters;
            let shown = counters.iter().find(|one| one.label == "keys remembered");
            most = most.max(shown.expect("the counter is there").value);
        }
        assert_eq!(most, keys, "the bound is reached and not exceeded");
        let forgotten = events(run.as_ref(), "forgotten", State::Moved);
        assert_eq!(
            events(run.as_ref(), "memory full", State::Moved).len(),
            1,
            "said once"
        );
        assert!(forgotten.len() > 3_000);
    }
}

#[test]
fn a_key_is_forgotten_exactly_when_the_least_recently_used_has_to_go() {
    let mut run = lab(6);
    knob(run.as_mut(), "keys", 4.0);
    knob(run.as_mut(), "greedy", 30.0);
    run.finish();
    // The latest last.
    let mut remembered: Vec<f64> = Vec::new();
    let mut expected = Vec::new();
    for arrival in events(run.as_ref(), "arrival", State::Neutral) {
        remembered.retain(|&key| key != arrival.value);
        if remembered.len() == 4 {
            expected.push((arrival.subject, remembered.remove(0)));
        }
        remembered.push(arrival.value);
    }
    let forgotten: Vec<_> = events(run.as_ref(), "forgotten", State::Moved)
        .iter()
        .map(|event| (event.subject, event.value))
        .collect();
    assert_eq!(forgotten, expected);
}

#[test]
fn a_greedy_customer_that_is_forgotten_gets_more_than_its_share() {
    let greedy = |keys: f64| {
        let mut run = lab(7);
        knob(run.as_mut(), "greedy", 40.0);
        knob(run.as_mut(), "keys", keys);
        run.finish();
        share(run.as_ref(), "key admits", (8.0, 20.0), |customer| {
            customer == BATCH
        })
    };
    let (remembered, forgotten) = (greedy(9.0), greedy(3.0));
    assert!(remembered < 0.6, "{remembered}: 22.2 of 40 a second");
    assert_eq!(forgotten, 1.0, "always a bucket that is nearly full");
}

#[test]
fn every_request_gets_three_verdicts_that_lead_back_to_it() {
    let mut run = lab(2);
    run.seek(Instant::from_millis(6_000));
    run.act(ROTATE);
    run.seek(Instant::from_millis(9_000));
    let log = run.tape().events();
    let verdicts = [
        "one admits",
        "one rejects",
        "key admits",
        "key rejects",
        "both admit",
        "by key",
        "by shared",
    ];
    let mut given = vec![0; log.len()];
    for event in log {
        let kind = run.kinds()[usize::from(event.kind)];
        if !verdicts.contains(&kind.name) {
            continue;
        }
        let mut cause = event.cause.expect("a verdict has a cause").0 as usize;
        if run.kinds()[usize::from(log[cause].kind)].name != "arrival" {
            cause = log[cause].cause.expect("the key's verdict has one").0 as usize;
        }
        assert_eq!(log[cause].subject, event.subject);
        given[cause] += 1;
    }
    for (event, given) in log.iter().zip(given) {
        let arrival = run.kinds()[usize::from(event.kind)].name == "arrival";
        assert_eq!(given, if arrival { 3 } else { 0 });
    }
}

#[test]
fn a_loop_lasts_fifteen_seconds_and_only_three_customers_can_join() {
    let mut run = lab(8);
    for millis in [6_000, 7_000, 8_000, 9_000] {
        run.seek(Instant::from_millis(millis));
        run.act(GREEDY);
    }
    run.finish();
    let starts = events(run.as_ref(), "greedy starts", State::Retried);
    let seen: Vec<_> = starts
        .iter()
        .map(|event| (event.at.as_nanos() / 1_000_000, event.subject))
        .collect();
    assert_eq!(seen, [(5_000, 0), (6_000, 8), (7_000, 7), (8_000, 6)]);
    let stops = events(run.as_ref(), "greedy stops", State::Neutral);
    for (start, stop) in starts.iter().zip(&stops) {
        assert_eq!(stop.at.since(start.at).as_secs(), 15);
        assert_eq!(stop.subject, start.subject);
    }
    assert_eq!(stops.len(), 4);
    let batch: Vec<_> = events(run.as_ref(), "arrival", State::Neutral)
        .into_iter()
        .filter(|event| event.value == BATCH)
        .collect();
    let (first, last) = (batch[0].at, batch[batch.len() - 1].at);
    assert!(first >= Instant::from_millis(5_000) && last < Instant::from_millis(20_000));
    assert!((4_200..4_800).contains(&batch.len()), "{}", batch.len());
}

#[test]
fn of_two_customers_only_one_can_join_and_then_nobody_is_quiet() {
    let mut run = lab(9);
    knob(run.as_mut(), "customers", 2.0);
    for _ in 0..3 {
        run.seek(Instant::from_millis(6_000));
        run.act(GREEDY);
    }
    run.finish();
    assert_eq!(
        events(run.as_ref(), "greedy starts", State::Retried).len(),
        2
    );
    run.seek(Instant::from_millis(10_000));
    assert!(run.frame().summary.contains('–'));
}

#[test]
fn keys_rotate_from_the_moment_the_reader_says_so() {
    let mut run = lab(10);
    run.seek(Instant::from_millis(8_000));
    run.act(ROTATE);
    run.act(ROTATE);
    run.finish();
    let rotates = events(run.as_ref(), "rotates keys", State::Retried);
    assert_eq!(rotates.len(), 1, "a second time changes nothing");
    let rejected = events(run.as_ref(), "key rejects", State::Rejected);
    assert!(!rejected.is_empty() && rejected.iter().all(|event| event.at <= rotates[0].at));
    let forgotten = events(run.as_ref(), "forgotten", State::Moved);
    assert!(distinct(forgotten.iter().map(|event| event.value)) > 3_000);
}

#[test]
fn turning_the_greedy_rate_leaves_the_quiet_requests_as_they_were() {
    let quiet_at = |run: &dyn AnyRun| -> Vec<_> {
        events(run, "arrival", State::Neutral)
            .into_iter()
            .filter(|event| quiet(event.value))
            .map(|event| (event.at, event.value as u32))
            .collect()
    };
    let (mut run, mut turned) = (lab(11), lab(11));
    run.finish();
    knob(turned.as_mut(), "greedy", 20.0);
    knob(turned.as_mut(), "limit", 500.0);
    turned.finish();
    assert_eq!(quiet_at(run.as_ref()), quiet_at(turned.as_ref()));
    assert!(arrivals(run.as_ref()).len() > arrivals(turned.as_ref()).len());
    assert_eq!(
        distinct(quiet_at(run.as_ref()).iter().map(|one| f64::from(one.1))),
        8
    );
}

#[test]
fn a_key_takes_the_bytes_that_the_figure_says() {
    // The key and its bucket, the number of its last use, and its place in the order of use.
    let kept = size_of::<(u32, TokenBucket)>() + size_of::<u64>() + size_of::<(u64, u32, u32)>();
    assert_eq!(kept, BYTES_PER_KEY as usize);
}

#[test]
fn every_kind_of_entry_leads_to_lines_of_code_that_exist() {
    let run = lab(1);
    for kind in 0..run.kinds().len() {
        let source = run.source(kind as u16).expect("each kind has its lines");
        let (file, anchor) = source.split_once(':').expect("file and anchor");
        let path = format!("{}/../../{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).expect("the file exists");
        let named = |line: &str| line.trim() == format!("// ANCHOR: {anchor}");
        assert!(text.lines().any(named), "{source}");
    }
}
