//! Words, counted trays and bars.

use labs::State;
use labs::scene::{Align, At, Size};
use plotters_backend::DrawingBackend;

use crate::Rgb;
use crate::pen::{Drawn, Pen, Type};
use crate::shape::{Area, Xy};
use crate::text::{self, grouped};
use crate::view::within;

/// Height of a bar, in CSS pixels.
const BAR: f32 = 5.0;

/// Digits that a tray keeps room for, so that its label does not move while the count is small.
const TRAY_DIGITS: usize = 3;

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// Words moved, and if need be made smaller, so that they lie inside the figure.
    pub(crate) fn words(
        &mut self,
        (x, y): Xy,
        words: &str,
        pixels: f32,
        bold: bool,
        align: Align,
        colour: Rgb,
    ) -> Drawn<DB> {
        let wanted = text::width(words, pixels, bold);
        let room = self.view.width;
        let pixels = if wanted > room {
            (pixels * room / wanted).max(text::LEAST)
        } else {
            pixels
        };
        let width = text::width(words, pixels, bold);
        let shift = match align {
            Align::Left => width / 2.0,
            Align::Centre => 0.0,
            Align::Right => -width / 2.0,
        };
        let x = within(x + shift, width / 2.0, room) - shift;
        let y = within(y, pixels * 0.6, self.height);
        self.text(
            (x, y),
            words,
            Type {
                pixels,
                bold,
                align,
                colour,
            },
        )
    }

    /// A text mark.
    pub(crate) fn text_mark(
        &mut self,
        at: At,
        words: &str,
        size: Size,
        align: Align,
        state: State,
    ) -> Drawn<DB> {
        let colour = self.palette().word(state);
        let at = self.view.place(at);
        self.words(
            at,
            words,
            text::pixels(size),
            size == Size::Big,
            align,
            colour,
        )
    }

    /// A counted tray: glyph, count, label.
    pub(crate) fn tray(
        &mut self,
        at: At,
        count: u64,
        label: &str,
        state: State,
        digits: usize,
    ) -> Drawn<DB> {
        let radius = self.dot_radius();
        let pixels = text::pixels(Size::Body);
        let (x, y) = self.view.place(at);
        let y = within(y, pixels * 0.6, self.height);
        let widest = grouped(10_u64.saturating_pow(digits as u32).saturating_sub(1));
        let column = text::width(&widest, pixels, true);
        let all = radius * 2.4 + 6.0 + column + 7.0 + text::width(label, pixels, false);
        let x = within(x + all / 2.0, all / 2.0, self.view.width) - all / 2.0;
        self.glyph(state, (x + radius * 1.2, y), radius, 1.0)?;
        let end = x + radius * 2.4 + 6.0 + column;
        let look = |bold, align, colour| Type {
            pixels,
            bold,
            align,
            colour,
        };
        let (strong, plain) = (self.palette().word(state), self.palette().muted);
        self.text((end, y), &grouped(count), look(true, Align::Right, strong))?;
        self.text((end + 7.0, y), label, look(false, Align::Left, plain))
    }

    /// A horizontal bar filled to a share.
    pub(crate) fn bar(&mut self, at: At, width: f32, share: f32, state: State) -> Drawn<DB> {
        let (x, y) = self.view.place(at);
        let y = within(y, BAR / 2.0, self.height);
        let end = (x + width * self.view.width).min(self.view.width);
        let whole = Area {
            x0: x.max(0.0),
            y0: y - BAR / 2.0,
            x1: end,
            y1: y + BAR / 2.0,
        };
        let empty = self.palette().line.solid();
        self.rounded(whole, BAR / 2.0, empty)?;
        let share = share.clamp(0.0, 1.0);
        if share > 0.0 {
            // Never shorter than its own round ends: a sliver would look like dirt.
            let x1 = (whole.x0 + whole.width() * share).max((whole.x0 + BAR).min(whole.x1));
            let full = self.mark(state).solid();
            self.rounded(Area { x1, ..whole }, BAR / 2.0, full)?;
        }
        Ok(())
    }
}

/// Digits for which a tray with this count keeps room.
pub(crate) fn tray_digits(count: u64) -> usize {
    (count.checked_ilog10().unwrap_or(0) as usize + 1).max(TRAY_DIGITS)
}
