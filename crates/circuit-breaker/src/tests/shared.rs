//! The breaker that threads share, held against the one that they do not, and shared.

use core::time::Duration;
use std::thread;

use clock::Instant;
use proptest::prelude::*;

use super::{SECOND, ms};
use crate::Outcome::{Excluded, Failure, Success};
use crate::{
    Breaker, Cause, Gobreaker, GobreakerConfig, Outcome, Permit, ReadyToTrip, Reason, Rejected,
    SharedBreaker, SharedConfig, SharedPermit, State,
};

fn config() -> SharedConfig {
    SharedConfig {
        buckets: 3,
        min_requests: 4,
        timeout: SECOND,
        max_requests: 2,
        ..SharedConfig::default()
    }
}

/// The same for the original.
fn original(config: &SharedConfig) -> Gobreaker {
    let config = GobreakerConfig {
        max_requests: config.max_requests,
        interval: config.bucket_period * config.buckets,
        bucket_period: config.bucket_period,
        timeout: config.timeout,
        ready_to_trip: ReadyToTrip::FailureRatio {
            min_requests: config.min_requests,
            ratio: config.ratio,
        },
        exclude_cancelled: false,
    };
    Gobreaker::new(config, Instant::ZERO)
}

/// A call at `now` that ends at once.
fn call(breaker: &SharedBreaker, now: Instant, outcome: Outcome) -> Result<(), Rejected> {
    let permit = breaker.try_acquire(now)?;
    breaker.on_outcome(permit, outcome, || now);
    Ok(())
}

#[test]
fn a_failure_trips_and_refusals_tell_how_long() {
    let breaker = SharedBreaker::new(config(), Instant::ZERO);
    for outcome in [Success, Success, Failure] {
        call(&breaker, ms(0), outcome).unwrap();
    }
    let permit = breaker.try_acquire(ms(1)).unwrap();
    let tripped = breaker.on_outcome(permit, Failure, || ms(2)).unwrap();
    let cause = Cause::FailureRatio {
        failures: 2,
        requests: 4,
        ratio: 0.5,
    };
    assert_eq!(
        (tripped.at, tripped.to, tripped.cause),
        (ms(2), State::Open, cause)
    );
    let refused = breaker.try_acquire(ms(1_002)).unwrap_err();
    let open = Rejected {
        reason: Reason::Open,
        retry_after: Some(Duration::from_nanos(1)),
    };
    assert_eq!(refused, open);
    assert!(breaker.try_acquire(ms(1_002).plus_nanos(1)).unwrap().trial);
}

#[test]
fn a_success_does_not_ask_for_the_time() {
    let breaker = SharedBreaker::new(config(), Instant::ZERO);
    for outcome in [Success, Excluded] {
        let permit = breaker.try_acquire(ms(0)).unwrap();
        let asked = breaker.on_outcome(permit, outcome, || panic!("asked for the time"));
        assert_eq!(asked, None);
    }
    assert_eq!(breaker.counts(ms(0)), (2, 0));
}

#[test]
fn without_a_period_nothing_is_forgotten() {
    let forever = SharedConfig {
        bucket_period: Duration::ZERO,
        min_requests: 100,
        ..config()
    };
    let breaker = SharedBreaker::new(forever, Instant::ZERO);
    call(&breaker, ms(0), Failure).unwrap();
    call(&breaker, Instant::from_nanos(u64::MAX - 1), Failure).unwrap();
    assert_eq!(breaker.counts(Instant::MAX), (2, 2));
}

#[test]
fn settings_out_of_range_are_moved_into_it() {
    for (buckets, kept) in [(0, 2), (u32::MAX, 100)] {
        let odd = SharedConfig {
            buckets,
            max_requests: 0,
            min_requests: 1000,
            ..config()
        };
        let breaker = SharedBreaker::new(odd, Instant::ZERO);
        call(&breaker, ms(0), Failure).unwrap();
        assert_eq!(breaker.counts(ms(kept * 1000 - 1)), (1, 1));
        assert_eq!(breaker.counts(ms(kept * 1000)), (0, 0));
    }
}

#[test]
fn threads_lose_no_call_and_only_one_of_them_trips() {
    const THREADS: u32 = 4;
    const CALLS: u32 = 5_000;
    let many = SharedConfig {
        min_requests: THREADS * CALLS,
        ratio: 0.5,
        ..config()
    };
    let breaker = SharedBreaker::new(many, Instant::ZERO);
    let fail = |permit: SharedPermit| breaker.on_outcome(permit, Failure, || ms(0)).is_some();
    let work = || {
        let failed = (0..CALLS / 2).map(|_| fail(breaker.try_acquire(ms(0)).unwrap()));
        assert_eq!(
            failed.filter(|tripped| *tripped).count(),
            0,
            "tripped too early"
        );
        for _ in CALLS / 2..CALLS {
            call(&breaker, ms(0), Success).unwrap();
        }
    };
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(work);
        }
    });
    let (all, failed) = (u64::from(THREADS * CALLS), u64::from(THREADS * CALLS / 2));
    assert_eq!(breaker.counts(ms(0)), (all, failed));
    // Exactly half has failed; of four more that fail, the second makes it half again.
    let permits: Vec<_> = (0..THREADS)
        .map(|_| breaker.try_acquire(ms(0)).unwrap())
        .collect();
    let trips = thread::scope(|scope| {
        let failing: Vec<_> = permits
            .into_iter()
            .map(|permit| scope.spawn(|| [fail(permit)]))
            .collect();
        let trips = failing
            .into_iter()
            .flat_map(|thread| thread.join().unwrap());
        trips.filter(|tripped| *tripped).count()
    });
    assert_eq!(trips, 1);
    assert_eq!(breaker.state(ms(0)), State::Open);
}

#[test]
fn while_the_window_rolls_under_threads_no_call_is_refused() {
    let breaker = SharedBreaker::new(
        SharedConfig {
            bucket_period: Duration::from_nanos(7),
            ..config()
        },
        Instant::ZERO,
    );
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                (0..20_000).for_each(|nanos| {
                    call(&breaker, Instant::from_nanos(nanos), Success).unwrap();
                })
            });
        }
    });
    // The last buckets are 19,999 / 7 = 2,857 and the two before; they hold what came late, too.
    let (calls, failures) = breaker.counts(Instant::from_nanos(19_999));
    assert!((3 * 15..=3 * 20_000).contains(&calls), "{calls}");
    assert_eq!(failures, 0);
    assert_eq!(breaker.counts(Instant::from_nanos(20_020)), (0, 0));
}

/// Milliseconds since the step before, whether to call, and an outcome for the oldest call if not.
fn traffic() -> impl Strategy<Value = Vec<(u64, bool, Outcome)>> {
    let outcome = prop_oneof![
        3 => Just(Success), 3 => Just(Failure), 1 => Just(Excluded),
        1 => Just(Outcome::TimedOut), 1 => Just(Outcome::Cancelled),
    ];
    let wait = prop_oneof![9 => 0_u64..700, 1 => 0_u64..9_000];
    prop::collection::vec((wait, any::<bool>(), outcome), 0..200)
}

proptest! {
    #[test]
    fn one_thread_gets_the_answers_of_gobreaker(traffic in traffic(), rolls in any::<bool>()) {
        let bucket_period = if rolls { SECOND } else { Duration::ZERO };
        let config = SharedConfig { bucket_period, ..config() };
        let mut original = original(&config);
        let shared = SharedBreaker::new(config, Instant::ZERO);
        let mut permits: Vec<(Permit, SharedPermit)> = Vec::new();
        let mut now = Instant::ZERO;
        for (wait, ask, outcome) in traffic {
            now = now + Duration::from_millis(wait);
            if ask || permits.is_empty() {
                match (original.try_acquire(now), shared.try_acquire(now)) {
                    (Ok(one), Ok(other)) => {
                        prop_assert_eq!(one.trial, other.trial);
                        permits.push((one, other));
                    }
                    (one, other) => {
                        let one = one.map(|permit| permit.call).map_err(|refused| Rejected {
                            reason: refused.reason,
                            retry_after: refused.retry_after,
                        });
                        prop_assert_eq!(one.unwrap_err(), other.unwrap_err());
                    }
                }
            } else {
                let (one, other) = permits.remove(0);
                original.advance(now);
                let one = original.on_outcome(one, now, outcome, Duration::ZERO);
                let other = shared.on_outcome(other, outcome, || now);
                let changed = |transition: crate::Transition| {
                    (transition.from, transition.to, transition.cause)
                };
                prop_assert_eq!(one.map(changed), other.map(changed));
            }
            prop_assert_eq!(original.state(now), shared.state(now));
            if shared.state(now) == State::Closed {
                let window = original.window(now);
                prop_assert_eq!(shared.counts(now), (window.calls, window.failures));
            }
        }
    }
}
