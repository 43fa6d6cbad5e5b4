//! The time axis that all charts, the cursor and the time slider share, and the choice of round tick values.

use core::time::Duration;

use clock::Instant;
use labs::power_of_ten;

use crate::view::View;

/// Widths below this get the narrow margins, in CSS pixels.
const NARROW: f32 = 480.0;

/// Left and right margins of the time axis for a figure of this width, in CSS pixels.
///
/// The left one holds the value labels, the right one half of the last time label.
#[must_use]
pub fn margins(width: f32) -> (f32, f32) {
    if width < NARROW {
        (34.0, 21.0)
    } else {
        (44.0, 22.0)
    }
}

/// Where `at` lies on a time axis from zero to `duration`, in CSS pixels from the figure's left edge; outside times go to the ends.
#[must_use]
pub fn x_at(at: Instant, duration: Duration, view: &View) -> f32 {
    let (left, right) = margins(view.width);
    let share = (at.as_secs_f64() / seconds(duration)).clamp(0.0, 1.0);
    left + (view.width - left - right) * share as f32
}

/// The time at `x` CSS pixels from the figure's left edge; what lies outside the axis gives its ends.
#[must_use]
pub fn time_at(x: f32, duration: Duration, view: &View) -> Instant {
    let (left, right) = margins(view.width);
    let share = f64::from((x - left) / (view.width - left - right));
    if share.is_nan() {
        return Instant::ZERO;
    }
    Instant::from_secs_f64(share.clamp(0.0, 1.0) * seconds(duration))
}

/// The duration in seconds, never zero, so that it can be divided by.
pub(crate) fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64().max(1e-9)
}

/// The smallest of 1, 2 and 5 times a power of ten that cuts `length` into at most `parts` parts.
pub(crate) fn round_step(length: f64, parts: f64) -> f64 {
    let least = (length / parts.max(1.0)).max(1e-12);
    let power = power_of_ten(least);
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|step| step * power >= least * (1.0 - 1e-9));
    step.unwrap_or(10.0) * power
}

/// The multiples of `step` from `from` to `to`, both included when they are multiples.
pub(crate) fn multiples(step: f64, from: f64, to: f64) -> Vec<f64> {
    let (first, last) = (
        (from / step - 1e-6).ceil() as i64,
        (to / step + 1e-6).floor() as i64,
    );
    (first..=last).map(|index| index as f64 * step).collect()
}

/// The step of a time axis with labels at least `apart` CSS pixels from each other, in seconds.
///
/// Above a minute the steps are those of a clock: 15 s, 30 s, 1, 2, 5 minutes and so on.
pub(crate) fn time_step(duration: f64, width: f32, apart: f32) -> f64 {
    let parts = f64::from((width / apart).max(1.0));
    let clock = [15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0];
    if duration > 120.0 {
        let fits = clock.into_iter().find(|step| duration / step <= parts);
        return fits.unwrap_or_else(|| round_step(duration, parts));
    }
    round_step(duration, parts)
}

/// A time in the unit that suits an axis of this length: `250 ms`, `5 s`, `2 min`.
pub(crate) fn time_label(seconds: f64, length: f64) -> String {
    if length <= 2e-3 {
        format!("{} µs", trimmed(seconds * 1e6))
    } else if length < 2.0 {
        format!("{} ms", trimmed(seconds * 1e3))
    } else if length <= 120.0 {
        format!("{} s", trimmed(seconds))
    } else {
        format!("{} min", trimmed(seconds / 60.0))
    }
}

/// A number with at most two decimals and no needless zeros; a true minus sign.
pub(crate) fn trimmed(value: f64) -> String {
    let text = format!("{:.2}", value.abs());
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if value < 0.0 && text != "0" {
        format!("\u{2212}{text}")
    } else {
        text.to_owned()
    }
}
