//! A pen: draws in CSS pixels on a backend that takes whole units, with crisp edges where edges are straight.

use core::marker::PhantomData;

use labs::State;
use labs::scene::Align;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, FontStyle, IntoFont, RGBColor, TextStyle};
use plotters_backend::{BackendColor, BackendStyle, DrawingBackend, DrawingErrorKind};

use crate::palette::{Palette, Rgb};
use crate::shape::{Area, Xy, rounded};
use crate::text::FONT;
use crate::view::View;

/// What a drawing returns: nothing, or the backend's error.
pub(crate) type Finished<DB> = Result<(), DrawingErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// What every step of a drawing returns: nothing, or that the backend refused and the pen knows why.
///
/// Some hundred places hand this on. As it holds nothing, the compiler sees where no backend can refuse and leaves all of them out.
pub(crate) type Drawn<DB> = Result<(), Refused<DB>>;

/// The backend has refused to draw; its error is with the pen.
pub(crate) struct Refused<DB>(PhantomData<DB>);

/// A colour and how much of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ink {
    pub(crate) rgb: Rgb,
    /// 0 (nothing) to 1 (opaque).
    pub(crate) alpha: f32,
}

impl Rgb {
    /// The colour at full strength.
    pub(crate) fn solid(self) -> Ink {
        Ink {
            rgb: self,
            alpha: 1.0,
        }
    }

    /// The colour, see-through.
    pub(crate) fn faded(self, alpha: f32) -> Ink {
        Ink { rgb: self, alpha }
    }
}

/// Colour and width of a stroke as plotters wants them.
pub(crate) struct Stroke {
    ink: Ink,
    units: u32,
}

impl BackendStyle for Stroke {
    fn color(&self) -> BackendColor {
        // Two decimals: the cast from f32 would write 0.30000001192092896 into an SVG.
        let alpha = f64::from((self.ink.alpha.clamp(0.0, 1.0) * 100.0).round()) / 100.0;
        BackendColor {
            alpha,
            rgb: (self.ink.rgb.0, self.ink.rgb.1, self.ink.rgb.2),
        }
    }

    fn stroke_width(&self) -> u32 {
        self.units
    }
}

/// How words look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    /// Height of the letters, in CSS pixels.
    pub(crate) pixels: f32,
    /// Heavy letters.
    pub(crate) bold: bool,
    /// Which side of the place they stand on.
    pub(crate) align: Align,
    /// Their colour.
    pub(crate) colour: Rgb,
}

/// Draws on a backend in CSS pixels.
pub(crate) struct Pen<'a, DB: DrawingBackend> {
    db: &'a mut DB,
    /// What the backend has refused with.
    error: Option<DrawingErrorKind<DB::ErrorType>>,
    /// Sizes and colours.
    pub(crate) view: &'a View,
    /// Height of the figure, in CSS pixels.
    pub(crate) height: f32,
}

impl<'a, DB: DrawingBackend> Pen<'a, DB> {
    /// Draws on a backend by `steps`.
    pub(crate) fn draw(
        db: &'a mut DB,
        view: &'a View,
        height: f32,
        steps: impl FnOnce(&mut Self) -> Drawn<DB>,
    ) -> Finished<DB> {
        let mut pen = Self {
            db,
            error: None,
            view,
            height,
        };
        // A refusal has left its error.
        let _ = steps(&mut pen);
        pen.error.map_or(Ok(()), Err)
    }

    /// Hands one call on to the backend.
    pub(crate) fn call(&mut self, call: impl FnOnce(&mut DB) -> Finished<DB>) -> Drawn<DB> {
        call(self.db).map_err(|error| {
            self.error = Some(error);
            Refused(PhantomData)
        })
    }

    /// The colours.
    pub(crate) fn palette(&self) -> &'a Palette {
        &self.view.palette
    }

    /// The colour of a mark.
    pub(crate) fn mark(&self, state: State) -> Rgb {
        self.palette().mark(state)
    }

    pub(crate) fn stroke(&self, ink: Ink, width: f32) -> Stroke {
        Stroke {
            ink,
            units: self.view.units(width).max(1) as u32,
        }
    }

    fn at(&self, (x, y): Xy) -> (i32, i32) {
        (self.view.units(x), self.view.units(y))
    }

    /// A filled rectangle with crisp edges, at least one device pixel wide and high, inside the figure.
    pub(crate) fn rect(&mut self, area: Area, ink: Ink) -> Drawn<DB> {
        let least = self.view.grid() as i32;
        let side = |from: f32, to: f32, end: f32| {
            let end = self.view.units(end);
            let from = self.view.snapped(from).clamp(0, (end - least).max(0));
            (
                from,
                self.view
                    .snapped(to)
                    .clamp(from + least, end.max(from + least)),
            )
        };
        let (x0, x1) = side(area.x0, area.x1, self.view.width);
        let (y0, y1) = side(area.y0, area.y1, self.height);
        let stroke = self.stroke(ink, 1.0);
        self.call(|db| db.draw_rect((x0, y0), (x1, y1), &stroke, true))
    }

    /// A filled polygon.
    pub(crate) fn polygon(&mut self, points: &[Xy], ink: Ink) -> Drawn<DB> {
        if points.len() < 3 {
            return Ok(());
        }
        let units: Vec<_> = points.iter().map(|&point| self.at(point)).collect();
        let stroke = self.stroke(ink, 1.0);
        self.call(|db| db.fill_polygon(units, &stroke))
    }

    /// A line from point to point.
    pub(crate) fn path(&mut self, points: &[Xy], width: f32, ink: Ink) -> Drawn<DB> {
        let units: Vec<_> = points.iter().map(|&point| self.at(point)).collect();
        let stroke = self.stroke(ink, width);
        self.call(|db| db.draw_path(units, &stroke))
    }

    /// A filled circle.
    pub(crate) fn disc(&mut self, centre: Xy, radius: f32, ink: Ink) -> Drawn<DB> {
        let units = self.view.units(radius).max(1) as u32;
        let (centre, stroke) = (self.at(centre), self.stroke(ink, 1.0));
        self.call(|db| db.draw_circle(centre, units, &stroke, true))
    }

    /// A circle's outline; `radius` is that of the outer edge.
    pub(crate) fn ring(&mut self, centre: Xy, radius: f32, width: f32, ink: Ink) -> Drawn<DB> {
        let units = self.view.units(radius - width / 2.0).max(1) as u32;
        let (centre, stroke) = (self.at(centre), self.stroke(ink, width));
        self.call(|db| db.draw_circle(centre, units, &stroke, false))
    }

    /// A filled rectangle with round corners.
    pub(crate) fn rounded(&mut self, area: Area, radius: f32, ink: Ink) -> Drawn<DB> {
        self.polygon(&rounded(area, radius), ink)
    }

    /// The outline of a rectangle with round corners; `area` is its outer edge.
    pub(crate) fn rounded_outline(
        &mut self,
        area: Area,
        radius: f32,
        width: f32,
        ink: Ink,
    ) -> Drawn<DB> {
        let half = width / 2.0;
        self.path(&rounded(area.grown(-half), radius - half), width, ink)
    }

    /// Words; `y` is their vertical centre.
    pub(crate) fn text(&mut self, at: Xy, words: &str, look: Type) -> Drawn<DB> {
        self.letters(self.at(at), VPos::Center, words, look)
    }

    /// Words at a place in units, which is their top, centre or bottom as `height` says.
    pub(crate) fn letters(
        &mut self,
        at: (i32, i32),
        height: VPos,
        words: &str,
        look: Type,
    ) -> Drawn<DB> {
        if words.is_empty() {
            return Ok(());
        }
        let side = match look.align {
            Align::Left => HPos::Left,
            Align::Centre => HPos::Center,
            Align::Right => HPos::Right,
        };
        let weight = if look.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let pixels = f64::from(look.pixels) * f64::from(self.view.scale);
        let colour = RGBColor(look.colour.0, look.colour.1, look.colour.2);
        let style = TextStyle::from((FontFamily::Name(FONT), pixels, weight).into_font())
            .color(&colour)
            .pos(Pos::new(side, height));
        self.call(|db| db.draw_text(words, &style, at))
    }
}
