//! Draws a run as an SVG: goodput, latency, and where the breaker stood, over the faults of the backend.

use std::error::Error;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, anyhow};
use plotters::coord::Shift;
use plotters::coord::ranged1d::ValueFormatter;
use plotters::coord::types::RangedCoordf64;
use plotters::element::DashedPathElement;
use plotters::prelude::*;

use crate::account::{Account, Gateway, Part};

/// Width and height, pixels.
const SIZE: (u32, u32) = (900, 760);
/// Room for the title and the legend, pixels.
const HEAD: u32 = 74;
/// Height of the strip that shows the state, pixels.
const STATE: u32 = 150;
/// Room for the numbers and the name of the vertical axis, pixels.
const LEFT: u32 = 76;
/// Empty border left and right, pixels.
const BORDER: u32 = 18;
/// Latencies the figure shows, milliseconds.
const LATENCIES: Range<f64> = 1.0..4000.0;

// The workbook's colours by role, for light pages.
const SURFACE: RGBColor = RGBColor(0xff, 0xff, 0xff);
const FAULT: RGBColor = RGBColor(0xee, 0xf0, 0xf4);
const LINE: RGBColor = RGBColor(0xd5, 0xda, 0xe1);
const INK: RGBColor = RGBColor(0x1b, 0x1f, 0x27);
const MUTED: RGBColor = RGBColor(0x59, 0x62, 0x73);
/// For the gateway without a breaker and the one with.
const COLOURS: [RGBColor; 2] = [RGBColor(0xd2, 0x5c, 0x00), RGBColor(0x00, 0x92, 0x6a)];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b, Y> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, Y>>;
type Drawn = Result<(), Box<dyn Error>>;

/// Writes the figure of `account` to `path`.
///
/// # Errors
/// Fails if the file cannot be written.
pub(crate) fn draw(account: &Account, path: &Path) -> anyhow::Result<()> {
    let mut svg = String::new();
    figure(account, &mut svg).map_err(|error| anyhow!("the figure cannot be drawn: {error}"))?;
    std::fs::write(path, svg).with_context(|| format!("{} cannot be written", path.display()))
}

fn figure(account: &Account, svg: &mut String) -> Drawn {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&SURFACE)?;
    let (head, charts) = root.split_vertically(HEAD);
    let (charts, state) = charts.split_vertically(SIZE.1 - HEAD - STATE);
    let (above, below) = charts.split_vertically((SIZE.1 - HEAD - STATE) / 2);
    title(account, &head)?;
    goodput(account, &above)?;
    latency(account, &below)?;
    states(account, &state)?;
    root.present()?;
    Ok(())
}

fn text(size: u32, colour: RGBColor) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&colour)
}

/// Each gateway with its colour, the one without a breaker first.
fn gateways(account: &Account) -> impl Iterator<Item = (&Gateway, RGBColor)> {
    account.runs.iter().zip(COLOURS)
}

fn title(account: &Account, area: &Area<'_>) -> Drawn {
    let Account {
        rate_per_s,
        places,
        time_out_s,
        ..
    } = account;
    let line = format!(
        "{rate_per_s} requests/s, {places} places, time-out {time_out_s} s: goodput with and without a breaker"
    );
    let left = (LEFT + BORDER) as i32;
    area.draw_text(&line, &text(19, INK), (left, 12))?;
    let mut x = left;
    for (run, colour) in gateways(account) {
        let admitted = format!(
            "{}: {} of {} admitted",
            run.label, run.total.admitted, run.total.sent
        );
        area.draw(&PathElement::new(
            [(x, 51), (x + 24, 51)],
            colour.stroke_width(3),
        ))?;
        area.draw_text(&admitted, &text(15, INK), (x + 30, 44))?;
        x += 62 + 7 * admitted.len() as i32;
    }
    area.draw(&PathElement::new(
        [(x, 51), (x + 24, 51)],
        MUTED.stroke_width(2),
    ))?;
    area.draw_text("p99, and dashed p50", &text(15, INK), (x + 30, 44))?;
    Ok(())
}

/// The middle of each slice, and a value of it.
fn points(run: &Gateway, value: impl Fn(&Part) -> f64) -> Vec<(f64, f64)> {
    let middle = |part: &Part| f64::midpoint(part.from_s, part.until_s);
    run.slices
        .iter()
        .map(|part| (middle(part), value(part)))
        .collect()
}

fn goodput(account: &Account, area: &Area<'_>) -> Drawn {
    let offered = |part: &Part| part.tally.sent as f64 / (part.until_s - part.from_s);
    let slices = account.runs.iter().flat_map(|run| &run.slices);
    let highest = slices.map(offered).fold(1.0, f64::max) * 1.16;
    let mut chart = builder(area, 28).build_cartesian_2d(0.0..account.duration_s, 0.0..highest)?;
    faults(account, &mut chart, 0.0..highest, true)?;
    axes(&mut chart, "admitted per second", "", &number)?;
    for (run, colour) in gateways(account) {
        let line = points(run, |part| part.tally.goodput_per_s);
        chart.draw_series(LineSeries::new(line, colour.stroke_width(3)))?;
    }
    Ok(())
}

fn latency(account: &Account, area: &Area<'_>) -> Drawn {
    let mut chart =
        builder(area, 28).build_cartesian_2d(0.0..account.duration_s, LATENCIES.log_scale())?;
    faults(account, &mut chart, LATENCIES, false)?;
    axes(&mut chart, "time to an answer, ms", "", &number)?;
    for (run, colour) in gateways(account) {
        let shown = |ms: f64| ms.clamp(LATENCIES.start, LATENCIES.end);
        let p99 = points(run, |part| shown(part.tally.p99_ms));
        chart.draw_series(LineSeries::new(p99, colour.stroke_width(3)))?;
        let p50 = points(run, |part| shown(part.tally.p50_ms));
        let dashes = DashedPathElement::new(p50, 6, 4, colour.stroke_width(2));
        chart.draw_series(std::iter::once(dashes))?;
    }
    Ok(())
}

/// Where the breaker stood: closed, half-open or open.
fn states(account: &Account, area: &Area<'_>) -> Drawn {
    let mut chart = builder(area, 44).build_cartesian_2d(0.0..account.duration_s, -0.4..2.4)?;
    faults(account, &mut chart, -0.4..2.4, false)?;
    axes(&mut chart, "breaker", "time, s", &state)?;
    for (run, colour) in gateways(account).skip(1) {
        let mut level = 0.0;
        let mut line = vec![(0.0, level)];
        for change in &run.transitions {
            // Answers may come after the last request was due.
            let at_s = change.at_s.min(account.duration_s);
            line.push((at_s, level));
            level = height(change.to);
            line.push((at_s, level));
        }
        line.push((account.duration_s, level));
        chart.draw_series(LineSeries::new(line, colour.stroke_width(3)))?;
    }
    Ok(())
}

fn height(state: &str) -> f64 {
    match state {
        "open" => 2.0,
        "half-open" => 1.0,
        _ => 0.0,
    }
}

/// The name of the state at a height.
fn state(height: &f64) -> String {
    let names = [(0.0, "closed"), (1.0, "half-open"), (2.0, "open")];
    let found = names.iter().find(|(at, _)| (at - height).abs() < 1e-9);
    found.map_or_else(String::new, |(_, name)| (*name).to_owned())
}

fn builder<'a, 'b>(area: &'a Area<'b>, below: u32) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut builder = ChartBuilder::on(area);
    builder
        .margin_left(BORDER)
        .margin_right(BORDER)
        .margin_top(8)
        .x_label_area_size(below)
        .y_label_area_size(LEFT);
    builder
}

/// Shades the times at which something is wrong with the backend, and names what.
fn faults<Y>(
    account: &Account,
    chart: &mut Chart<'_, '_, Y>,
    height: Range<f64>,
    named: bool,
) -> Drawn
where
    Y: Ranged<ValueType = f64>,
{
    let Some(run) = account.runs.first() else {
        return Ok(());
    };
    for part in run.phases.iter().filter(|part| part.backend != "healthy") {
        let corners = [(part.from_s, height.start), (part.until_s, height.end)];
        chart.draw_series([Rectangle::new(corners, FAULT.filled())])?;
        // A name that is wider than its fault would cover the next one's.
        let width = (part.until_s - part.from_s) / account.duration_s * f64::from(SIZE.0 - LEFT);
        if named && width > 8.0 * part.words.len() as f64 {
            let place = (part.from_s, height.end);
            let name =
                EmptyElement::at(place) + Text::new(part.words.clone(), (5, 4), text(14, MUTED));
            chart.draw_series([name])?;
        }
    }
    Ok(())
}

/// A quiet grid, numbers, and the names of the axes.
fn axes<Y>(
    chart: &mut Chart<'_, '_, Y>,
    vertical: &str,
    horizontal: &str,
    labels: &dyn Fn(&f64) -> String,
) -> Drawn
where
    Y: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
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
        .y_label_formatter(&labels)
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
