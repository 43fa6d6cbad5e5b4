//! Sizes of letters and a guess of their widths, which spares the page from measuring.

use labs::scene::Size;

/// The type face of every word in a figure: the book's own.
pub const FONT: &str = "\"Open Sans\", sans-serif";

/// The smallest text, in CSS pixels.
pub(crate) const LEAST: f32 = 11.0;

/// Height of the letters, in CSS pixels.
pub(crate) fn pixels(size: Size) -> f32 {
    match size {
        Size::Small => 12.0,
        Size::Body => 13.5,
        Size::Big => 24.0,
    }
}

/// Roughly how wide `text` is, in CSS pixels; a little too much rather than too little.
pub(crate) fn width(text: &str, pixels: f32, bold: bool) -> f32 {
    let ems: f32 = text.chars().map(advance).sum();
    ems * pixels * if bold { 1.12 } else { 1.0 }
}

/// Width of a letter relative to its height, for a sans-serif face of ordinary proportions.
fn advance(letter: char) -> f32 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '\u{2009}' => 0.29,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '/' | '-' => 0.37,
        'm' | 'w' | 'M' | 'W' | '%' | '→' => 0.92,
        'A'..='Z' => 0.67,
        _ => 0.6,
    }
}

/// A whole number with commas between thousands: `10,000`.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
