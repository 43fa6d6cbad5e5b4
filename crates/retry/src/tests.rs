//! Back-off against the simulator's recordings and closed forms, budgets against the real ones.

use core::time::Duration;

use clock::Instant;
use tower::retry::budget::{Budget as _, TpsBudget};

use crate::{AnyBudget, Backoff, Budget, Exhausted, Jitter, RatioBudget, Sleeps, TokenBudget};

const BACKOFF: Backoff = Backoff {
    base: Duration::from_millis(50),
    cap: Duration::from_secs(2),
    jitter: Jitter::Full,
};

/// A pseudo-random number from 0 to below 1.
fn draw(state: &mut u64) -> f64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}

#[test]
fn the_recorded_waits_come_out() {
    let model = conform::find("backoff").unwrap();
    let text = include_str!("../tests/data/backoff_and_throttling.json");
    let outcome = (model.replay)(text).unwrap();
    assert!(outcome.differences.is_empty(), "{outcome}");
    assert!(outcome.passed >= 44);
}

#[test]
fn full_jitter_waits_half_as_long_on_average() {
    let mut state = 1;
    let sum: f64 = (0..100_000)
        .map(|_| Sleeps::new(BACKOFF).next_secs(draw(&mut state)))
        .sum();
    assert!((sum / 100_000.0 - 0.025).abs() < 0.000_2, "{sum}");
}

#[test]
fn each_jitter_keeps_within_its_bounds() {
    let most = 1.0 - f64::EPSILON;
    for (jitter, draws) in [
        (Jitter::None, [(0.0, 100), (most, 100)]),
        (Jitter::Full, [(0.0, 0), (most, 100)]),
        (Jitter::Equal, [(0.0, 50), (most, 100)]),
        // Three times the base at most to begin with; after a draw of 0 the base again.
        (Jitter::Decorrelated, [(0.0, 50), (most, 150)]),
    ] {
        for (uniform, millis) in draws {
            let mut sleeps = Sleeps::new(Backoff { jitter, ..BACKOFF });
            sleeps.next(0.0);
            assert_eq!(sleeps.next(uniform).as_millis(), millis, "{jitter:?}");
        }
    }
}

#[test]
fn no_wait_exceeds_the_cap_however_many_attempts() {
    for jitter in [
        Jitter::None,
        Jitter::Full,
        Jitter::Equal,
        Jitter::Decorrelated,
    ] {
        let mut sleeps = Sleeps::new(Backoff { jitter, ..BACKOFF });
        let mut state = 3;
        for _ in 0..5_000 {
            assert!(sleeps.next(draw(&mut state)) <= BACKOFF.cap);
        }
    }
}

#[test]
fn under_total_failure_a_fifth_of_the_requests_is_sent_again() {
    let mut budget = TokenBudget::new(Duration::from_secs(10), 0, 0.2, Instant::ZERO);
    let mut again = 0;
    for nth in 0..10_000 {
        let now = Instant::from_millis(nth);
        budget.request(now);
        again += u32::from(budget.try_retry(now).is_ok());
    }
    assert_eq!(again, 2_000);
    assert_eq!(budget.left(), 0);
}

#[test]
fn ten_a_second_are_free() {
    let mut budget = TokenBudget::new(Duration::from_secs(10), 10, 0.2, Instant::ZERO);
    let allowed = (0..200).filter(|_| budget.try_retry(Instant::ZERO).is_ok());
    assert_eq!(allowed.count(), 100);
}

#[tokio::test(start_paused = true)]
async fn the_token_budget_decides_as_that_of_tower() {
    for (seed, per_second, ratio) in [(1, 10, 0.2), (2, 0, 0.2), (3, 3, 2.5), (4, 1, 0.0)] {
        let ttl = Duration::from_secs(10);
        let theirs = TpsBudget::new(ttl, per_second, ratio as f32);
        let start = tokio::time::Instant::now();
        let mut ours = TokenBudget::new(ttl, per_second, ratio, Instant::ZERO);
        let (mut state, mut granted) = (seed, 0);
        for nth in 0..4_000 {
            let pause = (draw(&mut state) * 40.0) as u64 * if nth % 500 == 0 { 100 } else { 1 };
            tokio::time::advance(Duration::from_millis(pause)).await;
            let now = Instant::from_nanos(start.elapsed().as_nanos() as u64);
            if draw(&mut state) < 0.6 {
                theirs.deposit();
                ours.request(now);
            } else {
                let allowed = theirs.withdraw();
                granted += u32::from(allowed);
                assert_eq!(ours.try_retry(now).is_ok(), allowed, "{ratio}, step {nth}");
            }
        }
        assert!(granted > 10, "{granted}");
    }
}

#[test]
fn a_fifth_of_those_under_way_may_be_retries_and_three_in_any_case() {
    let now = Instant::ZERO;
    let mut budget = RatioBudget::new(20.0, 3);
    for _ in 0..3 {
        assert_eq!(budget.try_retry(now), Ok(()));
    }
    assert_eq!(budget.try_retry(now), Err(Exhausted));
    // With 16 requests beside the three, a fifth of 19 is 3; one more makes 4.
    for _ in 0..16 {
        budget.request(now);
    }
    assert_eq!(budget.try_retry(now), Err(Exhausted));
    budget.request(now);
    assert_eq!((budget.allowed(), budget.try_retry(now)), (4, Ok(())));
    budget.finished(now, true);
    assert_eq!(budget.allowed(), 4);
    assert_eq!(budget.try_retry(now), Ok(()));
}

#[test]
fn without_a_budget_every_retry_is_allowed() {
    let mut budget = AnyBudget::Unlimited;
    let allowed = (0..1_000).filter(|_| budget.try_retry(Instant::ZERO).is_ok());
    assert_eq!(allowed.count(), 1_000);
}
