//! Slots: the places of a queue, as round-cornered cells, or as a strip when there are too many to tell apart.

use labs::State;
use labs::scene::{Align, At, Size, Slot};
use plotters_backend::DrawingBackend;

use crate::pen::{Drawn, Pen, Type};
use crate::shape::{Area, Xy};
use crate::text::{self, grouped};
use crate::view::{View, within};

/// Broadest cell, in rows.
const CELL_MAX: f32 = 1.15;
/// Cells narrower than this, in CSS pixels, become a strip.
const CELL_MIN: f32 = 7.5;
/// Height of a cell, in rows.
const HEIGHT: f32 = 1.3;

/// Room kept at the figure's right edge for the count of those behind, in CSS pixels.
const BEHIND: f32 = 36.0;

/// Where the places of a queue lie, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// All places together.
    area: Area,
    /// Width of a place.
    cell: f32,
    places: usize,
}

impl Row {
    pub(crate) fn new(view: &View, at: At, width: f32, places: u32, height: f32) -> Self {
        let (x, y) = view.place(at);
        let half = HEIGHT * view.row / 2.0;
        let y = within(y, half, height);
        // A strip's rim lies two pixels outside its places.
        let x = x.clamp(2.0, (view.width - 2.0 * BEHIND).max(2.0));
        let room = (width * view.width).min(view.width - x - BEHIND).max(1.0);
        let cell = (room / places.max(1) as f32).min(CELL_MAX * view.row);
        let area = Area {
            x0: x,
            y0: y - half,
            x1: x + cell * places.max(1) as f32,
            y1: y + half,
        };
        Self {
            area,
            cell,
            places: places as usize,
        }
    }

    /// Whether places are wide enough to be drawn one by one.
    fn apart(&self) -> bool {
        self.cell >= CELL_MIN
    }

    /// The place number `index`, front first.
    pub(crate) fn place(&self, index: usize) -> Area {
        let x0 = self.area.x0 + self.cell * index as f32;
        Area {
            x0,
            x1: x0 + self.cell,
            ..self.area
        }
    }
}

/// Whether a number fits into a place; if not, its bearer is drawn as a shape.
fn has_room(subject: u32, place: Area) -> bool {
    text::width(&subject.to_string(), text::LEAST, true) <= place.width() - 1.0
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// A queue: its places, who is in them, and how many more wait behind.
    pub(crate) fn slots(
        &mut self,
        at: At,
        width: f32,
        places: u32,
        occupants: &[Slot],
        numbered: bool,
    ) -> Drawn<DB> {
        let row = Row::new(self.view, at, width, places, self.height);
        if row.apart() {
            self.places(&row, occupants, numbered)?
        } else {
            self.strip(&row, occupants)?
        }
        let behind = occupants.len().saturating_sub(row.places);
        if behind > 0 {
            let words = format!("+{}", grouped(behind as u64));
            let pixels = text::pixels(Size::Small);
            let at = (row.area.x1 + 5.0, row.area.centre().1);
            let colour = self.palette().muted;
            self.words(at, &words, pixels, true, Align::Left, colour)?;
        }
        Ok(())
    }

    fn places(&mut self, row: &Row, occupants: &[Slot], numbered: bool) -> Drawn<DB> {
        let radius = (row.cell * 0.36).min(self.dot_radius() * 1.15);
        let (line, inside) = (self.palette().line.solid(), self.palette().raised.solid());
        for index in 0..row.places {
            let place = row.place(index);
            let cell = Area {
                x0: place.x0 + 1.0,
                x1: place.x1 - 1.0,
                ..place
            };
            let corner = cell.width() * 0.3;
            self.rounded(cell, corner, line)?;
            self.rounded(cell.grown(-1.0), corner - 1.0, inside)?;
            match occupants.get(index) {
                Some(slot) if numbered && has_room(slot.subject, place) => {
                    self.numbered(slot.subject, slot.state, place)?
                }
                Some(slot) => self.pie(slot.state, place.centre(), radius, slot.left)?,
                None => {}
            }
        }
        Ok(())
    }

    /// The number of whoever is in a place, on a line in the colour of its state.
    fn numbered(&mut self, subject: u32, state: State, place: Area) -> Drawn<DB> {
        let ink = self.mark(state).solid();
        let line = Area {
            x0: place.x0 + 3.0,
            x1: place.x1 - 3.0,
            y0: place.y1 - 4.5,
            y1: place.y1 - 2.0,
        };
        self.rect(line, ink)?;
        let at = (place.centre().0, place.centre().1 - 1.0);
        let (words, colour) = (subject.to_string(), self.palette().ink);
        self.words(at, &words, text::LEAST, true, Align::Centre, colour)
    }

    /// One bar, coloured as far as it is occupied, in runs of the same state.
    fn strip(&mut self, row: &Row, occupants: &[Slot]) -> Drawn<DB> {
        let empty = self.palette().line.solid();
        let corner = row.area.height() * 0.25;
        let around = Area {
            x0: row.area.x0 - 2.0,
            x1: row.area.x1 + 2.0,
            ..row.area
        };
        self.rounded(around, corner, empty)?;
        let seen = &occupants[..occupants.len().min(row.places)];
        let mut start = 0;
        for run in seen.chunk_by(|a, b| a.state == b.state) {
            let (first, last) = (row.place(start), row.place(start + run.len() - 1));
            let area = Area {
                x0: first.x0,
                x1: last.x1,
                y0: first.y0 + 2.0,
                y1: first.y1 - 2.0,
            };
            let ink = self.mark(run[0].state).solid();
            self.rounded(area, corner * 0.6, ink)?;
            start += run.len();
        }
        Ok(())
    }

    /// Small words beside a mark, in secondary ink.
    pub(crate) fn small(&mut self, at: Xy, words: &str, align: Align) -> Drawn<DB> {
        let colour = self.palette().muted;
        self.text(
            at,
            words,
            Type {
                pixels: text::pixels(Size::Small),
                bold: false,
                align,
                colour,
            },
        )
    }
}
