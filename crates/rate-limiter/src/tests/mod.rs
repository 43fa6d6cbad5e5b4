//! Tests of the limiters, alone and held against each other.

mod gcra;
mod keyed;
mod leaky_bucket;
mod properties;
mod token_bucket;
mod windows;

use clock::Instant;
use core::time::Duration;

use crate::{RateLimiter, Throttled};

/// The instant `nanos` nanoseconds after the origin.
fn ns(nanos: u64) -> Instant {
    Instant::from_nanos(nanos)
}

/// The instant `millis` milliseconds after the origin.
fn ms(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

/// Waits as told: refused one nanosecond before the promised time, admitted at it.
fn waiting_exactly_as_told_is_enough(limiter: &(impl RateLimiter + Clone), now: Instant, n: u32) {
    let mut limiter = limiter.clone();
    let Err(refusal) = limiter.clone().try_acquire(now, n) else {
        return;
    };
    if refusal == Throttled::NEVER {
        return;
    }
    let promised = now + refusal.retry_after;
    let too_early = promised - Duration::from_nanos(1);
    let early_refusal = limiter.clone().try_acquire(too_early, n).unwrap_err();
    let told_on_the_way = if too_early < now {
        refusal.retry_after
    } else {
        Duration::from_nanos(1)
    };
    assert_eq!(early_refusal.retry_after, told_on_the_way);
    assert_eq!(limiter.try_acquire(promised, n), Ok(()));
}

/// `available` is exactly what can be taken.
fn what_is_said_to_be_available_is(limiter: &(impl RateLimiter + Clone), now: Instant) {
    let available = limiter.available(now);
    assert_eq!(limiter.clone().try_acquire(now, available), Ok(()));
    assert!(
        limiter
            .clone()
            .try_acquire(now, available.saturating_add(1))
            .is_err()
    );
}

#[test]
fn a_refusal_says_in_words_what_to_do() {
    let soon = Throttled {
        retry_after: Duration::from_millis(80),
    };
    assert_eq!(soon.to_string(), "rate limited: try again in 80ms");
    let never = Throttled::NEVER.to_string();
    assert_eq!(never, "rate limited: more than is ever granted at once");
}
