//! Tanks: a vessel with a level, marks on its side and the number in large letters.

use labs::State;
use labs::scene::{Align, At, Size};
use plotters_backend::DrawingBackend;

use crate::axis::{multiples, round_step};
use crate::pen::{Drawn, Pen, Type};
use crate::shape::{Area, Xy, between, cut, rounded};
use crate::text::{self, grouped};
use crate::view::View;

/// Width of the outline, in CSS pixels.
const OUTLINE: f32 = 1.75;
/// Thickness of the line at the level, in CSS pixels.
const LEVEL: f32 = 2.5;
/// Distance between two stripes of a debt, in CSS pixels.
const STRIPES: f32 = 7.0;

/// A tank as a scene describes it.
pub(crate) struct Tank {
    pub(crate) at: At,
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) level: f64,
    pub(crate) capacity: f64,
    pub(crate) unit: &'static str,
    pub(crate) state: State,
}

impl Tank {
    /// What it takes up, in CSS pixels, in a figure of this height.
    pub(crate) fn area(&self, view: &View, height: f32) -> Area {
        let half = (self.width * view.row / 2.0, self.height * view.row / 2.0);
        Area::around(view.inside(self.at, half, height), half)
    }
}

/// The inside of a tank and the values at its bottom and top.
struct Scale {
    area: Area,
    shape: Vec<Xy>,
    bottom: f64,
    top: f64,
}

impl Scale {
    /// The height at which a value stands, in CSS pixels.
    fn y(&self, value: f64) -> f32 {
        let share = ((value - self.bottom) / (self.top - self.bottom)).clamp(0.0, 1.0);
        self.area.y1 - self.area.height() * share as f32
    }
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// A tank with its level; a debt shows as stripes below the line of zero, which rises as the debt grows.
    pub(crate) fn tank(&mut self, tank: &Tank) -> Drawn<DB> {
        let area = tank.area(self.view, self.height);
        let (centre, half) = (area.centre(), (area.width() / 2.0, area.height() / 2.0));
        let corner = (half.0.min(half.1) * 0.34).min(16.0);
        let inner = area.grown(-OUTLINE / 2.0);
        let capacity = tank.capacity.max(1e-9);
        let scale = Scale {
            area: inner,
            shape: rounded(inner, corner - OUTLINE / 2.0),
            bottom: tank.level.min(0.0),
            top: capacity,
        };
        let surface = self.palette().surface.solid();
        self.polygon(&scale.shape, surface)?;
        self.content(&scale, tank)?;
        self.ticks(&scale)?;
        let outline = self.palette().ink.solid();
        self.rounded_outline(area, corner, OUTLINE, outline)?;
        self.number(centre, half, tank)
    }

    fn content(&mut self, scale: &Scale, tank: &Tank) -> Drawn<DB> {
        if tank.level < 0.0 {
            return self.debt(scale);
        }
        let colour = self.mark(tank.state);
        let level = scale.y(tank.level);
        if tank.level > 0.0 {
            let filled = between(&scale.shape, level, scale.area.y1);
            self.polygon(&filled, colour.faded(0.26))?;
            let line = between(&scale.shape, level, (level + LEVEL).min(scale.area.y1));
            self.polygon(&line, colour.solid())?;
        }
        Ok(())
    }

    /// Slanting stripes from the line of zero down to the bottom: what has been promised but is not there yet.
    fn debt(&mut self, scale: &Scale) -> Drawn<DB> {
        let zero = scale.y(0.0);
        let owed = between(&scale.shape, zero, scale.area.y1);
        if owed.len() < 3 {
            return Ok(());
        }
        let colour = self.mark(State::Waiting);
        self.polygon(&owed, colour.faded(0.12))?;
        let count = ((scale.area.width() + scale.area.height()) / STRIPES) as i32 + 1;
        for index in 0..count {
            let near = scale.area.x0 + scale.area.y0 + index as f32 * STRIPES;
            let stripe = cut(&cut(&owed, |(x, y)| x + y - near), |(x, y)| {
                near + 2.0 - x - y
            });
            self.polygon(&stripe, colour.faded(0.4))?;
        }
        let line = between(&scale.shape, zero, zero + 1.5);
        let ink = self.palette().ink.solid();
        self.polygon(&line, ink)
    }

    /// Short marks on the right wall; the longer ones at the round numbers.
    fn ticks(&mut self, scale: &Scale) -> Drawn<DB> {
        let step = round_step(scale.top - scale.bottom, 5.0);
        let ink = self.palette().muted.solid();
        for value in multiples(step, scale.bottom, scale.top) {
            let y = scale.y(value);
            if y > scale.area.y0 + 4.0 && y < scale.area.y1 - 4.0 {
                let x1 = scale.area.x1 - OUTLINE / 2.0;
                self.rect(
                    Area {
                        x0: x1 - 6.0,
                        y0: y - 0.5,
                        x1,
                        y1: y + 0.5,
                    },
                    ink,
                )?;
            }
        }
        Ok(())
    }

    /// The number and, smaller, its unit.
    fn number(&mut self, (x, y): Xy, half: (f32, f32), tank: &Tank) -> Drawn<DB> {
        let words = level_words(tank.level, tank.capacity);
        let room = half.0 * 2.0 - 18.0;
        let wanted = text::pixels(Size::Big).min(half.1);
        let width = text::width(&words, wanted, true);
        let pixels = if width > room {
            (wanted * room / width).max(text::LEAST)
        } else {
            wanted
        };
        let ink = self.palette().ink;
        let small = text::pixels(Size::Small);
        let with_unit = !tank.unit.is_empty() && half.1 > pixels * 0.5 + small;
        let rise = if with_unit { small * 0.6 } else { 0.0 };
        let look = |pixels, bold, colour| Type {
            pixels,
            bold,
            align: Align::Centre,
            colour,
        };
        if tank.level < 0.0 {
            // The line of zero and the stripes of the debt run behind the number, and must not run through it.
            let (wide, tall) = (text::width(&words, pixels, true) / 2.0 + 4.0, pixels * 0.5);
            let plate = Area {
                x0: x - wide,
                y0: y - rise - tall,
                x1: x + wide,
                y1: y - rise + tall,
            };
            let surface = self.palette().surface.faded(0.85);
            self.rect(plate, surface)?;
        }
        self.text((x, y - rise), &words, look(pixels, true, ink))?;
        if with_unit {
            let below = y - rise + pixels * 0.5 + small * 0.75;
            self.text((x, below), tank.unit, look(small, false, ink))?;
        }
        Ok(())
    }
}

/// The level as a reader wants it: a decimal while the tank is small enough for it to matter; a true minus sign for a debt.
fn level_words(level: f64, capacity: f64) -> String {
    let sign = if level < 0.0 { "\u{2212}" } else { "" };
    if capacity >= 1000.0 {
        return format!("{sign}{}", grouped(level.abs().floor() as u64));
    }
    let words = format!("{:.1}", level.abs());
    if words == "0.0" {
        words
    } else {
        format!("{sign}{words}")
    }
}
