//! A lab whose clock waits for the reader: playing, choosing and undoing.

use core::time::Duration;

use clock::Instant;

use super::setup;
use crate::setup::{Attributes, Setup};
use crate::world::{Command, Pace, World};

fn world() -> World {
    let setup = Setup::read(&Attributes {
        lab: "you-schedule".to_owned(),
        ..Attributes::default()
    });
    World::new(setup, Pace::Smooth)
}

/// Plays until the clock stands by itself.
fn play(world: &mut World) {
    for _ in 0..10_000 {
        if !world.playing() {
            return;
        }
        world.tick(Duration::from_millis(16));
    }
    panic!("it never stops");
}

#[test]
fn the_clock_stands_at_a_question_and_a_choice_sets_it_going() {
    let mut world = world();
    assert!(world.waits());
    world.apply(Command::Toggle);
    play(&mut world);
    assert_eq!(world.run().now(), Instant::ZERO);
    world.apply(Command::Act(3));
    play(&mut world);
    assert_eq!(world.run().now(), Instant::ZERO, "the other worker asks");
    world.apply(Command::Act(3));
    assert_eq!(world.run().acted().len(), 1, "it runs already");
    // In the figure a task is chosen by a click on it.
    world.apply(Command::Ask(4));
    assert_eq!(world.run().acted().len(), 2);
    assert!(world.playing());
    play(&mut world);
    assert!(world.waits() && world.run().now() > Instant::ZERO);
}

#[test]
fn undo_goes_back_to_the_choice_and_offers_it_again() {
    let mut world = world();
    assert!(!world.can_undo());
    world.apply(Command::Undo);
    assert!(!world.can_undo(), "there is nothing to take back");
    for task in [3, 4] {
        world.apply(Command::Act(task));
        play(&mut world);
    }
    let (now, hash) = (world.run().now(), world.hash_here());
    let task = world.choices().expect("it waits").trailing_zeros() as usize;
    world.apply(Command::Act(task));
    play(&mut world);
    world.apply(Command::Undo);
    assert_eq!((world.run().now(), world.hash_here()), (now, hash));
    assert!(world.offers(task) && !world.playing());
}

#[test]
fn when_nothing_can_run_any_more_the_clock_stands_and_play_begins_again() {
    let mut world = world();
    while world.waits() {
        let choices = world.choices().expect("it waits");
        world.apply(Command::Act(choices.trailing_zeros() as usize));
        play(&mut world);
    }
    let (over, hash) = (world.run().now(), world.hash_here());
    assert!(!world.ended(), "the axis is longer than the run");
    world.apply(Command::Toggle);
    world.tick(Duration::from_millis(16));
    assert!(world.run().now() < over);
    play(&mut world);
    assert_eq!(world.hash_here(), hash, "the choices made are repeated");
}

#[test]
fn two_runs_that_are_compared_wait_for_each_other() {
    let mut world = world();
    world.apply(Command::Compare);
    // The second run gets another goal.
    world.apply(Command::Knob(1, 1.0));
    for _ in 0..4 {
        let choices = world.choices().expect("it waits");
        world.apply(Command::Act(choices.trailing_zeros() as usize));
        play(&mut world);
        let twin = world.twin().expect("two runs").now();
        assert_eq!(world.run().now(), twin);
    }
}

#[test]
fn a_lab_that_waits_for_nobody_offers_nothing() {
    let world = World::new(setup(), Pace::Smooth);
    assert_eq!(world.choices(), None);
    assert!(!world.waits() && !world.offers(0));
}
