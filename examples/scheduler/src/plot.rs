//! Draws a comparison as an SVG: four figures of merit, each on an axis where a step to the right is ten times as much.

use std::error::Error;
use std::path::Path;

use anyhow::{Context, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;

use crate::compare::{Column, Report};
use crate::report::{grouped, millis};

/// Width, pixels.
const WIDTH: u32 = 900;
/// Room for the title, pixels.
const HEAD: i32 = 64;
/// Where the axes begin and end, pixels from the left.
const LEFT: i32 = 150;
const RIGHT: i32 = 780;
/// Height of a row and of what a panel has besides its rows, pixels.
const ROW: i32 = 24;
const PANEL: i32 = 62;

// The workbook's colours by role, for light pages.
const SURFACE: RGBColor = RGBColor(0xff, 0xff, 0xff);
const LINE: RGBColor = RGBColor(0xd5, 0xda, 0xe1);
const INK: RGBColor = RGBColor(0x1b, 0x1f, 0x27);
const MUTED: RGBColor = RGBColor(0x59, 0x62, 0x73);
/// Marks of the columns, in their order; each also has a shape of its own.
const MARKS: [RGBColor; 3] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xab, 0x76, 0x00),
    RGBColor(0xb2, 0x69, 0x92),
];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn Error>>;

/// What a panel shows: its title with the unit, and the figure of a column.
type Panel = (&'static str, fn(&Column) -> Option<u64>);

const PANELS: [Panel; 4] = [
    ("until all have slept 100 ms, ms", |c| c.wall_ns.map(millis)),
    ("resident memory of one while all are alive, bytes", |c| {
        c.resident_bytes_each
    }),
    ("to start one that ends at once, ns", |c| c.create_ns),
    ("to hand over to another on one processor, ns", |c| {
        c.switch_ns
    }),
];

/// Writes the figure of `report` to `path`.
///
/// # Errors
/// Fails if the file cannot be written.
pub(crate) fn draw(report: &Report, path: &Path) -> anyhow::Result<()> {
    let svg = svg(report).map_err(|error| anyhow!("the figure cannot be drawn: {error}"))?;
    std::fs::write(path, svg).with_context(|| format!("{} cannot be written", path.display()))
}

/// The figure of `report`.
pub(crate) fn svg(report: &Report) -> Result<String, Box<dyn Error>> {
    let columns = report.columns();
    let panel = PANEL + ROW * columns.len() as i32;
    let height = HEAD + panel * PANELS.len() as i32;
    let mut svg = String::new();
    {
        let root =
            SVGBackend::with_string(&mut svg, (WIDTH, height.unsigned_abs())).into_drawing_area();
        root.fill(&SURFACE)?;
        title(&root, &columns)?;
        for (index, (name, figure)) in PANELS.iter().enumerate() {
            let top = HEAD + panel * index as i32;
            let figures: Vec<_> = columns.iter().map(|(_, column)| figure(column)).collect();
            draw_panel(&root, top, name, &columns, &figures)?;
        }
        root.present()?;
    }
    Ok(svg)
}

fn text(size: u32, colour: RGBColor) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&colour)
}

fn title(area: &Area<'_>, columns: &[(&str, Column)]) -> Drawn {
    let counts: Vec<String> = columns
        .iter()
        .map(|(name, column)| format!("{} {name}", grouped(column.started.into())))
        .collect();
    area.draw_text(&counts.join(", "), &text(20, INK), (18, 12))?;
    let how = "Measured on this machine; each grid line is ten times the one before it.";
    area.draw_text(how, &text(14, MUTED), (18, 38))?;
    Ok(())
}

/// Where a figure lies between 1 and `10^decades`, pixels from the left.
fn across(figure: u64, decades: u32) -> i32 {
    let share = libm::log10(figure.max(1) as f64) / f64::from(decades);
    LEFT + (f64::from(RIGHT - LEFT) * share).round() as i32
}

/// The power of ten that is no less than all figures; at least 1.
fn decades(figures: &[Option<u64>]) -> u32 {
    let highest = figures.iter().flatten().copied().max().unwrap_or(1);
    (1..19)
        .find(|&decades| 10u64.pow(decades) >= highest)
        .unwrap_or(19)
}

fn draw_panel(
    area: &Area<'_>,
    top: i32,
    name: &str,
    columns: &[(&str, Column)],
    figures: &[Option<u64>],
) -> Drawn {
    let decades = decades(figures);
    let bottom = top + 24 + ROW * columns.len() as i32;
    area.draw_text(name, &text(16, INK), (18, top))?;
    for decade in 0..=decades {
        let tick = 10u64.pow(decade);
        let x = across(tick, decades);
        area.draw(&PathElement::new([(x, top + 24), (x, bottom)], LINE))?;
        let label = grouped(tick);
        let half = 4 * label.len() as i32;
        area.draw_text(&label, &text(13, MUTED), (x - half, bottom + 5))?;
    }
    for (row, ((name, _), figure)) in columns.iter().zip(figures).enumerate() {
        let y = top + 24 + ROW / 2 + ROW * row as i32;
        area.draw_text(name, &text(14, INK), (18, y - 8))?;
        let Some(figure) = figure else {
            area.draw_text("not measured", &text(14, MUTED), (LEFT + 12, y - 8))?;
            continue;
        };
        let x = across(*figure, decades);
        mark(area, row, (x, y))?;
        // Surface behind the number, so that no grid line runs through it.
        let label = grouped(*figure);
        let end = x + 14 + 8 * label.len() as i32;
        let paper = Rectangle::new([(x + 10, y - 9), (end, y + 9)], SURFACE.filled());
        area.draw(&paper)?;
        area.draw_text(&label, &text(14, INK), (x + 12, y - 8))?;
    }
    Ok(())
}

/// A circle, a square or a triangle.
fn mark(area: &Area<'_>, row: usize, at: (i32, i32)) -> Drawn {
    let style = MARKS[row % MARKS.len()].filled();
    let (x, y) = at;
    match row {
        0 => area.draw(&Circle::new(at, 6, style))?,
        1 => area.draw(&Rectangle::new([(x - 6, y - 6), (x + 6, y + 6)], style))?,
        _ => area.draw(&TriangleMarker::new(at, 8, style))?,
    }
    Ok(())
}
