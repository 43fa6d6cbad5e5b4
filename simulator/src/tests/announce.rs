//! What a screen reader is told.

use clock::Instant;

use super::world;
use crate::announce::{Announcer, QUIET_MS, answer};
use crate::world::Command;

#[test]
fn landmarks_keep_their_distance_and_the_newest_wins() {
    let mut announcer = Announcer::default();
    assert_eq!(announcer.due(0.0), None);
    announcer.landmark("bucket empty at 1.00 s".into());
    assert_eq!(
        announcer.due(0.0).as_deref(),
        Some("bucket empty at 1.00 s")
    );
    announcer.landmark("outage at 2.00 s".into());
    announcer.landmark("bucket empty at 2.50 s".into());
    assert_eq!(announcer.due(QUIET_MS - 1.0), None);
    assert_eq!(
        announcer.due(QUIET_MS).as_deref(),
        Some("bucket empty at 2.50 s; 1 more before it")
    );
    assert_eq!(announcer.due(QUIET_MS * 3.0), None);
}

#[test]
fn an_answer_comes_at_once_and_silences_what_was_waiting() {
    let mut announcer = Announcer::default();
    announcer.landmark("bucket empty at 1.00 s".into());
    assert_eq!(announcer.answer("Paused.".into(), 10.0), "Paused.");
    assert_eq!(announcer.due(1e9), None);
}

#[test]
fn pausing_tells_the_moment_and_the_figure() {
    let mut world = world();
    world.apply(Command::Toggle);
    assert_eq!(answer(&world, Command::Toggle).as_deref(), Some("Playing."));
    world.apply(Command::Toggle);
    let told = answer(&world, Command::Toggle).expect("a change of state is told");
    assert!(told.starts_with("Paused at 0.00 s. "), "{told}");
    assert!(told.ends_with(&world.run().frame().summary), "{told}");
}

#[test]
fn stepping_tells_the_entry_it_reached() {
    let mut world = world();
    world.apply(Command::Seek(Instant::from_millis(900)));
    world.apply(Command::Step);
    let event = *world
        .run()
        .tape()
        .events()
        .last()
        .expect("the run has events");
    let told = answer(&world, Command::Step).expect("a step is told");
    assert!(told.contains(&world.run().describe(&event)), "{told}");
}
