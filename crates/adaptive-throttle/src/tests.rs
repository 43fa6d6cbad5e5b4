//! The throttle at the edges of its window, and what it settles at.

use core::time::Duration;

use clock::Instant;

use crate::{AdaptiveThrottle, Config, reject_probability};

#[test]
fn nothing_is_dropped_while_half_of_the_requests_are_accepted() {
    let mut throttle = AdaptiveThrottle::new(Config::default());
    let now = Instant::from_secs_f64(1.0);
    for nth in 0..1_000 {
        assert!(throttle.try_acquire(now, 0.0).is_ok(), "{nth}");
        throttle.on_outcome(now, nth % 2 == 0);
    }
    assert_eq!(throttle.counts(now), (1_000, 500));
    assert_eq!(throttle.probability(now), 0.0);
}

#[test]
fn a_refusal_is_forgotten_when_its_bucket_leaves_the_window() {
    let mut throttle = AdaptiveThrottle::new(Config::default());
    let first = Instant::from_secs_f64(2.5);
    throttle.try_acquire(first, 0.9).unwrap();
    // Buckets are 5 s long; the first one leaves when the 25th begins.
    let before = Instant::from_nanos(119_999_999_999);
    assert_eq!(throttle.counts(before), (1, 0));
    assert_eq!(throttle.counts(Instant::from_secs_f64(120.0)), (0, 0));
    // Two windows later its place holds another bucket.
    let later = Instant::from_secs_f64(242.5);
    throttle.on_outcome(later, true);
    assert_eq!(throttle.counts(later), (0, 1));
}

#[test]
fn a_drop_counts_as_a_request() {
    let mut throttle = AdaptiveThrottle::new(Config::default());
    let now = Instant::ZERO;
    throttle.try_acquire(now, 0.9).unwrap();
    assert_eq!(throttle.probability(now), 0.5);
    assert!(throttle.try_acquire(now, 0.499).is_err());
    assert_eq!(throttle.counts(now), (2, 0));
}

#[test]
fn a_backend_that_accepts_so_many_gets_k_times_as_many() {
    // 1,000 requests a second to a backend that accepts 100: k = 2 lets about 200 through.
    let mut throttle = AdaptiveThrottle::new(Config {
        window: Duration::from_secs(10),
        k: 2.0,
    });
    let (mut sent, mut state) = (0, 1_u64);
    for nth in 0..60_000_u64 {
        let now = Instant::from_nanos(nth * 1_000_000);
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let uniform = (state >> 11) as f64 / (1_u64 << 53) as f64;
        if throttle.try_acquire(now, uniform).is_ok() {
            sent += u64::from(nth >= 30_000);
            throttle.on_outcome(now, nth % 10 == 0 || uniform > 0.9);
        }
    }
    // What it accepts depends on what is sent here; the share sent stays between the bounds of the rule.
    let share = sent as f64 / 30_000.0;
    assert!(share > 0.05 && share < 0.5, "{share}");
    assert_eq!(reject_probability(0, 0, 2.0), 0.0);
}
