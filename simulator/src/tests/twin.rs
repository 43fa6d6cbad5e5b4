//! Two runs side by side: one seed, one moment, two settings.

use core::time::Duration;

use clock::Instant;
use labs::{AnyRun, Frame};

use super::world;
use crate::announce;
use crate::snapshot::{Landmarks, Snapshot};
use crate::world::{Command, Pace, Side, World};

fn secs(secs: u64) -> Instant {
    Instant::from_millis(secs * 1_000)
}

/// A comparison in which the second run has its first knob at its least.
fn compared() -> World {
    let mut world = world();
    world.apply(Command::Compare);
    let knobs = world.run().knobs();
    world.apply(Command::Knob(knobs.len(), knobs[0].0.range.min()));
    world
}

fn twin(world: &World) -> &dyn AnyRun {
    world.twin().expect("two runs are compared")
}

fn frames(world: &World) -> (Frame, Frame) {
    (world.run().frame(), twin(world).frame())
}

#[test]
fn a_comparison_begins_with_two_equal_runs_at_the_same_moment() {
    let mut world = world();
    world.apply(Command::NudgeKnob(0, 2));
    world.apply(Command::Seek(secs(2)));
    world.apply(Command::Act(0));
    world.apply(Command::Seek(secs(5)));
    world.apply(Command::Seek(secs(4)));
    world.apply(Command::Compare);
    let (own, other) = frames(&world);
    assert_eq!(own, other);
    assert_eq!(world.run().seen(), twin(&world).seen());
    assert_eq!(world.run().acted(), twin(&world).acted());
    world.apply(Command::Compare);
    assert!(world.twin().is_none());
    assert_eq!(world.run().frame(), own, "the first run goes on");
}

#[test]
fn each_run_has_its_own_knobs() {
    let mut world = compared();
    let own = world.run().knobs();
    let other = twin(&world).knobs();
    assert_ne!(own[0].1, other[0].1);
    assert_eq!(own[1..], other[1..]);
    world.apply(Command::End);
    assert_ne!(world.run().tape().hash(), twin(&world).tape().hash());
    let back = own.len();
    world.apply(Command::ResetKnob(back));
    assert_eq!(twin(&world).knobs(), world.run().knobs());
    assert_eq!(world.run().tape().hash(), twin(&world).tape().hash());
    world.apply(Command::NudgeKnob(back, 1));
    assert_eq!(world.run().knobs(), own, "the first run keeps its settings");
    world.apply(Command::Knob(usize::MAX, 1.0));
    world.apply(Command::NudgeKnob(usize::MAX, 1));
}

#[test]
fn both_runs_have_the_same_arrivals() {
    let find = |run: &dyn AnyRun, id: &str| run.knobs().iter().position(|(spec, _)| spec.id == id);
    let mut world = world();
    let burst = find(world.run(), "burst").expect("the first lab has a burst");
    world.apply(Command::Compare);
    let number = world.run().knobs().len() + burst;
    world.apply(Command::Knob(number, 1.0));
    world.apply(Command::End);
    let arrivals = |run: &dyn AnyRun| {
        let decided = ["admitted", "rejected"];
        let kind = |event: &labs::Event| run.kinds()[usize::from(event.kind)].name;
        let events = run.tape().events().iter();
        let decisions = events.filter(|event| decided.contains(&kind(event)));
        decisions
            .map(|event| (event.at, event.subject))
            .collect::<Vec<_>>()
    };
    assert!(arrivals(world.run()).len() > 100);
    assert_eq!(arrivals(world.run()), arrivals(twin(&world)));
}

#[test]
fn both_runs_stand_at_the_same_moment_whatever_the_reader_does() {
    let mut world = compared();
    let commands = [
        Command::Seek(secs(7)),
        Command::SeekBy(-2.5),
        Command::Step,
        Command::Step,
        Command::StepBack,
        Command::Act(0),
        Command::Toggle,
        Command::End,
        Command::Toggle,
        Command::AnotherSeed,
        Command::Seek(Instant::MAX),
        Command::Again,
    ];
    for command in commands {
        world.apply(command);
        world.tick(Duration::from_millis(40));
        assert_eq!(world.run().now(), twin(&world).now(), "{command:?}");
        assert_eq!(world.run().seed(), twin(&world).seed(), "{command:?}");
        assert_eq!(world.run().acted(), twin(&world).acted(), "{command:?}");
    }
}

#[test]
fn a_step_goes_to_the_next_entry_of_either_log_and_shows_nothing_beyond() {
    let mut world = compared();
    let entries = |world: &World| {
        let runs = [world.run(), twin(world)];
        runs.map(|run| run.tape().events().len())
    };
    world.apply(Command::Seek(secs(2)));
    for _ in 0..200 {
        let (before, from) = (entries(&world), world.run().now());
        world.apply(Command::Step);
        let (after, now) = (entries(&world), world.run().now());
        assert_ne!(before, after);
        assert!(now >= from);
        assert_eq!(twin(&world).now(), now);
        assert_eq!((world.run().seen(), twin(&world).seen()), (now, now));
        let newest = [world.run(), twin(&world)]
            .into_iter()
            .filter_map(|run| run.tape().events().last().map(|event| event.at))
            .max();
        assert_eq!(newest, Some(now), "one of the logs has an entry here");
    }
}

#[test]
fn stepping_back_undoes_steps_of_both_runs() {
    let mut world = compared();
    world.apply(Command::Seek(secs(3)));
    world.apply(Command::Step);
    let mut shown = vec![frames(&world)];
    for _ in 0..60 {
        world.apply(Command::Step);
        shown.push(frames(&world));
    }
    for expected in shown.iter().rev().skip(1) {
        world.apply(Command::StepBack);
        assert_eq!(frames(&world), *expected);
    }
    world.apply(Command::Seek(Instant::ZERO));
    world.apply(Command::StepBack);
    assert_eq!(world.run().now(), Instant::ZERO);
}

#[test]
fn steps_within_one_instant_are_undone_as_they_were_taken() {
    // Three breakers hear of the same answers at the same instant, and the two runs have different numbers of entries there.
    let mut world = World::new(
        crate::setup::Setup::read(&crate::setup::Attributes {
            lab: "three-breakers".to_owned(),
            ..Default::default()
        }),
        Pace::Smooth,
    );
    world.apply(Command::Compare);
    let knobs = world.run().knobs();
    let wait = knobs.iter().position(|(spec, _)| spec.id == "wait");
    world.apply(Command::Knob(
        knobs.len() + wait.expect("it has a wait"),
        0.5,
    ));
    world.apply(Command::Seek(Instant::from_millis(4_400)));
    world.apply(Command::Step);
    let mut shown = vec![frames(&world)];
    for _ in 0..60 {
        world.apply(Command::Step);
        shown.push(frames(&world));
    }
    for expected in shown.iter().rev().skip(1) {
        world.apply(Command::StepBack);
        assert_eq!(frames(&world), *expected);
    }
}

#[test]
fn stepping_stops_at_the_end_of_both() {
    let mut world = compared();
    world.apply(Command::End);
    let last = frames(&world);
    world.apply(Command::Step);
    assert_eq!(frames(&world), last);
    assert_eq!(world.run().now(), world.end());
}

#[test]
fn looking_ahead_covers_both_runs() {
    let mut world = compared();
    let mut slices = 0;
    while world.has_ahead() {
        world.look_ahead(4.0, || 0.0);
        slices += 1;
        assert!(slices < 10_000);
    }
    for run in [world.run(), twin(&world)] {
        let known = run.tape().known_line(0);
        assert!(known.last().is_some_and(|point| point.at > secs(20)));
        assert_eq!(run.seen(), Instant::ZERO);
    }
}

#[test]
fn the_log_and_its_reasons_are_those_of_the_side_that_is_looked_at() {
    let mut world = compared();
    world.apply(Command::Seek(secs(4)));
    let rows = |world: &World| {
        let log = Snapshot::of(world, &mut Landmarks::default()).log;
        log.rows.into_iter().map(|row| row.text).collect::<Vec<_>>()
    };
    let own = rows(&world);
    world.apply(Command::Look(Side::B));
    assert_ne!(rows(&world), own);
    let events = twin(&world).tape().events();
    let caused = events.iter().rposition(|event| event.cause.is_some());
    let caused = caused.expect("some entry has a cause");
    let (at, subject) = (events[caused].at, events[caused].subject);
    world.apply(Command::Pick(labs::EventId(caused as u32)));
    assert_eq!((world.run().now(), twin(&world).now()), (at, at));
    let why = |world: &World| Snapshot::of(world, &mut Landmarks::default()).why;
    let answer = why(&world).expect("a question was asked");
    assert!(answer.title.starts_with("B: ") && answer.links.len() >= 2);
    world.apply(Command::Look(Side::A));
    assert_eq!(why(&world), None, "the same number is another entry there");
    world.apply(Command::Ask(subject));
    world.apply(Command::Look(Side::B));
    let answer = why(&world).expect("it is asked about the same request there");
    assert!(answer.title.starts_with("B: Request"));
    world.apply(Command::Compare);
    assert_eq!(world.side(), Side::A);
    world.apply(Command::Look(Side::B));
    assert_eq!(world.side(), Side::A, "there is no B to look at");
}

#[test]
fn numbers_are_told_for_both_with_their_difference() {
    let mut world = compared();
    world.apply(Command::Seek(secs(6)));
    let snapshot = Snapshot::of(&world, &mut Landmarks::default());
    let (own, other) = frames(&world);
    for (nth, view) in snapshot.counters.iter().enumerate() {
        let (a, b) = (&own.counters[nth], &other.counters[nth]);
        let [number, more] = view.twin.as_ref().expect("both are told");
        assert!(number.ends_with(b.unit) && more.ends_with(b.unit));
        assert_eq!(more.starts_with('+'), b.value > a.value, "{more}");
        assert_eq!(more.starts_with('\u{2212}'), b.value < a.value, "{more}");
    }
    let n = world.run().knobs().len();
    assert_eq!(snapshot.knobs.len(), 2 * n);
    let first_of_b = &snapshot.knobs[n];
    assert_eq!((first_of_b.side, first_of_b.turned), (Some(Side::B), true));
    let [a, b] = snapshot.compared.expect("two are compared").settings;
    assert!(!a.is_empty() && !b.is_empty() && a != b);
}

#[test]
fn what_is_stepped_to_is_said_with_its_letter() {
    let mut world = compared();
    world.apply(Command::Seek(secs(3)));
    for _ in 0..20 {
        world.apply(Command::Step);
        let told = announce::answer(&world, Command::Step).expect("steps are told");
        assert!(told.contains("A: ") || told.contains("B: "), "{told}");
    }
}

#[test]
fn a_comparison_left_and_returned_to_stands_where_it_stood() {
    let mut left = compared();
    left.apply(Command::Seek(secs(5)));
    let memory = left.remember().expect("it was touched");
    let mut returned = world();
    returned.recall(&memory);
    assert_eq!(frames(&returned), frames(&left));
    assert_eq!(twin(&returned).knobs(), twin(&left).knobs());
    left.apply(Command::Reset);
    assert!(left.twin().is_none() && left.remember().is_none());
}

#[test]
fn a_locked_lab_compares_nothing() {
    let mut world = world();
    world.lock("Predict first.");
    world.apply(Command::Compare);
    assert!(world.twin().is_none());
}
