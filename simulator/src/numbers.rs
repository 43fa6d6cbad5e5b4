//! Numbers and moments as a reader sees them.

use core::time::Duration;

use clock::Instant;
pub(crate) use labs::decimal;

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
