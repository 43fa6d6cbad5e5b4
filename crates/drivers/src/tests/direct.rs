//! One limit shared by many threads.

use std::sync::Mutex;
use std::time::Duration;

use clock::Instant;
use rate_limiter::{AtomicGcra, Gcra, Limit, TokenBucket};

use crate::{Clock, DirectLimiter, FastClock, Locked, Shared, TokioClock};

/// Four threads ask 1,000 times each for a limit that gives nothing after its burst.
fn admitted_by_threads(limiter: &DirectLimiter<impl Shared + Send + Sync, FastClock>) -> usize {
    let ask = || {
        (0..1_000)
            .filter(|_| limiter.try_acquire(1).is_ok())
            .count()
    };
    std::thread::scope(|scope| {
        let threads = [(); 4].map(|()| scope.spawn(ask));
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    })
}

#[test]
fn threads_together_get_the_burst_and_no_more() {
    // One token in 1,000 seconds: none comes in while the test runs.
    let clock = FastClock::start;
    let lock_free = DirectLimiter::with_clock(AtomicGcra::new(0.001, 500), clock());
    assert_eq!(admitted_by_threads(&lock_free), 500);
    let bucket = TokenBucket::new(Limit::per_second(0.001), 500);
    let locked = DirectLimiter::with_clock(Locked::new(bucket), clock());
    assert_eq!(admitted_by_threads(&locked), 500);
}

/// A clock that shows what the test tells it to.
struct Script(Mutex<Vec<u64>>);

impl Clock for Script {
    fn now(&self) -> Instant {
        Instant::from_millis(self.0.lock().unwrap().pop().unwrap())
    }
}

#[test]
fn under_the_lock_time_does_not_run_backwards() {
    // Read from the end. Given 500 ms after 1,000 ms, a token bucket would refill the same half second twice.
    let clock = Script(Mutex::new(vec![1_000, 500, 1_000]));
    let bucket = TokenBucket::new(Limit::per_second(1.0), 1);
    let limiter = DirectLimiter::with_clock(Locked::new(bucket), clock);
    let decisions = [(); 3].map(|()| limiter.decide(1));
    assert_eq!(
        decisions.map(|decision| decision.at),
        [Instant::from_millis(1_000); 3]
    );
    assert_eq!(
        decisions.map(|decision| decision.outcome.is_ok()),
        [true, false, false]
    );
}

#[test]
fn clones_share_one_limit() {
    let limiter = DirectLimiter::new(Locked::new(Gcra::new(0.001, 2)));
    let clone = limiter.clone();
    assert!(limiter.try_acquire(1).is_ok());
    assert!(clone.try_acquire(1).is_ok());
    assert!(limiter.try_acquire(1).is_err());
}

#[test]
fn the_fast_clock_starts_near_zero_and_does_not_run_backwards() {
    let clock = FastClock::start();
    let first = clock.now();
    assert!(first < Instant::from_millis(60_000));
    let mut last = first;
    for _ in 0..1_000 {
        let now = clock.now();
        assert!(now >= last);
        last = now;
    }
}

#[tokio::test(start_paused = true)]
async fn the_tokio_clock_stands_still_with_tokio_and_counts_nanoseconds() {
    let clock = TokioClock::start();
    assert_eq!(clock.now(), Instant::ZERO);
    tokio::time::advance(Duration::from_nanos(1_234_567_891)).await;
    assert_eq!(clock.now(), Instant::from_nanos(1_234_567_891));
}
