//! A whole scene: its marks, one after the other.

use labs::Scene;
use labs::scene::Mark;
use plotters_backend::DrawingBackend;

use crate::marks::flow::Flow;
use crate::marks::node::Node;
use crate::marks::pipe::{Course, Surroundings};
use crate::marks::tank::Tank;
use crate::marks::track::Track;
use crate::marks::words::tray_digits;
use crate::pen::{Drawn, Finished, Pen};
use crate::shape::Area;
use crate::view::View;

/// Height of a scene, in CSS pixels.
#[must_use]
pub fn scene_height(scene: &Scene, view: &View) -> u32 {
    (scene.rows * view.row).ceil().max(1.0) as u32
}

/// Draws a scene, its background included, from the backend's origin; it takes [`View::width`] by [`scene_height`] CSS pixels.
///
/// # Errors
/// What the backend reports.
pub fn scene<DB: DrawingBackend>(backend: &mut DB, scene: &Scene, view: &View) -> Finished<DB> {
    let height = scene_height(scene, view) as f32;
    Pen::draw(backend, view, height, |pen| draw_scene(pen, scene))
}

fn draw_scene<DB: DrawingBackend>(pen: &mut Pen<'_, DB>, scene: &Scene) -> Drawn<DB> {
    let (view, height) = (pen.view, pen.height);
    let page = view.palette.surface.solid();
    pen.rect(
        Area {
            x0: 0.0,
            y0: 0.0,
            x1: view.width,
            y1: height,
        },
        page,
    )?;
    // Trays below each other share a column, so that their labels line up.
    let digits = scene.marks.iter().filter_map(|mark| match mark {
        Mark::Tray { count, .. } => Some(tray_digits(*count)),
        _ => None,
    });
    let digits = digits.max().unwrap_or(0);
    let around = Surroundings::of(scene, view);
    let pipes = |a: &Mark, b: &Mark| is_pipe(a) && is_pipe(b);
    for marks in scene.marks.chunk_by(pipes) {
        if is_pipe(&marks[0]) {
            draw_pipes(pen, marks, &around)?;
        } else {
            marks
                .iter()
                .try_for_each(|mark| draw_mark(pen, mark, digits))?;
        }
    }
    Ok(())
}

fn is_pipe(mark: &Mark) -> bool {
    matches!(mark, Mark::Pipe { .. })
}

/// Draws neighbouring pipes, first the walls and then what travels in them: where two pipes meet, neither covers the other's dots.
fn draw_pipes<DB: DrawingBackend>(
    pen: &mut Pen<'_, DB>,
    marks: &[Mark],
    around: &Surroundings,
) -> Drawn<DB> {
    let mut flows = Vec::new();
    for mark in marks {
        if let Mark::Pipe { from, to, dots } = mark {
            let course = Course::new(pen.view, *from, *to, around, pen.height);
            flows.push((course, Flow::new(&course, dots)));
        }
    }
    flows
        .iter()
        .try_for_each(|(course, flow)| pen.wall(course, flow))?;
    flows
        .iter()
        .try_for_each(|(course, flow)| pen.flow(course, flow))
}

/// The areas of all nodes and tanks, in CSS pixels.
pub(crate) fn shapes(scene: &Scene, view: &View) -> Vec<Area> {
    let height = scene_height(scene, view) as f32;
    let area = |mark: &Mark| {
        node(mark)
            .map(|node| node.area(view, height))
            .or_else(|| Some(tank(mark)?.area(view, height)))
    };
    scene.marks.iter().filter_map(area).collect()
}

fn node(mark: &Mark) -> Option<Node<'_>> {
    let Mark::Node {
        at,
        kind,
        radius,
        label,
        caption,
        state,
    } = mark
    else {
        return None;
    };
    Some(Node {
        at: *at,
        kind: *kind,
        radius: *radius,
        label,
        caption,
        state: *state,
    })
}

fn tank(mark: &Mark) -> Option<Tank> {
    let &Mark::Tank {
        at,
        width,
        height,
        level,
        capacity,
        unit,
        state,
    } = mark
    else {
        return None;
    };
    Some(Tank {
        at,
        width,
        height,
        level,
        capacity,
        unit,
        state,
    })
}

pub(crate) fn track(mark: &Mark) -> Option<Track<'_>> {
    let &Mark::Track {
        at,
        width,
        height,
        from,
        to,
        now,
        ref spans,
        labelled,
    } = mark
    else {
        return None;
    };
    Some(Track {
        at,
        width,
        height,
        from,
        to,
        now,
        spans,
        labelled,
    })
}

/// Draws a mark other than a pipe; `digits` is what every tray's count has room for.
fn draw_mark<DB: DrawingBackend>(pen: &mut Pen<'_, DB>, mark: &Mark, digits: usize) -> Drawn<DB> {
    match mark {
        Mark::Node { .. } => node(mark).map_or(Ok(()), |node| pen.node(&node)),
        Mark::Pipe { .. } => Ok(()),
        Mark::Tank { .. } => tank(mark).map_or(Ok(()), |tank| pen.tank(&tank)),
        Mark::Slots {
            at,
            width,
            places,
            occupants,
            numbered,
        } => pen.slots(*at, *width, *places, occupants, *numbered),
        Mark::Track { .. } => track(mark).map_or(Ok(()), |track| pen.track(&track)),
        Mark::Ring {
            at,
            radius,
            wedges,
            now,
        } => pen.dial(*at, *radius, wedges, *now),
        Mark::Bar {
            at,
            width,
            share,
            state,
        } => pen.bar(*at, *width, *share, *state),
        Mark::Cells {
            at,
            width,
            height,
            states,
            places,
        } => pen.cells(*at, (*width, *height), states, *places),
        Mark::Bow { from, to, state } => pen.bow(*from, *to, *state),
        Mark::Tray {
            at,
            count,
            label,
            state,
        } => pen.tray(*at, *count, label, *state, digits),
        Mark::Text {
            at,
            text,
            size,
            align,
            state,
        } => pen.text_mark(*at, text, *size, *align, *state),
    }
}
