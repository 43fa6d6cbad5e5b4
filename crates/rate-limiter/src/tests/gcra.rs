//! GCRA, alone and shared by threads.

use core::time::Duration;

use clock::Instant;

use super::{ms, ns, waiting_exactly_as_told_is_enough, what_is_said_to_be_available_is};
use crate::{AtomicGcra, Gcra, RateLimiter, Throttled};

#[test]
fn a_burst_passes_and_then_one_every_period() {
    let mut gcra = Gcra::new(10.0, 50);
    assert_eq!(gcra.try_acquire(ms(0), 50), Ok(()));
    assert_eq!(gcra.theoretical_arrival(), ms(5_000));
    let refusal = gcra.try_acquire(ms(0), 1).unwrap_err();
    assert_eq!(refusal.retry_after, Duration::from_millis(100));
    assert!(gcra.try_acquire(ns(99_999_999), 1).is_err());
    assert_eq!(gcra.try_acquire(ms(100), 1), Ok(()));
}

#[test]
fn more_than_the_burst_never_passes_and_nothing_always_does() {
    let mut gcra = Gcra::new(10.0, 3);
    assert_eq!(gcra.try_acquire(ms(0), 4), Err(Throttled::NEVER));
    assert_eq!(gcra.try_acquire(ms(0), 3), Ok(()));
    assert_eq!(gcra.try_acquire(ms(0), 0), Ok(()));
    assert_eq!(
        Gcra::new(10.0, 0).try_acquire(ms(0), 1),
        Err(Throttled::NEVER)
    );
}

#[test]
fn rates_become_whole_nanoseconds() {
    let period = |rate| Gcra::new(rate, 1).period().as_nanos();
    assert_eq!(period(3.0), 333_333_333);
    assert_eq!(period(2e9), 1);
    for no_rate in [0.0, -1.0, f64::NAN, 1e-300] {
        assert_eq!(period(no_rate), i64::MAX as u128);
    }
}

#[test]
fn the_longest_period_still_refuses() {
    let mut gcra = Gcra::new(0.0, 5);
    let hour = ms(3_600_000);
    assert_eq!(gcra.try_acquire(hour, 5), Ok(()));
    assert!(
        gcra.try_acquire(hour + Duration::from_secs(365 * 86_400), 1)
            .is_err()
    );
    assert_eq!(gcra.try_acquire(Instant::MAX, 1), Ok(()));
}

#[test]
fn says_what_is_available_and_when_more_is() {
    let mut gcra = Gcra::new(7.0, 3);
    for at in [0, 1, 1, 1, 142, 143, 144, 300, 1_000, 1_001].map(ms) {
        what_is_said_to_be_available_is(&gcra, at);
        waiting_exactly_as_told_is_enough(&gcra, at, 1);
        waiting_exactly_as_told_is_enough(&gcra, at, 3);
        let _ = gcra.try_acquire(at, 1);
    }
}

#[test]
fn threads_together_get_the_burst_and_no_more() {
    let shared = AtomicGcra::new(10.0, 1_000);
    let admitted = |shared: &AtomicGcra| {
        (0..900)
            .filter(|_| shared.try_acquire(ms(7), 1).is_ok())
            .count()
    };
    let total: usize = std::thread::scope(|scope| {
        let threads = [0; 4].map(|_| scope.spawn(|| admitted(&shared)));
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(total, 1_000);
    assert_eq!(shared.available(ms(7)), 0);
    assert_eq!(shared.available(ms(107)), 1);
}
