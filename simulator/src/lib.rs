//! The labs in a page: a Yew shell compiled to WebAssembly, the same for every lab.
//!
//! # What it prevents
//! A page that writes its own animation for every mechanism ends with a dozen half-finished players.
//! Here one shell plays, steps, scrubs, turns and explains any lab there is; it knows [`labs::AnyRun`] and no mechanism.
//!
//! # Map
//! - `command`: all a reader can do. `world`: a run, whether it plays and how fast, what the reader asked. Pure, tested natively, like `setup`, `memory`, `keys`,
//!   `numbers`, `announce` and `snapshot`.
//! - `player`: borrows the world once a frame, lets it move on and draws it by `canvas`; makes a snapshot of the words some eight
//!   times a second.
//! - `host`: what the page's scripts ask of a lab and of the engine.
//! - `shell`: the one Yew component with a state; `heading`, `transport`, `readings`, `knobs`, `event_table` and `icons` are pure functions of the
//!   snapshot, in the words of `element`.
//! - `share`, `data`, `export`: a run as a link, a command or a file, and the reader's own data; `outside` offers them to the page's script.
//! - `browser` and `frame_loop`: what is asked of the browser.
//!
//! # Guarantees
//! - The code of a lab never runs inside Yew's rendering: a lab that fails leaves its neighbours alive.
//! - Nothing is computed or drawn while a lab is off screen.

mod announce;
mod browser;
mod canvas;
mod command;
mod data;
mod element;
mod event_table;
mod export;
mod frame_loop;
mod heading;
mod host;
mod icons;
mod keys;
mod knobs;
mod memory;
mod numbers;
mod outside;
mod player;
mod readings;
mod setup;
mod share;
mod shell;
mod snapshot;
mod surface;
mod transport;
mod world;

pub use crate::host::{ask, judge};

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};
use yew::{AppHandle, Callback, Renderer};

use crate::memory::Memory;
use crate::player::Player;
use crate::setup::{Attributes, Setup};
use crate::shell::{LabShell, ShellProps};
use crate::world::{Pace, World};

/// A lab that has been brought to life.
#[wasm_bindgen]
pub struct Handle {
    app: RefCell<Option<AppHandle<LabShell>>>,
    player: Rc<RefCell<Option<Rc<Player>>>>,
    key: String,
}

/// Brings a lab to life inside `root`; the five arguments after it are the attributes of `host`, as they were
/// written; missing ones are undefined.
///
/// Calls `told` with seconds, playing, ended, seed and turned when the lab is alive, and whenever its words change after that;
/// `told` must not call back.
#[wasm_bindgen]
#[allow(
    clippy::too_many_arguments,
    reason = "the page has attributes, which are all optional text"
)]
pub fn mount(
    host: &HtmlElement,
    root: Element,
    lab: Option<String>,
    seed: Option<String>,
    at: Option<String>,
    knobs: Option<String>,
    show: Option<String>,
    told: js_sys::Function,
) -> Handle {
    browser::tell_failures();
    let _running = browser::enter(&root);
    let text = Option::unwrap_or_default;
    let attributes = Attributes {
        lab: text(lab),
        seed: text(seed),
        at: text(at),
        knobs: text(knobs),
        show,
    };
    let pace = if browser::reduced_motion() {
        Pace::Jumps
    } else {
        Pace::Smooth
    };
    let (world, key) = opened(host, &attributes, pace);
    let player = Rc::new(RefCell::new(None));
    let ready = {
        let player = player.clone();
        Callback::from(move |ready: Rc<Player>| {
            ready.on_moment(told.clone());
            *player.borrow_mut() = Some(ready);
        })
    };
    let full_screen = host.get_attribute("data-full-screen").map(Into::into);
    let props = ShellProps {
        world: Rc::new(Cell::new(Some(world))),
        root: root.clone(),
        ready,
        full_screen,
    };
    let app = Renderer::<LabShell>::with_root_and_props(root, props).render();
    if let Some(player) = &*player.borrow() {
        player.draw_now();
    }
    Handle {
        app: RefCell::new(Some(app)),
        player,
        key,
    }
}

#[wasm_bindgen]
impl Handle {
    /// Lets the lab run when it can be seen, and stops it when it cannot.
    pub fn set_visible(&self, visible: bool) {
        if let Some(player) = &*self.player.borrow() {
            player.set_visible(visible);
        }
        if !visible {
            self.save();
        }
    }

    /// Keeps where the reader stands, for the next visit.
    pub fn save(&self) {
        let player = self.player.borrow();
        let (Some(player), Some(storage)) = (&*player, browser::storage()) else {
            return;
        };
        let Ok(world) = player.world().try_borrow() else {
            return;
        };
        // Nothing can have been done while it was locked, and what was done before stays kept.
        if world.locked().is_some() {
            return;
        }
        // A full or forbidden storage only means that the lab opens afresh next time.
        let _ = match world.remember() {
            Some(memory) => storage.set_item(&self.key, &memory.to_line()),
            None => storage.remove_item(&self.key),
        };
    }

    /// What 19 of 20 of the last frames cost at most, in milliseconds.
    pub fn frame_ms(&self) -> f64 {
        self.player
            .borrow()
            .as_ref()
            .map_or(0.0, |player| player.frame_ms())
    }

    /// Takes the lab down.
    pub fn unmount(&self) {
        self.save();
        self.player.borrow_mut().take();
        if let Some(app) = self.app.borrow_mut().take() {
            app.destroy();
        }
    }
}

/// The fingerprint of a lab's whole log with its default knobs: 16 hexadecimal digits, empty for an unknown lab or seed.
#[wasm_bindgen]
#[must_use]
pub fn log_hash(lab: &str, seed: &str) -> String {
    let (Some(entry), Ok(seed)) = (labs::find(lab), seed.parse()) else {
        return String::new();
    };
    format!("{:016x}", entry.open(seed).finish())
}

/// The ids of all labs, in the order of the book.
#[wasm_bindgen]
#[must_use]
pub fn labs() -> Vec<String> {
    labs::ALL.iter().map(|entry| entry.id.to_owned()).collect()
}

/// The world that a link or else the attributes ask for, as the reader left it, and where it is kept.
fn opened(host: &HtmlElement, attributes: &Attributes, pace: Pace) -> (World, String) {
    let link = host.get_attribute("data-link");
    let mut world = match link.as_deref().map(share::read) {
        Some(Ok(shared)) => shared.open(pace),
        Some(Err(problem)) => {
            let mut setup = Setup::read(attributes);
            setup.problems.insert(0, problem);
            World::new(setup, pace)
        }
        None => World::new(Setup::read(attributes), pace),
    };
    let key = match &link {
        Some(link) => format!("headroom:{}:#{link}", browser::path()),
        None => storage_key(attributes),
    };
    // Somebody who follows a link wants to see what it shows; somebody who reloads the page, what they have made of it.
    let again = link.is_none() || host.has_attribute("data-again");
    if again {
        world.keep(recalled(&key));
    }
    // A page that finds its prediction made unlocks the lab, perhaps only after this.
    match host.get_attribute("locked") {
        Some(reason) => world.lock(&reason),
        None => world.restore(),
    }
    (world, key)
}

/// One place for each page, lab and situation: what was kept for another situation would surprise here.
fn storage_key(attributes: &Attributes) -> String {
    let Attributes {
        lab,
        seed,
        at,
        knobs,
        ..
    } = attributes;
    format!("headroom:{}:{lab}:{seed}:{at}:{knobs}", browser::path())
}

fn recalled(key: &str) -> Option<Memory> {
    Memory::from_line(&browser::storage()?.get_item(key).ok().flatten()?)
}

#[cfg(test)]
mod tests;
