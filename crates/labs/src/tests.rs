//! What every lab must do, checked by walking the registry.

mod arrivals_file;
mod beside;
mod breaking;
mod challenge;
mod csv;
mod distributed_limiter;
mod fairness_by_key;
mod hundred_thousand;
mod knob;
mod moment;
mod one_breaker;
mod overload;
mod overload_labs;
mod playground;
mod query;
mod reserve_and_wait;
mod scheduler_playground;
mod six_algorithms;
mod stealing;
mod three_breakers;
mod twin;
mod you_schedule;

use core::time::Duration;

use clock::Instant;

use crate::{ALL, AnyRun, pace};

fn each(check: impl Fn(&'static str, Box<dyn AnyRun>)) {
    for entry in ALL {
        check(entry.id, entry.open(7));
    }
}

#[test]
fn the_same_seed_gives_the_same_log() {
    each(|id, mut run| {
        let mut twin = crate::find(id).expect("the registry finds its own").open(7);
        assert_eq!(run.finish(), twin.finish(), "{id}");
        assert!(!run.tape().events().is_empty(), "{id} does something");
    });
}

#[test]
fn another_seed_gives_another_log() {
    each(|id, mut run| {
        let hash = answered(&mut *run);
        run.reseed(8);
        assert_ne!(answered(&mut *run), hash, "{id}");
    });
}

#[test]
fn a_frame_depends_on_the_moment_and_not_on_the_way_there() {
    each(|id, mut run| {
        let moments = [13_370, 0, 2_000, 1_000, 29_900, 7_500].map(|millis| watched(&*run, millis));
        let direct: Vec<_> = moments
            .iter()
            .map(|&moment| {
                let mut fresh = crate::find(id).expect("the registry finds its own").open(7);
                fresh.seek(moment);
                fresh.frame()
            })
            .collect();
        for (moment, expected) in moments.iter().zip(&direct) {
            run.seek(*moment);
            assert_eq!(run.frame(), *expected, "{id} at {moment}");
        }
        while run.look_ahead(1_000) {}
        for (moment, expected) in moments.iter().zip(&direct) {
            run.seek(*moment);
            assert_eq!(
                run.frame(),
                *expected,
                "{id} at {moment} after looking ahead"
            );
        }
    });
}

#[test]
fn small_advances_end_where_one_seek_does() {
    each(|id, mut run| {
        let mut leap = crate::find(id).expect("the registry finds its own").open(7);
        for _ in 0..300 {
            let frame = pace(run.length()) / 60.0;
            run.advance(Duration::from_secs_f64(frame));
        }
        leap.seek(run.now());
        assert_eq!(run.frame(), leap.frame(), "{id}");
        assert_eq!(run.tape().events(), leap.tape().events(), "{id}");
    });
}

#[test]
fn stepping_back_undoes_exactly_one_entry_of_the_log() {
    each(|id, mut run| {
        let mut frames = Vec::new();
        for _ in 0..400 {
            if !run.step() {
                break;
            }
            frames.push((run.tape().events().len(), run.now(), run.frame()));
        }
        for (entries, now, frame) in frames.iter().rev().skip(1) {
            assert!(run.step_back(), "{id}");
            assert_eq!(
                (run.tape().events().len(), run.now()),
                (*entries, *now),
                "{id}"
            );
            assert_eq!(run.frame(), *frame, "{id} back at {now}");
        }
        run.step_back();
        assert!(!run.step_back(), "{id} has nothing before its first entry");
        assert_eq!(run.now(), Instant::ZERO);
    });
}

#[test]
fn every_knob_survives_both_ends_of_its_range() {
    each(|id, run| {
        for (knob, (spec, default)) in run.knobs().into_iter().enumerate() {
            assert_eq!(
                spec.range.clamp(default),
                default,
                "{id}: default of {} is a value the knob takes",
                spec.id
            );
            for value in [
                spec.range.min(),
                spec.range.max(),
                f64::NAN,
                f64::INFINITY,
                -1e300,
            ] {
                let mut turned = crate::find(id).expect("the registry finds its own").open(7);
                turned.set_knob(knob, value);
                turned.seek(watched(&*turned, 3_000));
                turned.frame();
                let (_, now) = turned.knobs()[knob];
                assert!(
                    (spec.range.min()..=spec.range.max()).contains(&now),
                    "{id}: {} became {now}",
                    spec.id
                );
            }
        }
    });
}

#[test]
fn a_slider_position_gives_back_the_value_it_came_from() {
    each(|id, run| {
        for (spec, value) in run.knobs() {
            assert_eq!(
                spec.range.at_position(spec.range.position(value)),
                value,
                "{id}: {}",
                spec.id
            );
        }
    });
}

#[test]
fn turning_a_knob_and_back_changes_nothing() {
    each(|id, mut run| {
        run.seek(watched(&*run, 5_000));
        let before = (run.frame(), run.tape().hash());
        let (spec, value) = run.knobs()[0];
        run.set_knob(0, spec.range.max());
        run.set_knob(0, value);
        assert_eq!((run.frame(), run.tape().hash()), before, "{id}");
    });
}

#[test]
fn every_action_is_repeated_when_the_reader_goes_back_over_it() {
    each(|id, mut run| {
        for action in 0..run.actions().len() {
            run.seek(watched(&*run, 2_000 + 1_500 * action as u64));
            run.act(action);
        }
        let hash = run.finish();
        let frame = run.frame();
        run.seek(watched(&*run, 1_000));
        assert_eq!(run.finish(), hash, "{id}");
        assert_eq!(run.frame(), frame, "{id}");
        assert_eq!(
            run.acted().len(),
            run.actions().len(),
            "{id} kept its actions"
        );
    });
}

#[test]
fn acting_in_the_past_forgets_the_future() {
    each(|id, mut run| {
        if run.actions().is_empty() {
            return;
        }
        run.finish();
        run.seek(watched(&*run, 2_000));
        run.act(0);
        assert!(
            run.tape()
                .seen_events()
                .iter()
                .all(|event| event.at <= run.now()),
            "{id}"
        );
        assert_eq!(run.seen(), run.now(), "{id}");
    });
}

#[test]
fn every_event_is_of_a_known_kind_and_names_an_earlier_cause() {
    each(|id, mut run| {
        run.finish();
        for (index, event) in run.tape().events().iter().enumerate() {
            assert!(usize::from(event.kind) < run.kinds().len(), "{id}");
            assert!(
                event.cause.is_none_or(|cause| (cause.0 as usize) < index),
                "{id}: event {index}"
            );
            assert!(!run.describe(event).is_empty(), "{id}");
        }
        assert!(
            run.tape()
                .events()
                .windows(2)
                .all(|pair| pair[0].at <= pair[1].at),
            "{id}: the log is in order of time"
        );
    });
}

#[test]
fn the_scene_never_changes_its_height() {
    each(|id, mut run| {
        let rows = run.frame().scene.rows;
        for millis in (0..20_000).step_by(777) {
            run.seek(watched(&*run, millis));
            assert_eq!(run.frame().scene.rows, rows, "{id}");
        }
    });
}

#[test]
fn what_was_computed_ahead_stays_out_of_sight() {
    each(|id, mut run| {
        run.seek(watched(&*run, 3_000));
        while run.look_ahead(1_000) {}
        // Nothing lies ahead of a question.
        if run.choices().is_some() {
            return;
        }
        assert!(
            run.tape()
                .seen_events()
                .iter()
                .all(|event| event.at <= run.now()),
            "{id}"
        );
        assert!(
            run.tape()
                .seen_line(0)
                .iter()
                .all(|point| point.at <= run.now()),
            "{id}"
        );
        assert!(
            run.tape()
                .known_line(0)
                .iter()
                .any(|point| point.at > run.now()),
            "{id}"
        );
        run.seek(watched(&*run, 9_000));
        run.seek(watched(&*run, 3_000));
        assert!(
            run.tape()
                .seen_line(0)
                .iter()
                .any(|point| point.at > run.now()),
            "{id}"
        );
    });
}

/// The moment that lies so many thousandths of a second into a run, if a run took 30 s.
fn watched(run: &dyn AnyRun, millis: u64) -> Instant {
    let share = millis as f64 / 30e3;
    Instant::from_secs_f64(share * run.length().as_secs_f64())
}

/// The fingerprint of a whole run; where a lab waits for its reader the first of its choices is made.
fn answered(run: &mut dyn AnyRun) -> u64 {
    loop {
        let hash = run.finish();
        match run.choices() {
            Some(choices) if choices != 0 => run.act(choices.trailing_zeros() as usize),
            _ => return hash,
        }
    }
}

fn open(id: &str, seed: u64) -> Box<dyn AnyRun> {
    crate::find(id).expect("the lab is registered").open(seed)
}

/// Sets the knob with this id.
fn knob(run: &mut dyn AnyRun, id: &str, value: f64) {
    let number = run.knobs().iter().position(|(spec, _)| spec.id == id);
    run.set_knob(number.expect("the lab has this knob"), value);
}

/// Entries of the log of the kind with this name and state.
fn events(run: &dyn AnyRun, name: &str, state: crate::State) -> Vec<crate::Event> {
    let wanted = |event: &&crate::Event| {
        let kind = run.kinds()[usize::from(event.kind)];
        kind.name == name && kind.state == state
    };
    run.tape().events().iter().filter(wanted).copied().collect()
}

/// When requests arrived.
fn arrivals(run: &dyn AnyRun) -> Vec<Instant> {
    let arrivals = events(run, "arrival", crate::State::Neutral);
    arrivals.iter().map(|event| event.at).collect()
}

#[test]
fn the_fingerprint_of_a_moment_does_not_depend_on_the_way_there() {
    each(|id, mut run| {
        run.seek(watched(&*run, 2_000));
        run.act(0);
        run.seek(watched(&*run, 6_000));
        let hash = run.hash_here();
        assert_eq!(run.hash_here(), hash, "{id}: asking changes nothing");
        while run.look_ahead(1_000) {}
        run.seek(watched(&*run, 9_000));
        run.seek(watched(&*run, 6_000));
        assert_eq!(run.hash_here(), hash, "{id} after looking ahead");
        assert_ne!(
            answered(&mut *run),
            hash,
            "{id}: the whole log is another one"
        );
    });
}

#[test]
fn between_two_entries_of_one_instant_the_fingerprint_holds_both() {
    let mut run = crate::find("six-algorithms").expect("a lab").open(7);
    while run.step() {
        // Somewhere a step stops with more to come in its instant; the whole instant counts.
        let (now, entries) = (run.now(), run.tape().events().len());
        let hash = run.hash_here();
        assert_eq!(run.tape().events().len(), entries, "the present stays");
        let mut fresh = crate::find("six-algorithms").expect("a lab").open(7);
        fresh.seek(now);
        assert_eq!(hash, fresh.hash_here(), "at {now}");
        if now > Instant::from_millis(1_500) {
            return;
        }
    }
}
