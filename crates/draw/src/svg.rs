//! An SVG backend for plotters that writes CSS pixels with decimals, small and easy to read.
//!
//! plotters' own writes whole pixels (a figure of round shapes looks bent) and shrinks letters by a fifth.

use core::convert::Infallible;
use core::fmt::Write as _;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle,
};

/// Units per CSS pixel that figures are drawn at: as a canvas does at a device pixel ratio of one, so that the two look the same.
pub(crate) const SVG_SCALE: f32 = crate::FINE;

/// Collects drawing steps as SVG elements, one a line.
#[derive(Clone, Debug)]
pub struct Svg {
    body: String,
    size: (u32, u32),
    scale: f32,
}

impl Svg {
    /// An empty drawing of so many CSS pixels, to be drawn on in `scale` units a pixel; give the same scale to [`crate::View`].
    #[must_use]
    pub fn new(width: f32, height: f32, scale: f32) -> Self {
        let units = |length: f32| (length * scale).ceil().max(0.0) as u32;
        Self {
            body: String::new(),
            size: (units(width), units(height)),
            scale,
        }
    }

    /// The elements drawn so far, without an `<svg>` around them; coordinates are CSS pixels.
    #[must_use]
    pub fn into_elements(self) -> String {
        self.body
    }

    /// Units as CSS pixels, with at most two decimals.
    fn px(&self, units: f64) -> String {
        let hundredths = (units * 100.0 / f64::from(self.scale)).round() as i64;
        let (sign, rest) = (
            if hundredths < 0 { "-" } else { "" },
            hundredths.unsigned_abs(),
        );
        match (rest / 100, rest % 100) {
            (whole, 0) => format!("{sign}{whole}"),
            (whole, part) if part % 10 == 0 => format!("{sign}{whole}.{}", part / 10),
            (whole, part) => format!("{sign}{whole}.{part:02}"),
        }
    }

    fn points(&self, points: impl IntoIterator<Item = BackendCoord>) -> String {
        let pairs: Vec<_> = points
            .into_iter()
            .map(|(x, y)| format!("{},{}", self.px(f64::from(x)), self.px(f64::from(y))))
            .collect();
        pairs.join(" ")
    }

    /// Writes `<name attributes paint/>`; a see-through colour writes nothing.
    fn element(&mut self, name: &str, attributes: &str, paint: Paint, color: BackendColor) {
        if color.alpha <= 0.0 {
            return;
        }
        let (red, green, blue) = color.rgb;
        let (role, other) = match paint {
            Paint::Fill => ("fill", String::new()),
            Paint::Stroke(units) => {
                let width = self.px(f64::from(units));
                (
                    "stroke",
                    format!(" fill=\"none\" stroke-width=\"{width}\" stroke-linejoin=\"round\""),
                )
            }
        };
        let mut line =
            format!("<{name} {attributes} {role}=\"#{red:02x}{green:02x}{blue:02x}\"{other}");
        if color.alpha < 1.0 {
            // Writing to a String cannot fail.
            let _ = write!(line, " {role}-opacity=\"{}\"", color.alpha);
        }
        self.body.push_str(&line);
        self.body.push_str("/>\n");
    }
}

/// Whether a shape is filled or outlined, and how broadly in units.
#[derive(Clone, Copy)]
enum Paint {
    Fill,
    Stroke(u32),
}

/// What SVG needs to have escaped in text and attributes.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

type Written = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Svg {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Written {
        Ok(())
    }

    fn present(&mut self) -> Written {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Written {
        self.draw_rect(point, (point.0 + 1, point.1 + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Written {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Written {
        let px = |units: i32| self.px(f64::from(units));
        let (x, y, width, height) = (px(from.0), px(from.1), px(to.0 - from.0), px(to.1 - from.1));
        let attributes = format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
        let paint = if fill {
            Paint::Fill
        } else {
            Paint::Stroke(style.stroke_width())
        };
        self.element("rect", &attributes, paint, style.color());
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Written {
        let attributes = format!("points=\"{}\"", self.points(path));
        self.element(
            "polyline",
            &attributes,
            Paint::Stroke(style.stroke_width()),
            style.color(),
        );
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Written {
        let (x, y) = (self.px(f64::from(centre.0)), self.px(f64::from(centre.1)));
        let attributes = format!("cx=\"{x}\" cy=\"{y}\" r=\"{}\"", self.px(f64::from(radius)));
        let paint = if fill {
            Paint::Fill
        } else {
            Paint::Stroke(style.stroke_width())
        };
        self.element("circle", &attributes, paint, style.color());
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Written {
        let attributes = format!("points=\"{}\"", self.points(path));
        self.element("polygon", &attributes, Paint::Fill, style.color());
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        at: BackendCoord,
    ) -> Written {
        let color = style.color();
        // Share of the letters' height from the given place down to the base line.
        let drop = match style.anchor().v_pos {
            VPos::Top => 0.8,
            VPos::Center => 0.35,
            VPos::Bottom => -0.2,
        };
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " text-anchor=\"middle\"",
            HPos::Right => " text-anchor=\"end\"",
        };
        let weight = if matches!(style.style(), FontStyle::Bold) {
            " font-weight=\"700\""
        } else {
            ""
        };
        let (x, y) = (
            self.px(f64::from(at.0)),
            self.px(f64::from(at.1) + style.size() * drop),
        );
        let (red, green, blue) = color.rgb;
        // Writing to a String cannot fail.
        let _ = writeln!(
            self.body,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\"{anchor}{weight} fill=\"#{red:02x}{green:02x}{blue:02x}\">{}</text>",
            self.px(style.size()),
            escaped(text),
        );
        Ok(())
    }
}
