//! Bows: something handed from one place to another, such as stolen tasks.

use labs::State;
use labs::scene::At;
use plotters_backend::DrawingBackend;

use crate::pen::{Drawn, Pen};
use crate::shape::Xy;

/// How far a bow bends aside, as a share of its length.
const BEND: f32 = 0.22;
/// Straight pieces a bow is made of.
const PIECES: u8 = 12;
/// Length of the arrow's head, in CSS pixels.
const HEAD: f32 = 7.0;

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// A bow from one place to another, bent to the right of its way, with a head at its end.
    pub(crate) fn bow(&mut self, from: At, to: At, state: State) -> Drawn<DB> {
        let (from, to) = (self.view.place(from), self.view.place(to));
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let bent = (
            (from.0 + to.0) / 2.0 - dy * BEND,
            (from.1 + to.1) / 2.0 + dx * BEND,
        );
        let points: Vec<Xy> = (0..=PIECES)
            .map(|nth| on_curve(from, bent, to, f32::from(nth) / f32::from(PIECES)))
            .collect();
        let ink = self.mark(state).solid();
        self.path(&points, 2.0, ink)?;
        self.polygon(&head(bent, to), ink)
    }
}

/// A quadratic Bézier curve.
fn on_curve(from: Xy, bent: Xy, to: Xy, share: f32) -> Xy {
    let rest = 1.0 - share;
    let along =
        |a: f32, b: f32, c: f32| rest * rest * a + 2.0 * rest * share * b + share * share * c;
    (along(from.0, bent.0, to.0), along(from.1, bent.1, to.1))
}

fn head(bent: Xy, to: Xy) -> [Xy; 3] {
    let (dx, dy) = (to.0 - bent.0, to.1 - bent.1);
    let length = (dx * dx + dy * dy).sqrt().max(1e-3);
    let (ux, uy) = (dx / length * HEAD, dy / length * HEAD);
    let (x, y) = (to.0 - ux, to.1 - uy);
    [
        to,
        (x - uy / 2.0, y + ux / 2.0),
        (x + uy / 2.0, y - ux / 2.0),
    ]
}
