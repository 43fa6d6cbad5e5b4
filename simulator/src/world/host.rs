//! What the page around a lab asks of it: to stay shut until the reader has committed to a prediction, to open at a moment and a
//! setting, to show the reader's own curve.

use clock::Instant;
use draw::Sketch;

use super::{SPEEDS, World};
use crate::memory::Memory;
use crate::setup::read_knobs;

/// Points of a sketch that are kept; a hand draws fewer.
const POINTS_MAX: usize = 4096;
/// A page that plays a lab up to a moment has it there after at most so many seconds.
const SOON: f64 = 12.0;

/// A situation somebody asks for; what is missing stays as the page set it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Wish {
    /// A whole number.
    pub seed: Option<String>,
    /// Seconds from the start.
    pub at: Option<f64>,
    /// Settings: `rate=10,burst=50`.
    pub knobs: String,
    /// It plays from there, and so fast that this moment, seconds from the start, is reached soon.
    pub play: Option<f64>,
}

impl World {
    /// Why it cannot be played yet.
    pub(crate) fn locked(&self) -> Option<&str> {
        self.locked.as_deref()
    }

    /// Shuts it: it stands at the start as the page set it up, and nothing of what follows is computed or shown.
    pub(crate) fn lock(&mut self, reason: &str) {
        // An attribute without a value still locks.
        let reason = match reason.trim() {
            "" => "This lab opens when the question before it is answered.",
            told => told,
        };
        if self.locked.is_none() {
            self.reset();
            // A run that begins anew has seen nothing, wherever the page opens it.
            self.run.reseed(self.setup.seed);
        }
        self.locked = Some(reason.to_owned());
        self.dirty = true;
    }

    /// Opens it again, where the page opens it; the first time where the reader left it, if that is kept.
    pub(crate) fn unlock(&mut self) {
        if self.locked.take().is_some() {
            self.reset();
            self.restore();
            self.dirty = true;
        }
    }

    /// Keeps where the reader left it.
    pub(crate) fn keep(&mut self, memory: Option<Memory>) {
        self.kept = memory;
    }

    /// Stands where the reader left it, if that is kept and has not been used.
    pub(crate) fn restore(&mut self) {
        if let Some(memory) = self.kept.take() {
            self.recall(&memory);
        }
    }

    /// Stands where somebody wishes; whatever cannot be used of the wish is told in a note. `false` while it is locked.
    pub(crate) fn open(&mut self, wish: &Wish) -> bool {
        if self.locked.is_some() {
            return false;
        }
        self.reset();
        let mut problems = Vec::new();
        let mut seed = self.setup.seed;
        if let Some(text) = &wish.seed {
            match text.trim().parse() {
                Ok(number) => seed = number,
                Err(_) => problems.push("The seed asked for is not a whole number.".to_owned()),
            }
        }
        self.run.reseed(seed);
        let values = read_knobs(&wish.knobs, &*self.run, &mut problems);
        for (knob, value) in values.into_iter().enumerate() {
            self.run.set_knob(knob, value);
        }
        let length = self.run.length().as_secs_f64();
        let at = match wish.at {
            Some(secs) if (0.0..=length).contains(&secs) => Instant::from_secs_f64(secs),
            Some(_) => {
                problems.push("The moment asked for does not lie within the run.".to_owned());
                self.setup.at
            }
            None => self.setup.at,
        };
        self.run.seek(at);
        self.note = problems.into_iter().next();
        self.playing = wish.play.is_some() && !self.ended();
        let waits = wish.play.unwrap_or(0.0) - at.as_secs_f64();
        let soon = SOON * labs::pace(self.run.length());
        while waits > soon * SPEEDS[self.speed] && self.speed + 1 < SPEEDS.len() {
            self.speed += 1;
        }
        self.dirty = true;
        true
    }

    /// Draws a curve of the reader's own over a line, in seconds and the chart's unit; `None` removes it.
    ///
    /// Points that are no numbers, go back in time or lie outside the run are left out.
    pub(crate) fn sketch(&mut self, line: usize, points: Option<&[(f64, f64)]>) {
        self.sketches.retain(|sketch| sketch.line != line);
        if let Some(points) = points {
            let axis = 0.0..=self.run.length().as_secs_f64();
            let mut kept: Vec<(f64, f64)> = Vec::new();
            for &(secs, value) in points.iter().take(POINTS_MAX) {
                let onwards = kept.last().is_none_or(|&(last, _)| secs >= last);
                if axis.contains(&secs) && value.is_finite() && onwards {
                    kept.push((secs, value));
                }
            }
            self.sketches.push(Sketch { line, points: kept });
        }
        self.dirty = true;
    }

    /// The reader's own curves.
    pub(crate) fn sketches(&self) -> &[Sketch] {
        &self.sketches
    }
}
