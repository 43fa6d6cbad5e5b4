//! What is told in words.

use clock::Instant;
use labs::EventId;

use super::world;
use crate::snapshot::{Landmarks, Place, ROWS, Snapshot, first_row};
use crate::world::Command;

fn secs(secs: u64) -> Instant {
    Instant::from_millis(secs * 1_000)
}

#[test]
fn the_window_of_the_log_never_leaves_the_log() {
    assert_eq!(first_row(0, 0, 0), 0);
    assert_eq!(first_row(3, 3, 5), 0);
    assert_eq!(first_row(100, 100, 0), 100 - ROWS);
    assert_eq!(first_row(100, 200, 0), 100 - ROWS);
    assert_eq!(first_row(100, 200, -1), 100 - 2 * ROWS);
    assert_eq!(first_row(100, 200, i32::MIN), 0);
    assert_eq!(first_row(100, 200, i32::MAX), 200 - ROWS);
}

#[test]
fn the_log_ends_at_the_present_and_leafs_to_what_was_seen_beyond_it() {
    let mut world = world();
    let mut landmarks = Landmarks::default();
    assert!(Snapshot::of(&world, &mut landmarks).log.rows.is_empty());
    world.apply(Command::Seek(secs(3)));
    let log = Snapshot::of(&world, &mut landmarks).log;
    assert_eq!(log.rows.len(), ROWS);
    assert_eq!(log.rows[ROWS - 1].place, Place::Last);
    assert!(log.earlier && !log.later);
    let row = log.rows[0].clone();
    world.apply(Command::Seek(secs(2)));
    let log = Snapshot::of(&world, &mut landmarks).log;
    assert!(log.rows.iter().all(|row| row.place != Place::Future));
    assert!(log.later, "what was seen beyond the present is a leaf away");
    world.apply(Command::Leaf(1));
    let log = Snapshot::of(&world, &mut landmarks).log;
    assert!(log.away && log.rows[0].place == Place::Future && log.rows[0].at <= row.at);
}

#[test]
fn what_is_computed_ahead_stays_unseen() {
    let mut world = world();
    while world.has_ahead() {
        world.look_ahead(4.0, || 0.0);
    }
    let snapshot = Snapshot::of(&world, &mut Landmarks::default());
    assert!(snapshot.log.rows.is_empty() && snapshot.ticks.is_empty());
}

#[test]
fn picking_an_entry_seeks_there_and_shows_its_causes_oldest_first() {
    let mut world = world();
    world.apply(Command::End);
    let events = world.run().tape().events();
    let caused = events
        .iter()
        .rposition(|event| event.cause.is_some())
        .expect("some event has a cause");
    let (id, at, events_kind) = (
        EventId(caused as u32),
        events[caused].at,
        events[caused].kind,
    );
    world.apply(Command::Pick(id));
    assert_eq!(world.run().now(), at);
    let why = Snapshot::of(&world, &mut Landmarks::default())
        .why
        .expect("a question was asked");
    assert!(why.links.len() >= 2);
    assert_eq!(why.source, world.run().source(events_kind));
    assert_eq!(why.links.last().map(|row| row.id), Some(id));
    assert!(why.links.windows(2).all(|pair| pair[0].id < pair[1].id));
    world.apply(Command::Pick(EventId(u32::MAX)));
    world.apply(Command::Unask);
    assert_eq!(Snapshot::of(&world, &mut Landmarks::default()).why, None);
}

#[test]
fn landmarks_are_found_once_and_forgotten_with_the_run() {
    let mut world = world();
    let mut landmarks = Landmarks::default();
    world.apply(Command::Seek(secs(2)));
    let some = landmarks.update(&world).len();
    world.apply(Command::End);
    let all = landmarks.update(&world).len();
    assert!(some <= all && all > 0);
    let fresh = Landmarks::default().update(&world).to_vec();
    assert_eq!(landmarks.update(&world), &fresh[..]);
    world.apply(Command::Reset);
    landmarks.clear();
    assert!(landmarks.update(&world).is_empty());
}

#[test]
fn the_link_names_the_lab_the_seed_and_the_knobs_that_differ() {
    let mut world = world();
    let id = "one-bucket";
    assert_eq!(
        Snapshot::of(&world, &mut Landmarks::default()).query,
        format!("?lab={id}&seed=1")
    );
    let (spec, _) = world.run().knobs()[0];
    world.apply(Command::Knob(0, spec.range.max()));
    let query = Snapshot::of(&world, &mut Landmarks::default()).query;
    assert_eq!(
        query,
        format!("?lab={id}&seed=1&knobs={}={}", spec.id, spec.range.max())
    );
}
