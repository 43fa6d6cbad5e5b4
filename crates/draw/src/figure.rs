//! Static figures as SVG text: the scene, the charts, or both with titles and legends.

use core::convert::Infallible;
use core::fmt::Write as _;

use labs::scene::{Align, Size};
use labs::{AnyRun, Chart, Line, LineStyle};

use crate::chart::chart;
use crate::palette::{Palette, themed_svg};
use crate::pen::{Drawn, Pen, Type};
use crate::scene::{scene, scene_height};
use crate::shape::Area;
use crate::svg::{SVG_SCALE, Svg, escaped};
use crate::text::{self, FONT};
use crate::view::View;

/// Height of a row in static figures, in CSS pixels.
const ROW: f32 = 17.0;
/// Height of a chart in static figures, in CSS pixels.
const CHART: f32 = 128.0;
/// Height of a line of a chart's heading, in CSS pixels.
const HEADING: f32 = 20.0;

/// The whole figure as it stands, scene above charts with titles and legends, coloured by the page's CSS variables.
///
/// It can stand in a page as it is: no blank lines, no ids, and its text alternative is the frame's summary.
#[must_use]
pub fn figure_svg(run: &dyn AnyRun, width: f32) -> String {
    themed_svg(figure_with(run, width, &Palette::sentinel()))
}

/// The same as [`figure_svg`] in colours of its own, for places without the page's style sheet.
#[must_use]
pub fn figure_with(run: &dyn AnyRun, width: f32, palette: &Palette) -> String {
    let view = view(width, palette);
    let frame = run.frame();
    let mut height = scene_height(&frame.scene, &view) as f32;
    let mut elements = drawn(&view, height, |svg| scene(svg, &frame.scene, &view));
    let mut first_line = 0;
    for each in run.charts() {
        let heading = heading_height(each, &view);
        let title = drawn(&view, heading, |svg| {
            draw_heading(svg, each, &view, heading)
        });
        push_moved(&mut elements, height, &title);
        height += heading;
        push_moved(
            &mut elements,
            height,
            &chart_elements(run, each, first_line, &view, CHART),
        );
        height += CHART;
        first_line += each.lines.len();
    }
    wrapped(&view, height, run.about().title, &frame.summary, &elements)
}

/// The scene alone as it stands, coloured by the page's CSS variables, with the frame's summary as its text alternative.
#[must_use]
pub fn scene_svg(run: &dyn AnyRun, width: f32) -> String {
    let view = view(width, &Palette::sentinel());
    let frame = run.frame();
    let height = scene_height(&frame.scene, &view) as f32;
    let elements = drawn(&view, height, |svg| scene(svg, &frame.scene, &view));
    themed_svg(wrapped(
        &view,
        height,
        run.about().title,
        &frame.summary,
        &elements,
    ))
}

/// Chart number `index` alone (without its title and legend), `height` CSS pixels high; `None` when there is none of that number.
#[must_use]
pub fn chart_svg(run: &dyn AnyRun, index: usize, width: f32, height: f32) -> Option<String> {
    let view = view(width, &Palette::sentinel());
    let each = run.charts().get(index)?;
    let first_line = run.charts()[..index]
        .iter()
        .map(|chart| chart.lines.len())
        .sum();
    let elements = chart_elements(run, each, first_line, &view, height);
    let names: Vec<_> = each.lines.iter().map(|line| line.label).collect();
    let summary = format!("Up to {}: {}.", run.now(), names.join(", "));
    Some(themed_svg(wrapped(
        &view, height, each.title, &summary, &elements,
    )))
}

fn view(width: f32, palette: &Palette) -> View {
    View {
        width,
        row: ROW,
        scale: SVG_SCALE,
        palette: *palette,
    }
}

/// What `draw` draws, as elements.
fn drawn(view: &View, height: f32, draw: impl FnOnce(&mut Svg) -> Drawn<Svg>) -> String {
    let mut svg = Svg::new(view.width, height, SVG_SCALE);
    draw(&mut svg).expect("writing to memory cannot fail");
    svg.into_elements()
}

fn chart_elements(
    run: &dyn AnyRun,
    each: &Chart,
    first_line: usize,
    view: &View,
    height: f32,
) -> String {
    let mut svg = Svg::new(view.width, height, SVG_SCALE);
    let duration = run.about().duration;
    chart(
        &mut svg,
        each,
        first_line,
        run.tape(),
        duration,
        run.now(),
        view,
        height,
    )
    .expect("writing to memory cannot fail, and the layout has room for its labels");
    svg.into_elements()
}

/// Appends elements moved down by `y` CSS pixels.
fn push_moved(elements: &mut String, y: f32, more: &str) {
    // Writing to a String cannot fail.
    let _ = write!(elements, "<g transform=\"translate(0 {y})\">\n{more}</g>\n");
}

/// A complete SVG element around the drawn ones.
fn wrapped(view: &View, height: f32, title: &str, summary: &str, elements: &str) -> String {
    let width = view.width;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"hd-figure\" role=\"img\" \
         viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"{}\">\n\
         <title>{}</title>\n<desc>{}</desc>\n{elements}</svg>",
        escaped(FONT),
        escaped(title),
        escaped(summary),
    )
}

/// Where each name of a legend begins, in CSS pixels from the left, and on which line below the title.
fn legend(chart: &Chart, view: &View) -> Vec<(f32, usize)> {
    let (mut x, mut line) = (0.0, 0);
    let mut places = Vec::new();
    for each in chart.lines {
        let width = 22.0 + text::width(each.label, text::pixels(Size::Small), false) + 16.0;
        if x > 0.0 && x + width > view.width {
            (x, line) = (0.0, line + 1);
        }
        places.push((x, line));
        x += width;
    }
    places
}

fn heading_height(chart: &Chart, view: &View) -> f32 {
    let lines = legend(chart, view).last().map_or(0, |(_, line)| line + 1);
    HEADING * (lines + 1) as f32 + 8.0
}

/// The title of a chart and below it the legend.
fn draw_heading<DB>(backend: &mut DB, chart: &Chart, view: &View, height: f32) -> Drawn<DB>
where
    DB: plotters_backend::DrawingBackend<ErrorType = Infallible>,
{
    let mut pen = Pen::new(backend, view, height);
    let (page, ink) = (view.palette.surface.solid(), view.palette.ink);
    pen.rect(
        Area {
            x0: 0.0,
            y0: 0.0,
            x1: view.width,
            y1: height,
        },
        page,
    )?;
    let middle = 8.0 + HEADING / 2.0;
    let title = if chart.unit.is_empty() {
        chart.title.to_owned()
    } else {
        format!("{} ({})", chart.title, chart.unit)
    };
    pen.words((0.0, middle), &title, 13.0, true, Align::Left, ink)?;
    for (line, (x, below)) in chart.lines.iter().zip(legend(chart, view)) {
        let y = middle + HEADING * (below + 1) as f32;
        sample(&mut pen, line, x, y)?;
        let colour = view.palette.word(line.state);
        let look = Type {
            pixels: text::pixels(Size::Small),
            bold: false,
            align: Align::Left,
            colour,
        };
        pen.text((x + 22.0, y), line.label, look)?;
    }
    Ok(())
}

/// A piece of the line as the chart draws it.
fn sample<DB: plotters_backend::DrawingBackend>(
    pen: &mut Pen<'_, DB>,
    line: &Line,
    x: f32,
    y: f32,
) -> Drawn<DB> {
    let colour = pen.mark(line.state);
    let area = |from: f32, to: f32, thick: f32| Area {
        x0: x + from,
        y0: y - thick / 2.0,
        x1: x + to,
        y1: y + thick / 2.0,
    };
    match line.style {
        LineStyle::Line | LineStyle::Step => pen.rect(area(0.0, 16.0, 2.0), colour.solid()),
        LineStyle::Area => {
            pen.rect(area(0.0, 16.0, 9.0), colour.faded(0.2))?;
            pen.rect(
                Area {
                    y1: y - 3.0,
                    ..area(0.0, 16.0, 9.0)
                },
                colour.solid(),
            )
        }
        LineStyle::Broad => pen.rect(area(0.0, 16.0, 5.0), colour.faded(0.22)),
        LineStyle::Reference => {
            pen.rect(area(0.0, 6.0, 2.0), colour.solid())?;
            pen.rect(area(10.0, 16.0, 2.0), colour.solid())
        }
    }
}
