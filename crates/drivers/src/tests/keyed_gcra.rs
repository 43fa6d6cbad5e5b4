//! The GCRA for each key: as the bare mechanism, in bounded memory, for many threads.

use std::convert::Infallible;
use std::time::Duration;

use rate_limiter::{Gcra, RateLimiter};
use tokio::time::advance;
use tower::{Layer, ServiceExt, service_fn};

use super::gaps;
use crate::{Clock, FastClock, KeyedGcra, RateLimitError, RateLimitLayer, TokioClock};

#[tokio::test(start_paused = true)]
async fn each_key_is_decided_on_as_by_a_gcra_of_its_own() {
    let clock = TokioClock::start();
    let gcra = Gcra::new(10.0, 5);
    let mut bare = [(); 3].map(|()| gcra.clone());
    let limiter = KeyedGcra::with_clock(gcra, 100, clock).by(|client: &usize| *client);
    let serve = |client: usize| async move { Ok::<_, Infallible>(client) };
    let service = RateLimitLayer::reject(limiter).layer(service_fn(serve));
    let mut refused = 0;
    for (step, gap) in gaps(5).take(3_000).enumerate() {
        advance(gap / 3).await;
        let client = step % 3;
        let expected = bare[client].try_acquire(clock.now(), 1);
        refused += usize::from(expected.is_err());
        let expected = expected.map(|()| client).map_err(RateLimitError::Throttled);
        assert_eq!(
            service.clone().oneshot(client).await,
            expected,
            "step {step}"
        );
    }
    assert!(
        (300..2_700).contains(&refused),
        "the script decides both ways"
    );
}

#[test]
fn a_million_keys_do_not_make_it_grow() {
    let limiter = KeyedGcra::new(Gcra::new(0.001, 1), 5_000);
    let admitted = (0..1_000_000)
        .filter(|client| limiter.try_acquire(client, 1).is_ok())
        .count();
    assert_eq!(admitted, 1_000_000);
    assert!(
        limiter.keys() >= 3_000 && limiter.keys() <= 6_500,
        "{} keys",
        limiter.keys()
    );
}

#[tokio::test(start_paused = true)]
async fn forgetting_keys_that_have_their_whole_allowance_back_changes_no_decision() {
    // One request per second and key, and room for 1,000 keys: in each second other 1,000 come.
    let clock = TokioClock::start();
    let limiter = KeyedGcra::with_clock(Gcra::new(1.0, 1), 1_000, clock);
    for second in 0..20_u64 {
        let clients = second * 1_000..(second + 1) * 1_000;
        assert!(
            clients
                .clone()
                .all(|client| limiter.try_acquire(&client, 1).is_ok())
        );
        assert!(
            clients
                .clone()
                .all(|client| limiter.try_acquire(&client, 1).is_err())
        );
        assert_eq!(limiter.keys(), 1_000);
        advance(Duration::from_secs(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_who_invents_keys_does_not_wash_out_a_debt() {
    let limiter = KeyedGcra::with_clock(Gcra::new(1.0, 50), 100, TokioClock::start());
    assert!(limiter.try_acquire(&u64::MAX, 50).is_ok());
    for invented in 0..10_000 {
        advance(Duration::from_nanos(1)).await;
        assert!(limiter.try_acquire(&invented, 1).is_ok());
    }
    assert!(limiter.try_acquire(&u64::MAX, 1).is_err(), "still in debt");
}

#[test]
fn room_for_no_key_is_room_for_one() {
    let limiter = KeyedGcra::new(Gcra::new(0.001, 1), 0);
    assert!(limiter.try_acquire(&"ada", 1).is_ok());
    assert!(limiter.try_acquire(&"ada", 1).is_err());
    assert!(limiter.try_acquire(&"bob", 1).is_ok());
    assert_eq!(limiter.keys(), 1);
}

#[test]
fn threads_together_get_each_keys_allowance_and_no_more() {
    let limiter = KeyedGcra::with_clock(Gcra::new(0.001, 5), 10_000, FastClock::start());
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

#[test]
fn debugging_output_does_not_show_the_keys() {
    let limiter = KeyedGcra::new(Gcra::new(1.0, 1), 10);
    limiter.try_acquire(&"secret-key", 1).unwrap();
    assert!(!format!("{limiter:?}").contains("secret"));
}
