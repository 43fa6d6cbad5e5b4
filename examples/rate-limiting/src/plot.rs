//! Draws a run as an SVG: what was offered, admitted and rejected per second, and the total against the bound of the limit.

use std::error::Error;
use std::path::Path;

use anyhow::{Context, anyhow};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use crate::load::{Outcome, Verdict};
use crate::report::{Report, Slice};

/// Width and height, pixels.
const SIZE: (u32, u32) = (900, 640);
/// Room for the title and the legend, pixels.
const HEAD: u32 = 84;
/// Room for the numbers and the name of the vertical axis, pixels.
const LEFT: u32 = 66;
/// Empty border left and right, pixels.
const BORDER: u32 = 18;

// The workbook's colours by role, for light pages.
const SURFACE: RGBColor = RGBColor(0xff, 0xff, 0xff);
const LINE: RGBColor = RGBColor(0xd5, 0xda, 0xe1);
const INK: RGBColor = RGBColor(0x1b, 0x1f, 0x27);
const MUTED: RGBColor = RGBColor(0x59, 0x62, 0x73);
const ADMITTED: RGBColor = RGBColor(0x00, 0x92, 0x6a);
const REJECTED: RGBColor = RGBColor(0xd2, 0x5c, 0x00);
const FAILED: RGBColor = RGBColor(0xb2, 0x69, 0x92);

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Writes the figure of `report` to `path`.
///
/// # Errors
/// Fails if the file cannot be written.
pub(crate) fn draw(report: &Report, outcomes: &[Outcome], path: &Path) -> anyhow::Result<()> {
    let mut svg = String::new();
    figure(report, outcomes, &mut svg)
        .map_err(|error| anyhow!("the figure cannot be drawn: {error}"))?;
    std::fs::write(path, svg).with_context(|| format!("{} cannot be written", path.display()))
}

fn figure(report: &Report, outcomes: &[Outcome], svg: &mut String) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&SURFACE)?;
    let (head, charts) = root.split_vertically(HEAD);
    let (per_second, totals) = charts.split_vertically((SIZE.1 - HEAD) / 2);
    title(report, &head)?;
    rates(report, &per_second)?;
    sums(report, outcomes, &totals)?;
    root.present()?;
    Ok(())
}

fn text(size: u32, colour: RGBColor) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&colour)
}

fn title(report: &Report, area: &Area<'_>) -> Result<(), Box<dyn Error>> {
    let Report {
        algorithm,
        rate_per_s,
        burst,
        keys,
        limiter,
        ..
    } = report;
    let each = if *keys > 1 {
        format!(" for each of {keys} clients")
    } else {
        String::new()
    };
    let line = format!("{algorithm}, {rate_per_s}/s, burst {burst}{each}, {limiter}");
    let left = (LEFT + BORDER) as i32;
    area.draw_text(&line, &text(20, INK), (left, 14))?;
    let keys = f64::from(*keys);
    let (rate, burst) = (keys * rate_per_s, keys * f64::from(*burst));
    let bound = format!("the limit: {rate}/s, in total {burst} + {rate}/s × time");
    let mut x = left;
    let counts = [
        ("admitted", report.admitted, ADMITTED),
        ("rejected", report.rejected, REJECTED),
        ("failed", report.failed, FAILED),
    ];
    for (name, count, colour) in counts.into_iter().filter(|(_, count, _)| *count > 0) {
        area.draw(&Rectangle::new([(x, 49), (x + 12, 61)], colour.filled()))?;
        let label = format!("{count} {name}");
        area.draw_text(&label, &text(15, INK), (x + 18, 48))?;
        x += 44 + 7 * label.len() as i32;
    }
    let offered = format!("{} offered", report.sent);
    area.draw(&PathElement::new(
        [(x, 55), (x + 24, 55)],
        MUTED.stroke_width(2),
    ))?;
    area.draw_text(&offered, &text(15, INK), (x + 30, 48))?;
    x += 56 + 7 * offered.len() as i32;
    area.draw(&plotters::element::DashedPathElement::new(
        [(x, 55), (x + 24, 55)],
        6,
        3,
        INK.stroke_width(2),
    ))?;
    area.draw_text(&bound, &text(15, INK), (x + 30, 48))?;
    Ok(())
}

/// Stacked bars: admitted below, rejected above, so that the height is what was offered.
fn rates(report: &Report, area: &Area<'_>) -> Result<(), Box<dyn Error>> {
    let per_second = |count: usize, slice: &Slice| count as f64 / slice.length_s;
    let limit = report.rate_per_s * f64::from(report.keys);
    let highest = report
        .slices
        .iter()
        .map(|s| per_second(s.offered, s))
        .fold(limit, f64::max);
    let mut chart = ChartBuilder::on(area)
        .margin_left(BORDER)
        .margin_right(BORDER)
        .margin_top(6)
        .x_label_area_size(28)
        .y_label_area_size(LEFT)
        .build_cartesian_2d(0.0..report.duration_s, 0.0..highest * 1.08)?;
    axes(&mut chart, "requests per second", "")?;
    for slice in &report.slices {
        let gap = slice.length_s * 0.06;
        let (left, right) = (slice.from_s + gap, slice.from_s + slice.length_s - gap);
        let mut bottom = 0.0;
        let stack = [
            (slice.admitted, ADMITTED),
            (slice.rejected, REJECTED),
            (slice.failed, FAILED),
        ];
        for (count, colour) in stack {
            let top = bottom + per_second(count, slice);
            if count > 0 {
                let bar = [(left, bottom), (right.min(report.duration_s), top)];
                chart.draw_series([Rectangle::new(bar, colour.filled())])?;
            }
            bottom = top;
        }
    }
    let line = [(0.0, limit), (report.duration_s, limit)];
    chart.draw_series(DashedLineSeries::new(line, 7, 4, INK.stroke_width(2)))?;
    Ok(())
}

/// Totals: offered, admitted, and the most that burst + rate × time allows.
fn sums(report: &Report, outcomes: &[Outcome], area: &Area<'_>) -> Result<(), Box<dyn Error>> {
    let keys = f64::from(report.keys);
    let bound = |at_s: f64| keys * (f64::from(report.burst) + report.rate_per_s * at_s);
    let highest = bound(report.duration_s).max(report.sent as f64);
    let mut chart = ChartBuilder::on(area)
        .margin_left(BORDER)
        .margin_right(BORDER)
        .margin_top(10)
        .x_label_area_size(46)
        .y_label_area_size(LEFT)
        .build_cartesian_2d(0.0..report.duration_s, 0.0..highest * 1.08)?;
    axes(&mut chart, "requests in total", "time, s")?;
    let offered = total(report.duration_s, outcomes, |_| true);
    let admitted = total(report.duration_s, outcomes, |o| {
        o.verdict == Verdict::Admitted
    });
    chart.draw_series(LineSeries::new(offered, MUTED.stroke_width(2)))?;
    chart.draw_series(LineSeries::new(admitted, ADMITTED.stroke_width(3)))?;
    let line = [
        (0.0, bound(0.0)),
        (report.duration_s, bound(report.duration_s)),
    ];
    chart.draw_series(DashedLineSeries::new(line, 7, 4, INK.stroke_width(2)))?;
    Ok(())
}

/// Points of a curve of totals; more would not show.
const POINTS: usize = 600;

/// How many of the outcomes that `counts` picks were due by each of [`POINTS`] moments.
fn total(
    duration_s: f64,
    outcomes: &[Outcome],
    counts: impl Fn(&Outcome) -> bool,
) -> Vec<(f64, f64)> {
    let mut due = outcomes.iter().filter(|o| counts(o)).peekable();
    let mut total = 0;
    let moment = |i| duration_s * i as f64 / POINTS as f64;
    let mut points = vec![(0.0, 0.0)];
    points.extend((0..=POINTS).map(moment).map(|at_s| {
        while due.next_if(|o| o.scheduled.as_secs_f64() <= at_s).is_some() {
            total += 1;
        }
        (at_s, f64::from(total))
    }));
    points
}

/// A quiet grid, numbers, and the names of the axes.
fn axes(chart: &mut Chart<'_, '_>, vertical: &str, horizontal: &str) -> Result<(), Box<dyn Error>> {
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(LINE)
        .axis_style(MUTED)
        .label_style(text(14, MUTED))
        .axis_desc_style(text(15, INK))
        .y_desc(vertical)
        .x_desc(horizontal)
        .y_labels(6)
        .x_label_formatter(&number)
        .y_label_formatter(&number)
        .draw()?;
    Ok(())
}

/// A number on an axis, without digits it does not need.
fn number(value: &f64) -> String {
    if value.fract().abs() < 1e-9 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}
