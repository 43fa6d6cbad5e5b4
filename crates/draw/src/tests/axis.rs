//! The shared time axis, and round numbers.

use core::time::Duration;

use clock::Instant;

use super::recorder::view;
use crate::axis::{multiples, round_step, time_label, time_step, trimmed};
use crate::{grouped, margins, time_at, x_at};

const RUN: Duration = Duration::from_secs(30);

#[test]
fn time_at_undoes_x_at() {
    for width in [320.0, 350.0, 479.0, 480.0, 750.0, 1400.0] {
        for millis in [0, 1, 500, 7_204, 15_000, 29_999, 30_000] {
            let at = Instant::from_millis(millis);
            let back = time_at(x_at(at, RUN, &view(width)), RUN, &view(width));
            let off = back.as_secs_f64() - at.as_secs_f64();
            assert!(
                off.abs() < 30.0 / f64::from(width) / 100.0,
                "{millis} ms at {width}: {off}"
            );
        }
    }
}

#[test]
fn the_axis_begins_and_ends_at_the_margins() {
    for width in [350.0, 750.0] {
        let (left, right) = margins(width);
        let view = view(width);
        assert_eq!(x_at(Instant::ZERO, RUN, &view), left);
        assert_eq!(x_at(Instant::ZERO + RUN, RUN, &view), width - right);
        assert_eq!(x_at(Instant::MAX, RUN, &view), width - right);
        assert_eq!(time_at(left, RUN, &view), Instant::ZERO);
        assert_eq!(time_at(width - right, RUN, &view), Instant::ZERO + RUN);
    }
}

#[test]
fn points_outside_the_axis_give_its_ends() {
    let view = view(750.0);
    assert_eq!(time_at(-100.0, RUN, &view), Instant::ZERO);
    assert_eq!(time_at(10_000.0, RUN, &view), Instant::ZERO + RUN);
    assert_eq!(time_at(f32::NAN, RUN, &view), Instant::ZERO);
}

#[test]
fn the_axis_scales_with_css_pixels_and_not_with_the_screen() {
    let sharp = crate::View {
        scale: 12.0,
        ..view(750.0)
    };
    let at = Instant::from_millis(7_204);
    assert_eq!(x_at(at, RUN, &sharp), x_at(at, RUN, &view(750.0)));
}

#[test]
fn narrow_margins_begin_below_480_pixels() {
    assert!(margins(479.9).0 < margins(480.0).0);
    // Half of `30 s` must fit beside the last tick.
    assert!(margins(350.0).1 >= crate::text::width("30 s", 12.0, false) / 2.0);
}

#[test]
fn steps_are_round() {
    for (length, parts, expected) in [
        (42.0, 4.0, 20.0),
        (40.0, 4.0, 10.0),
        (1.0, 5.0, 0.2),
        (50_000.0, 4.0, 20_000.0),
        (3.0, 4.0, 1.0),
    ] {
        assert!(
            (round_step(length, parts) - expected).abs() < 1e-9,
            "{length} in {parts}"
        );
    }
    assert_eq!(multiples(20.0, 0.0, 60.0), [0.0, 20.0, 40.0, 60.0]);
    assert_eq!(multiples(20.0, -10.0, 45.0), [0.0, 20.0, 40.0]);
}

#[test]
fn long_runs_get_the_steps_of_a_clock() {
    assert!((time_step(30.0, 680.0, 64.0) - 5.0).abs() < 1e-9);
    assert!((time_step(30.0, 300.0, 64.0) - 10.0).abs() < 1e-9);
    assert_eq!(time_step(600.0, 680.0, 64.0), 60.0);
    assert_eq!(time_step(3_600.0, 300.0, 64.0), 1_800.0);
}

#[test]
fn numbers_are_written_short() {
    for (seconds, length, expected) in [
        (5.0, 30.0, "5 s"),
        (0.25, 1.0, "250 ms"),
        (120.0, 600.0, "2 min"),
        (0.0005, 0.001, "500 µs"),
    ] {
        assert_eq!(time_label(seconds, length), expected);
    }
    for (value, expected) in [
        (20.0, "20"),
        (0.25, "0.25"),
        (-20.0, "\u{2212}20"),
        (-0.001, "0"),
        (2.5, "2.5"),
    ] {
        assert_eq!(trimmed(value), expected);
    }
    for (count, expected) in [
        (0, "0"),
        (999, "999"),
        (1_000, "1,000"),
        (1_234_567, "1,234,567"),
    ] {
        assert_eq!(grouped(count), expected);
    }
}
