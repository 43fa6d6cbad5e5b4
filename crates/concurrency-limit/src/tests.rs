//! The rules at their bounds; sample by sample they are held against recordings by `conform`.

use core::time::Duration;

use clock::Instant;

use crate::{
    Aimd, AnyLimit, Gradient2, Gradient2Config, Limit, LimitReached, Limiter, Vegas, VegasConfig,
};

const MS: Duration = Duration::from_millis(1);

#[test]
fn the_recorded_limits_come_out_sample_by_sample() {
    let model = conform::find("concurrency-limits").unwrap();
    let text = include_str!("../tests/data/concurrency_limits.json");
    let outcome = (model.replay)(text).unwrap();
    assert!(outcome.differences.is_empty(), "{outcome}");
    assert!(outcome.passed >= 14);
}

#[test]
fn aimd_grows_only_if_half_of_it_is_in_use() {
    let mut limit = Aimd::default();
    assert_eq!(limit.on_sample(MS, 9, false), 20);
    assert_eq!(limit.on_sample(MS, 10, false), 21);
    assert_eq!(limit.on_sample(MS, 10, false), 21);
    assert_eq!(limit.on_sample(MS, 11, false), 22);
}

#[test]
fn aimd_falls_by_a_tenth_and_stays_in_its_range() {
    let mut limit = Aimd::default();
    for _ in 0..500 {
        limit.on_sample(MS, 1_000, false);
    }
    assert_eq!(limit.limit(), 200);
    assert_eq!(limit.on_sample(MS, 1, true), 180);
    // Exactly 5 s are no drop yet.
    assert_eq!(limit.on_sample(5_000 * MS, 1, false), 180);
    let longer = 5_000 * MS + Duration::from_nanos(1);
    assert_eq!(limit.on_sample(longer, 1_000, false), 162);
    for _ in 0..50 {
        limit.on_sample(MS, 1, true);
    }
    assert_eq!(limit.limit(), 20);
}

#[test]
fn gradient2_shrinks_when_calls_take_twice_as_long() {
    let mut limit = Gradient2::default();
    for _ in 0..200 {
        limit.on_sample(10 * MS, 1_000, false);
    }
    let before = limit.limit();
    assert_eq!(before, 180);
    assert_eq!(limit.long_rtt(), 10 * MS);
    for _ in 0..50 {
        limit.on_sample(20 * MS, 1_000, false);
    }
    assert!(limit.limit() < before, "{}", limit.limit());
}

#[test]
fn gradient2_averages_over_as_many_samples_as_can_be_asked_for() {
    let mut limit = Gradient2::new(Gradient2Config {
        long_window: u32::MAX,
        ..Gradient2Config::default()
    });
    for _ in 0..10 {
        limit.on_sample(10 * MS, 20, false);
    }
    // Of four thousand million samples one moves the average by less than a nanosecond.
    limit.on_sample(11 * MS, 20, false);
    assert_eq!(limit.long_rtt(), 10 * MS);
}

#[test]
fn vegas_settles_where_few_calls_wait() {
    // A server with 50 places and 10 ms of work: above 50 in flight the round trip grows with the queue.
    let mut limit = Vegas::new(VegasConfig {
        probe_multiplier: 0,
        ..VegasConfig::default()
    });
    limit.on_sample(10 * MS, 1, false);
    for _ in 0..2_000 {
        let in_flight = limit.limit();
        let rtt = Duration::from_nanos(u64::from(in_flight.max(50)) * 200_000);
        limit.on_sample(rtt, in_flight, false);
    }
    // 3 to 6 waiting is what it aims at.
    assert!((52..=57).contains(&limit.limit()), "{}", limit.limit());
}

#[test]
fn vegas_measures_the_shortest_round_trip_anew() {
    let mut limit = Vegas::new(VegasConfig {
        initial: 100,
        ..VegasConfig::default()
    });
    limit.on_sample(10 * MS, 100, false);
    // From here on calls take twice as long for good: half of the limit seems to wait.
    for _ in 0..10 {
        limit.on_sample(20 * MS, 100, false);
    }
    // Two less at 100, one less each time below: the steps are those of the decimal logarithm.
    assert_eq!(limit.limit(), 89);
    // 0.75 × 30 samples for each of the limit later that is what a call takes.
    for _ in 0..2_300 {
        limit.on_sample(20 * MS, 1, false);
    }
    assert!(limit.on_sample(20 * MS, 100, false) > 89);
}

#[test]
fn the_gate_counts_those_in_flight() {
    let mut limiter = Limiter::new(AnyLimit::Fixed(2));
    let now = Instant::ZERO;
    let first = limiter.try_acquire(now).unwrap();
    let second = limiter.try_acquire(now).unwrap();
    assert_eq!(limiter.try_acquire(now), Err(LimitReached { limit: 2 }));
    limiter.ignore(first);
    assert_eq!(limiter.in_flight(), 1);
    limiter.on_outcome(second, now + MS, false);
    assert_eq!((limiter.in_flight(), limiter.limit()), (0, 2));
}
