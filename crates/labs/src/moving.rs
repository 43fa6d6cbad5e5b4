//! A lab without its type: what a timeline needs of it, so that the timeline is compiled once and not for every lab.

use clock::Instant;

use crate::lab::{Frame, Lab};
use crate::tape::Tape;

/// What a [`crate::timeline::Timeline`] needs of a [`Lab`].
pub(crate) trait Moving {
    /// [`Lab::next_at`].
    fn next_at(&self) -> Option<Instant>;
    /// [`Lab::step`].
    fn step(&mut self, tape: &mut Tape);
    /// [`Lab::act`].
    fn act(&mut self, now: Instant, action: usize, tape: &mut Tape);
    /// [`Lab::choices`].
    fn choices(&self) -> Option<u32>;
    /// [`Lab::test`].
    fn test(&self) -> Option<String>;
    /// [`Lab::frame`].
    fn frame(&self, now: Instant, tape: &Tape) -> Frame;
    /// [`Lab::weight`].
    fn weight(&self) -> usize;
    /// A copy of the state.
    fn copy(&self) -> Box<dyn Moving>;
}

impl<L: Lab> Moving for L {
    fn next_at(&self) -> Option<Instant> {
        Lab::next_at(self)
    }

    fn step(&mut self, tape: &mut Tape) {
        Lab::step(self, tape);
    }

    fn act(&mut self, now: Instant, action: usize, tape: &mut Tape) {
        Lab::act(self, now, action, tape);
    }

    fn choices(&self) -> Option<u32> {
        Lab::choices(self)
    }

    fn test(&self) -> Option<String> {
        Lab::test(self)
    }

    fn frame(&self, now: Instant, tape: &Tape) -> Frame {
        Lab::frame(self, now, tape)
    }

    fn weight(&self) -> usize {
        Lab::weight(self)
    }

    fn copy(&self) -> Box<dyn Moving> {
        Box::new(self.clone())
    }
}
