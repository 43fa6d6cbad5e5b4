//! The layer: the same decisions as the bare mechanism, and what becomes of a refusal.

use std::convert::Infallible;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use rate_limiter::{
    AtomicGcra, FixedWindow, Gcra, LeakyMeter, Limit, RateLimiter, SlidingCounter, SlidingLog,
    TokenBucket,
};
use tokio::time::advance;
use tower::{Layer, Service, ServiceExt, service_fn};

use super::gaps;
use crate::{
    Clock, DirectLimiter, KeyedLimiter, Locked, RateLimitError, RateLimitLayer, Throttled,
    TokioClock,
};

/// Serves every request with its own text.
async fn echo(request: &'static str) -> Result<&'static str, Infallible> {
    Ok(request)
}

/// Replays 2,000 requests through the layer and through `bare`, on one clock.
async fn check_parity<M>(mechanism: M)
where
    M: RateLimiter + Clone,
{
    let clock = TokioClock::start();
    let mut bare = mechanism.clone();
    let limiter = DirectLimiter::with_clock(Locked::new(mechanism), clock);
    let mut service = RateLimitLayer::reject(limiter).layer(service_fn(echo));
    let (mut admitted, mut refused) = (0, 0);
    for (step, gap) in gaps(1).take(2_000).enumerate() {
        advance(gap).await;
        let layered = service.ready().await.unwrap().call("GET /orders").await;
        let expected = bare.try_acquire(clock.now(), 1);
        match layered {
            Ok(_) => admitted += 1,
            Err(_) => refused += 1,
        }
        let expected = expected
            .map(|()| "GET /orders")
            .map_err(RateLimitError::Throttled);
        assert_eq!(layered, expected, "step {step}");
    }
    assert!(
        admitted > 100 && refused > 100,
        "the script decides both ways"
    );
}

#[tokio::test(start_paused = true)]
async fn the_layer_decides_as_the_bare_mechanism() {
    let window = Duration::from_secs(1);
    check_parity(TokenBucket::new(Limit::per_second(10.0), 5)).await;
    check_parity(Gcra::new(10.0, 5)).await;
    check_parity(LeakyMeter::new(10.0, 5)).await;
    check_parity(FixedWindow::new(10, window)).await;
    check_parity(SlidingLog::new(10, window)).await;
    check_parity(SlidingCounter::new(10, window)).await;
}

#[tokio::test(start_paused = true)]
async fn without_a_lock_it_decides_the_same() {
    let clock = TokioClock::start();
    let limiter = DirectLimiter::with_clock(AtomicGcra::new(10.0, 5), clock);
    let mut bare = Gcra::new(10.0, 5);
    for (step, gap) in gaps(2).take(2_000).enumerate() {
        advance(gap).await;
        assert_eq!(
            limiter.try_acquire(1),
            bare.try_acquire(clock.now(), 1),
            "step {step}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn each_key_is_decided_on_as_if_it_were_alone() {
    let clock = TokioClock::start();
    let mechanism = Gcra::new(10.0, 5);
    let mut bare = [(); 3].map(|()| mechanism.clone());
    let limiter = KeyedLimiter::with_clock(mechanism, 100, clock).by(|client: &usize| *client);
    let serve = |client: usize| async move { Ok::<_, Infallible>(client) };
    let service = RateLimitLayer::reject(limiter).layer(service_fn(serve));
    for (step, gap) in gaps(3).take(3_000).enumerate() {
        advance(gap / 3).await;
        let client = step % 3;
        let expected = bare[client].try_acquire(clock.now(), 1);
        let layered = service.clone().oneshot(client).await;
        let expected = expected.map(|()| client).map_err(RateLimitError::Throttled);
        assert_eq!(layered, expected, "step {step}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_can_be_a_response_and_then_the_service_cannot_fail() {
    let limiter = DirectLimiter::new(AtomicGcra::new(10.0, 1));
    let layer = RateLimitLayer::reject(limiter).on_throttled(|_: Throttled| "429");
    let service = layer.layer(service_fn(echo));
    let answer: Result<_, Infallible> = service.clone().oneshot("200").await;
    assert_eq!(answer, Ok("200"));
    assert_eq!(service.oneshot("200").await, Ok("429"));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_says_when_to_come_back_and_coming_back_then_is_enough() {
    let limiter = DirectLimiter::new(AtomicGcra::new(10.0, 1));
    let service = RateLimitLayer::reject(limiter).layer(service_fn(echo));
    assert_eq!(service.clone().oneshot("first").await, Ok("first"));
    let refused = service.clone().oneshot("second").await;
    let retry_after = Duration::from_millis(100);
    assert_eq!(
        refused,
        Err(RateLimitError::Throttled(Throttled { retry_after }))
    );
    advance(retry_after - Duration::from_nanos(1)).await;
    assert!(service.clone().oneshot("second").await.is_err());
    advance(Duration::from_nanos(1)).await;
    assert_eq!(service.oneshot("second").await, Ok("second"));
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_inner_service_is_passed_on() {
    let limiter = DirectLimiter::new(AtomicGcra::new(10.0, 1));
    let fails = service_fn(|_: ()| async { Err::<(), _>("out of stock") });
    let service = RateLimitLayer::reject(limiter).layer(fails);
    assert_eq!(
        service.oneshot(()).await,
        Err(RateLimitError::Inner("out of stock"))
    );
}

/// An inner service that never has room.
#[derive(Clone)]
struct Full;

impl Service<&'static str> for Full {
    type Response = &'static str;
    type Error = Infallible;
    type Future = std::future::Ready<Result<&'static str, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Pending
    }

    fn call(&mut self, _: &'static str) -> Self::Future {
        panic!("called without being ready")
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_service_does_not_keep_the_limiter_from_refusing() {
    let limiter = DirectLimiter::new(AtomicGcra::new(10.0, 1));
    let mut service = RateLimitLayer::reject(limiter).layer(Full);
    let mut cx = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut cx).is_ready());
    let mut admitted = std::pin::pin!(service.call("admitted, waits for room"));
    assert!(admitted.as_mut().poll(&mut cx).is_pending());
    assert!(service.call("refused").await.is_err());
}

#[test]
fn polling_for_readiness_takes_no_tokens() {
    let limiter = DirectLimiter::new(Locked::new(Gcra::new(10.0, 1)));
    let mut service = RateLimitLayer::reject(limiter.clone()).layer(service_fn(echo));
    let mut cx = Context::from_waker(Waker::noop());
    for _ in 0..10 {
        assert!(service.poll_ready(&mut cx).is_ready());
    }
    assert_eq!(limiter.try_acquire(1), Ok(()));
}

#[test]
fn errors_say_what_happened() {
    let retry_after = Duration::from_millis(250);
    let refused = RateLimitError::<Infallible>::Throttled(Throttled { retry_after });
    assert_eq!(refused.to_string(), Throttled { retry_after }.to_string());
    assert_eq!(
        RateLimitError::Inner("out of stock").to_string(),
        "out of stock"
    );
}
