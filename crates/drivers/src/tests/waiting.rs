//! Waiting: reservations, deadlines, and tokens that come back.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clock::Instant;
use rate_limiter::{Limit, TokenBucket};
use tokio::time::{advance, sleep, timeout};
use tower::{Layer, Service, ServiceExt, service_fn};

use super::gaps;
use crate::{
    Clock, DirectLimiter, Locked, RateLimitError, RateLimitLayer, Reservation, TokioClock,
};

/// A tick of tokio's timer: a sleeper wakes within one tick after its time.
const TICK: Duration = Duration::from_millis(1);

/// Lets `gap` pass in steps of a tick, as tokio's `advance` would jump over the sleepers that are due on the way.
async fn pass(mut gap: Duration) {
    while !gap.is_zero() {
        let step = gap.min(TICK);
        advance(step).await;
        gap -= step;
    }
}

type Limiter = DirectLimiter<Locked<TokenBucket>>;

fn bucket(per_second: f64, burst: i64) -> TokenBucket {
    TokenBucket::new(Limit::per_second(per_second), burst)
}

/// Spends the whole burst.
fn empty(limiter: &Limiter, burst: u32) {
    assert_eq!(limiter.try_acquire(burst), Ok(()));
}

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn waiting_requests_are_served_when_the_bare_mechanism_says() {
    let clock = TokioClock::start();
    let at_most = Duration::from_millis(700);
    let mut bare = bucket(10.0, 5);
    let limiter = DirectLimiter::with_clock(Locked::new(bare.clone()), clock);
    let served: Arc<Mutex<Vec<(usize, Instant)>>> = Arc::default();
    let log = Arc::clone(&served);
    let serve = move |request: usize| {
        log.lock().unwrap().push((request, clock.now()));
        async { Ok::<_, Infallible>(()) }
    };
    let service = RateLimitLayer::wait(limiter, at_most).layer(service_fn(serve));
    let (mut due, mut refused) = (Vec::new(), 0);
    let mut requests = Vec::new();
    for (request, gap) in gaps(4).take(400).enumerate() {
        pass(gap).await;
        let now = clock.now();
        // The call itself reserves; the task only sleeps and is served.
        requests.push(tokio::spawn(service.clone().call(request)));
        tokio::task::yield_now().await;
        match bare.reserve_within(now, 1, at_most) {
            Ok(reservation) => due.push((request, now + reservation.delay_from(now))),
            Err(_) => refused += 1,
        }
    }
    let mut errors = 0;
    for request in requests {
        errors += usize::from(request.await.unwrap().is_err());
    }
    assert_eq!(errors, refused);
    assert!(
        refused > 20 && due.len() > 100,
        "the script decides both ways"
    );
    let served = served.lock().unwrap();
    assert_eq!(served.len(), due.len());
    for ((request, at), (expected, due)) in served.iter().zip(&due) {
        assert_eq!(
            request, expected,
            "requests are served in the order they asked"
        );
        assert!(
            *at >= *due && *at <= *due + 2 * TICK,
            "{request}: due {due}, served {at}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_in_the_queue_gives_its_place_back_when_it_gives_up() {
    let limiter = DirectLimiter::new(Locked::new(bucket(10.0, 1)));
    empty(&limiter, 1);
    let first = limiter.wait(1, MINUTE);
    let last = limiter.wait(1, MINUTE);
    drop(last);
    // The place at 200 ms is free again.
    assert_eq!(
        limiter.reserve(1, MINUTE).unwrap().delay(),
        Duration::from_millis(200)
    );
    assert_eq!(first.await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_place_in_mid_queue_is_lost_as_in_x_time_rate() {
    let limiter = DirectLimiter::new(Locked::new(bucket(10.0, 1)));
    empty(&limiter, 1);
    let places = [(); 3].map(|()| limiter.reserve(1, MINUTE).unwrap());
    assert_eq!(
        places.each_ref().map(|place| place.delay().as_millis()),
        [100, 200, 300]
    );
    let [_, middle, _] = places;
    middle.cancel();
    assert_eq!(
        limiter.reserve(1, MINUTE).unwrap().delay(),
        Duration::from_millis(400)
    );
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_dropped_while_it_waits_gives_its_token_back() {
    let limiter = DirectLimiter::new(Locked::new(bucket(10.0, 1)));
    empty(&limiter, 1);
    let serve = |_: ()| async { Ok::<_, Infallible>(()) };
    let service = RateLimitLayer::wait(limiter.clone(), MINUTE).layer(service_fn(serve));
    let given_up = timeout(Duration::from_millis(50), service.clone().oneshot(())).await;
    assert!(given_up.is_err());
    sleep(Duration::from_millis(50)).await;
    assert_eq!(limiter.try_acquire(1), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_over_gives_nothing_back() {
    let limiter = DirectLimiter::new(Locked::new(bucket(10.0, 1)));
    empty(&limiter, 1);
    let mut wait = Box::pin(limiter.wait(1, MINUTE));
    assert_eq!(wait.as_mut().await, Ok(()));
    drop(wait);
    assert!(limiter.try_acquire(1).is_err());
}

#[tokio::test(start_paused = true)]
async fn a_wait_of_exactly_the_longest_is_accepted_and_one_nanosecond_more_is_not() {
    let limiter = DirectLimiter::new(Locked::new(bucket(10.0, 1)));
    empty(&limiter, 1);
    let at_most = Duration::from_millis(100);
    let refused = limiter.wait(1, at_most - Duration::from_nanos(1)).await;
    assert_eq!(refused.unwrap_err().retry_after, Duration::from_nanos(1));
    assert_eq!(limiter.wait(1, at_most).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_would_wait_too_long_is_refused_at_once() {
    let clock = TokioClock::start();
    let limiter = DirectLimiter::with_clock(Locked::new(bucket(1.0, 1)), clock);
    let serve = |_: ()| async { Ok::<_, Infallible>(()) };
    let layer = RateLimitLayer::wait(limiter, Duration::from_millis(500));
    let service = layer.layer(service_fn(serve));
    assert_eq!(service.clone().oneshot(()).await, Ok(()));
    let refused = service.oneshot(()).await;
    let Err(RateLimitError::Throttled(throttled)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(throttled.retry_after, Duration::from_millis(500));
    assert_eq!(clock.now(), Instant::ZERO);
}

#[tokio::test(start_paused = true)]
async fn more_than_the_burst_is_refused_for_ever() {
    let limiter = DirectLimiter::new(Locked::new(bucket(10.0, 5)));
    let refused = limiter.wait(6, MINUTE).await.unwrap_err();
    assert!(!refused.is_temporary());
}
