//! resilience4j's rules at their boundaries.

use core::time::Duration;

use super::{SECOND, call, calls, ms, report};
use crate::Outcome::{Cancelled, Excluded, Failure, Success, TimedOut};
use crate::{Breaker, Cause, Reason, Resilience4j, Resilience4jConfig, SlidingWindow, State};

/// Ten calls, half of them; opens for 1 s and tries two calls.
fn small() -> Resilience4jConfig {
    Resilience4jConfig {
        window: SlidingWindow::Calls(10),
        minimum_calls: 10,
        wait_open: SECOND,
        permitted: 2,
        ..Resilience4jConfig::default()
    }
}

/// Open since 0.
fn tripped(config: Resilience4jConfig) -> Resilience4j {
    let mut breaker = Resilience4j::new(config);
    calls(&mut breaker, ms(0), Failure, 10);
    assert_eq!(breaker.state(ms(0)), State::Open);
    breaker
}

#[test]
fn a_success_can_be_the_call_that_trips() {
    let mut breaker = Resilience4j::new(small());
    calls(&mut breaker, ms(0), Failure, 5);
    calls(&mut breaker, ms(0), Success, 4);
    assert_eq!(
        (breaker.state(ms(0)), breaker.rates(ms(0))),
        (State::Closed, None)
    );
    let tripped = call(&mut breaker, ms(1), Success).unwrap();
    let cause = Cause::FailureRate {
        rate: 50.0,
        threshold: 50.0,
        calls: 10,
    };
    assert_eq!(
        (tripped.to, tripped.call, tripped.cause),
        (State::Open, Some(10), cause)
    );
}

#[test]
fn a_window_of_calls_needs_no_more_than_it_holds_and_one_of_seconds_does() {
    for (window, rates) in [
        (SlidingWindow::Calls(3), Some((0.0, 0.0))),
        (SlidingWindow::Seconds(3), None),
    ] {
        let mut breaker = Resilience4j::new(Resilience4jConfig { window, ..small() });
        calls(&mut breaker, ms(0), Success, 3);
        assert_eq!(breaker.rates(ms(0)), rates);
    }
}

#[test]
fn slow_is_longer_than_the_limit_and_slow_successes_trip() {
    let config = Resilience4jConfig {
        slow_call: Duration::from_millis(50),
        slow_rate: 10.0,
        ..small()
    };
    for (latency, trips) in [(50, false), (51, true)] {
        let mut breaker = Resilience4j::new(config.clone());
        calls(&mut breaker, ms(0), Success, 9);
        let permit = breaker.try_acquire(ms(0)).unwrap();
        let tripped = report(&mut breaker, permit, ms(latency), Success);
        let cause = Cause::SlowRate {
            rate: 10.0,
            threshold: 10.0,
            calls: 10,
        };
        assert_eq!(tripped.map(|tripped| tripped.cause), trips.then_some(cause));
    }
}

#[test]
fn a_call_leaves_a_window_of_seconds_when_as_many_have_begun() {
    let mut breaker = Resilience4j::new(Resilience4jConfig {
        window: SlidingWindow::Seconds(3),
        ..small()
    });
    call(&mut breaker, ms(999), TimedOut);
    call(&mut breaker, ms(1_000), Success);
    let at = |breaker: &Resilience4j, millis| {
        let measure = breaker.measure(ms(millis));
        let window = breaker.window(ms(millis));
        assert_eq!(
            (window.calls, window.failures),
            (measure.calls.into(), measure.failed.into())
        );
        (measure.calls, measure.failed)
    };
    assert_eq!(at(&breaker, 2_999), (2, 1));
    assert_eq!(at(&breaker, 3_000), (1, 0));
    assert_eq!(at(&breaker, 4_000), (0, 0));
    call(&mut breaker, ms(3_500), Success);
    assert_eq!(at(&breaker, 3_500), (2, 0));
}

#[test]
fn a_window_of_calls_forgets_the_oldest() {
    let mut breaker = Resilience4j::new(small());
    calls(&mut breaker, ms(0), Failure, 4);
    calls(&mut breaker, ms(0), Success, 9);
    let window = breaker.window(ms(0));
    assert_eq!(
        (window.buckets.len(), window.calls, window.failures),
        (10, 10, 1)
    );
    assert_eq!(window.buckets[0].failures, 1);
    assert_eq!(breaker.rates(ms(0)), Some((10.0, 0.0)));
}

#[test]
fn the_wait_is_over_after_its_last_nanosecond_and_only_a_call_ends_it() {
    let mut breaker = tripped(small());
    let refused = breaker.try_acquire(ms(1_000)).unwrap_err();
    assert_eq!(refused.retry_after, Some(Duration::from_nanos(1)));
    let at = ms(1_000).plus_nanos(1);
    assert_eq!(
        (breaker.next_deadline(), breaker.state(at)),
        (Some(at), State::Open)
    );
    assert_eq!(breaker.advance(ms(9_000)), None);
    let trial = breaker.try_acquire(at).unwrap();
    assert_eq!(
        (trial.trial, trial.transition.unwrap().to),
        (true, State::HalfOpen)
    );
}

#[test]
fn the_automatic_transition_comes_at_the_end_of_the_wait() {
    let mut breaker = tripped(Resilience4jConfig {
        automatic_half_open: true,
        ..small()
    });
    assert_eq!(breaker.state(ms(999)), State::Open);
    assert_eq!(
        (breaker.next_deadline(), breaker.state(ms(1_000))),
        (Some(ms(1_000)), State::HalfOpen)
    );
    let over = breaker.advance(ms(1_500)).unwrap();
    assert_eq!((over.at, over.call), (ms(1_000), None));
}

#[test]
fn the_verdict_waits_for_all_trials_and_goes_by_their_rate() {
    for (second, to) in [(Success, State::Closed), (Failure, State::Open)] {
        let mut breaker = tripped(Resilience4jConfig {
            failure_rate: 60.0,
            ..small()
        });
        let one = breaker.try_acquire(ms(2_000)).unwrap();
        let two = breaker.try_acquire(ms(2_000)).unwrap();
        let refused = breaker.try_acquire(ms(2_000)).unwrap_err();
        assert_eq!(
            (refused.reason, refused.retry_after),
            (Reason::TrialsTaken, None)
        );
        assert_eq!(report(&mut breaker, one, ms(2_001), Failure), None);
        let verdict = report(&mut breaker, two, ms(2_002), second).unwrap();
        assert_eq!((verdict.from, verdict.to), (State::HalfOpen, to));
    }
}

#[test]
fn a_released_permission_is_given_to_the_next() {
    for outcome in [Cancelled, Excluded] {
        let mut breaker = tripped(small());
        let one = breaker.try_acquire(ms(2_000)).unwrap();
        let _two = breaker.try_acquire(ms(2_000)).unwrap();
        report(&mut breaker, one, ms(2_000), outcome);
        assert!(breaker.try_acquire(ms(2_000)).is_ok());
        assert!(breaker.try_acquire(ms(2_000)).is_err());
    }
}

#[test]
fn late_results_are_recorded_in_the_open_state_and_change_nothing() {
    let mut breaker = Resilience4j::new(small());
    let late: Vec<_> = (0..9)
        .map(|_| breaker.try_acquire(ms(0)).unwrap())
        .collect();
    calls(&mut breaker, ms(0), Failure, 10);
    for permit in late {
        assert_eq!(report(&mut breaker, permit, ms(10), Success), None);
    }
    assert_eq!(
        (breaker.state(ms(10)), breaker.rates(ms(10))),
        (State::Open, Some((10.0, 0.0)))
    );
}

#[test]
fn a_half_open_state_that_lasts_too_long_opens_again() {
    let mut breaker = tripped(Resilience4jConfig {
        max_wait_half_open: Duration::from_secs(3),
        ..small()
    });
    let _lost = breaker.try_acquire(ms(2_000)).unwrap();
    assert_eq!(
        (breaker.next_deadline(), breaker.state(ms(4_999))),
        (Some(ms(5_000)), State::HalfOpen)
    );
    let overdue = breaker.try_acquire(ms(5_500)).unwrap_err();
    let transition = overdue.transition.unwrap();
    assert_eq!(
        (transition.at, transition.cause),
        (ms(5_000), Cause::TrialsOverdue)
    );
    assert_eq!(
        overdue.retry_after,
        Some(Duration::from_millis(500) + Duration::from_nanos(1))
    );
}

#[test]
fn timers_that_nobody_listens_to_do_not_turn_for_ever() {
    let mut breaker = tripped(Resilience4jConfig {
        max_wait_half_open: Duration::from_millis(1),
        wait_open: Duration::from_millis(1),
        automatic_half_open: true,
        ..small()
    });
    let end = clock::Instant::MAX;
    assert_ne!(breaker.state(end), State::Closed);
    let _ = breaker.try_acquire(end);
    assert_ne!(breaker.state(end), State::Closed);
}
