//! Cells: a grid with a cell for every task, drawn in runs of equal state; a hundred thousand share cells and stay cheap.

use labs::State;
use labs::scene::At;
use plotters_backend::DrawingBackend;

use crate::palette::STATES;
use crate::pen::{Drawn, Pen};
use crate::shape::Area;

/// Widest cell, in CSS pixels.
const CELL_MAX: f32 = 14.0;
/// Cells at least this wide, in CSS pixels, are kept apart by a line.
const APART: f32 = 3.0;

/// Cells narrower than this, in CSS pixels, would shimmer: several tasks then share one.
const CELL_MIN: f32 = 2.0;

/// How much of their colour those that are over keep.
const OVER: f32 = 0.45;

/// A grid: how many cells a row, how many rows, and the side of a cell in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Grid {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    pub(crate) side: f32,
}

impl Grid {
    /// The grid with the largest square cells for `count` of them in this room.
    pub(crate) fn fitting(count: usize, width: f32, height: f32) -> Self {
        let count = count.max(1);
        let mut columns = (count as f32 * width / height).sqrt().ceil().max(1.0) as usize;
        while count.div_ceil(columns) as f32 * (width / columns as f32) > height + 0.01 {
            columns += 1;
        }
        let side = (width / columns as f32).min(CELL_MAX);
        let columns = ((width / side + 0.001) as usize).max(1).min(count);
        Self {
            columns,
            rows: count.div_ceil(columns),
            side,
        }
    }
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// A grid of cells, filled row by row; those of its places that have no state yet stay empty.
    pub(crate) fn cells(
        &mut self,
        at: At,
        (width, height): (f32, f32),
        states: &[State],
        places: u32,
    ) -> Drawn<DB> {
        let count = states.len().max(places as usize);
        if count == 0 {
            return Ok(());
        }
        let (x, y) = self.view.place(at);
        let (x, y) = (x.clamp(0.0, self.view.width), y.clamp(0.0, self.height));
        let room = (width * self.view.width).min(self.view.width - x).max(1.0);
        let deep = (height * self.view.row).min(self.height - y).max(1.0);
        let most = ((room / CELL_MIN) as usize * (deep / CELL_MIN) as usize).max(1);
        let share = count.div_ceil(most);
        let shared;
        let states = if share > 1 {
            shared = majorities(states, share);
            &shared
        } else {
            states
        };
        let grid = Grid::fitting(count.div_ceil(share), room, deep);
        if places > 0 {
            self.empty((x, y), grid, count.div_ceil(share))?;
        }
        for (line, row) in states.chunks(grid.columns).enumerate() {
            let y0 = y + grid.side * line as f32;
            let mut start = 0;
            for run in row.chunk_by(|a, b| a == b) {
                let end = start + run.len();
                let x0 = x + grid.side * start as f32;
                let area = Area {
                    x0,
                    y0,
                    x1: x + grid.side * end as f32,
                    y1: y0 + grid.side,
                };
                // Those that are over step back, so that the eye finds the others.
                let alpha = if run[0] == State::Muted { OVER } else { 1.0 };
                let ink = self.mark(run[0]).faded(alpha);
                self.rect(area, ink)?;
                start = end;
            }
        }
        if grid.side >= APART {
            self.gaps((x, y), grid)
        } else {
            Ok(())
        }
    }

    /// The ground of a grid of so many places.
    fn empty(&mut self, (x, y): (f32, f32), grid: Grid, count: usize) -> Drawn<DB> {
        let ground = self.palette().raised.solid();
        let full = count / grid.columns;
        for (columns, from, rows) in [(grid.columns, 0, full), (count % grid.columns, full, 1)] {
            let y0 = y + grid.side * from as f32;
            let area = Area {
                x0: x,
                y0,
                x1: x + grid.side * columns as f32,
                y1: y0 + grid.side * rows as f32,
            };
            if columns * rows > 0 {
                self.rect(area, ground)?;
            }
        }
        Ok(())
    }

    /// Lines in the colour of the page between rows and columns: cells without drawing each.
    fn gaps(&mut self, (x, y): (f32, f32), grid: Grid) -> Drawn<DB> {
        let gap = if grid.side >= 8.0 { 2.0 } else { 1.0 };
        let page = self.palette().surface.solid();
        let (right, bottom) = (
            x + grid.side * grid.columns as f32,
            y + grid.side * grid.rows as f32,
        );
        for column in 1..=grid.columns {
            let x1 = x + grid.side * column as f32;
            self.rect(
                Area {
                    x0: x1 - gap,
                    y0: y,
                    x1,
                    y1: bottom,
                },
                page,
            )?;
        }
        for row in 1..=grid.rows {
            let y1 = y + grid.side * row as f32;
            self.rect(
                Area {
                    x0: x,
                    y0: y1 - gap,
                    x1: right,
                    y1,
                },
                page,
            )?;
        }
        Ok(())
    }
}

/// The commonest state of every `share` neighbours; of two equally common ones the first.
fn majorities(states: &[State], share: usize) -> Vec<State> {
    let commonest = |group: &[State]| {
        let mut counts = [0_u32; STATES.len()];
        for &state in group {
            counts[state as usize] += 1;
        }
        let most = counts.iter().copied().max().unwrap_or(0);
        let found = STATES
            .into_iter()
            .find(|&state| counts[state as usize] == most);
        found.unwrap_or_default()
    };
    states.chunks(share).map(commonest).collect()
}
