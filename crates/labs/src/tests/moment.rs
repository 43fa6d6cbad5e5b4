//! Moments in words, and how fast short runs are played.

use core::time::Duration;

use clock::Instant;

use crate::{TimeUnit, pace};

#[test]
fn a_moment_is_told_in_the_unit_that_suits_the_run() {
    let at = Instant::from_nanos(29_750);
    for (length, told) in [
        (Duration::from_micros(1_000), "29.75 µs"),
        (Duration::from_nanos(1_000_001), "0.03 ms"),
        (Duration::from_millis(999), "0.03 ms"),
        (Duration::from_secs(1), "0.00 s"),
    ] {
        assert_eq!(TimeUnit::of(length).moment(at, 2), told, "{length:?}");
    }
}

#[test]
fn runs_of_a_second_and_more_play_as_they_are_and_shorter_ones_last_20_to_50_seconds() {
    assert_eq!(pace(Duration::from_secs(1)), 1.0);
    assert_eq!(pace(Duration::from_secs(3600)), 1.0);
    for nanos in [
        200,
        999,
        40_000,
        1_000_000,
        7_654_321,
        40_000_000,
        999_999_999,
    ] {
        let length = Duration::from_nanos(nanos);
        let watched = length.as_secs_f64() / pace(length);
        assert!(
            (19.99..=50.01).contains(&watched),
            "{length:?}: {watched} s"
        );
    }
}
