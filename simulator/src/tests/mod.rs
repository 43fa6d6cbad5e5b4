//! What can be tested without a page: worlds, keys, knobs, attributes, memory, announcements and snapshots.

mod announce;
mod data;
mod host;
mod keys;
mod knobs;
mod memory;
mod numbers;
mod setup;
mod share;
mod snapshot;
mod twin;

mod waiting;
mod world;

use crate::setup::{Attributes, Setup};
use crate::world::{Pace, World};

/// The first lab of the registry with all defaults.
fn setup() -> Setup {
    Setup::read(&Attributes {
        lab: "one-bucket".to_owned(),
        ..Attributes::default()
    })
}

/// A world on the first lab, paused at zero.
fn world() -> World {
    World::new(setup(), Pace::Smooth)
}
