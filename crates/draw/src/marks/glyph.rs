//! The small shape of a request: colour says how it fares, and so does the shape, for those who see no colours.

use labs::State;
use plotters_backend::DrawingBackend;

use crate::pen::{Drawn, Pen};
use crate::shape::{Area, Xy, diamond, pie, triangle};

/// The shape of a request in a state; every state has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// A filled circle.
    Disc,
    /// A small filled circle.
    Point,
    /// A filled circle with a tick in it.
    Ticked,
    /// A filled circle with a hole in it.
    Pierced,
    /// A square on its corner.
    Diamond,
    /// A circle's outline.
    Ring,
    /// A triangle pointing up.
    Triangle,
    /// A filled circle with an outline in ink.
    Outlined,
    /// A square with round corners.
    Square,
}

/// The shape of a request in this state.
#[must_use]
pub fn shape_of(state: State) -> Shape {
    match state {
        State::Neutral => Shape::Disc,
        State::Muted => Shape::Point,
        State::Served => Shape::Ticked,
        State::Waiting => Shape::Pierced,
        State::Rejected => Shape::Diamond,
        State::TimedOut => Shape::Ring,
        State::Retried => Shape::Triangle,
        State::Moved => Shape::Outlined,
        State::Selected => Shape::Square,
    }
}

/// Radius of a request, in rows.
const RADIUS: f32 = 0.275;

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// Radius of a request, in CSS pixels.
    pub(crate) fn dot_radius(&self) -> f32 {
        RADIUS * self.view.row
    }

    /// Draws a request; `alpha` below 1 lets it fade.
    pub(crate) fn glyph(&mut self, state: State, at: Xy, radius: f32, alpha: f32) -> Drawn<DB> {
        let colour = self.mark(state);
        let ink = colour.faded(alpha);
        let surface = self.palette().surface.faded(alpha);
        match shape_of(state) {
            Shape::Disc => self.disc(at, radius, ink),
            Shape::Point => self.disc(at, radius * 0.6, ink),
            Shape::Ticked => {
                self.disc(at, radius, ink)?;
                let (x, y) = at;
                let tick = [(-0.46, 0.04), (-0.12, 0.38), (0.46, -0.34)];
                let points = tick.map(|(dx, dy)| (x + dx * radius, y + dy * radius));
                self.path(&points, radius * 0.3, surface)
            }
            Shape::Pierced => {
                self.disc(at, radius, ink)?;
                self.disc(at, radius * 0.34, surface)
            }
            Shape::Diamond => self.polygon(&diamond(at, radius), ink),
            Shape::Ring => {
                self.disc(at, radius, surface)?;
                self.ring(at, radius, radius * 0.38, ink)
            }
            Shape::Triangle => self.polygon(&triangle(at, radius), ink),
            Shape::Outlined => {
                let outline = self.palette().ink.faded(alpha);
                self.disc(at, radius, outline)?;
                self.disc(at, radius * 0.76, ink)
            }
            Shape::Square => {
                let area = Area::around(at, (radius * 0.9, radius * 0.9));
                self.rounded(area, radius * 0.45, ink)
            }
        }
    }

    /// Draws a request of whose time the share `left` is left, as a shrinking pie; the plain glyph when all of it is.
    pub(crate) fn pie(&mut self, state: State, at: Xy, radius: f32, left: f32) -> Drawn<DB> {
        if left >= 1.0 {
            return self.glyph(state, at, radius, 1.0);
        }
        let colour = self.mark(state);
        let surface = self.palette().surface.solid();
        self.disc(at, radius, surface)?;
        self.ring(at, radius, radius * 0.24, colour.solid())?;
        if left > 0.0 {
            self.polygon(&pie(at, radius * 0.9, left), colour.solid())?;
        }
        Ok(())
    }
}
