//! What the distributed-limiter lab does when something breaks.

use clock::Instant;

use super::super::events;
use super::{
    BATCHES, SEEDS, SHARE, act, admitted, between, counter, finished, lab, quick, rejected,
};
use crate::State;

#[test]
fn in_an_outage_fail_closed_admits_nothing_and_fail_open_everything() {
    for seed in 1..=SEEDS {
        for closed in [0.0, 1.0] {
            let mut knobs = quick(seed);
            knobs.push(("fail", closed));
            let mut run = lab(seed, &knobs);
            act(run.as_mut(), "store-down", 10.0);
            run.finish();
            // Requests that ask as the store goes down are decided a time-out later, those that ask as it comes back in time.
            let (from, to) = (10.06, 12.98);
            let admitted = between(&admitted(run.as_ref()), from, to);
            let rejected = between(&rejected(run.as_ref()), from, to);
            assert!(admitted + rejected > 500, "seed {seed}");
            let none = if closed > 0.0 { admitted } else { rejected };
            assert_eq!(none, 0, "seed {seed}, closed {closed}");
            let without = counter(run.as_ref(), "without an answer") as usize;
            assert!(without >= admitted + rejected, "seed {seed}");
        }
    }
}

#[test]
fn after_an_outage_the_store_decides_again() {
    let mut run = lab(4, &quick(4));
    act(run.as_mut(), "store-down", 10.0);
    run.finish();
    let up = events(run.as_ref(), "store up", State::Served);
    assert_eq!(up.len(), 1);
    assert_eq!(up[0].at, Instant::from_millis(13_000));
    let late = between(
        &events(run.as_ref(), "time-out", State::TimedOut),
        13.06,
        30.0,
    );
    assert_eq!(late, 0);
}

#[test]
fn a_share_of_a_killed_instance_is_admitted_by_nobody() {
    for seed in 1..=20 {
        let mut run = lab(seed, &[("kind", SHARE)]);
        act(run.as_mut(), "kill", 10.0);
        run.finish();
        let count = between(&admitted(run.as_ref()), 15.0, 30.0) as f64;
        assert!(
            (count - 75.0 * 15.0).abs() <= 40.0,
            "seed {seed}: {count} of 1125"
        );
    }
}

#[test]
fn after_a_kill_nothing_arrives_at_the_dead_instance_and_its_requests_are_lost() {
    let mut run = lab(6, &[("latency", 50.0), ("timeout", 500.0)]);
    act(run.as_mut(), "kill", 10.0);
    run.finish();
    let killed = events(run.as_ref(), "instance killed", State::TimedOut);
    assert_eq!(killed.len(), 1);
    assert_eq!(killed[0].subject, 4);
    let lost = events(run.as_ref(), "request lost", State::TimedOut);
    assert_eq!(lost.len() as f64, killed[0].value);
    assert!(!lost.is_empty(), "fifty milliseconds of sixty a second");
    let mut decided = admitted(run.as_ref());
    decided.extend(rejected(run.as_ref()));
    for event in &lost {
        assert!(decided.iter().all(|other| other.subject != event.subject));
    }
    let late = events(run.as_ref(), "arrival", State::Neutral);
    let to_the_dead = late
        .iter()
        .filter(|event| event.value == 4.0 && event.at > killed[0].at);
    assert_eq!(to_the_dead.count(), 0);
}

#[test]
fn one_instance_always_stays() {
    let mut run = lab(2, &[("instances", 2.0)]);
    for secs in [3.0, 4.0, 5.0] {
        act(run.as_mut(), "kill", secs);
    }
    run.finish();
    let killed = events(run.as_ref(), "instance killed", State::TimedOut);
    assert_eq!(killed.len(), 1);
}

#[test]
fn a_partition_makes_one_instance_decide_alone() {
    let mut run = lab(5, &quick(5));
    act(run.as_mut(), "partition", 10.0);
    run.finish();
    let time_outs = events(run.as_ref(), "time-out", State::TimedOut);
    assert!(time_outs.len() > 200, "{}", time_outs.len());
    assert_eq!(between(&time_outs, 0.0, 10.04), 0);
    assert_eq!(between(&time_outs, 15.06, 30.0), 0);
    let log = run.tape().events();
    for event in &time_outs {
        let arrival = log.iter().find(|arrival| {
            arrival.subject == event.subject
                && run.kinds()[usize::from(arrival.kind)].name == "arrival"
        });
        assert_eq!(arrival.map(|arrival| arrival.value), Some(1.0));
    }
}

#[test]
fn batches_bridge_an_outage_for_as_long_as_they_last() {
    let mut knobs = quick(8);
    knobs[0] = ("kind", BATCHES);
    knobs.extend([("fail", 1.0), ("offered", 50.0), ("batch", 50.0)]);
    let mut run = lab(8, &knobs);
    act(run.as_mut(), "store-down", 10.0);
    run.finish();
    // Four instances hold 25 to 75 tokens each: enough for the first second at 50 a second, whatever the store does.
    assert_eq!(between(&rejected(run.as_ref()), 10.0, 11.0), 0);
    assert!(between(&admitted(run.as_ref()), 10.0, 11.0) > 25);
}

#[test]
fn the_chain_of_a_request_that_timed_out_leads_back_to_its_arrival() {
    let run = finished(1, &[("loss", 5.0)]);
    let log = run.tape().events();
    let name = |event: &crate::Event| run.kinds()[usize::from(event.kind)].name;
    let time_outs = events(run.as_ref(), "time-out", State::TimedOut);
    assert!(time_outs.len() > 100);
    for time_out in time_outs {
        let mut event = time_out;
        while let Some(cause) = event.cause {
            event = log[cause.0 as usize];
            assert_eq!(event.subject, time_out.subject);
        }
        assert_eq!(name(&event), "arrival");
    }
}

#[test]
fn the_first_time_out_is_a_landmark_and_the_next_ones_are_not() {
    let run = finished(1, &[("loss", 20.0)]);
    let silent = events(run.as_ref(), "no answer", State::TimedOut);
    assert_eq!(silent.len(), 1, "never three seconds without a time-out");
    let first = events(run.as_ref(), "time-out", State::TimedOut)[0];
    assert_eq!(silent[0].at, first.at);
}
