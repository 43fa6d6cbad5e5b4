//! Behaviour at the boundaries, written out by hand; the recordings cover the bulk.

mod any;
mod gobreaker;
mod hystrix;
mod resilience4j;
mod shared;

use core::time::Duration;

use clock::Instant;

use crate::{Breaker, Cause, Outcome, Permit, Transition};

fn ms(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

/// A call at `now` that ends at once; whatever changed, by the asking or by the outcome.
fn call(breaker: &mut impl Breaker, now: Instant, outcome: Outcome) -> Option<Transition> {
    match breaker.try_acquire(now) {
        Ok(permit) => {
            let asked = permit.transition;
            report(breaker, permit, now, outcome).or(asked)
        }
        Err(refused) => refused.transition,
    }
}

/// An outcome at `now`, with the latency that this means.
fn report(
    breaker: &mut impl Breaker,
    permit: Permit,
    now: Instant,
    outcome: Outcome,
) -> Option<Transition> {
    let latency = now.since(permit.at);
    breaker.on_outcome(permit, now, outcome, latency)
}

/// So many calls at `now` that end at once.
fn calls(breaker: &mut impl Breaker, now: Instant, outcome: Outcome, count: u32) {
    for _ in 0..count {
        call(breaker, now, outcome);
    }
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn causes_are_told_in_one_sentence() {
    let told = |cause: Cause| cause.to_string();
    let stale = Cause::ErrorPercent {
        requests: 20,
        errors: 12,
        percent: 60,
        threshold: 50,
        stale: 12,
    };
    assert_eq!(
        told(stale),
        "12 errors against 20 calls are 60 %, the threshold is 50 %; \
         12 of the errors are older than the window"
    );
    let rate = Cause::FailureRate {
        rate: 200.0 / 3.0,
        threshold: 50.0,
        calls: 3,
    };
    assert_eq!(
        told(rate),
        "66.7 % of 3 calls failed, the threshold is 50.0 %"
    );
    let over = Cause::WaitOver { open_for: SECOND };
    assert_eq!(told(over), "open for 1 s, the wait is over");
    assert_eq!(told(Cause::TrialSucceeded), "the trial succeeded");
}
