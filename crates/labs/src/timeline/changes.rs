//! What a reader changes about a run: acting, undoing, other settings, another start.

use super::Timeline;
use crate::moving::Moving;

impl Timeline {
    /// Does action number `action` now; what lay ahead is forgotten.
    pub(crate) fn act(&mut self, action: usize) {
        // An action follows all events of its instant, so that it falls in the same place when the run is repeated.
        let now = self.here.now;
        self.actions.truncate(self.here.acted);
        self.forward(now);
        self.tape.cut(now);
        self.front = None;
        let steps = self.here.steps;
        self.checkpoints
            .retain(|checkpoint| checkpoint.steps <= steps);
        self.actions.push((now, action));
        self.forward(now);
    }

    /// Takes the last action up to the present back and stands where it was done; what followed is forgotten.
    pub(crate) fn undo(&mut self) -> bool {
        let Some(last) = self.here.acted.checked_sub(1) else {
            return false;
        };
        let (at, _) = self.actions[last];
        self.actions.truncate(last);
        self.front = None;
        self.checkpoints
            .retain(|checkpoint| checkpoint.acted <= last);
        self.restore(&|checkpoint| checkpoint.now <= at);
        self.forward(at);
        self.tape.cut(at);
        true
    }

    /// Runs `lab`, at time zero under other settings, with the same actions up to the present; as much stays seen as was.
    pub(crate) fn replace(&mut self, lab: Box<dyn Moving>) {
        let (now, seen) = (self.here.now, self.tape.seen());
        let mut actions = core::mem::take(&mut self.actions);
        if lab.choices().is_some() {
            // Answers to other questions.
            actions.clear();
        }
        *self = Self::new(lab, self.end, self.tape.emptied(), actions);
        self.forward(now);
        self.tape.see(seen);
    }

    /// Another line of `lab`, at time zero, with the same actions and standing at the same moment.
    pub(crate) fn twin(&self, lab: Box<dyn Moving>) -> Self {
        let mut twin = Self::new(lab, self.end, self.tape.emptied(), self.actions.clone());
        twin.forward(self.here.now);
        twin.tape.see(self.tape.seen());
        twin
    }

    /// Starts again with `lab`, at time zero and without actions.
    pub(crate) fn restart(&mut self, lab: Box<dyn Moving>) {
        *self = Self::new(lab, self.end, self.tape.emptied(), Vec::new());
    }
}
