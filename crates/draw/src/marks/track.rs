//! Tracks: a stretch of time with spans and ticks on it, and a line at the present.

use clock::Instant;
use labs::scene::{Align, At, Span};
use plotters_backend::DrawingBackend;

use crate::axis::time_label;
use crate::pen::{Drawn, Pen};
use crate::shape::Area;
use crate::text;
use crate::view::{View, within};

/// Width of a tick, in CSS pixels.
const TICK: f32 = 2.0;
/// Radius of the knob on the line of the present, in CSS pixels.
pub(crate) const KNOB: f32 = 3.5;
/// Width of the line of the present, in CSS pixels.
pub(crate) const PRESENT: f32 = 1.5;

/// A track as a scene describes it.
pub(crate) struct Track<'a> {
    pub(crate) at: At,
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) from: Instant,
    pub(crate) to: Instant,
    pub(crate) now: Instant,
    pub(crate) spans: &'a [Span],
    pub(crate) labelled: bool,
}

impl Track<'_> {
    /// What it takes up, in CSS pixels, in a figure of this height.
    pub(crate) fn area(&self, view: &View, height: f32) -> Area {
        let (x, y) = view.place(self.at);
        let half = self.height * view.row / 2.0;
        let y = within(y, half, height);
        let x0 = x.clamp(0.0, view.width);
        Area {
            x0,
            y0: y - half,
            x1: (x0 + self.width * view.width).min(view.width),
            y1: y + half,
        }
    }

    /// The spans that lie on it, each with its two ends in CSS pixels; `area` is the track's own.
    pub(crate) fn on(&self, area: Area) -> impl Iterator<Item = (&Span, f32, f32)> {
        let within = |span: &&Span| span.to >= self.from && span.from <= self.to;
        let spans = self.spans.iter().filter(within);
        spans.map(move |span| (span, self.x(span.from, area), self.x(span.to, area)))
    }

    /// Where a time lies between two edges; outside times go to the edges.
    fn x(&self, at: Instant, area: Area) -> f32 {
        let length = self.to.since(self.from).as_secs_f64().max(1e-9);
        let share = (at.as_secs_f64() - self.from.as_secs_f64()) / length;
        area.x0 + area.width() * share.clamp(0.0, 1.0) as f32
    }
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// A stretch of time.
    pub(crate) fn track(&mut self, track: &Track<'_>) -> Drawn<DB> {
        let area = track.area(self.view, self.height);
        let y = area.centre().1;
        let lane = self.palette().raised.solid();
        self.rounded(area, 4.0, lane)?;
        if track.spans.iter().any(|span| span.height != 0.0) {
            let line = self.palette().line.solid();
            self.rect(
                Area {
                    y0: y - 0.5,
                    y1: y + 0.5,
                    ..area
                },
                line,
            )?;
        }
        self.spans(track, area)?;
        if track.now >= track.from && track.now <= track.to {
            self.present(track.x(track.now, area), area)?;
        }
        if track.labelled {
            self.ends(track, area)?;
        }
        Ok(())
    }

    fn spans(&mut self, track: &Track<'_>, area: Area) -> Drawn<DB> {
        // Ticks that fall on the same place look the same: each place is drawn once, so a crowd costs no more than the track is wide.
        let mut drawn = Vec::new();
        let middle = area.centre().1;
        for (span, left, right) in track.on(area) {
            let reach = span.height.clamp(-1.0, 1.0) * area.height() / 2.0;
            let (y0, y1) = if span.height == 0.0 {
                (area.y0, area.y1)
            } else {
                ((middle - reach).min(middle), (middle - reach).max(middle))
            };
            if right - left < TICK {
                let x0 = (left - TICK / 2.0).clamp(area.x0, (area.x1 - TICK).max(area.x0));
                let key = (self.view.snapped(x0), span.state, self.view.snapped(reach));
                if let Err(place) = drawn.binary_search(&key) {
                    drawn.insert(place, key);
                    let ink = self.mark(span.state).solid();
                    self.rect(
                        Area {
                            x0,
                            y0,
                            x1: x0 + TICK,
                            y1,
                        },
                        ink,
                    )?;
                }
                continue;
            }
            let ink = self.mark(span.state).solid();
            // A hair of the lane stays visible between two spans that touch.
            let body = Area {
                x0: left,
                y0,
                x1: right - 0.75,
                y1,
            };
            self.rounded(body, 2.5, ink)?;
            if let Some(subject) = span.subject {
                self.inside(subject, body)?;
            }
        }
        Ok(())
    }

    /// The number of a task in its span, where there is room for it.
    fn inside(&mut self, subject: u32, body: Area) -> Drawn<DB> {
        let (words, pixels) = (subject.to_string(), text::LEAST);
        if text::width(&words, pixels, true) + 4.0 > body.width() || pixels > body.height() {
            return Ok(());
        }
        let colour = self.palette().surface;
        self.words(body.centre(), &words, pixels, true, Align::Centre, colour)
    }

    /// The line of the present with its knob, kept inside the figure.
    pub(crate) fn present(&mut self, x: f32, area: Area) -> Drawn<DB> {
        let ink = self.palette().selected.solid();
        let x = within(x, KNOB, self.view.width);
        let top = (area.y0 - KNOB - 1.0).max(KNOB);
        let line = Area {
            x0: x - PRESENT / 2.0,
            x1: x + PRESENT / 2.0,
            y0: top,
            y1: area.y1,
        };
        self.rect(line, ink)?;
        self.disc((x, top), KNOB, ink)
    }

    /// The times at both ends, below the track.
    fn ends(&mut self, track: &Track<'_>, area: Area) -> Drawn<DB> {
        let length = track.to.since(track.from).as_secs_f64();
        let y = within(area.y1 + 10.0, 7.0, self.height);
        let words = |at: Instant| time_label(at.as_secs_f64(), length);
        self.small((area.x0, y), &words(track.from), Align::Left)?;
        self.small((area.x1, y), &words(track.to), Align::Right)
    }
}
