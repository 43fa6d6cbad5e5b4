//! The breaker layer decides as the bare breaker does, and tells its listeners of every change of state.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use circuit_breaker::{
    AnyBreaker, Breaker, Cause, Gobreaker, GobreakerConfig, Hystrix, HystrixConfig, Reason,
    Resilience4j, Resilience4jConfig, SlidingWindow, State, Transition,
};
use clock::Instant;
use tokio::time::advance;
use tower::{Layer, Service, service_fn};

use super::breaker::{MS, by_status, echo, gobreaker};
use super::gaps;
use crate::{BreakerError, BreakerLayer, CallRefused, Clock, TokioClock};

/// Replays 3,000 calls, six in ten of which fail in the second half, through the layer and through `bare`.
async fn check_parity(breaker: impl Into<AnyBreaker>) {
    let mut bare: AnyBreaker = breaker.into();
    let clock = TokioClock::start();
    let layer = BreakerLayer::new(bare.clone(), clock).classify(by_status);
    let mut service = layer.layer(service_fn(echo));
    let (mut admitted, mut refused) = (0, 0);
    for (step, gap) in gaps(1).take(3_000).enumerate() {
        advance(gap).await;
        let status = if step > 1_500 && step % 10 < 6 {
            500
        } else {
            200
        };
        let now = clock.now();
        let layered = service.call(status).await;
        match bare.try_acquire(now) {
            Ok(permit) => {
                admitted += 1;
                bare.on_outcome(permit, now, by_status(&Ok(status)), Duration::ZERO);
                assert_eq!(layered, Ok(status), "step {step}");
            }
            Err(expected) => {
                refused += 1;
                let Err(BreakerError::Refused(layered)) = layered else {
                    panic!("step {step}: {layered:?}, and not {expected:?}")
                };
                let told = (layered.call, layered.reason, layered.retry_after);
                let expected = (expected.call, expected.reason, expected.retry_after);
                assert_eq!(told, expected, "step {step}");
            }
        }
        assert_eq!(layer.state(), bare.state(now), "step {step}");
    }
    assert!(admitted > 100 && refused > 100, "{admitted}, {refused}");
}

#[tokio::test(start_paused = true)]
async fn the_layer_decides_as_the_bare_breaker() {
    let wait = Duration::from_secs(1);
    check_parity(Hystrix::new(HystrixConfig {
        sleep_window: wait,
        ..HystrixConfig::default()
    }))
    .await;
    check_parity(Gobreaker::new(
        GobreakerConfig {
            timeout: wait,
            ..GobreakerConfig::default()
        },
        Instant::ZERO,
    ))
    .await;
    check_parity(Resilience4j::new(Resilience4jConfig {
        window: SlidingWindow::Calls(20),
        wait_open: wait,
        ..Resilience4jConfig::default()
    }))
    .await;
}

#[tokio::test(start_paused = true)]
async fn listeners_hear_every_change_in_order_with_its_cause() {
    let heard: Arc<Mutex<Vec<Transition>>> = Arc::default();
    let listener = Arc::clone(&heard);
    let layer = BreakerLayer::new(gobreaker(), TokioClock::start())
        .on_transition(move |change| listener.lock().unwrap().push(*change))
        .classify(by_status);
    let mut service = layer.layer(service_fn(echo));
    for _ in 0..6 {
        assert_eq!(service.call(500).await, Ok(500));
    }
    let Err(BreakerError::Refused(refused)) = service.call(200).await else {
        panic!("the sixth failure opens")
    };
    assert_eq!(refused.reason, Reason::Open);
    let wait = refused.retry_after.unwrap();
    // tokio's clock goes by milliseconds, the breaker's wait ends a nanosecond after one.
    advance(wait - Duration::from_nanos(1)).await;
    assert!(service.call(200).await.is_err());
    advance(Duration::from_nanos(1)).await;
    assert_eq!(service.call(200).await, Ok(200));
    let heard = heard.lock().unwrap();
    let states: Vec<_> = heard
        .iter()
        .map(|change| (change.from, change.to))
        .collect();
    let expected = [
        (State::Closed, State::Open),
        (State::Open, State::HalfOpen),
        (State::HalfOpen, State::Closed),
    ];
    assert_eq!(states, expected);
    let failures = Cause::ConsecutiveFailures {
        failures: 6,
        tolerated: 5,
    };
    assert_eq!(heard[0].cause, failures);
    assert_eq!(heard[0].call, Some(6));
    assert_eq!(heard[1].cause, Cause::WaitOver { open_for: wait });
    assert_eq!(heard[2].cause, Cause::TrialsSucceeded { successes: 1 });
}

#[tokio::test(start_paused = true)]
async fn changes_by_timers_are_heard_though_several_were_due() {
    let heard: Arc<Mutex<Vec<(State, State)>>> = Arc::default();
    let listener = Arc::clone(&heard);
    let breaker = Resilience4j::new(Resilience4jConfig {
        window: SlidingWindow::Calls(1),
        wait_open: 100 * MS,
        max_wait_half_open: 100 * MS,
        automatic_half_open: true,
        ..Resilience4jConfig::default()
    });
    let layer = BreakerLayer::new(breaker, TokioClock::start())
        .on_transition(move |change| listener.lock().unwrap().push((change.from, change.to)))
        .classify(by_status);
    let mut service = layer.layer(service_fn(echo));
    assert_eq!(service.call(500).await, Ok(500));
    // Half-open at 100 ms, open again at 200 ms, half-open at 300 ms, and nobody called.
    advance(350 * MS).await;
    assert_eq!(layer.state(), State::HalfOpen);
    assert_eq!(service.call(200).await, Ok(200));
    let (open, half) = (
        (State::HalfOpen, State::Open),
        (State::Open, State::HalfOpen),
    );
    let expected = [(State::Closed, State::Open), half, open, half];
    assert_eq!(*heard.lock().unwrap(), expected);
}

#[test]
fn breaker_errors_say_what_happened() {
    let mut breaker = Hystrix::new(HystrixConfig {
        max_concurrent: 1,
        ..HystrixConfig::default()
    });
    let _held = breaker.try_acquire(Instant::ZERO).unwrap();
    let refused = breaker.try_acquire(Instant::ZERO).unwrap_err();
    let told = CallRefused::of(&refused);
    assert_eq!(told.to_string(), refused.to_string());
    let texts = [
        (BreakerError::Refused(told), "too many calls at once"),
        (BreakerError::TimedOut(250 * MS), "no answer within 250ms"),
        (
            BreakerError::Inner("connection refused"),
            "connection refused",
        ),
    ];
    for (error, text) in texts {
        assert_eq!(error.to_string(), text);
    }
}
