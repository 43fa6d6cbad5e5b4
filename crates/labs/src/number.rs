//! Numbers as a reader sees them, in a living lab and in a still one.

/// A value with at most three digits that matter behind the point, without needless zeros, and commas between thousands.
#[must_use]
pub fn plain(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let magnitude = value.abs();
    let decimals = if magnitude >= 100.0 {
        0
    } else if magnitude >= 10.0 {
        1
    } else if magnitude >= 1.0 {
        2
    } else {
        3
    };
    let text = format!("{magnitude:.decimals$}");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = part.trim_end_matches('0');
    let mut shown = String::from(if value < 0.0 { "−" } else { "" });
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    if !part.is_empty() {
        shown.push('.');
        shown.push_str(part);
    }
    shown
}

/// A value and its unit: `10 /s`, `50 tokens`, `58 %`.
#[must_use]
pub fn with_unit(value: f64, unit: &str) -> String {
    let mut text = plain(value);
    if !unit.is_empty() {
        text.push(' ');
        text.push_str(unit);
    }
    text
}
