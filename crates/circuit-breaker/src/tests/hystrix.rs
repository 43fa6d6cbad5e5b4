//! hystrix-go's rules at their boundaries.

use core::time::Duration;

use super::{SECOND, call, calls, ms, report};
use crate::Outcome::{Cancelled, Excluded, Failure, Success, TimedOut};
use crate::{Breaker, Cause, Hystrix, HystrixConfig, Reason, State};

fn circuit() -> Hystrix {
    Hystrix::new(HystrixConfig::default())
}

/// Open since 100 ms: 20 failures, and the call that found them.
fn tripped() -> Hystrix {
    let mut circuit = circuit();
    calls(&mut circuit, ms(100), Failure, 21);
    assert_eq!(circuit.state(ms(100)), State::Open);
    circuit
}

#[test]
fn the_call_after_the_twentieth_failure_trips_and_is_refused() {
    let mut circuit = circuit();
    calls(&mut circuit, ms(0), Failure, 20);
    assert_eq!(circuit.state(ms(0)), State::Closed);
    let refused = circuit.try_acquire(ms(7)).unwrap_err();
    assert_eq!((refused.call, refused.state), (21, State::Open));
    let transition = refused.transition.unwrap();
    assert_eq!((transition.at, transition.call), (ms(7), Some(21)));
    let cause = Cause::ErrorPercent {
        requests: 20,
        errors: 20,
        percent: 100,
        threshold: 50,
        stale: 0,
    };
    assert_eq!(transition.cause, cause);
    assert_eq!((circuit.requests(ms(7)), circuit.errors(ms(7))), (21, 21));
}

#[test]
fn nineteen_failures_are_too_few_to_decide() {
    let mut circuit = circuit();
    calls(&mut circuit, ms(0), Failure, 19);
    assert!(circuit.try_acquire(ms(0)).is_ok());
}

#[test]
fn per_cent_are_rounded_half_up() {
    for (errors, calls_in_all, percent, trips) in [
        (99, 200, 50, true),
        (98, 200, 49, false),
        (50, 100, 50, true),
        (494, 1000, 49, false),
    ] {
        let mut circuit = Hystrix::new(HystrixConfig {
            volume_threshold: u64::from(calls_in_all),
            ..HystrixConfig::default()
        });
        calls(&mut circuit, ms(0), Failure, errors);
        calls(&mut circuit, ms(0), Success, calls_in_all - errors);
        assert_eq!(circuit.error_percent(ms(0)), percent);
        assert_eq!(circuit.try_acquire(ms(0)).is_err(), trips, "{errors}");
    }
}

#[test]
fn the_trial_comes_after_the_sleep_window_and_not_at_its_end() {
    let mut circuit = tripped();
    let refused = circuit.try_acquire(ms(5_100)).unwrap_err();
    assert_eq!(refused.retry_after, Some(Duration::from_nanos(1)));
    let at = ms(5_100).plus_nanos(1);
    assert_eq!(circuit.next_deadline(), Some(at));
    let trial = circuit.try_acquire(at).unwrap();
    assert!(trial.trial);
    assert_eq!(circuit.state(at), State::Open);
    assert!(circuit.try_acquire(at).is_err(), "one trial at a time");
    let closed = report(&mut circuit, trial, at, Success).unwrap();
    assert_eq!(
        (closed.to, closed.cause),
        (State::Closed, Cause::TrialSucceeded)
    );
    assert_eq!(
        (circuit.requests(at), circuit.errors(at)),
        (1, 0),
        "the trial itself"
    );
    assert_eq!(circuit.next_deadline(), None);
}

#[test]
fn a_failed_trial_changes_nothing_and_the_wait_runs_from_its_start() {
    let mut circuit = tripped();
    let trial = circuit.try_acquire(ms(6_000)).unwrap();
    assert_eq!(report(&mut circuit, trial, ms(6_900), Failure), None);
    assert_eq!(circuit.next_deadline(), Some(ms(11_000).plus_nanos(1)));
}

#[test]
fn a_trial_slower_than_the_sleep_window_is_joined_by_a_second() {
    let mut circuit = tripped();
    let first = circuit.try_acquire(ms(6_000)).unwrap();
    let second = circuit.try_acquire(ms(11_001)).unwrap();
    assert!(first.trial && second.trial);
    assert_eq!(circuit.active(), 2);
}

#[test]
fn a_success_from_before_the_trip_closes_at_once() {
    let mut circuit = circuit();
    let slow = circuit.try_acquire(ms(0)).unwrap();
    calls(&mut circuit, ms(100), Failure, 21);
    assert_eq!(circuit.state(ms(500)), State::Open);
    let closed = report(&mut circuit, slow, ms(600), Success).unwrap();
    assert_eq!((closed.call, closed.cause), (Some(1), Cause::LateSuccess));
    assert_eq!(circuit.requests(ms(600)), 1);
}

#[test]
fn tickets_come_back_with_any_outcome() {
    for outcome in [Success, Failure, TimedOut, Cancelled, Excluded] {
        let mut circuit = circuit();
        let permits: Vec<_> = (0..10)
            .map(|_| circuit.try_acquire(ms(0)).unwrap())
            .collect();
        let refused = circuit.try_acquire(ms(0)).unwrap_err();
        assert_eq!(
            (refused.reason, refused.retry_after),
            (Reason::TooManyAtOnce, None)
        );
        assert_eq!(refused.state, State::Closed);
        assert_eq!(
            (circuit.requests(ms(0)), circuit.errors(ms(0))),
            (1, 1),
            "counted as an error"
        );
        for permit in permits {
            report(&mut circuit, permit, ms(5), outcome);
        }
        assert_eq!(circuit.active(), 0);
        let is_error = matches!(outcome, Failure | TimedOut);
        assert_eq!(
            circuit.errors(ms(5)),
            if is_error { 11 } else { 1 },
            "{outcome:?}"
        );
        assert_eq!(circuit.requests(ms(5)), 11);
    }
}

#[test]
fn an_answer_after_the_time_out_is_a_time_out() {
    for (latency, errors) in [(SECOND, 0), (SECOND + Duration::from_nanos(1), 1)] {
        let mut circuit = circuit();
        let permit = circuit.try_acquire(ms(0)).unwrap();
        assert_eq!(permit.deadline(), Some(ms(1_000)));
        circuit.on_outcome(permit, ms(0) + latency, Success, latency);
        assert_eq!(circuit.errors(ms(1_000)), errors);
    }
}

/// 30 successes and 12 failures in second 0, then 20 successes in second 10.
fn with_errors_of_ten_seconds_ago(clean_window: bool) -> Hystrix {
    let mut circuit = Hystrix::new(HystrixConfig {
        clean_window,
        ..HystrixConfig::default()
    });
    calls(&mut circuit, ms(0), Success, 30);
    calls(&mut circuit, ms(200), Failure, 12);
    calls(&mut circuit, ms(10_000), Success, 20);
    circuit
}

#[test]
fn errors_outlive_their_calls_and_trip_on_successes() {
    let mut circuit = with_errors_of_ten_seconds_ago(false);
    assert_eq!(circuit.error_percent(ms(10_000)), 60);
    let window = circuit.window(ms(10_000));
    assert_eq!(
        (window.buckets.len(), window.calls, window.failures),
        (2, 20, 12)
    );
    assert_eq!(
        (window.buckets[0].calls, window.buckets[0].failures),
        (0, 12)
    );
    let refused = circuit.try_acquire(ms(10_001)).unwrap_err();
    let Cause::ErrorPercent { stale, percent, .. } = refused.transition.unwrap().cause else {
        panic!("another cause");
    };
    assert_eq!((stale, percent), (12, 60));
}

#[test]
fn a_clean_window_forgets_errors_with_their_calls() {
    let mut circuit = with_errors_of_ten_seconds_ago(true);
    assert_eq!(circuit.error_percent(ms(10_000)), 0);
    assert_eq!(circuit.window(ms(10_000)).buckets.len(), 1);
    assert!(circuit.try_acquire(ms(10_001)).is_ok());
}

#[test]
fn eleven_seconds_may_count_and_the_twelfth_does_not() {
    let mut circuit = circuit();
    calls(&mut circuit, ms(999), Failure, 5);
    assert_eq!(circuit.errors(ms(10_999)), 5);
    assert_eq!(circuit.errors(ms(11_000)), 0);
}

#[test]
fn zero_means_the_default() {
    let zero = HystrixConfig {
        time_out: Duration::ZERO,
        max_concurrent: 0,
        volume_threshold: 0,
        sleep_window: Duration::ZERO,
        error_percent: 0,
        clean_window: false,
    };
    assert_eq!(*Hystrix::new(zero).config(), HystrixConfig::default());
}

#[test]
fn refused_calls_keep_the_window_full_of_errors() {
    let mut circuit = tripped();
    assert_eq!(call(&mut circuit, ms(200), Success), None);
    assert_eq!(circuit.errors(ms(200)), 22);
}
