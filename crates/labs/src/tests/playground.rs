//! The playground decides about what it is given in the time of the file, and says where a recording differs.

use core::time::Duration;
use std::path::Path;

use clock::Instant;
use sim::Rng;

use super::arrivals_file::nonsense;
use super::{events, knob, open};
use crate::arrivals_file::{ARRIVALS_MAX, KEYS_MAX};
use crate::{AnyRun, State};

/// The lab with this file in it.
fn loaded(text: &str) -> Box<dyn AnyRun> {
    let mut run = open("playground", 1);
    run.load(text).expect("the file is good");
    run
}

fn counter(run: &dyn AnyRun, label: &str) -> Option<f64> {
    let counters = run.frame().counters;
    let found = counters.iter().find(|counter| counter.label == label);
    found.map(|counter| counter.value)
}

/// A trace of a bucket that admits one request a second and two at once.
fn trace(rows: &str) -> String {
    format!(
        "# headroom-trace 1 program=rate-limiting algorithm=token-bucket rate=1 burst=2\n\
         seconds,key,admitted\n{rows}"
    )
}

#[test]
fn whatever_is_loaded_runs_to_its_end_with_every_algorithm() {
    let mut rng = Rng::stream(2, "nonsense");
    let mut runs = 0;
    while runs < 140 {
        let mut run = open("playground", 1);
        if run.load(&nonsense(&mut rng)).is_err() {
            continue;
        }
        knob(run.as_mut(), "algorithm", f64::from(runs % 7));
        run.seek(Instant::from_millis(3_000));
        run.act(0);
        run.finish();
        let arrived = counter(run.as_ref(), "arrived").expect("it is always counted");
        let decided = ["admitted", "rejected"].map(|label| counter(run.as_ref(), label));
        assert_eq!(
            decided[0].zip(decided[1]).map(|(yes, no)| yes + no),
            Some(arrived)
        );
        runs += 1;
    }
}

#[test]
fn a_trace_sets_the_limiter_and_differences_are_marked_and_counted() {
    // Two at once, the third half a token too early; the recording admits it and refuses the fourth, which has a token.
    let mut run = loaded(&trace("0,a,true\n0,a,true\n0.5,a,true\n2.5,a,false\n"));
    let knobs = run.knobs();
    let set = |id| {
        knobs
            .iter()
            .find(|(spec, _)| spec.id == id)
            .map(|&(_, value)| value)
    };
    assert_eq!(
        [set("rate"), set("burst"), set("algorithm")],
        [Some(1.0), Some(2.0), Some(0.0)]
    );
    run.finish();
    assert_eq!(counter(run.as_ref(), "decided differently"), Some(2.0));
    let differing = events(run.as_ref(), "decided differently", State::Moved);
    let what: Vec<_> = differing
        .iter()
        .map(|event| (event.subject, event.value))
        .collect();
    assert_eq!(what, [(3, 1.0), (4, 0.0)]);
    assert!(
        differing
            .iter()
            .all(|event| run.kinds()[usize::from(event.kind)].landmark)
    );
    let cause = run.tape().events()[differing[0].cause.expect("a decision").0 as usize];
    assert_eq!(run.kinds()[usize::from(cause.kind)].name, "rejected");
    assert_eq!(cause.value, 0.5, "tokens");
}

#[test]
fn differences_close_together_are_one_landmark_on_the_slider() {
    let rows: String = (0..100)
        .map(|nth| format!("0.{nth:02},a,false\n"))
        .collect();
    let mut run = loaded(&trace(&rows));
    run.finish();
    let differing = events(run.as_ref(), "decided differently", State::Moved);
    let landmarks = differing
        .iter()
        .filter(|event| run.kinds()[usize::from(event.kind)].landmark);
    assert_eq!((differing.len(), landmarks.count()), (2, 1));
}

#[test]
fn a_long_file_is_decided_in_its_own_time_and_drawn_in_thirty_seconds() {
    // One request a second for ten minutes: exactly the rate, so none is turned away. In the lab's time they come 20 a second.
    let rows: String = (0..=600).map(|nth| format!("{nth},a,true\n")).collect();
    let mut run = loaded(&trace(&rows));
    assert_eq!(counter(run.as_ref(), "1 s here is"), Some(20.0));
    run.finish();
    assert_eq!(counter(run.as_ref(), "arrived"), Some(601.0));
    assert_eq!(counter(run.as_ref(), "rejected"), Some(0.0));
    assert_eq!(counter(run.as_ref(), "decided differently"), Some(0.0));
    // What is drawn are requests a second of the file.
    assert_eq!(
        run.tape().line(0).last().map(|point| point.value),
        Some(1.0)
    );
}

#[test]
fn a_file_of_thirty_seconds_is_not_scaled_and_one_nanosecond_more_is() {
    assert_eq!(counter(loaded("0\n30\n").as_ref(), "1 s here is"), None);
    assert_eq!(
        counter(loaded("0\n30.000000001\n").as_ref(), "1 s here is"),
        Some(2.0)
    );
}

#[test]
fn each_key_has_its_own_limit_only_if_asked_for() {
    let mut run = loaded(&trace("0,a,true\n0,a,true\n0,b,true\n0,b,true\n"));
    run.finish();
    assert_eq!(counter(run.as_ref(), "admitted"), Some(2.0));
    knob(run.as_mut(), "limit-for", 1.0);
    run.finish();
    assert_eq!(counter(run.as_ref(), "admitted"), Some(4.0));
}

#[test]
fn the_data_stays_when_the_reader_looks_at_other_arrivals() {
    let mut run = loaded("seconds\n1\n2\n3\n");
    run.finish();
    assert_eq!(counter(run.as_ref(), "arrived"), Some(3.0));
    knob(run.as_mut(), "arrivals", 0.0);
    assert!(counter(run.as_ref(), "arrived") > Some(100.0));
    knob(run.as_mut(), "arrivals", 4.0);
    assert_eq!(counter(run.as_ref(), "arrived"), Some(3.0));
}

#[test]
fn without_data_the_choice_of_it_gives_no_arrivals_and_says_why() {
    let mut run = open("playground", 1);
    knob(run.as_mut(), "arrivals", 4.0);
    run.finish();
    assert_eq!(counter(run.as_ref(), "arrived"), Some(0.0));
    assert!(run.frame().summary.contains("No data has been given"));
}

#[test]
fn a_day_whose_mean_is_the_rate_has_its_peak_turned_away() {
    for seed in 1..=100 {
        let mut run = open("playground", seed);
        run.finish();
        let rejected = events(run.as_ref(), "rejected", State::Rejected);
        assert!(rejected.len() >= 20, "seed {seed}: {}", rejected.len());
        let night = rejected
            .iter()
            .filter(|event| event.at >= Instant::from_millis(20_000));
        assert_eq!(night.count(), 0, "seed {seed}");
    }
}

#[test]
fn behind_the_leaky_queue_requests_are_a_period_apart() {
    let mut run = open("playground", 3);
    knob(run.as_mut(), "algorithm", 2.0);
    run.finish();
    let left = events(run.as_ref(), "leaves queue", State::Served);
    assert!(left.len() > 100);
    for pair in left.windows(2) {
        assert!(pair[1].at.since(pair[0].at) >= Duration::from_millis(100));
    }
}

#[test]
fn two_hundred_thousand_arrivals_and_fifty_keys_are_read_and_run() {
    let rows: String = (0..ARRIVALS_MAX)
        .map(|nth| {
            format!(
                "{}.{:03},client-{},{}\n",
                nth / 20,
                nth % 20 * 50,
                nth % KEYS_MAX,
                nth % 3 == 0
            )
        })
        .collect();
    let mut run = loaded(&format!(
        "# headroom-trace 1 keys=50 rate=0.2 burst=5\nseconds,key,admitted\n{rows}"
    ));
    run.finish();
    assert_eq!(counter(run.as_ref(), "arrived"), Some(200_000.0));
    assert!(counter(run.as_ref(), "decided differently") > Some(1_000.0));
    let frame = run.frame();
    run.seek(Instant::from_millis(15_000));
    run.seek(Instant::from_millis(30_000));
    assert_eq!(run.frame(), frame);
}

#[test]
fn every_source_names_an_anchor_that_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let run = open("playground", 1);
    let mut named = 0;
    for kind in 0..run.kinds().len() as u16 {
        let Some((file, anchor)) = run.source(kind).and_then(|source| source.split_once(':'))
        else {
            continue;
        };
        let code = std::fs::read_to_string(root.join(file)).expect(file);
        assert!(
            code.contains(&format!("ANCHOR: {anchor}\n")),
            "{file} has no {anchor}"
        );
        named += 1;
    }
    assert_eq!(
        named, 17,
        "all decisions, all departures and all differences"
    );
}
