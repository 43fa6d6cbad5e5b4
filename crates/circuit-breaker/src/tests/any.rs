//! What holds for all policies, under any traffic.

use core::time::Duration;

use clock::Instant;
use proptest::prelude::*;

use crate::{
    AnyBreaker, Breaker, Gobreaker, GobreakerConfig, Hystrix, HystrixConfig, Outcome, Permit,
    ReadyToTrip, Resilience4j, Resilience4jConfig, SlidingWindow, State, Transition,
};

/// One of each policy, quick to trip and quick to recover.
fn breakers() -> [AnyBreaker; 5] {
    let second = Duration::from_secs(1);
    let hystrix = |clean_window| {
        Hystrix::new(HystrixConfig {
            volume_threshold: 4,
            sleep_window: second,
            clean_window,
            ..HystrixConfig::default()
        })
    };
    let gobreaker = GobreakerConfig {
        max_requests: 2,
        interval: 3 * second,
        bucket_period: second,
        timeout: second,
        ready_to_trip: ReadyToTrip::FailureRatio {
            min_requests: 4,
            ratio: 0.5,
        },
        exclude_cancelled: true,
    };
    let resilience4j = |window| {
        Resilience4j::new(Resilience4jConfig {
            window,
            minimum_calls: 4,
            wait_open: second,
            permitted: 2,
            max_wait_half_open: 2 * second,
            ..Resilience4jConfig::default()
        })
    };
    [
        hystrix(false).into(),
        hystrix(true).into(),
        Gobreaker::new(gobreaker, Instant::ZERO).into(),
        resilience4j(SlidingWindow::Calls(5)).into(),
        resilience4j(SlidingWindow::Seconds(3)).into(),
    ]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        3 => Just(Outcome::Success),
        3 => Just(Outcome::Failure),
        1 => Just(Outcome::TimedOut),
        1 => Just(Outcome::Cancelled),
        1 => Just(Outcome::Excluded),
    ]
}

/// Milliseconds since the step before, whether to call, and an outcome for the oldest call if not.
fn traffic() -> impl Strategy<Value = Vec<(u64, bool, Outcome)>> {
    prop::collection::vec((0_u64..700, any::<bool>(), outcome()), 0..120)
}

/// Every change begins where the one before ended.
fn follow(state: &mut State, transition: Option<Transition>) {
    if let Some(transition) = transition {
        assert_eq!(transition.from, *state, "{transition}");
        assert_ne!(transition.to, *state, "{transition}");
        *state = transition.to;
    }
}

/// One step of traffic on a breaker; the changes must account for the state.
fn step(
    breaker: &mut AnyBreaker,
    permits: &mut Vec<Permit>,
    known: &mut State,
    now: Instant,
    (ask, outcome): (bool, Outcome),
) {
    while let Some(due) = breaker.advance(now) {
        follow(known, Some(due));
    }
    if ask || permits.is_empty() {
        match breaker.try_acquire(now) {
            Ok(permit) => {
                follow(known, permit.transition);
                permits.push(permit);
            }
            Err(refused) => {
                follow(known, refused.transition);
                assert_eq!(refused.state, *known);
                check_promise(breaker, refused.retry_after, now);
            }
        }
    } else {
        let permit = permits.remove(0);
        let latency = now.since(permit.at);
        follow(known, breaker.on_outcome(permit, now, outcome, latency));
    }
    assert_eq!(breaker.state(now), *known);
    if let Some(deadline) = breaker.next_deadline() {
        assert!(
            deadline > now || *known == State::Open,
            "{deadline} at {now}"
        );
    }
}

/// Asked again after the time told, and not before, an open breaker admits.
fn check_promise(breaker: &AnyBreaker, retry_after: Option<Duration>, now: Instant) {
    let Some(wait) = retry_after else { return };
    let at = now + wait;
    let refused_before = breaker.clone().try_acquire(at - Duration::from_nanos(1));
    assert!(refused_before.is_err());
    let kept = match breaker.clone().try_acquire(at) {
        Ok(_) => true,
        // The wait is over; it is the tickets that are missing.
        Err(refused) => refused.reason == crate::Reason::TooManyAtOnce,
    };
    assert!(kept, "refused at {at} again");
}

proptest! {
    #[test]
    fn transitions_account_for_every_state_and_refusals_keep_their_promise(traffic in traffic()) {
        for mut breaker in breakers() {
            let (mut now, mut known, mut permits) = (Instant::ZERO, State::Closed, Vec::new());
            for &(wait, ask, outcome) in &traffic {
                now = now + Duration::from_millis(wait);
                step(&mut breaker, &mut permits, &mut known, now, (ask, outcome));
            }
        }
    }

    #[test]
    fn looking_changes_nothing_and_the_window_adds_up(traffic in traffic()) {
        for mut breaker in breakers() {
            let (mut now, mut known, mut permits) = (Instant::ZERO, State::Closed, Vec::new());
            for &(wait, ask, outcome) in &traffic {
                now = now + Duration::from_millis(wait);
                step(&mut breaker, &mut permits, &mut known, now, (ask, outcome));
                let before = breaker.clone();
                let window = breaker.window(now);
                let calls: u64 = window.buckets.iter().map(|bucket| bucket.calls).sum();
                let failures: u64 = window.buckets.iter().map(|bucket| bucket.failures).sum();
                prop_assert_eq!((calls, failures), (window.calls, window.failures));
                prop_assert!(window.buckets.len() <= 11);
                let _ = (breaker.state(now), breaker.next_deadline());
                prop_assert_eq!(&breaker, &before);
            }
        }
    }

    #[test]
    fn no_time_and_no_setting_makes_it_panic(
        settings in (any::<u32>(), any::<u64>(), any::<u64>(), any::<u64>(), any::<f32>()),
        times in prop::collection::vec(any::<u64>(), 0..30),
    ) {
        let (count, one, two, three, number) = settings;
        let nanos = Duration::from_nanos;
        let hystrix = HystrixConfig {
            time_out: nanos(one), max_concurrent: count, volume_threshold: two,
            sleep_window: nanos(three), error_percent: one as i64, clean_window: count % 2 == 0,
        };
        let gobreaker = GobreakerConfig {
            max_requests: count, interval: nanos(one), bucket_period: nanos(two),
            timeout: nanos(three), exclude_cancelled: count % 2 == 0,
            ready_to_trip: ReadyToTrip::FailureRatio { min_requests: count, ratio: number.into() },
        };
        let resilience4j = Resilience4jConfig {
            window: SlidingWindow::Seconds(count), minimum_calls: count, failure_rate: number,
            slow_rate: number, slow_call: nanos(one), wait_open: nanos(two), permitted: count,
            max_wait_half_open: nanos(three), automatic_half_open: one % 2 == 0,
        };
        let breakers: [AnyBreaker; 3] = [
            Hystrix::new(hystrix).into(),
            Gobreaker::new(gobreaker, Instant::ZERO).into(),
            Resilience4j::new(resilience4j).into(),
        ];
        for mut breaker in breakers {
            // Times in no order: a clock that runs backwards is a nuisance, not a crash.
            for &time in &times {
                let now = Instant::from_nanos(time);
                if let Ok(permit) = breaker.try_acquire(now) {
                    breaker.on_outcome(permit, now, Outcome::Failure, nanos(time));
                }
                let _ = (breaker.window(now), breaker.state(now), breaker.next_deadline());
            }
        }
    }
}
