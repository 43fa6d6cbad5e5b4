//! The figure and its charts as a file: SVG in the page's colours, or a canvas to make a picture of.

use draw::{FINE, Figure, Svg, View};
use labs::AnyRun;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::surface::Surface;

/// Pixels of a picture for each CSS pixel: sharp in a document and on any screen.
const SHARPNESS: f32 = 2.0;

/// The whole figure as an SVG file of its own.
pub(crate) fn svg(run: &dyn AnyRun, view: &View) -> String {
    let view = View {
        scale: FINE,
        ..*view
    };
    let figure = Figure::of(run, &view);
    figure.svg(|part| {
        let mut surface = Surface::Svg(Svg::new(view.width, part.height, view.scale));
        // Writing to memory cannot fail.
        let _ = figure.draw(part, &mut surface);
        match surface {
            Surface::Svg(svg) => svg.into_elements(),
            Surface::Canvas(_) => String::new(),
        }
    })
}

/// Gives the canvas the size of the whole figure, twice as sharp as CSS pixels, and draws it.
pub(crate) fn paint(canvas: &HtmlCanvasElement, run: &dyn AnyRun, view: &View) -> Option<()> {
    let view = View {
        scale: SHARPNESS * FINE,
        ..*view
    };
    let figure = Figure::of(run, &view);
    canvas.set_width((view.width * SHARPNESS) as u32);
    canvas.set_height((figure.height * SHARPNESS) as u32);
    let context = canvas.get_context("2d").ok()??;
    let context: CanvasRenderingContext2d = context.dyn_into().ok()?;
    context.set_line_join("round");
    context.set_line_cap("round");
    let unit = f64::from(1.0 / FINE);
    for part in &figure.parts {
        let top = f64::from(part.top * SHARPNESS);
        context.set_transform(unit, 0.0, 0.0, unit, 0.0, top).ok()?;
        let mut surface = Surface::Canvas(CanvasBackend::with_canvas_object(canvas.clone())?);
        // As above.
        let _ = figure.draw(part, &mut surface);
    }
    Some(())
}
