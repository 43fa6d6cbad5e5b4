//! The limiters that count in windows: fixed, logged, estimated.

use core::time::Duration;

use super::{ms, ns, waiting_exactly_as_told_is_enough, what_is_said_to_be_available_is};
use crate::{FixedWindow, RateLimiter, SlidingCounter, SlidingLog, Throttled};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_fixed_window_lets_twice_the_limit_through_at_its_boundary() {
    let mut fixed = FixedWindow::new(10, SECOND);
    assert_eq!(fixed.try_acquire(ms(999), 10), Ok(()));
    assert_eq!(fixed.try_acquire(ms(1_000), 10), Ok(()));
    let refusal = fixed.try_acquire(ms(1_000), 1).unwrap_err();
    assert_eq!(refusal.retry_after, SECOND);
}

#[test]
fn windows_are_aligned_to_the_clock_and_not_to_the_first_request() {
    let mut fixed = FixedWindow::new(1, SECOND);
    assert_eq!(fixed.try_acquire(ms(900), 1), Ok(()));
    let refusal = fixed.try_acquire(ms(950), 1).unwrap_err();
    assert_eq!(refusal.retry_after, Duration::from_millis(50));
    assert!(fixed.try_acquire(ns(999_999_999), 1).is_err());
    assert_eq!(fixed.next_window(ms(950)), ms(1_000));
    assert_eq!(fixed.try_acquire(ms(1_000), 1), Ok(()));
    assert_eq!((fixed.count(ms(1_999)), fixed.count(ms(2_000))), (1, 0));
}

#[test]
fn a_clock_that_steps_back_opens_no_window_again() {
    let mut fixed = FixedWindow::new(1, SECOND);
    let mut counter = SlidingCounter::new(1, SECOND);
    assert_eq!(fixed.try_acquire(ms(2_000), 1), Ok(()));
    assert_eq!(counter.try_acquire(ms(2_000), 1), Ok(()));
    let refusal = fixed.try_acquire(ms(1_500), 1).unwrap_err();
    assert_eq!(refusal.retry_after, Duration::from_millis(1_500));
    let refusal = counter.try_acquire(ms(1_500), 1).unwrap_err();
    assert_eq!(refusal.retry_after, Duration::from_millis(2_500));
}

#[test]
fn a_log_has_no_boundary_to_exploit_and_pays_in_memory() {
    let mut log = SlidingLog::new(10, SECOND);
    assert_eq!(log.try_acquire(ms(900), 10), Ok(()));
    assert_eq!(log.entries(), 10);
    assert!(log.try_acquire(ms(1_000), 1).is_err());
    assert!(log.try_acquire(ns(1_899_999_999), 1).is_err());
    assert_eq!(log.try_acquire(ms(1_900), 1), Ok(()));
    assert_eq!(log.entries(), 1);
    assert_eq!(log.recent(ms(2_899)).collect::<Vec<_>>(), [ms(1_900)]);
    assert_eq!(log.recent(ms(2_900)).count(), 0);
}

#[test]
fn refused_requests_are_not_logged() {
    let mut log = SlidingLog::new(2, SECOND);
    assert_eq!(log.try_acquire(ms(0), 2), Ok(()));
    for at in 1..1_000 {
        assert!(log.try_acquire(ms(at), 1).is_err());
    }
    assert_eq!(log.entries(), 2);
    assert_eq!(log.try_acquire(ms(1_000), 1), Ok(()));
}

#[test]
fn the_counter_fades_the_previous_window_out() {
    let mut counter = SlidingCounter::new(12, SECOND);
    assert_eq!(counter.try_acquire(ms(500), 12), Ok(()));
    for (at, estimate) in [
        (999, 12.0),
        (1_000, 12.0),
        (1_250, 9.0),
        (1_750, 3.0),
        (2_000, 0.0),
    ] {
        assert_eq!(counter.estimate(ms(at)), estimate);
    }
    assert_eq!(counter.available(ms(1_250)), 3);
    assert_eq!(counter.try_acquire(ms(1_250), 3), Ok(()));
    assert_eq!(counter.estimate(ms(1_250)), 12.0);
}

#[test]
fn more_than_the_limit_never_passes() {
    assert_eq!(
        FixedWindow::new(3, SECOND).try_acquire(ms(0), 4),
        Err(Throttled::NEVER)
    );
    assert_eq!(
        SlidingLog::new(3, SECOND).try_acquire(ms(0), 4),
        Err(Throttled::NEVER)
    );
    assert_eq!(
        SlidingCounter::new(3, SECOND).try_acquire(ms(0), 4),
        Err(Throttled::NEVER)
    );
}

#[test]
fn all_say_what_is_available_and_when_more_is() {
    let mut fixed = FixedWindow::new(3, SECOND);
    let mut log = SlidingLog::new(3, SECOND);
    let mut counter = SlidingCounter::new(3, SECOND);
    for at in [
        0, 1, 700, 900, 999, 1_000, 1_001, 1_700, 2_300, 2_900, 3_050, 3_500,
    ]
    .map(ms)
    {
        what_is_said_to_be_available_is(&fixed, at);
        what_is_said_to_be_available_is(&log, at);
        what_is_said_to_be_available_is(&counter, at);
        for n in [1, 2, 3] {
            waiting_exactly_as_told_is_enough(&fixed, at, n);
            waiting_exactly_as_told_is_enough(&log, at, n);
            waiting_exactly_as_told_is_enough(&counter, at, n);
        }
        let _ = fixed.try_acquire(at, 1);
        let _ = log.try_acquire(at, 1);
        let _ = counter.try_acquire(at, 1);
    }
}
