//! Arithmetic at its edges.

use super::*;

#[test]
fn arithmetic_saturates_at_both_ends() {
    assert_eq!(Instant::MAX + Duration::from_secs(1), Instant::MAX);
    assert_eq!(Instant::ZERO - Duration::from_secs(1), Instant::ZERO);
    assert_eq!(Instant::ZERO + Duration::MAX, Instant::MAX);
    assert_eq!(Instant::from_millis(u64::MAX), Instant::MAX);
}

#[test]
fn since_never_goes_below_zero() {
    let (early, late) = (Instant::from_millis(1), Instant::from_millis(3));
    assert_eq!(late.since(early), Duration::from_millis(2));
    assert_eq!(early.since(late), Duration::ZERO);
}

#[test]
fn seconds_round_to_the_nearest_nanosecond_and_refuse_nonsense() {
    assert_eq!(Instant::from_secs_f64(0.1).as_nanos(), 100_000_000);
    assert_eq!(
        Instant::from_secs_f64(7.204_000_000_4).as_nanos(),
        7_204_000_000
    );
    assert_eq!(Instant::from_secs_f64(-1.0), Instant::ZERO);
    assert_eq!(Instant::from_secs_f64(f64::NAN), Instant::ZERO);
    assert_eq!(Instant::from_secs_f64(f64::INFINITY), Instant::MAX);
}

#[test]
fn prints_seconds_to_the_millisecond() {
    assert_eq!(Instant::from_nanos(7_204_999_999).to_string(), "7.204 s");
}
