//! Playing, stepping, turning, leaving and coming back.

use core::time::Duration;

use clock::Instant;

use super::{setup, world};
use crate::world::{Command, JUMP, NORMAL, Pace, SPEEDS, World};

const FRAME: Duration = Duration::from_millis(16);

fn secs(secs: u64) -> Instant {
    Instant::from_millis(secs * 1_000)
}

#[test]
fn a_lab_opens_paused_and_stays_where_it_is() {
    let mut world = world();
    world.tick(FRAME);
    assert!(!world.playing());
    assert_eq!(world.run().now(), Instant::ZERO);
}

#[test]
fn playing_moves_by_the_readers_time_times_the_speed() {
    for (index, speed) in SPEEDS.into_iter().enumerate() {
        let mut world = world();
        world.apply(Command::Speed(index));
        world.apply(Command::Toggle);
        world.tick(FRAME);
        assert_eq!(
            world.run().now(),
            Instant::ZERO + FRAME.mul_f64(speed),
            "at {speed}"
        );
    }
}

#[test]
fn a_page_that_slept_moves_on_by_a_tenth_of_a_second() {
    let mut world = world();
    world.apply(Command::Toggle);
    world.tick(Duration::from_secs(3_600));
    assert_eq!(world.run().now(), Instant::from_millis(100));
}

#[test]
fn at_the_end_it_stops_and_plays_again_from_the_start() {
    let mut world = world();
    world.apply(Command::Seek(world.end() - Duration::from_millis(10)));
    world.apply(Command::Toggle);
    world.tick(FRAME);
    assert!(!world.playing());
    assert!(world.ended());
    assert_eq!(world.run().now(), world.end());
    world.apply(Command::Toggle);
    assert!(world.playing());
    assert_eq!(world.run().now(), Instant::ZERO);
}

#[test]
fn reduced_motion_moves_in_jumps_and_answers_the_first_press_at_once() {
    let mut world = World::new(setup(), Pace::Jumps);
    world.apply(Command::Toggle);
    world.tick(FRAME);
    let first = world.run().now();
    assert!(first >= Instant::ZERO + JUMP);
    world.tick(FRAME);
    assert_eq!(world.run().now(), first, "nothing moves between two jumps");
    for _ in 0..5 {
        world.tick(Duration::from_millis(100));
    }
    assert!(world.run().now() >= first + JUMP);
}

#[test]
fn stepping_back_undoes_a_step() {
    let mut world = world();
    world.apply(Command::Seek(secs(2)));
    world.apply(Command::Step);
    let entries = world.run().tape().events().len();
    let frame = world.run().frame();
    world.apply(Command::Step);
    assert!(world.run().tape().events().len() > entries);
    world.apply(Command::StepBack);
    assert_eq!(world.run().tape().events().len(), entries);
    assert_eq!(world.run().frame(), frame);
}

#[test]
fn scrubbing_forth_and_back_shows_the_same_frame() {
    let mut world = world();
    world.apply(Command::Seek(secs(3)));
    let frame = world.run().frame();
    world.apply(Command::End);
    world.apply(Command::SeekBy(-1e12));
    assert_eq!(world.run().now(), Instant::ZERO);
    world.apply(Command::SeekBy(3.0));
    assert_eq!(world.run().frame(), frame);
}

#[test]
fn no_seek_leaves_the_run() {
    let mut world = world();
    for command in [
        Command::Seek(Instant::MAX),
        Command::SeekBy(f64::MAX),
        Command::SeekBy(f64::INFINITY),
    ] {
        world.apply(command);
        assert_eq!(world.run().now(), world.end());
    }
}

#[test]
fn speeds_stop_at_their_ends() {
    let mut world = world();
    for _ in 0..20 {
        world.apply(Command::Faster);
    }
    assert_eq!(SPEEDS[world.speed()], 100.0);
    for _ in 0..20 {
        world.apply(Command::Slower);
    }
    assert_eq!(SPEEDS[world.speed()], 0.1);
}

#[test]
fn the_same_seed_again_repeats_the_run_and_another_does_not() {
    let mut world = world();
    world.apply(Command::Seek(secs(5)));
    let (seed, log) = (world.run().seed(), world.run().tape().events().to_vec());
    world.apply(Command::Again);
    assert!(world.playing());
    assert_eq!(world.run().now(), Instant::ZERO);
    world.apply(Command::Seek(secs(5)));
    assert_eq!(
        (world.run().seed(), world.run().tape().events()),
        (seed, &log[..])
    );
    world.apply(Command::AnotherSeed);
    world.apply(Command::Seek(secs(5)));
    assert_eq!(world.run().seed(), seed + 1);
    assert_ne!(world.run().tape().events(), &log[..]);
}

#[test]
fn reset_brings_back_what_the_page_set_up() {
    let mut world = world();
    let frame = world.run().frame();
    world.apply(Command::AnotherSeed);
    world.apply(Command::NudgeKnob(0, 3));
    world.apply(Command::Faster);
    world.apply(Command::Seek(secs(4)));
    assert!(world.turned(0));
    world.apply(Command::Reset);
    assert!(!world.turned(0) && !world.playing());
    assert_eq!(world.speed(), NORMAL);
    assert_eq!(world.run().frame(), frame);
    assert_eq!(world.remember(), None);
}

#[test]
fn a_knob_returns_to_what_the_page_set_up() {
    let mut world = world();
    let before = world.run().knobs()[0].1;
    world.apply(Command::NudgeKnob(0, 1));
    assert_ne!(world.run().knobs()[0].1, before);
    world.apply(Command::ResetKnob(0));
    assert_eq!(world.run().knobs()[0].1, before);
}

#[test]
fn an_action_changes_what_follows_and_is_not_done_at_the_end() {
    let mut world = world();
    world.apply(Command::Seek(secs(2)));
    world.apply(Command::Act(0));
    assert_eq!(world.run().acted().len(), 1);
    world.apply(Command::End);
    world.apply(Command::Act(0));
    assert_eq!(world.run().acted().len(), 1);
    world.apply(Command::Act(usize::MAX));
    assert_eq!(world.run().acted().len(), 1);
}

#[test]
fn a_lab_left_and_returned_to_stands_where_it_stood() {
    let mut left = world();
    left.apply(Command::AnotherSeed);
    left.apply(Command::NudgeKnob(0, -2));
    left.apply(Command::Seek(secs(2)));
    left.apply(Command::Act(0));
    left.apply(Command::Seek(secs(6)));
    let memory = left.remember().expect("it was touched");
    let mut returned = world();
    returned.recall(&memory);
    assert_eq!(returned.run().frame(), left.run().frame());
    assert_eq!(returned.run().tape().events(), left.run().tape().events());
    assert!(returned.note().is_some());
}

#[test]
fn a_memory_of_nonsense_does_no_harm() {
    let mut world = world();
    world.recall(&crate::memory::Memory {
        seed: u64::MAX,
        now: Instant::MAX,
        knobs: vec![
            ("no-such-knob".into(), 1.0),
            (world.run().knobs()[0].0.id.into(), f64::NAN),
        ],
        actions: vec![(Instant::MAX, 99)],
        twin: Some(vec![("no-such-knob".into(), f64::INFINITY)]),
    });
    assert_eq!(world.run().now(), world.end());
}

#[test]
fn looking_ahead_shows_nothing_and_ends() {
    let mut world = world();
    let seen = world.run().seen();
    let frame = world.run().frame();
    let mut slices = 0;
    while world.has_ahead() {
        world.look_ahead(4.0, || 0.0);
        slices += 1;
        assert!(slices < 10_000);
    }
    assert_eq!((world.run().seen(), world.run().frame()), (seen, frame));
    let tape = world.run().tape();
    assert!(
        tape.known_line(0)
            .last()
            .is_some_and(|point| point.at > seen)
    );
    assert!(tape.seen_events().iter().all(|event| event.at <= seen));
}
