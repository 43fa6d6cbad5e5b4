//! How large, how sharp and in which colours to draw.

use labs::scene::At;

use crate::palette::Palette;

/// Units per device pixel that make movement smooth and curves round; see the crate's text.
pub const FINE: f32 = 4.0;

/// How large, how sharp and in which colours to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Width of the figure, in CSS pixels.
    pub width: f32,
    /// Height of a row, in CSS pixels: 16 to 18.
    pub row: f32,
    /// Units of the backend per CSS pixel: the device pixel ratio, times [`FINE`] if the backend scales down by it.
    pub scale: f32,
    /// The colours.
    pub palette: Palette,
}

impl View {
    /// Units that a device pixel is made of, as far as can be told: edges that should be crisp keep to multiples of it.
    pub(crate) fn grid(&self) -> f32 {
        if self.scale >= FINE { FINE } else { 1.0 }
    }

    /// A length in CSS pixels, in units.
    pub(crate) fn units(&self, length: f32) -> i32 {
        (length * self.scale).round() as i32
    }

    /// A length in CSS pixels, in units, moved to the nearest edge of a device pixel.
    pub(crate) fn snapped(&self, length: f32) -> i32 {
        ((length * self.scale / self.grid()).round() * self.grid()) as i32
    }

    /// Where a place of a scene lies, in CSS pixels.
    pub(crate) fn place(&self, at: At) -> (f32, f32) {
        (at.x * self.width, at.y * self.row)
    }

    /// The centre nearest to `at` at which a thing of this half width and half height lies inside a figure of `height` CSS pixels.
    pub(crate) fn inside(&self, at: At, half: (f32, f32), height: f32) -> (f32, f32) {
        self.nearest(self.place(at), half, height)
    }

    /// The same for a place in CSS pixels.
    pub(crate) fn nearest(&self, (x, y): (f32, f32), half: (f32, f32), height: f32) -> (f32, f32) {
        (within(x, half.0, self.width), within(y, half.1, height))
    }
}

/// `centre` moved so that `half` to either side lies within 0 and `end`; the middle when it cannot.
pub(crate) fn within(centre: f32, half: f32, end: f32) -> f32 {
    if 2.0 * half >= end {
        end / 2.0
    } else {
        centre.clamp(half, end - half)
    }
}
