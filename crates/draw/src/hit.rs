//! Which request is under a point, and where a request is.

use labs::Scene;
use labs::scene::Mark;
use plotters_backend::DrawingBackend;

use crate::marks::pipe::{Course, Surroundings};
use crate::marks::slots::Row;
use crate::pen::{Finished, Pen};
use crate::scene::{scene_height, track};
use crate::shape::{Area, Xy};
use crate::view::View;

/// A point this many CSS pixels from a dot's centre still means that dot: a fingertip is broad.
const REACH: f32 = 9.0;

/// The request drawn at (`x`, `y`), in CSS pixels from the figure's top left corner.
///
/// Among several it is the nearest; of two equally near, the one drawn last. In a density it is the nearest one that the column stands for.
#[must_use]
pub fn hit(scene: &Scene, view: &View, x: f32, y: f32) -> Option<u32> {
    let mut best: Option<(f32, u32)> = None;
    each_spot(scene, view, |spot| {
        let distance = spot.distance((x, y));
        if distance <= REACH && best.is_none_or(|(nearest, _)| distance <= nearest) {
            best = Some((distance, spot.subject));
        }
    });
    best.map(|(_, subject)| subject)
}

/// Draws a ring around the request the reader has chosen; nothing when the scene does not show it.
///
/// # Errors
/// What the backend reports.
pub fn highlight<DB: DrawingBackend>(
    backend: &mut DB,
    scene: &Scene,
    view: &View,
    subject: u32,
) -> Finished<DB> {
    let mut found = None;
    each_spot(scene, view, |spot| {
        if spot.subject == subject {
            found = Some(spot.at);
        }
    });
    let Some(at) = found else { return Ok(()) };
    Pen::draw(backend, view, scene_height(scene, view) as f32, |pen| {
        let (radius, ink) = (pen.dot_radius() + 4.0, view.palette.selected.solid());
        pen.ring(at, radius, 2.0, ink)
    })
}

/// A place where a request is drawn.
struct Spot {
    subject: u32,
    at: Xy,
    /// The whole place of a queue it stands in; a dot has none.
    place: Option<Area>,
}

impl Spot {
    /// From the point to the request, in CSS pixels; nothing anywhere in its place.
    fn distance(&self, point: Xy) -> f32 {
        if self.place.is_some_and(|place| place.contains(point)) {
            return 0.0;
        }
        let (dx, dy) = (self.at.0 - point.0, self.at.1 - point.1);
        (dx * dx + dy * dy).sqrt()
    }
}

/// Visits every request in the order of drawing.
fn each_spot(scene: &Scene, view: &View, mut visit: impl FnMut(Spot)) {
    let height = scene_height(scene, view) as f32;
    let around = Surroundings::of(scene, view);
    for mark in &scene.marks {
        match mark {
            Mark::Pipe { from, to, dots } => {
                let course = Course::new(view, *from, *to, &around, height);
                for dot in dots {
                    visit(Spot {
                        subject: dot.subject,
                        at: course.dot(dot),
                        place: None,
                    });
                }
            }
            Mark::Slots {
                at,
                width,
                places,
                occupants,
                ..
            } => {
                let row = Row::new(view, *at, *width, *places, height);
                for (index, slot) in occupants.iter().take(*places as usize).enumerate() {
                    let place = row.place(index);
                    visit(Spot {
                        subject: slot.subject,
                        at: place.centre(),
                        place: Some(place),
                    });
                }
            }
            Mark::Track { .. } => {
                let Some(track) = track(mark) else { continue };
                let area = track.area(view, height);
                for (span, x0, x1) in track.on(area) {
                    let place = Area { x0, x1, ..area };
                    if let Some(subject) = span.subject {
                        visit(Spot {
                            subject,
                            at: place.centre(),
                            place: Some(place),
                        });
                    }
                }
            }
            _ => {}
        }
    }
}
