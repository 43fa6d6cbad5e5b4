//! Static figures as SVG text: the scene, the charts, or both with titles and legends.

use core::fmt::Write as _;

use labs::scene::{Align, Size};
use labs::{AnyRun, Chart, Frame, Line, LineStyle};
use plotters_backend::DrawingBackend;

use crate::chart::chart;
use crate::palette::{Palette, themed_svg};
use crate::pen::{Drawn, Finished, Pen, Type};
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

/// A piece of a whole figure, to be drawn on a backend of its own: the scene, the heading of a chart, or a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Distance of its upper edge from the figure's, in CSS pixels.
    pub top: f32,
    /// Its height, in CSS pixels.
    pub height: f32,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Scene,
    Heading(&'static Chart),
    Chart(&'static Chart, usize),
}

/// A whole figure as it stands: scene above charts with titles and legends.
pub struct Figure<'a> {
    run: &'a dyn AnyRun,
    view: &'a View,
    frame: Frame,
    /// Its pieces, from top to bottom.
    pub parts: Vec<Part>,
    /// Height of all of them, in CSS pixels.
    pub height: f32,
}

impl<'a> Figure<'a> {
    /// Lays out the figure of `run` in the width of `view`.
    #[must_use]
    pub fn of(run: &'a dyn AnyRun, view: &'a View) -> Self {
        let frame = run.frame();
        let mut this = Self {
            run,
            view,
            parts: Vec::new(),
            height: 0.0,
            frame,
        };
        let height = scene_height(&this.frame.scene, view) as f32;
        this.push(What::Scene, height);
        let mut first_line = 0;
        for each in run.charts() {
            this.push(What::Heading(each), heading_height(each, view));
            this.push(What::Chart(each, first_line), CHART);
            first_line += each.lines.len();
        }
        this
    }

    fn push(&mut self, what: What, height: f32) {
        self.parts.push(Part {
            top: self.height,
            height,
            what,
        });
        self.height += height;
    }

    /// Draws a piece from the backend's origin.
    ///
    /// # Errors
    /// What the backend reports.
    pub fn draw<DB: DrawingBackend>(&self, part: &Part, backend: &mut DB) -> Finished<DB> {
        match part.what {
            What::Scene => scene(backend, &self.frame.scene, self.view),
            What::Heading(each) => Pen::draw(backend, self.view, part.height, |pen| {
                draw_heading(pen, each)
            }),
            What::Chart(each, first_line) => {
                let (run, length) = (self.run, self.run.length());
                let (tape, now) = (run.tape(), run.now());
                chart(
                    backend,
                    each,
                    first_line,
                    tape,
                    length,
                    now,
                    self.view,
                    part.height,
                )
            }
        }
    }

    /// The figure as a file of its own; `elements` gives those of a piece, as [`Svg::into_elements`] does.
    #[must_use]
    pub fn svg(&self, mut elements: impl FnMut(&Part) -> String) -> String {
        let mut all = String::new();
        for part in &self.parts {
            let more = elements(part);
            if part.top > 0.0 {
                push_moved(&mut all, part.top, &more);
            } else {
                all.push_str(&more);
            }
        }
        let title = self.run.about().title;
        wrapped(self.view, self.height, title, &self.frame.summary, &all)
    }
}

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
    let figure = Figure::of(run, &view);
    figure.svg(|part| {
        let mut svg = Svg::new(view.width, part.height, SVG_SCALE);
        figure
            .draw(part, &mut svg)
            .expect("writing to memory cannot fail");
        svg.into_elements()
    })
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
fn drawn(view: &View, height: f32, draw: impl FnOnce(&mut Svg) -> Finished<Svg>) -> String {
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
    let duration = run.length();
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
    .expect("writing to memory cannot fail");
    svg.into_elements()
}

/// Appends elements moved down by `y` CSS pixels.
fn push_moved(elements: &mut String, y: f32, more: &str) {
    // As f64, so that text of f32, which nothing else needs, stays out of the page's module. Writing to a String cannot fail.
    let y = f64::from(y);
    let _ = write!(elements, "<g transform=\"translate(0 {y})\">\n{more}</g>\n");
}

/// A complete SVG element around the drawn ones.
fn wrapped(view: &View, height: f32, title: &str, summary: &str, elements: &str) -> String {
    let (width, height) = (f64::from(view.width), f64::from(height));
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
fn draw_heading<DB: DrawingBackend>(pen: &mut Pen<'_, DB>, chart: &Chart) -> Drawn<DB> {
    let (view, height) = (pen.view, pen.height);
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
        sample(pen, line, x, y)?;
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
fn sample<DB: DrawingBackend>(pen: &mut Pen<'_, DB>, line: &Line, x: f32, y: f32) -> Drawn<DB> {
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
