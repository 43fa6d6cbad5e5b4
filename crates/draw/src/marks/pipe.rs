//! Pipes: pale broad bars in which requests travel, as dots while they can be told apart, as a density when they cannot.

use labs::State;
use labs::scene::{At, Dot};
use plotters_backend::DrawingBackend;

use crate::palette::STATES;
use crate::pen::{Drawn, Ink, Pen};
use crate::shape::{Area, Xy, capsule};
use crate::view::View;

/// More dots than this are drawn as a density, however long the pipe.
const DOTS_MAX: usize = 150;
/// A pipe needs this many CSS pixels of length for each dot.
const LENGTH_PER_DOT: f32 = 3.0;
/// Thickness of a pipe, in rows.
const THICKNESS: f32 = 0.75;
/// Thickness of a pipe that shows a density, in rows.
const DENSE_THICKNESS: f32 = 1.1;
/// Length of a density's column along the pipe, in CSS pixels.
const COLUMN: f32 = 3.0;
/// An end this near to a shape, in rows, is meant to touch it.
const NEAR: f32 = 1.3;
/// How far a pipe's wall goes on under a shape it touches, in CSS pixels: round shapes curve away from it.
const UNDER: f32 = 8.0;
/// How far along the pipe what failed begins to fade.
const FADE_FROM: f32 = 0.55;

/// How many dots there are of each state (in the order of [`STATES`]) in each of `columns` equal stretches of the pipe.
///
/// Every dot is counted exactly once: what lies outside 0 to 1 counts in the first or last stretch.
#[must_use]
pub fn density(dots: &[Dot], columns: usize) -> Vec<[u32; STATES.len()]> {
    let columns = columns.max(1);
    let mut counts = vec![[0; STATES.len()]; columns];
    for dot in dots {
        let column = (dot.progress.clamp(0.0, 1.0) * columns as f32) as usize;
        counts[column.min(columns - 1)][dot.state as usize] += 1;
    }
    counts
}

/// Where a pipe lies, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course {
    /// Where its dots come into sight: at the edge of the shape it begins at.
    from: Xy,
    /// From there to the other end, in CSS pixels.
    length: f32,
    /// How far its wall goes on beyond both ends, under the shapes it joins.
    under: (f32, f32),
    /// Unit vector along it.
    along: Xy,
    /// Radius of a dot.
    radius: f32,
}

impl Course {
    /// A pipe of a scene; an end that lies in or near one of `shapes` is moved to its edge.
    ///
    /// A scene gives ends as shares of the width but shapes keep their size, so on a phone an end would lie deep inside a shape and on
    /// a wide page short of it.
    pub(crate) fn new(view: &View, from: At, to: At, shapes: &[Area], height: f32) -> Self {
        let half = view.row * DENSE_THICKNESS / 2.0;
        // The round end of a pipe reaches out sideways by as much as the pipe leans away from that direction.
        let (a, b) = (view.place(from), view.place(to));
        let ways = ((b.0 - a.0).abs(), (b.1 - a.1).abs());
        let whole = libm::sqrtf(ways.0 * ways.0 + ways.1 * ways.1).max(1e-6);
        let out = (half * (1.0 - ways.0 / whole), half * (1.0 - ways.1 / whole));
        let place = |at| view.inside(at, out, height);
        let near = NEAR * view.row;
        let (start, end) = (place(from), place(to));
        let docked = |this: Xy, other: Xy| {
            let shape = shapes
                .iter()
                .find(|shape| shape.grown(near).contains(this) && !shape.contains(other))?;
            edge(*shape, this, other)
        };
        let (tail, head) = (docked(start, end), docked(end, start));
        let under = |dock: Option<Xy>| if dock.is_some() { UNDER } else { 0.0 };
        let under = (under(tail), under(head));
        let (from, to) = (tail.unwrap_or(start), head.unwrap_or(end));
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = libm::sqrtf(dx * dx + dy * dy);
        let along = if length > 0.0 {
            (dx / length, dy / length)
        } else {
            (1.0, 0.0)
        };
        Self {
            from,
            length,
            under,
            along,
            radius: 0.275 * view.row,
        }
    }

    /// The two ends of the wall.
    fn wall(&self) -> (Xy, Xy) {
        (
            self.point(-self.under.0, 0.0),
            self.point(self.length + self.under.1, 0.0),
        )
    }

    /// The point `progress` of the way along and `aside` CSS pixels to the right of the direction of travel.
    fn point(&self, distance: f32, aside: f32) -> Xy {
        let (ux, uy) = self.along;
        (
            self.from.0 + ux * distance - uy * aside,
            self.from.1 + uy * distance + ux * aside,
        )
    }

    /// Where a dot is drawn: a little off the middle, each its own way, so that two at the same place are seen as two.
    pub(crate) fn dot(&self, dot: &Dot) -> Xy {
        let inset = (self.radius * 1.3).min(self.length / 2.0);
        let distance = inset + dot.progress.clamp(0.0, 1.0) * (self.length - 2.0 * inset);
        let scatter = dot.subject.wrapping_mul(2_654_435_769) >> 29;
        self.point(distance, (scatter as f32 - 3.5) * 0.25)
    }

    /// Whether so many dots can be told apart.
    pub(crate) fn fits(&self, dots: usize) -> bool {
        dots <= DOTS_MAX && dots as f32 * LENGTH_PER_DOT <= self.length.max(36.0)
    }
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// A pipe and what travels in it.
    pub(crate) fn pipe(&mut self, from: At, to: At, shapes: &[Area], dots: &[Dot]) -> Drawn<DB> {
        let course = Course::new(self.view, from, to, shapes, self.height);
        let dense = !course.fits(dots.len());
        let rows = if dense { DENSE_THICKNESS } else { THICKNESS };
        let wall = self.palette().line.solid();
        let (start, end) = course.wall();
        self.polygon(&capsule(start, end, rows * self.view.row), wall)?;
        if dense {
            self.crowd(&course, dots)
        } else {
            self.dots(&course, dots)
        }
    }

    fn dots(&mut self, course: &Course, dots: &[Dot]) -> Drawn<DB> {
        let wall = self.palette().line;
        for dot in dots {
            let alpha = fading(dot);
            let at = course.dot(dot);
            if alpha >= 1.0 {
                // A rim in the colour of the pipe keeps neighbours apart.
                self.disc(at, course.radius + 0.75, wall.solid())?;
            }
            self.glyph(dot.state, at, course.radius, alpha)?;
        }
        Ok(())
    }

    /// A column for every few pixels, as high as it is full, split by state.
    fn crowd(&mut self, course: &Course, dots: &[Dot]) -> Drawn<DB> {
        let half = DENSE_THICKNESS * self.view.row / 2.0;
        // The columns keep clear of the pipe's round ends, where they can be seen.
        let clear = |under: f32| (half - under).max(1.0);
        let start = clear(course.under.0);
        let length = (course.length - start - clear(course.under.1)).max(1.0);
        let columns = ((length / COLUMN) as usize).max(1);
        let counts = density(dots, columns);
        let total = |column: &[u32; STATES.len()]| column.iter().sum::<u32>();
        let fullest = counts.iter().map(total).max().unwrap_or(0);
        // An even crowd fills two thirds of the pipe. A column of three times the mean fills all of it: were the scale to follow
        // a higher peak, a burst would make everything else vanish.
        let mean = dots.len() as f32 / columns as f32;
        let scale = (fullest as f32).clamp(1.5 * mean, 3.0 * mean);
        for (index, column) in counts.iter().enumerate() {
            let (near, far) = (index as f32, index as f32 + 1.0);
            let ends = (
                start + length * near / columns as f32,
                start + length * far / columns as f32,
            );
            let height = 2.0 * (half - 1.0) * (total(column) as f32 / scale).min(1.0);
            let mut aside = height / 2.0;
            for (state, &count) in STATES.iter().zip(column).filter(|(_, count)| **count > 0) {
                let next = aside - height * count as f32 / total(column) as f32;
                let ink = self.mark(*state).solid();
                self.column(course, ends, (next, aside), ink)?;
                aside = next;
            }
        }
        Ok(())
    }

    /// A piece of the pipe between two distances and two offsets from its middle line.
    fn column(
        &mut self,
        course: &Course,
        ends: (f32, f32),
        asides: (f32, f32),
        ink: Ink,
    ) -> Drawn<DB> {
        let (a, b) = (
            course.point(ends.0, asides.0),
            course.point(ends.1, asides.1),
        );
        let straight = course.along.0 == 0.0 || course.along.1 == 0.0;
        if straight {
            let (x0, x1) = (a.0.min(b.0), a.0.max(b.0));
            let (y0, y1) = (a.1.min(b.1), a.1.max(b.1));
            return self.rect(Area { x0, y0, x1, y1 }, ink);
        }
        self.polygon(
            &[
                a,
                course.point(ends.1, asides.0),
                b,
                course.point(ends.0, asides.1),
            ],
            ink,
        )
    }
}

/// How strong a dot is drawn: what was refused or gave up fades towards the end of its way.
fn fading(dot: &Dot) -> f32 {
    let failed = matches!(dot.state, State::Rejected | State::TimedOut);
    if !failed || dot.progress <= FADE_FROM {
        return 1.0;
    }
    1.0 - 0.75 * ((dot.progress - FADE_FROM) / (1.0 - FADE_FROM)).min(1.0)
}

/// Where the line from `outer`, which lies outside the shape, through `inner` first meets the shape's area.
fn edge(shape: Area, inner: Xy, outer: Xy) -> Option<Xy> {
    let (dx, dy) = (inner.0 - outer.0, inner.1 - outer.1);
    // The stretch of the line between two parallel sides, as multiples of the way from `outer` to `inner`.
    let stretch = |start: f32, way: f32, low: f32, high: f32| {
        if way == 0.0 {
            return (start >= low && start <= high).then_some((f32::NEG_INFINITY, f32::INFINITY));
        }
        let (a, b) = ((low - start) / way, (high - start) / way);
        Some((a.min(b), a.max(b)))
    };
    let (x0, x1) = stretch(outer.0, dx, shape.x0, shape.x1)?;
    let (y0, y1) = stretch(outer.1, dy, shape.y0, shape.y1)?;
    let (first, last) = (x0.max(y0), x1.min(y1));
    (first.is_finite() && first >= 0.0 && first <= last)
        .then_some((outer.0 + dx * first, outer.1 + dy * first))
}
