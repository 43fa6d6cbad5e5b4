//! gobreaker's rules at their boundaries.

use core::time::Duration;

use clock::Instant;

use super::{SECOND, call, calls, ms, report};
use crate::Outcome::{Cancelled, Excluded, Failure, Success};
use crate::{Breaker, Cause, Gobreaker, GobreakerConfig, ReadyToTrip, Reason, State};

fn breaker(config: GobreakerConfig) -> Gobreaker {
    Gobreaker::new(config, Instant::ZERO)
}

/// With defaults but for the trials; open since 0.
fn tripped(max_requests: u32) -> Gobreaker {
    let mut breaker = breaker(GobreakerConfig {
        max_requests,
        ..GobreakerConfig::default()
    });
    calls(&mut breaker, ms(0), Failure, 6);
    assert_eq!(breaker.state(ms(0)), State::Open);
    breaker
}

fn ratio(min_requests: u32, ratio: f64) -> ReadyToTrip {
    ReadyToTrip::FailureRatio {
        min_requests,
        ratio,
    }
}

#[test]
fn the_sixth_failure_in_a_row_trips_by_itself() {
    let mut breaker = breaker(GobreakerConfig::default());
    calls(&mut breaker, ms(0), Failure, 5);
    assert_eq!(breaker.state(ms(0)), State::Closed);
    let tripped = call(&mut breaker, ms(3), Failure).unwrap();
    assert_eq!((tripped.to, tripped.call), (State::Open, Some(6)));
    let cause = Cause::ConsecutiveFailures {
        failures: 6,
        tolerated: 5,
    };
    assert_eq!(tripped.cause, cause);
}

#[test]
fn a_success_breaks_the_run_and_an_excluded_call_does_not() {
    for (between, state) in [(Success, State::Closed), (Excluded, State::Open)] {
        let mut breaker = breaker(GobreakerConfig::default());
        calls(&mut breaker, ms(0), Failure, 5);
        call(&mut breaker, ms(0), between);
        call(&mut breaker, ms(0), Failure);
        assert_eq!(breaker.state(ms(0)), state);
    }
}

#[test]
fn cancelled_calls_are_failures_unless_excluded() {
    for (exclude_cancelled, failures, exclusions) in [(false, 1, 0), (true, 0, 1)] {
        let mut breaker = breaker(GobreakerConfig {
            exclude_cancelled,
            ..GobreakerConfig::default()
        });
        call(&mut breaker, ms(0), Cancelled);
        let counts = breaker.counts();
        assert_eq!((counts.failures, counts.exclusions), (failures, exclusions));
    }
}

#[test]
fn only_a_failure_asks_the_ratio() {
    let mut breaker = breaker(GobreakerConfig {
        ready_to_trip: ratio(4, 0.5),
        ..GobreakerConfig::default()
    });
    calls(&mut breaker, ms(0), Failure, 3);
    assert_eq!(
        call(&mut breaker, ms(0), Success),
        None,
        "75 % failed, but a success does not ask"
    );
    let tripped = call(&mut breaker, ms(0), Failure).unwrap();
    let cause = Cause::FailureRatio {
        failures: 4,
        requests: 5,
        ratio: 0.5,
    };
    assert_eq!(tripped.cause, cause);
}

#[test]
fn the_wait_is_over_after_its_last_nanosecond() {
    let mut breaker = tripped(1);
    let refused = breaker.try_acquire(ms(60_000)).unwrap_err();
    assert_eq!(
        (refused.reason, refused.retry_after),
        (Reason::Open, Some(Duration::from_nanos(1)))
    );
    let at = ms(60_000).plus_nanos(1);
    assert_eq!(
        (breaker.next_deadline(), breaker.state(at)),
        (Some(at), State::HalfOpen)
    );
    let trial = breaker.try_acquire(at).unwrap();
    assert!(trial.trial);
    let over = trial.transition.unwrap();
    assert_eq!((over.from, over.to), (State::Open, State::HalfOpen));
}

#[test]
fn time_alone_can_be_told_to_the_breaker() {
    let mut breaker = tripped(1);
    assert_eq!(breaker.advance(ms(60_000)), None);
    let over = breaker.advance(ms(60_001)).unwrap();
    assert_eq!((over.to, over.call), (State::HalfOpen, None));
    assert_eq!(breaker.advance(ms(60_001)), None);
    assert_eq!(breaker.next_deadline(), None);
}

#[test]
fn trials_are_limited_in_all_and_close_when_all_succeed() {
    let mut breaker = tripped(2);
    let now = ms(60_001);
    assert_eq!(
        call(&mut breaker, now, Success).unwrap().to,
        State::HalfOpen
    );
    let second = breaker.try_acquire(now).unwrap();
    let refused = breaker.try_acquire(now).unwrap_err();
    assert_eq!(
        (refused.reason, refused.retry_after),
        (Reason::TrialsTaken, None)
    );
    let closed = report(&mut breaker, second, now, Success).unwrap();
    assert_eq!(closed.cause, Cause::TrialsSucceeded { successes: 2 });
}

#[test]
fn an_excluded_trial_gives_its_place_back() {
    let mut breaker = tripped(1);
    call(&mut breaker, ms(60_001), Excluded);
    assert!(breaker.try_acquire(ms(60_001)).is_ok());
}

#[test]
fn one_failed_trial_opens_again_for_the_whole_wait() {
    let mut breaker = tripped(3);
    let reopened = call(&mut breaker, ms(61_000), Failure).unwrap();
    assert_eq!(
        (reopened.from, reopened.cause),
        (State::HalfOpen, Cause::TrialFailed)
    );
    assert_eq!(breaker.next_deadline(), Some(ms(121_000).plus_nanos(1)));
}

#[test]
fn a_trial_that_never_reports_blocks_for_ever() {
    let mut breaker = tripped(1);
    let _lost = breaker.try_acquire(ms(60_001)).unwrap();
    assert!(breaker.try_acquire(ms(999_999_999)).is_err());
    assert_eq!(breaker.next_deadline(), None);
}

#[test]
fn results_of_an_earlier_generation_are_dropped() {
    let mut breaker = breaker(GobreakerConfig::default());
    let late = breaker.try_acquire(ms(0)).unwrap();
    calls(&mut breaker, ms(0), Failure, 6);
    assert_eq!(report(&mut breaker, late, ms(500), Success), None);
    assert_eq!(
        (breaker.state(ms(500)), breaker.counts().successes),
        (State::Open, 0)
    );
}

#[test]
fn a_fixed_window_ends_after_its_last_instant_and_the_next_begins_with_the_next_call() {
    let mut breaker = breaker(GobreakerConfig {
        interval: SECOND,
        ..GobreakerConfig::default()
    });
    call(&mut breaker, ms(0), Failure);
    call(&mut breaker, ms(1_000), Failure);
    assert_eq!(breaker.counts().failures, 2);
    call(&mut breaker, ms(1_700), Failure);
    assert_eq!(breaker.counts().failures, 1);
    call(&mut breaker, ms(2_700), Failure);
    assert_eq!(breaker.counts().failures, 2, "this window began at 1.7 s");
    assert_eq!(breaker.window(ms(2_701)).failures, 0);
}

fn rolling() -> Gobreaker {
    breaker(GobreakerConfig {
        interval: Duration::from_millis(2_500),
        bucket_period: SECOND,
        ready_to_trip: ratio(100, 0.5),
        ..GobreakerConfig::default()
    })
}

#[test]
fn a_rolling_window_is_rounded_up_to_whole_buckets() {
    let mut breaker = rolling();
    calls(&mut breaker, ms(999), Failure, 2);
    call(&mut breaker, ms(1_000), Failure);
    let window = breaker.window(ms(2_999));
    assert_eq!(
        (window.buckets.len(), window.calls, window.failures),
        (3, 3, 3)
    );
    let of_bucket: Vec<_> = window
        .buckets
        .iter()
        .map(|bucket| bucket.failures)
        .collect();
    assert_eq!(of_bucket, [2, 1, 0]);
    assert_eq!(breaker.window(ms(3_000)).failures, 1);
    assert_eq!(breaker.window(ms(4_000)).failures, 0);
    assert_eq!(breaker.counts().failures, 3, "looking changes nothing");
}

#[test]
fn an_outcome_is_counted_where_its_call_was_admitted_or_not_at_all() {
    let mut breaker = rolling();
    let slow = breaker.try_acquire(ms(500)).unwrap();
    let slower = breaker.try_acquire(ms(500)).unwrap();
    report(&mut breaker, slow, ms(2_999), Failure);
    assert_eq!(breaker.window(ms(2_999)).buckets[0].failures, 1);
    report(&mut breaker, slower, ms(3_000), Failure);
    assert_eq!(
        (breaker.counts().failures, breaker.counts().requests),
        (0, 0)
    );
}

#[test]
fn a_run_of_failures_loses_what_leaves_the_window() {
    let mut breaker = breaker(GobreakerConfig {
        interval: Duration::from_secs(2),
        bucket_period: SECOND,
        ready_to_trip: ReadyToTrip::ConsecutiveFailures(100),
        ..GobreakerConfig::default()
    });
    calls(&mut breaker, ms(0), Failure, 3);
    calls(&mut breaker, ms(1_000), Failure, 2);
    assert_eq!(breaker.counts().consecutive_failures, 5);
    breaker.advance(ms(2_000));
    assert_eq!(breaker.counts().consecutive_failures, 2);
    call(&mut breaker, ms(2_000), Success);
    breaker.advance(ms(3_000));
    assert_eq!(breaker.counts().consecutive_successes, 1);
}

#[test]
fn zero_means_one_trial_and_a_minute() {
    let filled = breaker(GobreakerConfig {
        max_requests: 0,
        timeout: Duration::ZERO,
        ..GobreakerConfig::default()
    });
    assert_eq!(*filled.config(), GobreakerConfig::default());
}
