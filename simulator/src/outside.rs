//! What a page's script takes out of a lab and puts into it: links, commands, files and the reader's own data.

use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use crate::player::Player;
use crate::world::World;
use crate::{Handle, data, export, share};

#[wasm_bindgen]
impl Handle {
    /// A text about the run looked at, at this moment; the link is about both that are compared:
    ///
    /// - `link`: what stands behind `#lab=` in a link to it
    /// - `command`: the command that repeats it natively
    /// - `hash`: the fingerprint of its log, 16 hexadecimal digits
    /// - `name`: a name for a file about it, without its ending
    /// - `csv`: its log as comma-separated values
    /// - `test`: the run as a Rust test; empty if the lab makes none
    /// - `svg`: figure and charts as a file
    ///
    /// One function for all: each of its own would take some more of what every reader downloads.
    ///
    /// # Errors
    /// A sentence.
    pub fn text(&self, what: &str) -> Result<String, JsValue> {
        self.with(|player, world| {
            Ok(match what {
                "link" => share::link(world).map_err(JsValue::from)?,
                "command" => share::command_line(world),
                "hash" => format!("{:016x}", world.hash_looked_at()),
                "name" => share::file_name(world.looked_at()),
                "test" => world.looked_at().test().unwrap_or_default(),
                "csv" => labs::csv(world.looked_at()),
                _ => export::svg(world.looked_at(), &player.view().ok_or_else(no_room)?),
            })
        })?
    }

    /// The run has data of the reader's own, which no link and no command carries.
    ///
    /// # Errors
    /// A sentence.
    pub fn own_data(&self) -> Result<bool, JsValue> {
        self.with(|_, world| world.own_data())
    }

    /// Draws figure and charts of the run looked at on a canvas off the page.
    ///
    /// # Errors
    /// A sentence.
    pub fn paint(&self, canvas: &HtmlCanvasElement) -> Result<(), JsValue> {
        self.with(|player, world| export::paint(canvas, world.looked_at(), &player.view()?))?
            .ok_or_else(no_room)
    }

    /// What data of the reader's own the lab takes, in a few words; undefined if none.
    ///
    /// # Errors
    /// A sentence.
    pub fn takes(&self) -> Result<Option<String>, JsValue> {
        self.with(|_, world| world.run().takes().map(str::to_owned))
    }

    /// Takes data of the reader's own; a sentence on what was understood. What is longer than [`Handle::data_limit`] is refused.
    ///
    /// # Errors
    /// A sentence on what is wrong with it.
    pub fn load(&self, bytes: &[u8]) -> Result<String, JsValue> {
        self.with(|player, world| player.load(world, bytes).map_err(JsValue::from))?
    }

    /// Bytes of data a lab takes at most.
    #[must_use]
    pub fn data_limit(&self) -> usize {
        data::LARGEST
    }

    /// Lends world and player; a sentence if the lab has failed before.
    fn with<T>(&self, then: impl FnOnce(&Player, &mut World) -> T) -> Result<T, JsValue> {
        let player = self.player.borrow();
        let stopped =
            || JsValue::from_str("This lab has stopped; reload the page to start it again.");
        let player = player.as_ref().ok_or_else(stopped)?;
        let mut world = player.world().try_borrow_mut().map_err(|_| stopped())?;
        let done = then(player, &mut world);
        drop(world);
        Ok(done)
    }
}

fn no_room() -> JsValue {
    JsValue::from_str("There is nothing to see of this lab right now.")
}
