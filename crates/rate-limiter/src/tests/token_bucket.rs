//! The token bucket: its rules, and the quirks it shares with x/time/rate.

use core::time::Duration;

use clock::Instant;

use super::{ms, ns};
use crate::{Limit, Patience, RateLimiter, Throttled, TokenBucket, WaitRefused};

/// Ten a second.
fn bucket(burst: i64) -> TokenBucket {
    TokenBucket::new(Limit::per_second(10.0), burst)
}

#[test]
fn starts_full_and_refills_to_the_burst_and_no_further() {
    let mut bucket = bucket(50);
    assert!(bucket.allow(ms(0), 50));
    assert!(!bucket.allow(ms(0), 1));
    assert_eq!(bucket.tokens_at(ms(2_500)), 25.0);
    assert_eq!(bucket.tokens_at(ms(3_600_000)), 50.0);
}

#[test]
fn a_refused_call_changes_nothing() {
    let mut bucket = bucket(5);
    assert!(bucket.allow(ms(0), 5));
    let before = bucket.clone();
    assert!(!bucket.allow(ms(50), 1));
    assert!(bucket.reserve(ms(50), 6).is_err());
    assert!(
        bucket
            .reserve_within(ms(50), 1, Duration::from_millis(49))
            .is_err()
    );
    assert_eq!(bucket, before);
}

#[test]
fn a_grant_comes_at_most_the_last_nanosecond_early() {
    let mut bucket = bucket(1);
    assert!(bucket.allow(ms(0), 1));
    assert!(!bucket.allow(ns(99_999_998), 1));
    assert!(bucket.allow(ns(99_999_999), 1));
}

#[test]
fn a_refusal_tells_when_to_come_back() {
    let mut bucket = bucket(5);
    assert!(bucket.allow(ms(0), 5));
    let refusal = bucket.try_acquire(ms(0), 2).unwrap_err();
    assert_eq!(refusal.retry_after, Duration::from_millis(200));
    assert_eq!(bucket.try_acquire(ms(0) + refusal.retry_after, 2), Ok(()));
    assert_eq!(bucket.try_acquire(ms(400), 6), Err(Throttled::NEVER));
}

#[test]
fn reserve_within_refuses_by_how_much_the_wait_is_too_long() {
    let mut bucket = bucket(1);
    bucket.reserve(ms(0), 1).unwrap();
    let refusal = bucket
        .reserve_within(ms(0), 1, Duration::from_millis(25))
        .unwrap_err();
    assert_eq!(refusal.retry_after, Duration::from_millis(75));
    let later = bucket
        .reserve_within(ms(75), 1, Duration::from_millis(25))
        .unwrap();
    assert_eq!(later.time_to_act(), ms(100));
    assert_eq!(later.tokens(), 1);
}

#[test]
fn reservations_queue_up_behind_each_other() {
    let mut bucket = bucket(1);
    let delays = [0, 100, 200, 300].map(Duration::from_millis);
    for delay in delays {
        assert_eq!(bucket.reserve(ms(0), 1).unwrap().delay_from(ms(0)), delay);
    }
    assert_eq!(bucket.tokens_at(ms(0)), -3.0);
}

#[test]
fn cancelling_the_last_in_the_queue_frees_its_place() {
    let mut bucket = bucket(1);
    let [_, _, last] = [0; 3].map(|_| bucket.reserve(ms(0), 1).unwrap());
    bucket.cancel(ms(10), &last);
    assert_eq!(bucket.reserve(ms(10), 1).unwrap().time_to_act(), ms(200));
}

#[test]
fn cancelling_in_mid_queue_frees_nothing() {
    let mut bucket = bucket(1);
    let [_, middle, _] = [0; 3].map(|_| bucket.reserve(ms(0), 1).unwrap());
    bucket.cancel(ms(10), &middle);
    assert_eq!(bucket.reserve(ms(10), 1).unwrap().time_to_act(), ms(300));
}

#[test]
fn cancelling_restores_up_to_the_very_time_to_act() {
    for (cancelled_at, tokens) in [(ms(100), 1.0), (ns(100_000_001), 1e-8)] {
        let mut bucket = bucket(1);
        let [_, later] = [0; 2].map(|_| bucket.reserve(ms(0), 1).unwrap());
        bucket.cancel(cancelled_at, &later);
        assert!((bucket.tokens_at(cancelled_at) - tokens).abs() < 1e-12);
    }
}

#[test]
fn cancelling_twice_gives_back_twice() {
    let mut bucket = bucket(10);
    bucket.reserve(ms(0), 10).unwrap();
    let debt = bucket.reserve(ms(0), 5).unwrap();
    bucket.cancel(ms(0), &debt);
    assert_eq!(bucket.tokens_at(ms(0)), 0.0);
    bucket.cancel(ms(0), &debt);
    assert_eq!(bucket.tokens_at(ms(0)), 10.0);
}

#[test]
fn an_earlier_time_refills_the_same_interval_twice() {
    let mut bucket = bucket(10);
    assert!(bucket.allow(ms(1_000), 5));
    assert!(bucket.allow(ms(500), 1));
    assert_eq!(bucket.tokens_at(ms(1_000)), 9.0);
}

#[test]
fn nothing_is_refused_while_tokens_are_owed_and_less_than_nothing_pays_them_back() {
    let mut bucket = bucket(2);
    bucket.reserve(ms(0), 2).unwrap();
    bucket.reserve(ms(0), 2).unwrap();
    assert!(!bucket.allow(ms(0), 0));
    assert!(bucket.allow(ms(0), -3));
    assert_eq!(bucket.tokens_at(ms(0)), 1.0);
}

#[test]
fn no_limit_lets_everything_pass_and_counts_nothing() {
    let mut bucket = TokenBucket::new(Limit::INFINITE, 0);
    assert!(bucket.allow(ms(0), 1_000_000));
    assert_eq!(
        bucket.reserve(ms(0), 7).unwrap().delay_from(ms(0)),
        Duration::ZERO
    );
    assert_eq!(bucket.available(ms(0)), u32::MAX);
    bucket.set_burst(ms(0), 3);
    bucket.set_limit(ms(0), Limit::per_second(10.0));
    assert_eq!(bucket.tokens_at(ms(0)), 0.0);
}

#[test]
fn at_limit_zero_the_burst_is_all_there_is() {
    let mut bucket = TokenBucket::new(Limit::ZERO, 2);
    assert!(bucket.allow(ms(0), 2));
    assert_eq!(bucket.try_acquire(ms(0), 1), Err(Throttled::NEVER));
    let never = bucket.reserve(ms(0), 1).unwrap();
    assert_eq!(
        never.delay_from(ms(0)),
        Duration::from_nanos(i64::MAX as u64)
    );
    assert_eq!(bucket.tokens_at(Instant::MAX), -1.0);
}

#[test]
fn a_new_limit_counts_from_its_time_on_and_a_lower_burst_from_the_next_question() {
    let mut bucket = bucket(10);
    assert!(bucket.allow(ms(0), 10));
    bucket.set_limit(ms(100), Limit::per_second(100.0));
    assert_eq!(bucket.tokens_at(ms(120)), 3.0);
    bucket.set_burst(ms(120), 2);
    assert_eq!(bucket.tokens_at(ms(120)), 2.0);
    assert_eq!(bucket.burst(), 2);
    assert_eq!(bucket.limit().as_per_second(), 100.0);
}

#[test]
fn waits_are_refused_for_the_first_reason_that_applies() {
    let mut bucket = bucket(3);
    let exceeds = WaitRefused::ExceedsBurst { asked: 4, burst: 3 };
    assert_eq!(bucket.try_wait(ms(0), 4, Patience::Canceled), Err(exceeds));
    assert_eq!(
        bucket.try_wait(ms(0), 3, Patience::Canceled),
        Err(WaitRefused::Canceled)
    );
    let passed = bucket.try_wait(ms(5), 3, Patience::Until(ms(5)));
    assert_eq!(passed, Err(WaitRefused::DeadlineExceeded));
    assert_eq!(bucket.tokens_at(ms(5)), 3.0);
}

#[test]
fn a_deadline_at_the_time_to_act_is_in_time_and_one_nanosecond_before_it_is_not() {
    let mut bucket = bucket(1);
    assert!(bucket.allow(ms(0), 1));
    let late = bucket.try_wait(ms(0), 1, Patience::Until(ns(99_999_999)));
    assert_eq!(late, Err(WaitRefused::WouldExceedDeadline));
    let in_time = bucket.try_wait(ms(0), 1, Patience::Until(ms(100))).unwrap();
    assert_eq!(in_time.delay_from(ms(0)), Duration::from_millis(100));
    let endless = bucket.try_wait(ms(0), 1, Patience::Endless).unwrap();
    assert_eq!(endless.time_to_act(), ms(200));
}

#[test]
fn limits_convert_as_they_should() {
    assert_eq!(
        Limit::every(Duration::from_millis(100)),
        Limit::per_second(10.0)
    );
    assert_eq!(Limit::every(Duration::ZERO), Limit::INFINITE);
    assert_eq!(Limit::per_second(f64::INFINITY), Limit::INFINITE);
    assert_eq!(Limit::per_second(f64::NAN), Limit::ZERO);
    assert!(!Limit::per_second(1e300).is_infinite());
}

#[test]
fn refused_waits_say_why() {
    let exceeds = WaitRefused::ExceedsBurst { asked: 4, burst: 3 };
    assert_eq!(
        exceeds.to_string(),
        "asked for 4 tokens, more than the burst of 3"
    );
    let late = WaitRefused::WouldExceedDeadline.to_string();
    assert_eq!(late, "the tokens would come after the deadline");
}
