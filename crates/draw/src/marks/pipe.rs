//! Pipes: where they lie, and how their ends meet shapes and each other.

use labs::Scene;
use labs::scene::{At, Dot, Mark};

use crate::scene::shapes;
use crate::shape::{Area, Xy};
use crate::view::View;

/// Thickness of a pipe, in rows.
pub(crate) const THICKNESS: f32 = 0.75;
/// Thickness of a pipe that shows a density, in rows.
pub(crate) const DENSE_THICKNESS: f32 = 1.1;
/// An end this near to a shape, in rows, is meant to touch it.
const NEAR: f32 = 1.3;
/// How far a pipe's wall goes on under a shape it touches, in CSS pixels: round shapes curve away from it.
const UNDER: f32 = 8.0;

/// What the pipes of a scene may meet.
pub(crate) struct Surroundings {
    /// Nodes and tanks, in CSS pixels.
    shapes: Vec<Area>,
    /// Places where two pipes meet.
    joints: Vec<At>,
}

impl Surroundings {
    pub(crate) fn of(scene: &Scene, view: &View) -> Self {
        let mut ends = Vec::new();
        let mut joints = Vec::new();
        for mark in &scene.marks {
            let Mark::Pipe { from, to, .. } = mark else {
                continue;
            };
            for end in [*from, *to] {
                if ends.contains(&end) {
                    joints.push(end);
                }
                ends.push(end);
            }
        }
        Self {
            shapes: shapes(scene, view),
            joints,
        }
    }
}

/// Where a pipe lies, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Course {
    /// Where its dots come into sight: at the edge of the shape it begins at.
    from: Xy,
    /// From there to the other end.
    pub(crate) length: f32,
    /// How far its wall goes on beyond both ends, under shapes or round a corner.
    pub(crate) beyond: (f32, f32),
    /// How far from both ends dots stop.
    inset: (f32, f32),
    /// Unit vector along it.
    pub(crate) along: Xy,
    /// Radius of a dot.
    pub(crate) radius: f32,
}

/// One end of a pipe.
struct End {
    at: Xy,
    beyond: f32,
    inset: f32,
}

impl Course {
    /// A pipe of a scene; an end that lies in or near a shape is moved to its edge.
    ///
    /// A scene gives ends as shares of the width but shapes keep their size, so on a phone an end would lie deep inside a shape and on
    /// a wide page short of it.
    pub(crate) fn new(view: &View, from: At, to: At, around: &Surroundings, height: f32) -> Self {
        let half = view.row * DENSE_THICKNESS / 2.0;
        // The round end of a pipe reaches out sideways by as much as the pipe leans away from that direction.
        let (a, b) = (view.place(from), view.place(to));
        let ways = ((b.0 - a.0).abs(), (b.1 - a.1).abs());
        let whole = (ways.0 * ways.0 + ways.1 * ways.1).sqrt().max(1e-6);
        let out = (half * (1.0 - ways.0 / whole), half * (1.0 - ways.1 / whole));
        // At a corner it reaches out to all sides.
        let place = |end| {
            let out = if around.joints.contains(&end) {
                (half, half)
            } else {
                out
            };
            view.inside(end, out, height)
        };
        let (tail, head) = (
            End::new(view, around, from, place(from), place(to)),
            End::new(view, around, to, place(to), place(from)),
        );
        let (dx, dy) = (head.at.0 - tail.at.0, head.at.1 - tail.at.1);
        let length = (dx * dx + dy * dy).sqrt();
        let along = if length > 0.0 {
            (dx / length, dy / length)
        } else {
            (1.0, 0.0)
        };
        Self {
            from: tail.at,
            length,
            beyond: (tail.beyond, head.beyond),
            inset: (tail.inset.min(length / 2.0), head.inset.min(length / 2.0)),
            along,
            radius: 0.275 * view.row,
        }
    }

    /// The two ends of the wall.
    pub(crate) fn wall(&self) -> (Xy, Xy) {
        (
            self.point(-self.beyond.0, 0.0),
            self.point(self.length + self.beyond.1, 0.0),
        )
    }

    /// The point so many CSS pixels along and `aside` to the right of the direction of travel.
    pub(crate) fn point(&self, distance: f32, aside: f32) -> Xy {
        let (ux, uy) = self.along;
        (
            self.from.0 + ux * distance - uy * aside,
            self.from.1 + uy * distance + ux * aside,
        )
    }

    /// How far along a dot is, in CSS pixels.
    pub(crate) fn distance(&self, dot: &Dot) -> f32 {
        let (tail, head) = self.inset;
        tail + dot.progress.clamp(0.0, 1.0) * (self.length - tail - head)
    }

    /// Where a dot is drawn: a little off the middle, each its own way, so that two at the same place are seen as two.
    pub(crate) fn dot(&self, dot: &Dot) -> Xy {
        let scatter = dot.subject.wrapping_mul(2_654_435_769) >> 29;
        self.point(self.distance(dot), (scatter as f32 - 3.5) * 0.25)
    }
}

impl End {
    /// The end at `at`, of a pipe whose other end is at `other`.
    fn new(view: &View, around: &Surroundings, place: At, at: Xy, other: Xy) -> Self {
        if around.joints.contains(&place) {
            // Two walls with round ends about the same point make a round corner.
            return Self {
                at,
                beyond: THICKNESS * view.row / 2.0,
                inset: 0.0,
            };
        }
        let near = NEAR * view.row;
        let inset = 0.275 * view.row * 1.3;
        let shape = around
            .shapes
            .iter()
            .find(|shape| shape.grown(near).contains(at) && !shape.contains(other));
        match shape.and_then(|shape| edge(*shape, at, other)) {
            Some(at) => Self {
                at,
                beyond: UNDER,
                inset,
            },
            None => Self {
                at,
                beyond: 0.0,
                inset,
            },
        }
    }
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
