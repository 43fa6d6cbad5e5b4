//! What the reserve-and-wait lab is meant to show, held against its own log.

use core::time::Duration;
use std::collections::BTreeMap;

use clock::Instant;

use super::{arrivals, events, knob, open};
use crate::scene::Mark;
use crate::{AnyRun, Event, State};

const CANCEL_MIDDLE: usize = 0;
const CANCEL_LAST: usize = 1;
const SEND: usize = 2;

fn lab(seed: u64) -> Box<dyn AnyRun> {
    open("reserve-and-wait", seed)
}

/// Everybody waits as long as it takes, unless the reader says otherwise.
fn patient(seed: u64) -> Box<dyn AnyRun> {
    let mut run = lab(seed);
    knob(run.as_mut(), "with-deadline", 0.0);
    knob(run.as_mut(), "cancelled", 0.0);
    run
}

fn granted(run: &dyn AnyRun) -> BTreeMap<u32, Instant> {
    let granted = events(run, "granted", State::Served);
    granted
        .iter()
        .map(|event| (event.subject, event.at))
        .collect()
}

fn count(run: &dyn AnyRun, name: &str) -> usize {
    let named = |event: &&Event| run.kinds()[usize::from(event.kind)].name == name;
    run.tape().events().iter().filter(named).count()
}

/// The one entry of this kind.
fn only(run: &dyn AnyRun, name: &str, state: State) -> Event {
    let events = events(run, name, state);
    assert_eq!(events.len(), 1, "{name}");
    events[0]
}

#[test]
fn a_place_cancelled_in_mid_queue_is_lost_for_everybody() {
    for seed in 1..=10 {
        let mut undisturbed = patient(seed);
        undisturbed.finish();
        let mut run = patient(seed);
        run.seek(Instant::from_millis(2_300));
        run.act(CANCEL_MIDDLE);
        run.finish();
        let cancelled = only(run.as_ref(), "cancelled", State::TimedOut);
        assert!(cancelled.value.abs() < 1e-6, "nothing comes back");
        let mut expected = granted(undisturbed.as_ref());
        let slot = expected
            .remove(&cancelled.subject)
            .expect("it would have had its turn");
        assert_eq!(
            granted(run.as_ref()),
            expected,
            "all others wait as long as before"
        );
        let unused = only(run.as_ref(), "slot unused", State::TimedOut);
        assert_eq!((unused.at, unused.subject), (slot, cancelled.subject));
    }
}

#[test]
fn the_place_of_the_last_one_goes_to_the_next_to_come() {
    for seed in 1..=10 {
        let mut undisturbed = patient(seed);
        undisturbed.finish();
        let mut run = patient(seed);
        run.seek(Instant::from_millis(2_300));
        run.act(CANCEL_LAST);
        run.finish();
        let freed = only(run.as_ref(), "slot freed", State::Moved);
        assert!((freed.value - 1.0).abs() < 1e-6, "a whole token comes back");
        let (before, after) = (granted(undisturbed.as_ref()), granted(run.as_ref()));
        assert!(!after.contains_key(&freed.subject));
        let (slot, next) = (before[&freed.subject], after[&(freed.subject + 1)]);
        let late = next.since(slot).max(slot.since(next));
        assert!(late <= Duration::from_nanos(2), "{next} is not {slot}");
        assert_eq!(count(run.as_ref(), "slot unused"), 0);
    }
}

#[test]
fn who_would_wait_past_the_deadline_is_refused_at_once() {
    for seed in 1..=5 {
        let mut run = lab(seed);
        knob(run.as_mut(), "with-deadline", 100.0);
        knob(run.as_mut(), "deadline", 500.0);
        run.finish();
        let refused = events(run.as_ref(), "refused", State::Rejected);
        assert!(refused.len() > 10);
        for event in refused {
            assert!(event.value > 0.5, "would have waited {} s", event.value);
            let arrival = run.tape().events()[event.cause.expect("its arrival").0 as usize];
            assert_eq!(arrival.at, event.at);
        }
        for event in events(run.as_ref(), "granted", State::Served) {
            assert!(event.value <= 0.5, "waited {} s", event.value);
        }
    }
}

#[test]
fn every_reservation_ends_in_exactly_one_way() {
    for seed in 1..=10 {
        let mut run = lab(seed);
        for (millis, action) in [(2_200, CANCEL_MIDDLE), (2_400, CANCEL_LAST), (5_000, SEND)] {
            run.seek(Instant::from_millis(millis));
            run.act(action);
        }
        run.finish();
        let of = |name| count(run.as_ref(), name);
        let still_waiting = occupants(run.as_ref());
        assert_eq!(of("arrival"), of("reserved") + of("refused"));
        let ended = of("granted") + of("slot unused") + of("slot freed");
        assert_eq!(of("reserved"), ended + still_waiting);
    }
}

/// Places in the queue that are taken, by those who wait and those who are gone.
fn occupants(run: &dyn AnyRun) -> usize {
    let marks = run.frame().scene.marks;
    let taken = marks.iter().filter_map(|mark| match mark {
        Mark::Slots { occupants, .. } => Some(occupants.len()),
        _ => None,
    });
    taken.sum()
}

#[test]
fn the_bucket_owes_a_token_for_every_place_in_the_queue_and_none_for_the_refused() {
    let mut run = lab(2);
    let mut deepest = 0;
    for millis in (0..40_000).step_by(37) {
        run.seek(Instant::from_millis(millis));
        let places = occupants(run.as_ref());
        let counters = run.frame().counters;
        let tokens = counters
            .iter()
            .find(|counter| counter.label == "in the bucket");
        let tokens = tokens.expect("it is shown").value;
        let owed = libm::ceil(-tokens - 1e-6).max(0.0);
        assert_eq!(owed, places as f64, "{tokens} tokens at {millis} ms");
        deepest = deepest.max(places);
    }
    assert!(deepest > 10);
    assert!(count(run.as_ref(), "refused") > 10);
}

#[test]
fn a_grant_leads_back_to_its_reservation_its_arrival_and_the_burst() {
    let mut run = patient(3);
    run.seek(Instant::from_millis(4_000));
    let log = run.tape().events();
    let names = |id| -> Vec<_> {
        let chain = run.chain(id).into_iter();
        chain
            .map(|id| run.kinds()[usize::from(log[id.0 as usize].kind)].name)
            .collect()
    };
    let last = crate::EventId(
        u32::try_from(
            log.iter()
                .rposition(|event| run.describe(event).contains("goes on after"))
                .expect("somebody was granted"),
        )
        .expect("a short log"),
    );
    assert_eq!(names(last)[..3], ["granted", "reserved", "arrival"]);
    let chains = (0..log.len() as u32).map(|index| names(crate::EventId(index)));
    let from_burst = chains.filter(|chain| *chain == ["granted", "reserved", "arrival", "burst"]);
    assert_eq!(from_burst.count(), 15);
}

#[test]
fn turning_one_knob_changes_no_other_request_s_luck() {
    let mut run = lab(4);
    run.finish();
    for (id, value) in [("rate", 20.0), ("deadline", 200.0), ("cancelled", 50.0)] {
        let mut turned = lab(4);
        knob(turned.as_mut(), id, value);
        turned.finish();
        assert_eq!(arrivals(run.as_ref()), arrivals(turned.as_ref()), "{id}");
    }
}

#[test]
fn with_nobody_waiting_there_is_nobody_to_cancel() {
    let mut run = patient(1);
    run.seek(Instant::from_millis(500));
    assert_eq!(occupants(run.as_ref()), 0);
    let entries = run.tape().events().len();
    run.act(CANCEL_MIDDLE);
    run.act(CANCEL_LAST);
    assert_eq!(run.tape().events().len(), entries);
}
