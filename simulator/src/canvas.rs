//! Canvases: their size in the screen's own pixels, the page's colours, and drawing a run on them.

use core::time::Duration;

use draw::{FINE, Overlay, Palette, View};
use js_sys::Array;
use labs::{AnyRun, Scene};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement};
use yew::NodeRef;

use crate::surface::Surface;
use crate::world::World;

/// Height of a row of a figure, in CSS pixels; the static figures have the same.
pub(crate) const ROW: f32 = 17.0;
/// Height of a chart, in CSS pixels; the static figures have the same.
pub(crate) const CHART: f32 = 128.0;

/// The canvases of a lab.
#[derive(Clone, PartialEq)]
pub(crate) struct Canvases {
    /// The figure.
    pub figure: NodeRef,
    /// The figure of the second run of a comparison.
    pub twin: NodeRef,
    /// The charts, in the lab's order.
    pub charts: Vec<NodeRef>,
}

impl Canvases {
    /// Canvases for so many charts.
    pub(crate) fn new(charts: usize) -> Self {
        Self {
            figure: NodeRef::default(),
            twin: NodeRef::default(),
            charts: (0..charts).map(|_| NodeRef::default()).collect(),
        }
    }

    /// How to draw now: the width the page gives, the screen's sharpness and the page's colours; `None` while there is no room.
    pub(crate) fn view(&self) -> Option<View> {
        let figure = self.figure.cast::<HtmlCanvasElement>()?;
        let width = figure.client_width() as f32;
        (width > 0.0).then(|| View {
            width,
            row: ROW,
            scale: device_pixel_ratio() * FINE,
            palette: palette(&figure),
        })
    }

    /// Width of the charts, in CSS pixels; `None` for a lab without any.
    pub(crate) fn axis(&self) -> Option<f32> {
        let chart = self.charts.first()?.cast::<HtmlCanvasElement>()?;
        Some(chart.client_width() as f32).filter(|&width| width > 0.0)
    }

    /// Draws the figures and the charts, which are `axis` CSS pixels wide.
    pub(crate) fn draw(&self, world: &World, view: &View, axis: f32) {
        let run = world.run();
        figure(&self.figure, &run.frame().scene, view);
        if let Some(twin) = world.twin() {
            figure(&self.twin, &twin.frame().scene, view);
        }
        let view = View {
            width: axis,
            ..*view
        };
        let (now, length): (_, Duration) = (run.now(), run.length());
        let over = Overlay {
            twin: world.twin().map(AnyRun::tape),
            sketches: world.sketches(),
            dashes: None,
        };
        let mut first_line = 0;
        for (chart, node) in run.charts().iter().zip(&self.charts) {
            let dashes = dashes(node);
            let over = Overlay {
                dashes: Some(&dashes),
                ..over
            };
            paint(node, &view, CHART, |backend| {
                let _ = draw::chart_with(
                    backend,
                    chart,
                    first_line,
                    run.tape(),
                    length,
                    now,
                    &view,
                    CHART,
                    &over,
                );
            });
            first_line += chart.lines.len();
        }
    }
}

/// Dashes the lines drawn on a canvas from now on, by the canvas's own means.
fn dashes(node: &NodeRef) -> impl Fn(f64, f64) {
    let context = node.cast().as_ref().and_then(context);
    move |dash, gap| {
        let Some(context) = &context else { return };
        let lengths = match dash > 0.0 {
            true => Array::of2(&dash.into(), &gap.into()),
            false => Array::new(),
        };
        // Only lengths that are no numbers are refused.
        let _ = context.set_line_dash(&lengths);
    }
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let context = canvas.get_context("2d").ok().flatten()?;
    context.dyn_into().ok()
}

fn figure(node: &NodeRef, scene: &Scene, view: &View) {
    let height = draw::scene_height(scene, view) as f32;
    paint(node, view, height, |backend| {
        // A canvas reports no errors that a reader could mend.
        let _ = draw::scene(backend, scene, view);
    });
}

/// Device pixels per CSS pixel.
pub(crate) fn device_pixel_ratio() -> f32 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio() as f32)
}

/// The page's colours at this element.
fn palette(element: &Element) -> Palette {
    let style =
        web_sys::window().and_then(|window| window.get_computed_style(element).ok().flatten());
    Palette::from_lookup(|name| style.as_ref()?.get_property_value(name).ok())
}

/// Gives the canvas the size of the view in device pixels and draws on it in the view's finer units.
fn paint(node: &NodeRef, view: &View, height: f32, draw: impl FnOnce(&mut Surface)) {
    let Some(canvas) = node.cast::<HtmlCanvasElement>() else {
        return;
    };
    let pixels = |length: f32| (length * view.scale / FINE).round() as u32;
    let (wide, high) = (pixels(view.width), pixels(height));
    if canvas.width() != wide || canvas.height() != high {
        canvas.set_width(wide);
        canvas.set_height(high);
    }
    let Some(context) = context(&canvas) else {
        return;
    };
    let unit = f64::from(1.0 / FINE);
    if context
        .set_transform(unit, 0.0, 0.0, unit, 0.0, 0.0)
        .is_err()
    {
        return;
    }
    context.set_line_join("round");
    context.set_line_cap("round");
    if let Some(backend) = CanvasBackend::with_canvas_object(canvas) {
        draw(&mut Surface::Canvas(backend));
    }
}
