//! Numbers and moments as a reader sees them.

use core::time::Duration;

use clock::Instant;

/// A value with at most three digits that matter behind the point, without needless zeros, and commas between thousands.
pub(crate) fn plain(value: f64) -> String {
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
pub(crate) fn with_unit(value: f64, unit: &str) -> String {
    let mut text = plain(value);
    if !unit.is_empty() {
        text.push(' ');
        text.push_str(unit);
    }
    text
}

/// Reads a decimal number such as `0.5`, `-3` or `1200`, without exponent; `None` for anything else.
///
/// The standard library's parser would add ten kilobytes of tables to what every reader downloads.
/// This one is as exact for up to 15 digits, because both the digits and the power of ten fit a float.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    const DIGITS_MAX: usize = 15;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let count = whole.len() + part.len();
    if count == 0 || count > DIGITS_MAX {
        return None;
    }
    let mut number = 0.0;
    let mut scale = 1.0;
    for (index, digit) in whole.bytes().chain(part.bytes()).enumerate() {
        number = number * 10.0 + f64::from(char::from(digit).to_digit(10)?);
        if index >= whole.len() {
            scale *= 10.0;
        }
    }
    Some(sign * number / scale)
}

/// The unit moments of a run are told in: runs shorter than this are told in milliseconds.
const SHORT: Duration = Duration::from_secs(1);

/// A moment of a run of this length, in digits that do not jump: `17.40 s`, `29.75 ms`.
pub(crate) fn moment(at: Instant, length: Duration) -> String {
    let secs = at.as_secs_f64();
    if length < SHORT {
        format!("{:.2} ms", secs * 1e3)
    } else {
        format!("{secs:.2} s")
    }
}

/// A moment with the precision of the log: `7.204 s`, `29.750 ms`.
pub(crate) fn log_moment(at: Instant, length: Duration) -> String {
    if length < SHORT {
        format!("{:.3} ms", at.as_secs_f64() * 1e3)
    } else {
        at.to_string()
    }
}

/// The length of a run: `60 s`, `40 ms`.
pub(crate) fn length(length: Duration) -> String {
    if length < SHORT {
        format!("{} ms", plain(length.as_secs_f64() * 1e3))
    } else {
        format!("{} s", plain(length.as_secs_f64()))
    }
}
