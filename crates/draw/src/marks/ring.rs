//! Rings: a stretch of time that goes round, such as the buckets of a window.

use labs::State;
use labs::scene::{At, Wedge};
use plotters_backend::DrawingBackend;

use crate::pen::{Drawn, Pen};
use crate::shape::{Xy, arc};

/// Radius of the hole, as a share of the ring's.
const HOLE: f32 = 0.54;
/// What is left free between neighbours, in turns.
const GAP: f32 = 0.006;
/// How far the hand goes beyond both sides of the ring, in CSS pixels.
const HAND: f32 = 3.0;

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// A ring with what is on it and a hand where the present stands.
    pub(crate) fn dial(&mut self, at: At, radius: f32, wedges: &[Wedge], now: f32) -> Drawn<DB> {
        let radius = radius * self.view.row;
        let reach = radius + HAND + 1.0;
        let centre = self.view.inside(at, (reach, reach), self.height);
        let (hole, ground) = (radius * HOLE, self.palette().raised.solid());
        self.ring(centre, radius, radius - hole, ground)?;
        let across = |share: f32| hole + (radius - hole) * share.clamp(0.0, 1.0);
        for wedge in wedges {
            let (from, sweep) = (wedge.from + GAP, wedge.to - wedge.from - 2.0 * GAP);
            let side = |radius| round(centre, radius, from, sweep);
            let mut outline = side(across(wedge.outer));
            outline.extend(side(across(wedge.inner)).into_iter().rev());
            let ink = self.mark(wedge.state).solid();
            self.polygon(&outline, ink)?;
        }
        let ends = [hole - HAND, radius + HAND];
        let [inner, outer] = ends.map(|radius| round(centre, radius, now, 0.0)[0]);
        let ink = self.mark(State::Selected).solid();
        self.path(&[inner, outer], 2.0, ink)
    }
}

/// The points of an arc; in turns, 0 at the top, growing clockwise.
fn round(centre: Xy, radius: f32, from: f32, sweep: f32) -> Vec<Xy> {
    let (from, sweep) = (f64::from(from) - 0.25, f64::from(sweep));
    arc(centre, (radius, radius), from, sweep)
}
