//! Outlines as lists of points: rounded rectangles, sectors, diamonds, triangles, and cutting one with another.

use labs::sine_cosine;

/// A point in CSS pixels, y downwards.
pub(crate) type Xy = (f32, f32);

/// Left, top, right, bottom, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) x0: f32,
    pub(crate) y0: f32,
    pub(crate) x1: f32,
    pub(crate) y1: f32,
}

impl Area {
    /// The area around `centre` with these half sides.
    pub(crate) fn around(centre: Xy, half: (f32, f32)) -> Self {
        Self {
            x0: centre.0 - half.0,
            y0: centre.1 - half.1,
            x1: centre.0 + half.0,
            y1: centre.1 + half.1,
        }
    }

    /// The area grown by `by` on all sides; shrunk when negative.
    pub(crate) fn grown(self, by: f32) -> Self {
        Self {
            x0: self.x0 - by,
            y0: self.y0 - by,
            x1: self.x1 + by,
            y1: self.y1 + by,
        }
    }

    /// Its centre.
    pub(crate) fn centre(self) -> Xy {
        ((self.x0 + self.x1) / 2.0, (self.y0 + self.y1) / 2.0)
    }

    /// From left to right.
    pub(crate) fn width(self) -> f32 {
        self.x1 - self.x0
    }

    /// From top to bottom.
    pub(crate) fn height(self) -> f32 {
        self.y1 - self.y0
    }

    /// Whether the point lies in it, edges included.
    pub(crate) fn contains(self, (x, y): Xy) -> bool {
        x >= self.x0 && x <= self.x1 && y >= self.y0 && y <= self.y1
    }
}

/// Straight pieces a quarter of a circle of this radius is made of: invisible corners, but no more of them than that takes.
fn pieces(radius: f32) -> usize {
    (radius.sqrt() * 2.5) as usize + 2
}

/// The points of an arc from `start` over `sweep`, both ends included; in turns, 0 to the right, growing clockwise.
pub(crate) fn arc(centre: Xy, radii: (f32, f32), start: f64, sweep: f64) -> Vec<Xy> {
    let (sine, cosine) = sine_cosine(start);
    arc_from(centre, radii, (cosine, sine), sweep)
}

/// The same from the direction `start`, which has length one.
fn arc_from(centre: Xy, radii: (f32, f32), start: (f64, f64), sweep: f64) -> Vec<Xy> {
    let quarters = (4.0 * sweep).abs() as f32;
    let count = ((pieces(radii.0.max(radii.1)) as f32 * quarters) as usize).max(2);
    // Turned on from point to point: a sine for each would be most of the work.
    let (sine, cosine) = sine_cosine(sweep / count as f64);
    let (mut x, mut y) = start;
    let mut points = Vec::with_capacity(count + 1);
    for _ in 0..=count {
        points.push((centre.0 + radii.0 * x as f32, centre.1 + radii.1 * y as f32));
        (x, y) = (x * cosine - y * sine, x * sine + y * cosine);
    }
    points
}

/// A rectangle with round corners, clockwise from the middle of its left side, so that an outline closes on a straight piece.
pub(crate) fn rounded(area: Area, radius: f32) -> Vec<Xy> {
    let radius = radius
        .min(area.width() / 2.0)
        .min(area.height() / 2.0)
        .max(0.0);
    let corners = [
        (area.x0 + radius, area.y0 + radius, 2.0),
        (area.x1 - radius, area.y0 + radius, 3.0),
        (area.x1 - radius, area.y1 - radius, 0.0),
        (area.x0 + radius, area.y1 - radius, 1.0),
    ];
    let mut points = vec![(area.x0, area.centre().1)];
    for (x, y, quarter) in corners {
        points.extend(arc((x, y), (radius, radius), quarter / 4.0, 0.25));
    }
    points.push(points[0]);
    points
}

/// A bar from `from` to `to` with half-round ends that stop at the two points.
pub(crate) fn capsule(from: Xy, to: Xy, thickness: f32) -> Vec<Xy> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).sqrt();
    let radius = (thickness / 2.0).min(length / 2.0);
    let (ux, uy) = if length > 0.0 {
        (dx / length, dy / length)
    } else {
        (1.0, 0.0)
    };
    let head = (to.0 - ux * radius, to.1 - uy * radius);
    let tail = (from.0 + ux * radius, from.1 + uy * radius);
    // Round the head from its left to its right, then round the tail.
    let across = (f64::from(uy), -f64::from(ux));
    let mut points = arc_from(head, (radius, radius), across, 0.5);
    points.extend(arc_from(
        tail,
        (radius, radius),
        (-across.0, -across.1),
        0.5,
    ));
    points
}

/// A sector from twelve o'clock clockwise over `share` of the circle.
pub(crate) fn pie(centre: Xy, radius: f32, share: f32) -> Vec<Xy> {
    let mut points = arc(
        centre,
        (radius, radius),
        -0.25,
        f64::from(share.clamp(0.0, 1.0)),
    );
    points.push(centre);
    points
}

/// A square on its corner; a little larger than a circle of the same radius, so that both weigh the same.
pub(crate) fn diamond((x, y): Xy, radius: f32) -> Vec<Xy> {
    let r = radius * 1.2;
    vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
}

/// A triangle pointing up, its weight in the centre.
pub(crate) fn triangle((x, y): Xy, radius: f32) -> Vec<Xy> {
    let r = radius * 1.3;
    vec![
        (x, y - r),
        (x + r * 0.9, y + r * 0.62),
        (x - r * 0.9, y + r * 0.62),
    ]
}

/// The part of `polygon` on the side of the half plane where `inside` is not negative; `inside` is linear.
pub(crate) fn cut(polygon: &[Xy], inside: impl Fn(Xy) -> f32) -> Vec<Xy> {
    let mut kept = Vec::with_capacity(polygon.len() + 2);
    for (index, &here) in polygon.iter().enumerate() {
        let before = polygon[(index + polygon.len() - 1) % polygon.len()];
        let (a, b) = (inside(before), inside(here));
        if (a < 0.0) != (b < 0.0) {
            let share = a / (a - b);
            kept.push((
                before.0 + (here.0 - before.0) * share,
                before.1 + (here.1 - before.1) * share,
            ));
        }
        if b >= 0.0 {
            kept.push(here);
        }
    }
    kept
}

/// The part of `polygon` between two heights.
pub(crate) fn between(polygon: &[Xy], top: f32, bottom: f32) -> Vec<Xy> {
    let below = cut(polygon, |(_, y)| y - top);
    if below.is_empty() {
        below
    } else {
        cut(&below, |(_, y)| bottom - y)
    }
}
