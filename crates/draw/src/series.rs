//! A chart's line made ready: cut at the present, levelled into steps, thinned to what a screen can show.

use clock::Instant;
use labs::{LineStyle, Point};

/// Points in seconds and the chart's unit.
pub(crate) type Points = Vec<(f64, f64)>;

/// A line up to the present and what has been seen beyond it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Series {
    pub(crate) past: Points,
    pub(crate) future: Points,
}

impl Series {
    /// Cuts a line at `now`; `columns` is how many pixels it has room for from left to right, over `length` seconds.
    pub(crate) fn cut(
        points: &[Point],
        style: LineStyle,
        now: Instant,
        length: f64,
        columns: f32,
    ) -> Self {
        let split = points.partition_point(|point| point.at <= now);
        let flat = |points: &[Point]| -> Points {
            points
                .iter()
                .map(|point| (point.at.as_secs_f64(), point.value))
                .collect()
        };
        let (mut past, mut future) = (flat(&points[..split]), flat(&points[split..]));
        if let Some(meeting) = value_at(&past, &future, style, now) {
            past.push(meeting);
            if !future.is_empty() {
                future.insert(0, meeting);
            }
        }
        let step = length / f64::from(columns.max(1.0));
        let ready = |points: Points| {
            let points = thinned(&points, step);
            straightened(if stepped(style) {
                steps(&points)
            } else {
                points
            })
        };
        Self {
            past: ready(past),
            future: ready(future),
        }
    }
}

/// Whether a line of this style stays level between its points.
fn stepped(style: LineStyle) -> bool {
    matches!(style, LineStyle::Step | LineStyle::Reference)
}

/// The value at the present, between the last point of the past and the first of the future.
fn value_at(past: &Points, future: &Points, style: LineStyle, now: Instant) -> Option<(f64, f64)> {
    let &(from, value) = past.last()?;
    let now = now.as_secs_f64();
    if stepped(style) {
        return Some((now, value));
    }
    let &(to, next) = future.first()?;
    let share = if to > from {
        (now - from) / (to - from)
    } else {
        1.0
    };
    Some((now, value + (next - value) * share))
}

/// At most four points (first, least, greatest, last) for every stretch of `step` seconds; lines that are not crowded stay as they are.
fn thinned(points: &Points, step: f64) -> Points {
    let Some((&first, &last)) = points.first().zip(points.last()) else {
        return Points::new();
    };
    let columns = ((last.0 - first.0) / step).max(1.0) as usize;
    if points.len() <= 4 * columns {
        return points.clone();
    }
    let column = |point: &(f64, f64)| (point.0 / step) as u64;
    let mut kept = Points::with_capacity(4 * columns + 4);
    for group in points.chunk_by(|a, b| column(a) == column(b)) {
        let extreme = |sign: f64| {
            (0..group.len()).max_by(|&a, &b| (sign * group[a].1).total_cmp(&(sign * group[b].1)))
        };
        let mut indices = vec![
            0,
            extreme(-1.0).unwrap_or(0),
            extreme(1.0).unwrap_or(0),
            group.len() - 1,
        ];
        indices.sort_unstable();
        indices.dedup();
        kept.extend(indices.into_iter().map(|index| group[index]));
    }
    kept
}

/// Leaves out what lies within a level stretch: it would be drawn, and not seen.
fn straightened(points: Points) -> Points {
    let mut kept = Points::with_capacity(points.len());
    for point in points {
        match kept.as_mut_slice() {
            [.., before, last] if before.1 == point.1 && last.1 == point.1 => *last = point,
            _ => kept.push(point),
        }
    }
    kept
}

/// Puts a corner before every jump.
fn steps(points: &Points) -> Points {
    let mut corners = Points::with_capacity(points.len() * 2);
    for &(at, value) in points {
        if let Some(&(_, level)) = corners.last()
            && level != value
        {
            corners.push((at, level));
        }
        corners.push((at, value));
    }
    corners
}
