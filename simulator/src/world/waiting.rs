//! Labs whose clock waits for the reader, and taking back what was done.

use super::World;

impl World {
    /// The actions waited for, bit by bit, in either run; `None` for a lab that waits for nobody.
    pub(crate) fn choices(&self) -> Option<u32> {
        let own = self.run.choices()?;
        let twin = self.twin.as_ref().and_then(|twin| twin.choices());
        Some(own | twin.unwrap_or(0))
    }

    /// The clock stands until the reader chooses.
    pub(crate) fn waits(&self) -> bool {
        self.choices().is_some_and(|choices| choices != 0)
    }

    /// This action is waited for.
    pub(crate) fn offers(&self, action: usize) -> bool {
        let bit = 1_u32.checked_shl(action as u32).unwrap_or(0);
        self.choices().is_some_and(|choices| choices & bit != 0)
    }

    /// Something was done up to the present that can be taken back.
    pub(crate) fn can_undo(&self) -> bool {
        let first = self.run.acted().first();
        first.is_some_and(|&(at, _)| at <= self.run.now())
    }

    pub(super) fn undo(&mut self) {
        self.playing = false;
        self.each(&mut |run| _ = run.undo());
        self.meet();
        self.forget_future();
    }

    /// A lab that waits for choices has none left to wait for, and nothing more will happen in it.
    pub(super) fn is_over(&mut self) -> bool {
        let mut over = self.choices().is_some();
        self.each(&mut |run| over &= run.next_entry().is_none());
        over
    }

    /// Where one of two runs waits, both stand.
    pub(super) fn meet(&mut self) {
        let Some(twin) = &self.twin else { return };
        let (own, other) = (self.run.now(), twin.now());
        if own != other {
            self.each(&mut |run| run.seek(own.min(other)));
        }
    }
}
