//! What the page asks of a lab: locking, opening at a situation, the reader's curve, questions and judgements.

use clock::Instant;

use super::{setup, world};
use crate::announce;
use crate::host::{answer, judge};
use crate::setup::{Attributes, Setup};
use crate::snapshot::{Landmarks, Snapshot};
use crate::world::{Command, Pace, SPEEDS, Wish, World};

const REASON: &str = "Predict first.";

fn opens_late() -> World {
    let setup = Setup::read(&Attributes {
        lab: "one-bucket".to_owned(),
        at: "3".to_owned(),
        ..Attributes::default()
    });
    World::new(setup, Pace::Smooth)
}

#[test]
fn a_locked_lab_stands_at_its_start_and_shows_and_computes_nothing_of_the_future() {
    let mut world = opens_late();
    while world.has_ahead() {
        world.look_ahead(4.0, || 0.0);
    }
    world.lock(REASON);
    assert!(!world.has_ahead());
    let run = world.run();
    assert_eq!((run.now(), run.seen()), (Instant::ZERO, Instant::ZERO));
    let lines = run.charts().iter().map(|chart| chart.lines.len()).sum();
    for line in 0..lines {
        let known = run.tape().known_line(line);
        assert!(known.iter().all(|point| point.at == Instant::ZERO));
    }
    let snapshot = Snapshot::of(&world, &mut Landmarks::default());
    assert!(snapshot.log.rows.is_empty() && snapshot.ticks.is_empty());
    assert_eq!(snapshot.locked.as_deref(), Some(REASON));
}

#[test]
fn a_locked_lab_does_nothing_and_says_why() {
    let mut world = world();
    world.lock(REASON);
    let frame = world.run().frame();
    for command in [
        Command::Toggle,
        Command::Step,
        Command::Seek(Instant::MAX),
        Command::SeekBy(1.0),
        Command::End,
        Command::Again,
        Command::AnotherSeed,
        Command::Act(0),
        Command::NudgeKnob(0, 3),
    ] {
        world.apply(command);
        assert_eq!(announce::answer(&world, command).as_deref(), Some(REASON));
        assert!(!world.playing(), "{command:?}");
        assert_eq!(world.run().frame(), frame, "{command:?}");
        assert_eq!(world.run().seed(), 1);
    }
    assert!(!world.open(&Wish::default()));
    assert_eq!(world.run().seen(), Instant::ZERO);
}

#[test]
fn an_unlocked_lab_stands_where_the_page_opens_it() {
    let mut world = opens_late();
    let frame = world.run().frame();
    world.lock(REASON);
    world.lock("Another reason.");
    assert_eq!(world.locked(), Some("Another reason."));
    world.unlock();
    assert_eq!(world.locked(), None);
    assert_eq!(world.run().frame(), frame);
    assert!(world.has_ahead());
    world.apply(Command::Seek(Instant::from_millis(5_000)));
    world.unlock();
    let now = world.run().now();
    assert_eq!(now, Instant::from_millis(5_000), "it was not locked");
}

#[test]
fn what_was_kept_comes_back_with_the_first_unlocking_and_only_with_that() {
    let mut left = opens_late();
    left.apply(Command::Seek(Instant::from_millis(9_000)));
    let memory = left.remember().expect("it was moved");
    let mut world = opens_late();
    world.lock("First a prediction.");
    world.keep(Some(memory));
    assert_eq!(world.run().now(), Instant::ZERO);
    world.unlock();
    assert_eq!(world.run().now(), Instant::from_millis(9_000));
    // Who predicts again begins afresh.
    world.lock("Predict again.");
    world.unlock();
    assert_eq!(world.run().now(), opens_late().run().now());
}

#[test]
fn a_lock_without_a_reason_still_tells_one() {
    let mut world = world();
    world.lock("  ");
    assert!(world.locked().is_some_and(|reason| reason.len() > 20));
}

#[test]
fn opening_keeps_what_is_left_out_as_the_page_set_it() {
    let mut world = opens_late();
    world.apply(Command::NudgeKnob(0, 3));
    world.apply(Command::Faster);
    world.apply(Command::Act(0));
    assert!(world.open(&Wish::default()));
    let page = setup();
    assert_eq!(world.run().now(), Instant::from_millis(3_000));
    assert_eq!((world.run().seed(), world.playing()), (page.seed, false));
    assert!(!world.turned(0) && world.run().acted().is_empty());
    let spec = world.run().knobs()[0].0;
    let wish = Wish {
        seed: Some("9".to_owned()),
        at: Some(1.5),
        knobs: format!("{}={}", spec.id, spec.range.max()),
        play: Some(0.0),
    };
    assert!(world.open(&wish));
    assert_eq!(world.run().now(), Instant::from_millis(1_500));
    assert_eq!(world.run().seen(), Instant::from_millis(1_500));
    assert_eq!(world.run().seed(), 9);
    assert_eq!(world.run().knobs()[0].1, spec.range.max());
    assert!(world.playing() && world.turned(0) && world.note().is_none());
}

#[test]
fn what_a_page_waits_for_comes_within_twelve_seconds_of_play() {
    for (moment, speed) in [
        (0.0, 1.0),
        (12.0, 1.0),
        (12.1, 2.0),
        (20.0, 2.0),
        (30.0, 5.0),
    ] {
        let mut world = opens_late();
        let wish = Wish {
            at: Some(0.0),
            play: Some(moment),
            ..Wish::default()
        };
        assert!(world.open(&wish));
        assert_eq!(SPEEDS[world.speed()], speed, "{moment} s");
    }
}

#[test]
fn a_wish_that_cannot_be_used_is_told_in_a_note() {
    let mut world = opens_late();
    for (seed, at, knobs) in [
        (Some("seven"), None, ""),
        (None, Some(f64::NAN), ""),
        (None, Some(-0.1), ""),
        (None, Some(1e300), ""),
        (None, None, "no-such-knob=1"),
        (None, None, "==,=,1"),
    ] {
        let wish = Wish {
            seed: seed.map(str::to_owned),
            at,
            knobs: knobs.to_owned(),
            play: None,
        };
        assert!(world.open(&wish));
        assert!(world.note().is_some(), "{wish:?}");
        assert_eq!(world.run().now(), Instant::from_millis(3_000));
    }
}

#[test]
fn a_sketch_keeps_what_can_be_drawn_and_goes_when_it_is_taken_away() {
    let mut world = world();
    let length = world.run().length().as_secs_f64();
    let points = [
        (0.0, 1.0),
        (f64::NAN, 1.0),
        (2.0, f64::INFINITY),
        (2.0, 3.0),
        (1.0, 4.0),
        (length, 5.0),
        (length + 0.001, 6.0),
    ];
    world.sketch(1, Some(&points));
    world.sketch(1, Some(&points));
    assert_eq!(world.sketches().len(), 1);
    let kept = [(0.0, 1.0), (2.0, 3.0), (length, 5.0)];
    assert_eq!(world.sketches()[0].points, kept);
    let sketched = Snapshot::of(&world, &mut Landmarks::default()).sketched;
    assert_eq!(sketched, [1]);
    world.apply(Command::Reset);
    assert_eq!(world.sketches().len(), 1, "Reset is not an eraser");
    world.sketch(1, None);
    assert!(world.sketches().is_empty());
}

#[test]
fn the_engine_answers_a_question_or_says_why_not() {
    assert_eq!(
        answer("one-bucket", "7", "burst=20", "knob(burst)"),
        Ok(20.0)
    );
    let native = {
        let mut run = labs::find("one-bucket").expect("it exists").open(7);
        let query = labs::Query::parse("count(rejected)").expect("it is one");
        query.ask(&mut *run).expect("it has an answer").value
    };
    assert_eq!(answer("one-bucket", "7", "", "count(rejected)"), Ok(native));
    for (lab, seed, knobs, query) in [
        ("no-lab", "7", "", "knob(burst)"),
        ("one-bucket", "-7", "", "knob(burst)"),
        ("one-bucket", "7", "burst=lots", "knob(burst)"),
        ("one-bucket", "7", "", "knob(bursts)"),
        ("one-bucket", "7", "", "what?"),
        ("one-bucket", "7", "", ""),
    ] {
        let told = answer(lab, seed, knobs, query).expect_err(query);
        assert!(told.len() > 10 && !told.contains('\n'), "{told}");
    }
}

#[test]
fn a_judgement_is_the_native_one_as_json() {
    let id = labs::CHALLENGES[0].id;
    let json = judge(id, "", 0).expect("it can be judged");
    let native = labs::CHALLENGES[0].judge(&[], labs::Challenge::seed(0));
    assert!(json.starts_with(&format!(
        "{{\"seed\":{},\"met\":{},",
        native.seed,
        native.met()
    )));
    assert_eq!(json.matches("\"value\":").count(), native.goals.len());
    assert_ne!(judge(id, "", 1), Ok(json), "another seed");
    assert!(judge("no-challenge", "", 0).is_err());
    assert!(judge(id, "burst", 0).is_err() && judge(id, "burst=NaN", 0).is_err());
    assert!(judge(id, "no-such-knob=1", u32::MAX).is_ok());
}
