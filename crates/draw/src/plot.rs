//! The plot of a chart: seconds and values as units of the backend, and the lines, areas and labels on them.
//!
//! plotters' own charts do the same for every kind of axis, and were a tenth of what a reader downloads.

use labs::scene::Align;
use plotters::style::text_anchor::VPos;
use plotters_backend::DrawingBackend;

use crate::pen::{Drawn, Ink, Pen, Type};

/// An axis: its ends in what it measures, and the units of the backend where they lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    /// What it measures from and to.
    pub(crate) values: (f64, f64),
    /// Where these lie, in units; the second is less than the first on an axis that goes up.
    pub(crate) units: (i32, i32),
}

impl Scale {
    /// Where `value` lies, in units; what lies outside the axis goes to its ends.
    pub(crate) fn at(&self, value: f64) -> i32 {
        let ((from, to), (start, end)) = (self.values, self.units);
        let share = ((value - from) / (to - from).max(1e-12)).clamp(0.0, 1.0);
        start + (f64::from(end - start) * share).round() as i32
    }
}

/// A pen that draws on a chart's axes.
pub(crate) struct Plot<'p, 'a, DB: DrawingBackend> {
    pub(crate) pen: &'p mut Pen<'a, DB>,
    /// Seconds, to the right.
    pub(crate) times: Scale,
    /// The chart's unit, upwards.
    pub(crate) levels: Scale,
}

impl<DB: DrawingBackend> Plot<'_, '_, DB> {
    fn points(&self, points: &[(f64, f64)]) -> Vec<(i32, i32)> {
        let at = |&(seconds, value): &(f64, f64)| (self.times.at(seconds), self.levels.at(value));
        points.iter().map(at).collect()
    }

    /// A line from point to point.
    pub(crate) fn line(&mut self, points: &[(f64, f64)], width: f32, ink: Ink) -> Drawn<DB> {
        let stroke = self.pen.stroke(ink, width);
        let units = self.points(points);
        self.pen.call(|db| db.draw_path(units, &stroke))
    }

    /// The area between the points and the value zero.
    pub(crate) fn area(&mut self, points: &[(f64, f64)], ink: Ink) -> Drawn<DB> {
        let mut units = self.points(points);
        let Some((&first, &last)) = units.first().zip(units.last()) else {
            return Ok(());
        };
        let zero = self.levels.at(0.0);
        units.extend([(last.0, zero), (first.0, zero)]);
        let stroke = self.pen.stroke(ink, 1.0);
        self.pen.call(|db| db.fill_polygon(units, &stroke))
    }

    /// A dashed line, dash by dash; dash and gap in CSS pixels.
    pub(crate) fn dashed(
        &mut self,
        points: &[(f64, f64)],
        (dash, gap): (f32, f32),
        width: f32,
        ink: Ink,
    ) -> Drawn<DB> {
        let stroke = self.pen.stroke(ink, width);
        let view = self.pen.view;
        let lengths = [dash, gap].map(|length| view.units(length).max(1) as f32);
        for dash in dashes(&self.points(points), lengths) {
            self.pen.call(|db| db.draw_path(dash, &stroke))?;
        }
        Ok(())
    }

    /// A level line at `value` over the whole width, on whole device pixels: between two of them it would be blurred over both.
    pub(crate) fn level(&mut self, value: f64, ink: Ink) -> Drawn<DB> {
        let (grid, stroke) = (self.pen.view.grid() as i32, self.pen.stroke(ink, 1.0));
        let snapped = |units: i32| (units + grid / 2).div_euclid(grid) * grid;
        let width = self.pen.view.units(1.0).max(1);
        let top = snapped(self.levels.at(value) - width / 2);
        let bottom = top + snapped(width).max(grid);
        let (left, right) = self.times.units;
        self.pen
            .call(|db| db.draw_rect((left, top), (right, bottom), &stroke, true))
    }

    /// A label left of the plot at `value`, `apart` CSS pixels away from it.
    pub(crate) fn level_label(&mut self, value: f64, words: &str, apart: f32) -> Drawn<DB> {
        let left = self.times.units.0 - self.pen.view.units(apart);
        let look = self.look(Align::Right);
        self.pen
            .letters((left, self.levels.at(value)), VPos::Center, words, look)
    }

    /// A label below the plot at `seconds`, `apart` CSS pixels away from it.
    pub(crate) fn time_label(&mut self, seconds: f64, words: &str, apart: f32) -> Drawn<DB> {
        // The axis ends one unit above the edge of the plot.
        let top = self.levels.units.0 + 1 + self.pen.view.units(apart);
        let look = self.look(Align::Centre);
        self.pen
            .letters((self.times.at(seconds), top), VPos::Top, words, look)
    }

    fn look(&self, align: Align) -> Type {
        Type {
            pixels: LABEL,
            bold: false,
            align,
            colour: self.pen.palette().muted,
        }
    }
}

/// Height of the axis labels' letters, in CSS pixels.
pub(crate) const LABEL: f32 = 12.0;

/// Cuts a line into dashes of the first length with gaps of the second; both are at least one unit.
pub(crate) fn dashes(points: &[(i32, i32)], lengths: [f32; 2]) -> Vec<Vec<(i32, i32)>> {
    let whole = |(x, y): (f32, f32)| (x.round() as i32, y.round() as i32);
    let real = |&(x, y): &(i32, i32)| (x as f32, y as f32);
    let Some(mut here) = points.first().map(real) else {
        return Vec::new();
    };
    let mut drawn = vec![vec![whole(here)]];
    let (mut solid, mut done) = (true, 0.0);
    for end in points.iter().map(real) {
        while here != end {
            let (dx, dy) = (end.0 - here.0, end.1 - here.1);
            let whole_way = (dx * dx + dy * dy).sqrt();
            let length = lengths[usize::from(!solid)];
            let left = length - done;
            if left < whole_way {
                let share = left / whole_way;
                here = (here.0 + dx * share, here.1 + dy * share);
                done = length;
            } else {
                here = end;
                done += whole_way;
            }
            if solid && let Some(dash) = drawn.last_mut() {
                dash.push(whole(here));
            }
            if done >= length {
                if !solid {
                    drawn.push(vec![whole(here)]);
                }
                (solid, done) = (!solid, 0.0);
            }
        }
    }
    drawn.retain(|dash| dash.len() > 1);
    drawn
}
