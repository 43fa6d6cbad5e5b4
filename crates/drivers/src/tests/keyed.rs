//! A limit for each key: independent, bounded, shared by threads, waiting.

use std::convert::Infallible;
use std::time::Duration;

use clock::Instant;
use rate_limiter::{Gcra, Limit, TokenBucket};
use tower::{Layer, ServiceExt, service_fn};

use crate::{Clock, FastClock, KeyedLimiter, RateLimitLayer, Reservation, TokioClock};

/// One request per key, and no more for a very long time.
fn once() -> Gcra {
    Gcra::new(0.001, 1)
}

#[test]
fn every_key_has_an_allowance_of_its_own() {
    let limiter = KeyedLimiter::new(once(), 10_000);
    for client in 0..10_000 {
        assert!(limiter.try_acquire(&client, 1).is_ok());
    }
    for client in 0..10_000 {
        assert!(
            limiter.try_acquire(&client, 1).is_err(),
            "{client} was forgotten"
        );
    }
}

#[test]
fn more_keys_than_there_is_room_for_forget_the_ones_not_seen_for_longest() {
    let limiter = KeyedLimiter::new(once(), 3);
    for client in ["ada", "bob", "cyd"] {
        assert!(limiter.try_acquire(&client, 1).is_ok());
    }
    // Refused, but seen: now bob is the one not seen for longest.
    assert!(limiter.try_acquire(&"ada", 1).is_err());
    assert!(limiter.try_acquire(&"dan", 1).is_ok());
    assert!(limiter.try_acquire(&"ada", 1).is_err());
    assert!(limiter.try_acquire(&"bob", 1).is_ok(), "bob starts afresh");
}

#[test]
fn a_million_keys_do_not_make_it_grow() {
    let limiter = KeyedLimiter::new(once(), 5_000);
    let admitted = (0..1_000_000)
        .filter(|client| limiter.try_acquire(client, 1).is_ok())
        .count();
    assert_eq!(admitted, 1_000_000);
    assert!(
        limiter.keys() >= 5_000 && limiter.keys() <= 6_500,
        "{} keys",
        limiter.keys()
    );
}

#[test]
fn threads_together_get_each_keys_allowance_and_no_more() {
    let limiter = KeyedLimiter::with_clock(Gcra::new(0.001, 5), 10_000, FastClock::start());
    let ask = || {
        (0..10_000)
            .filter(|n| limiter.try_acquire(&(n % 100), 1).is_ok())
            .count()
    };
    let admitted: usize = std::thread::scope(|scope| {
        let threads = [(); 4].map(|()| scope.spawn(ask));
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(admitted, 100 * 5);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_waits_does_not_keep_others_waiting() {
    let clock = TokioClock::start();
    let bucket = TokenBucket::new(Limit::per_second(10.0), 1);
    let limiter = KeyedLimiter::with_clock(bucket, 100, clock).by(|client: &&'static str| *client);
    let serve = move |_: &'static str| async move { Ok::<_, Infallible>(clock.now()) };
    let layer = RateLimitLayer::wait(limiter, Duration::from_secs(1));
    let service = layer.layer(service_fn(serve));
    let ask = |client| service.clone().oneshot(client);
    let served = tokio::join!(ask("ada"), ask("ada"), ask("bob"), ask("ada"));
    let at = |millis| Ok(Instant::from_millis(millis));
    assert_eq!(served, (at(0), at(100), at(0), at(200)));
}

#[tokio::test(start_paused = true)]
async fn a_key_that_gives_up_gives_its_own_tokens_back() {
    let bucket = TokenBucket::new(Limit::per_second(10.0), 1);
    let limiter = KeyedLimiter::new(bucket, 100);
    let second = Duration::from_secs(1);
    for client in ["ada", "bob"] {
        assert!(limiter.try_acquire(&client, 1).is_ok());
        assert_eq!(
            limiter.reserve(&client, 1, second).unwrap().delay(),
            second / 10
        );
    }
    drop(limiter.wait(&"ada", 1, second));
    assert_eq!(
        limiter.reserve(&"ada", 1, second).unwrap().delay(),
        second / 5
    );
    assert_eq!(
        limiter.reserve(&"bob", 1, second).unwrap().delay(),
        second / 5
    );
}

#[test]
fn debugging_output_does_not_show_the_keys() {
    let limiter = KeyedLimiter::new(once(), 10);
    limiter.try_acquire(&"secret-key", 1).unwrap();
    assert!(!format!("{limiter:?}").contains("secret"));
}
