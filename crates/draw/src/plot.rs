//! The backend as plotters' charts get it: of a given size, with crisp grid lines, and measuring no letters.

use core::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend,
};

use crate::pen::Drawn;
use crate::text;
use crate::view::View;

/// An axis with ticks of our choosing.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    pub(crate) from: f64,
    pub(crate) to: f64,
    /// Where the labels stand, in order.
    pub(crate) ticks: Vec<f64>,
}

impl Ranged for Scale {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = (value - self.from) / (self.to - self.from).max(1e-12);
        limit.0 + (f64::from(limit.1 - limit.0) * share).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // plotters asks twice: for labels, and for fainter lines between them, of which there are none.
        if matches!(
            hint.weight(),
            plotters::coord::ranged1d::KeyPointWeight::Bold
        ) {
            self.ticks.clone()
        } else {
            Vec::new()
        }
    }

    fn range(&self) -> Range<f64> {
        self.from..self.to
    }
}

/// Passes everything on to the backend it borrows.
///
/// It gives its own size, because a canvas under a transform is larger than it says, and guesses the width of words, because
/// plotters would ask the page for it.
pub(crate) struct Sheet<'a, DB> {
    inner: &'a mut DB,
    size: (u32, u32),
    grid: i32,
}

impl<'a, DB: DrawingBackend> Sheet<'a, DB> {
    /// A sheet as wide as the view and `height` CSS pixels high.
    pub(crate) fn new(inner: &'a mut DB, view: &View, height: f32) -> Self {
        let size = (
            view.units(view.width).max(1) as u32,
            view.units(height).max(1) as u32,
        );
        Self {
            inner,
            size,
            grid: view.grid() as i32,
        }
    }

    /// The nearest edge of a device pixel.
    fn snapped(&self, units: i32) -> i32 {
        (units + self.grid / 2).div_euclid(self.grid) * self.grid
    }
}

impl<DB: DrawingBackend> DrawingBackend for Sheet<'_, DB> {
    type ErrorType = DB::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn<DB> {
        self.inner.ensure_prepared()
    }

    fn present(&mut self) -> Drawn<DB> {
        self.inner.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn<DB> {
        self.inner.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn<DB> {
        if from.1 != to.1 {
            return self.inner.draw_line(from, to, style);
        }
        // A level line between two pixels would be blurred over both.
        let top = self.snapped(from.1 - style.stroke_width() as i32 / 2);
        let bottom = top + self.snapped(style.stroke_width() as i32).max(self.grid);
        self.inner.draw_rect(
            (from.0.min(to.0), top),
            (from.0.max(to.0), bottom),
            style,
            true,
        )
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn<DB> {
        self.inner.draw_rect(from, to, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn<DB> {
        self.inner.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn<DB> {
        self.inner.draw_circle(centre, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn<DB> {
        self.inner.fill_polygon(path, style)
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        words: &str,
        style: &S,
        at: BackendCoord,
    ) -> Drawn<DB> {
        self.inner.draw_text(words, style, at)
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        words: &str,
        style: &S,
    ) -> Result<(u32, u32), plotters_backend::DrawingErrorKind<DB::ErrorType>> {
        let width = text::width(words, style.size() as f32, false);
        Ok((width.max(0.0) as u32, style.size().max(0.0) as u32))
    }
}
