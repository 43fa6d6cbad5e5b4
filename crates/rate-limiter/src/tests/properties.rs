//! What holds for any arrivals.

use core::time::Duration;

use clock::Instant;
use proptest::prelude::*;

use super::{waiting_exactly_as_told_is_enough, what_is_said_to_be_available_is};
use crate::{
    FixedWindow, Gcra, LeakyMeter, LeakyQueue, Limit, RateLimiter, SlidingCounter, SlidingLog,
    TokenBucket,
};

/// Gaps in nanoseconds and numbers asked for; gaps of all sizes, many of them none at all.
fn arrivals() -> impl Strategy<Value = Vec<(u64, u32)>> {
    let gap = prop_oneof![Just(0), 0u64..1_000, 0u64..200_000_000, 0u64..3_000_000_000];
    prop::collection::vec((gap, 0u32..5), 1..120)
}

/// Calls `each` with every arrival.
fn play(arrivals: &[(u64, u32)], mut each: impl FnMut(Instant, u32)) {
    let mut now = Instant::ZERO;
    for &(gap, n) in arrivals {
        now = now.plus_nanos(gap);
        each(now, n);
    }
}

/// What `limiter` admits, with all its promises checked on the way.
fn admitted<L: RateLimiter + Clone>(
    mut limiter: L,
    arrivals: &[(u64, u32)],
) -> Vec<(Instant, u32)> {
    let mut admitted = Vec::new();
    play(arrivals, |now, n| {
        what_is_said_to_be_available_is(&limiter, now);
        waiting_exactly_as_told_is_enough(&limiter, now, n);
        if limiter.try_acquire(now, n).is_ok() {
            admitted.push((now, n));
        }
    });
    admitted
}

/// The most requests in any window that begins with a request: no other window holds more.
fn most_in_a_window(admitted: &[(Instant, u32)], window: Duration) -> u32 {
    let begins = admitted.iter().enumerate();
    let count = |(first, &(begin, _)): (usize, &(Instant, u32))| {
        let inside = admitted[first..]
            .iter()
            .take_while(|(at, _)| at.since(begin) < window);
        inside.map(|(_, n)| n).sum()
    };
    begins.map(count).max().unwrap_or(0)
}

proptest! {
    #[test]
    fn a_token_bucket_never_holds_more_than_its_burst(
        rate in 0.01f64..1e10, burst in 0i64..20, arrivals in arrivals(),
    ) {
        let mut bucket = TokenBucket::new(Limit::per_second(rate), burst);
        play(&arrivals, |now, n| {
            bucket.allow(now, n.into());
            if let Ok(reservation) = bucket.reserve(now, n.into()) && n % 2 == 0 {
                bucket.cancel(now, &reservation);
            }
            assert!(bucket.tokens_at(now) <= burst as f64);
        });
    }

    #[test]
    fn a_token_bucket_admits_its_burst_and_what_drips_in(
        rate in 1u32..1_000, burst in 1u32..20, arrivals in arrivals(),
    ) {
        let mut bucket = TokenBucket::new(Limit::per_second(rate.into()), burst.into());
        let (mut passed, mut grants) = (0.0, 0.0);
        play(&arrivals, |now, n| {
            if bucket.try_acquire(now, n).is_ok() {
                passed += f64::from(n);
                grants += 1.0;
            }
            // Each grant may come the last nanosecond early.
            let forgiven = f64::from(rate) * 1e-9 * (grants + 1.0);
            let most = f64::from(burst) + f64::from(rate) * now.as_secs_f64() + forgiven + 1e-9;
            assert!(passed <= most);
        });
    }

    #[test]
    fn a_cancelled_reservation_leaves_no_trace(burst in 1i64..20, n in 1i64..20, at in 0u64..1_000) {
        let mut bucket = TokenBucket::new(Limit::per_second(10.0), burst);
        let at = Instant::from_millis(at);
        bucket.allow(at, 1);
        let before = bucket.tokens_at(at);
        if let Ok(reservation) = bucket.reserve(at, n) {
            bucket.cancel(at, &reservation);
        }
        prop_assert_eq!(bucket.tokens_at(at), before);
    }

    #[test]
    fn gcra_and_the_leaky_meter_are_one(
        rate in 0.1f64..1e6, burst in 1u32..20, arrivals in arrivals(),
    ) {
        let (mut gcra, mut meter) = (Gcra::new(rate, burst), LeakyMeter::new(rate, burst));
        play(&arrivals, |now, n| {
            assert_eq!(gcra.try_acquire(now, n), meter.try_acquire(now, n));
            assert_eq!(gcra.available(now), meter.available(now));
        });
    }

    #[test]
    fn gcra_keeps_what_it_promises(rate in 0.1f64..1e4, burst in 1u32..9, arrivals in arrivals()) {
        let gcra = Gcra::new(rate, burst);
        let period = gcra.period().as_nanos() as u64;
        let admitted = admitted(gcra, &arrivals);
        for window in [1, 10].map(Duration::from_secs) {
            // The burst, and one for each period that the window can hold.
            let most = u64::from(burst) + window.as_nanos() as u64 / period;
            prop_assert!(u64::from(most_in_a_window(&admitted, window)) <= most);
        }
    }

    #[test]
    fn the_queue_lets_no_two_out_within_a_period(
        rate in 0.1f64..1e4, capacity in 0u32..9, arrivals in arrivals(),
    ) {
        let mut queue = LeakyQueue::new(rate, capacity);
        admitted(queue.clone(), &arrivals);
        let period = Gcra::new(rate, 1).period();
        let mut latest: Option<Instant> = None;
        play(&arrivals, |now, n| {
            if n > 0 && let Ok(leaves) = queue.try_enqueue(now, n) {
                let first = leaves - period * (n - 1);
                assert!(first >= now && latest.is_none_or(|latest| first.since(latest) >= period));
                latest = Some(leaves);
            }
            assert!(queue.waiting(now) <= capacity);
            assert!(queue.next_departure(now).is_none_or(|next| now < next));
        });
    }

    #[test]
    fn a_sliding_log_never_admits_more_than_its_limit_in_any_window(
        limit in 0u32..20, window in 1u64..2_000_000_000, arrivals in arrivals(),
    ) {
        let window = Duration::from_nanos(window);
        let admitted = admitted(SlidingLog::new(limit, window), &arrivals);
        prop_assert!(most_in_a_window(&admitted, window) <= limit);
    }

    #[test]
    fn a_fixed_window_admits_at_most_twice_its_limit_in_any_window(
        limit in 0u32..20, window in 1u64..2_000_000_000, arrivals in arrivals(),
    ) {
        let window = Duration::from_nanos(window);
        let admitted = admitted(FixedWindow::new(limit, window), &arrivals);
        prop_assert!(most_in_a_window(&admitted, window) <= 2 * limit);
    }

    #[test]
    fn a_sliding_counter_admits_at_most_its_limit_in_each_window_of_the_clock(
        limit in 0u32..20, window in 1u64..2_000_000_000, arrivals in arrivals(),
    ) {
        let length = Duration::from_nanos(window);
        let admitted = admitted(SlidingCounter::new(limit, length), &arrivals);
        let of_clock = admitted.chunk_by(|a, b| a.0.as_nanos() / window == b.0.as_nanos() / window);
        for together in of_clock {
            prop_assert!(together.iter().map(|(_, n)| n).sum::<u32>() <= limit);
        }
        prop_assert!(most_in_a_window(&admitted, length) <= 2 * limit);
    }

    #[test]
    fn the_trait_says_the_same_as_the_bucket(burst in 1u32..20, arrivals in arrivals()) {
        let mut asked = TokenBucket::new(Limit::per_second(10.0), burst.into());
        let mut allowed = asked.clone();
        play(&arrivals, |now, n| {
            assert_eq!(asked.try_acquire(now, n).is_ok(), allowed.allow(now, n.into()));
            assert_eq!(f64::from(asked.available(now)), asked.tokens_at(now).max(0.0).floor());
        });
    }
}
