//! A world and what is outside it: what is kept of it, what it is told apart by, and data that comes in.

use super::{Side, World};
use crate::data;
use crate::memory::Memory;
use crate::share::differing;

/// Telling one run from another, and taking data.
impl World {
    /// The run has data of the reader's own.
    pub(crate) fn own_data(&self) -> bool {
        self.own_data
    }

    /// The fingerprint of the log of run A up to and including the present instant.
    pub(crate) fn hash_here(&mut self) -> u64 {
        self.run.hash_here()
    }

    /// That of the log that is shown.
    pub(crate) fn hash_looked_at(&mut self) -> u64 {
        match (&mut self.twin, self.side) {
            (Some(twin), Side::B) => twin.hash_here(),
            _ => self.run.hash_here(),
        }
    }

    /// Tells this, unless there is something to tell already.
    pub(crate) fn note_unless_noted(&mut self, note: &str) {
        self.note.get_or_insert_with(|| note.to_owned());
    }

    /// Takes data of the reader's own and stands at the start of a run with it; a sentence on what was understood.
    ///
    /// # Errors
    /// A sentence on what is wrong with the data; everything is then as it was.
    pub(crate) fn load(&mut self, bytes: &[u8]) -> Result<String, String> {
        let understood = data::take(&mut *self.run, bytes)?;
        self.own_data = true;
        // The second run has the old arrivals; a comparison begins anew.
        self.twin = None;
        self.side = Side::A;
        self.playing = false;
        self.question = None;
        self.leafed = 0;
        self.ahead.more = true;
        self.dirty = true;
        self.note = Some(understood.clone());
        Ok(understood)
    }
}

/// Leaving and coming back.
impl World {
    /// What to keep until the reader returns; `None` when everything is as the page set it up.
    pub(crate) fn remember(&self) -> Option<Memory> {
        // The data would not fit, and without it the moment would mean something else.
        if self.own_data {
            return None;
        }
        let knobs = differing(&*self.run, &self.setup.knobs);
        let memory = Memory {
            seed: self.run.seed(),
            now: self.run.now(),
            knobs,
            actions: self.run.acted().to_vec(),
            twin: self.twin_knobs(),
        };
        let untouched = memory.seed == self.setup.seed
            && memory.now == self.setup.at
            && memory.knobs.is_empty()
            && memory.actions == self.setup.actions
            && memory.twin.is_none();
        (!untouched).then_some(memory)
    }

    /// Stands where the reader left, paused.
    pub(crate) fn recall(&mut self, memory: &Memory) {
        // A seed begins anew, without what a link may have done.
        if memory.seed != self.run.seed() || !self.setup.actions.is_empty() {
            self.run.reseed(memory.seed);
        }
        for (id, value) in &memory.knobs {
            if let Some(knob) = self.run.knobs().iter().position(|(spec, _)| spec.id == *id) {
                self.run.set_knob(knob, *value);
            }
        }
        for &(at, action) in &memory.actions {
            self.run.seek(at.min(self.end()));
            self.run.act(action);
        }
        self.run.seek(memory.now.min(self.end()));
        if let Some(knobs) = &memory.twin {
            self.recall_twin(knobs);
        }
        self.note_unless_noted("This is where you left the lab; Reset starts afresh.");
        self.dirty = true;
    }
}
