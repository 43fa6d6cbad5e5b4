//! One chart: thin level lines, the curves up to the present, pale what has been seen beyond it, and the cursor.

use core::time::Duration;

use clock::Instant;
use labs::scene::Align;
use labs::{Chart, Line, LineStyle, Tape};
use plotters_backend::DrawingBackend;

use crate::axis::{margins, multiples, round_step, seconds, time_label, time_step, trimmed, x_at};
use crate::palette::Rgb;
use crate::pen::{Drawn, Finished, Pen, Refused, Type};
use crate::plot::{LABEL, Plot, Scale};
use crate::series::{Points, Series};
use crate::shape::Area;
use crate::text;
use crate::view::View;

/// Room above the plot, for the cursor's knob, in CSS pixels.
const ABOVE: f32 = 11.0;
/// Room below the plot, for the time labels, in CSS pixels.
const BELOW: f32 = 22.0;
/// Distance of the axis labels from the plot, in CSS pixels.
const LABELS_AWAY: f32 = 7.0;
/// Least distance of two time labels, in CSS pixels.
const LABELS_APART: f32 = 64.0;
/// Least distance of two labels at the ends of lines, in CSS pixels.
const ENDS_APART: f32 = 13.0;
/// Dash and gap of a dashed line, in CSS pixels.
const DASHES: (f32, f32) = (5.0, 4.0);
/// Strength of what lies beyond the present.
const PALE: f32 = 0.35;
/// Strength of a second run.
const TWIN: f32 = 0.8;

/// What is drawn over a chart, on its axes.
#[derive(Clone, Copy, Default)]
pub struct Overlay<'a> {
    /// A second run of the same lab, at the same moment.
    pub twin: Option<&'a Tape>,
    /// Curves of the reader's own.
    pub sketches: &'a [Sketch],
    /// For a backend that can dash a line by itself: told how long dashes and gaps are from now on, in units, and zeros for none.
    /// Without it every dash is a path of its own, which on a canvas costs a hundred times as much.
    pub dashes: Option<&'a dyn Fn(f64, f64)>,
}

/// A curve of the reader's own over one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sketch {
    /// The line, numbered through all charts.
    pub line: usize,
    /// Seconds from the start and values in the chart's unit, in order of time.
    pub points: Vec<(f64, f64)>,
}

/// The value axis: its ends and the distance of its level lines.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Values {
    least: f64,
    greatest: f64,
    step: f64,
}

impl Values {
    fn of(chart: &Chart, first_line: usize, tape: &Tape, over: &Overlay<'_>, height: f32) -> Self {
        let lines = first_line..first_line + chart.lines.len();
        let known = core::iter::once(tape).chain(over.twin).flat_map(|tape| {
            let lines = lines.clone();
            lines.flat_map(|line| tape.known_line(line))
        });
        let drawn = over.sketches.iter().filter(|own| lines.contains(&own.line));
        let drawn = drawn.flat_map(|own| own.points.iter().map(|&(_, value)| value));
        let values = known.map(|point| point.value).chain(drawn);
        let (mut least, mut greatest) = (0.0_f64, chart.top.max(1e-9));
        for value in values.filter(|value| value.is_finite()) {
            (least, greatest) = (least.min(value), greatest.max(value));
        }
        let parts = f64::from((height / 26.0).clamp(2.0, 5.0));
        let step = round_step(greatest - least, parts);
        // Whole steps would waste up to a third of the height; no rounding at all would rescale the chart with every new maximum.
        let halves = |value: f64| (value / step * 2.0 - 1e-6).ceil() * step / 2.0;
        Self {
            least: -halves(-least),
            greatest: halves(greatest),
            step,
        }
    }
}

/// Draws one chart, its background included; it takes [`View::width`] by `height` CSS pixels from the backend's origin.
///
/// Its lines are numbered from `first_line` on the tape; the time axis runs from zero to `duration`.
///
/// # Errors
/// What the backend reports.
#[allow(
    clippy::too_many_arguments,
    reason = "all eight are known to every caller, and none has a default"
)]
pub fn chart<DB: DrawingBackend>(
    backend: &mut DB,
    chart: &Chart,
    first_line: usize,
    tape: &Tape,
    duration: Duration,
    now: Instant,
    view: &View,
    height: f32,
) -> Finished<DB> {
    let over = Overlay::default();
    chart_with(
        backend, chart, first_line, tape, duration, now, view, height, &over,
    )
}

/// The same with something drawn over it: a second run on the same axes, curves of the reader's own.
///
/// # Errors
/// What the backend reports.
#[allow(
    clippy::too_many_arguments,
    reason = "all nine are known to the caller, and `chart` has a default for the last"
)]
pub fn chart_with<DB: DrawingBackend>(
    backend: &mut DB,
    chart: &Chart,
    first_line: usize,
    tape: &Tape,
    duration: Duration,
    now: Instant,
    view: &View,
    height: f32,
    over: &Overlay<'_>,
) -> Finished<DB> {
    Pen::draw(backend, view, height, |pen| {
        draw_chart(pen, (chart, first_line, tape), (duration, now), over)
    })
}

fn draw_chart<DB: DrawingBackend>(
    pen: &mut Pen<'_, DB>,
    source: (&Chart, usize, &Tape),
    (duration, now): (Duration, Instant),
    over: &Overlay<'_>,
) -> Drawn<DB> {
    let (view, height) = (pen.view, pen.height);
    let (chart, first_line, tape) = source;
    let plot_height = (height - ABOVE - BELOW).max(1.0);
    let values = Values::of(chart, first_line, tape, over, plot_height);
    let (left, right) = margins(view.width);
    let length = seconds(duration);

    let page = view.palette.surface.solid();
    let whole = Area {
        x0: 0.0,
        y0: 0.0,
        x1: view.width,
        y1: height,
    };
    pen.rect(whole, page)?;
    let mut context = axes(pen, values, length)?;
    let last = curves(&mut context, source, now, over, (length, view))?;
    overlay(&mut context, source, now, over, (length, view))?;
    let ends = last.into_iter().map(|(line, value)| {
        let share = (value - values.least) / (values.greatest - values.least);
        (line, ABOVE + plot_height * (1.0 - share as f32))
    });
    let ends = ends.collect();

    let x = x_at(now, duration, view);
    let plot = Area {
        x0: left,
        y0: ABOVE,
        x1: view.width - right,
        y1: height - BELOW,
    };
    name_ends(pen, ends, x, plot)?;
    pen.present(x, plot)
}

/// The level lines and the labels of both axes.
fn axes<'p, 'a, DB: DrawingBackend>(
    pen: &'p mut Pen<'a, DB>,
    values: Values,
    length: f64,
) -> Result<Plot<'p, 'a, DB>, Refused<DB>> {
    let view = pen.view;
    let (left, right) = margins(view.width);
    let every = time_step(length, view.width - left - right, LABELS_APART);
    // The last unit of an axis is the one before the plot's edge.
    let (columns, rows) = (view.units(view.width).max(1), view.units(pen.height).max(1));
    let times = Scale {
        values: (0.0, length),
        units: (view.units(left), columns - view.units(right) - 1),
    };
    let levels = Scale {
        values: (values.least, values.greatest),
        units: (rows - view.units(BELOW) - 1, view.units(ABOVE)),
    };
    let mut plot = Plot { pen, times, levels };
    let ticks = multiples(values.step, values.least, values.greatest);
    for &value in &ticks {
        plot.level(value, view.palette.line.solid())?;
    }
    for &value in &ticks {
        plot.level_label(value, &value_label(value), LABELS_AWAY)?;
    }
    for at in multiples(every, 0.0, length) {
        plot.time_label(at, &time_label(at, length), LABELS_AWAY)?;
    }
    Ok(plot)
}

/// A value of the left axis, short enough for its margin.
fn value_label(value: f64) -> String {
    if value.abs() >= 10_000.0 {
        format!("{}k", trimmed(value / 1000.0))
    } else {
        trimmed(value)
    }
}

/// Draws points in a colour and a style, `strength` 0 to 1.
fn plot<DB: DrawingBackend>(
    context: &mut Plot<'_, '_, DB>,
    style: LineStyle,
    mark: Rgb,
    points: &Points,
    strength: f32,
    over: &Overlay<'_>,
) -> Drawn<DB> {
    if points.len() < 2 {
        return Ok(());
    }
    let ink = |alpha: f32| mark.faded(alpha * strength);
    match style {
        LineStyle::Line | LineStyle::Step => context.line(points, 1.75, ink(1.0)),
        LineStyle::Area => {
            context.area(points, ink(0.2))?;
            context.line(points, 1.5, ink(1.0))
        }
        LineStyle::Broad => context.line(points, 5.0, ink(0.22)),
        LineStyle::Reference => {
            let Some(dashes) = over.dashes else {
                return context.dashed(points, DASHES, 1.5, ink(0.9));
            };
            let units = |length| f64::from(context.pen.view.units(length));
            dashes(units(DASHES.0), units(DASHES.1));
            let drawn = context.line(points, 1.5, ink(0.9));
            dashes(0.0, 0.0);
            drawn
        }
    }
}

/// Draws the lines of the run itself; those that end at the present, with their values there.
fn curves<'a, DB: DrawingBackend>(
    context: &mut Plot<'_, '_, DB>,
    (chart, first_line, tape): (&'a Chart, usize, &Tape),
    now: Instant,
    over: &Overlay<'_>,
    (length, view): (f64, &View),
) -> Result<Vec<(&'a Line, f64)>, Refused<DB>> {
    let (left, right) = margins(view.width);
    let columns = view.width - left - right;
    let mut last = Vec::new();
    for (line, index) in chart.lines.iter().zip(first_line..) {
        let series = Series::cut(tape.seen_line(index), line.style, now, length, columns);
        let (style, mark) = (line.style, view.palette.mark(line.state));
        plot(context, style, mark, &series.future, PALE, over)?;
        plot(context, style, mark, &series.past, 1.0, over)?;
        if let (Some(&(_, value)), true) = (series.past.last(), series.future.is_empty()) {
            last.push((line, value));
        }
    }
    Ok(last)
}

/// Draws the lines of the second run and the reader's curves, dashed.
fn overlay<DB: DrawingBackend>(
    context: &mut Plot<'_, '_, DB>,
    (chart, first_line, tape): (&Chart, usize, &Tape),
    now: Instant,
    over: &Overlay<'_>,
    (length, view): (f64, &View),
) -> Drawn<DB> {
    let (left, right) = margins(view.width);
    let dashed = LineStyle::Reference;
    for (line, index) in chart.lines.iter().zip(first_line..) {
        let mark = view.palette.mark(line.state);
        // A line that both runs share would only be drawn over itself.
        if let Some(twin) = over.twin
            && twin.seen_line(index) != tape.seen_line(index)
        {
            let points = twin.seen_line(index);
            let columns = view.width - left - right;
            let series = Series::cut(points, line.style, now, length, columns);
            plot(context, dashed, mark, &series.future, PALE * TWIN, over)?;
            plot(context, dashed, mark, &series.past, TWIN, over)?;
        }
        for own in over.sketches.iter().filter(|own| own.line == index) {
            plot(context, dashed, view.palette.ink, &own.points, 1.0, over)?;
        }
    }
    Ok(())
}

/// Names the lines where they end, right of the cursor, as far as the names fit beside it and below each other.
fn name_ends<DB: DrawingBackend>(
    pen: &mut Pen<'_, DB>,
    ends: Vec<(&Line, f32)>,
    x: f32,
    plot: Area,
) -> Drawn<DB> {
    let mut taken: Vec<f32> = Vec::new();
    for (line, y) in ends {
        let pixels = LABEL;
        let width = text::width(line.label, pixels, false);
        let y = y.clamp(plot.y0 + 4.0, plot.y1 - 6.0);
        let fits = x + 8.0 + width <= plot.x1;
        if !fits || taken.iter().any(|other| (other - y).abs() < ENDS_APART) {
            continue;
        }
        taken.push(y);
        let page = pen.palette().surface.faded(0.85);
        let back = Area {
            x0: x + 4.0,
            y0: y - 7.0,
            x1: x + 10.0 + width,
            y1: y + 7.0,
        };
        pen.rounded(back, 3.0, page)?;
        let colour = pen.palette().word(line.state);
        let look = Type {
            pixels,
            bold: false,
            align: Align::Left,
            colour,
        };
        pen.text((x + 7.0, y), line.label, look)?;
    }
    Ok(())
}
