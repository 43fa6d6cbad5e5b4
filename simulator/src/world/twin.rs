//! Two runs of the same lab, seed and actions with settings of their own, which stand at the same moment and move together.

use clock::Instant;
use labs::{AnyRun, KnobSpec};

use super::{Question, World};
use crate::share::differing;

/// Steps within one instant that are undone in two runs alike; a hundred thousand tasks begin in one.
const STEPS_MAX: u32 = 64;

/// One of two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The run that is always there.
    A,
    /// The one that joins it for a comparison.
    B,
}

impl Side {
    /// Its letter.
    pub(crate) fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }
}

impl World {
    /// The second run, while two are compared.
    pub(crate) fn twin(&self) -> Option<&dyn AnyRun> {
        self.twin.as_deref()
    }

    /// The side whose log is shown.
    pub(crate) fn side(&self) -> Side {
        self.side
    }

    /// The run whose log is shown.
    pub(crate) fn looked_at(&self) -> &dyn AnyRun {
        match (&self.twin, self.side) {
            (Some(twin), Side::B) => &**twin,
            _ => &*self.run,
        }
    }

    /// The knob of this number, which counts through both runs.
    pub(crate) fn knob(&self, knob: usize) -> Option<(&'static KnobSpec, f64)> {
        let mut knobs = self.run.knobs();
        knobs.extend(self.twin.iter().flat_map(|twin| twin.knobs()));
        knobs.get(knob).copied()
    }

    /// Does the same to every run there is.
    pub(super) fn each(&mut self, then: &mut dyn FnMut(&mut dyn AnyRun)) {
        then(&mut *self.run);
        if let Some(twin) = &mut self.twin {
            then(&mut **twin);
        }
    }

    /// Stands at a moment, at the end if it lies beyond.
    pub(super) fn stand(&mut self, to: Instant) {
        let to = to.min(self.end());
        self.each(&mut |run| run.seek(to));
        self.meet();
    }

    /// Begins a comparison, with the same settings on both sides, or ends it.
    pub(super) fn compare(&mut self) {
        self.look(Side::A);
        self.twin = match self.twin.take() {
            Some(_) => None,
            None => Some(self.run.twin()),
        };
        self.ahead.more = true;
    }

    /// Shows the log of one side. What was asked about a request is asked about the same request there.
    pub(super) fn look(&mut self, side: Side) {
        if side == self.side || (self.twin.is_none() && side == Side::B) {
            return;
        }
        self.side = side;
        if let Some(Question::Event(_)) = self.question {
            self.question = None;
        }
    }

    /// Goes on to the next entry of either log.
    pub(super) fn step(&mut self) {
        self.playing = false;
        let Some(twin) = &mut self.twin else {
            self.run.step();
            return;
        };
        let next = [self.run.next_entry(), twin.next_entry()];
        let Some(at) = next.into_iter().flatten().min() else {
            return self.stand(self.end());
        };
        for (run, next) in [&mut self.run, twin].into_iter().zip(next) {
            // A step takes one entry of several in an instant; a run that has none there only follows.
            if next == Some(at) {
                run.step();
            } else {
                run.seek(at);
            }
        }
    }

    /// Undoes what the last [`step`](Self::step) did: one entry in each run that had taken as many as the other in this instant.
    pub(super) fn step_back(&mut self) {
        self.playing = false;
        let Some(twin) = &mut self.twin else {
            self.run.step_back();
            return;
        };
        let last = |run: &dyn AnyRun| run.tape().events().last().map(|event| event.at);
        let Some(newest) = last(&*self.run).max(last(&**twin)) else {
            return self.stand(Instant::ZERO);
        };
        // Both before this instant, and how many steps each had taken in it.
        let mut runs = [(&mut self.run, 0), (twin, 0)];
        for (run, steps) in &mut runs {
            while last(&***run) == Some(newest) && *steps < STEPS_MAX {
                run.step_back();
                *steps += 1;
            }
        }
        let steps = runs[0].1.max(runs[1].1) - 1;
        let before = runs.iter().filter_map(|(run, _)| last(&***run)).max();
        for (run, taken) in runs {
            for _ in 0..steps.min(taken) {
                run.step();
            }
            let to = match steps {
                0 => before.unwrap_or(Instant::ZERO),
                _ => newest,
            };
            // A run that stands there already may stand between two entries of one instant.
            if run.now() != to {
                run.seek(to);
            }
        }
    }

    /// The knobs of the second run that are turned, while two are compared.
    pub(super) fn twin_knobs(&self) -> Option<Vec<(String, f64)>> {
        Some(differing(self.twin()?, &self.setup.knobs))
    }

    /// Begins a comparison with these knobs of the second run turned away from what the page set.
    pub(crate) fn recall_twin(&mut self, knobs: &[(String, f64)]) {
        let mut twin = self.run.twin();
        for (knob, (spec, _)) in twin.knobs().into_iter().enumerate() {
            let kept = knobs.iter().find(|(id, _)| spec.id == *id);
            twin.set_knob(
                knob,
                kept.map_or(self.setup.knobs[knob], |&(_, value)| value),
            );
        }
        self.twin = Some(twin);
    }
}
