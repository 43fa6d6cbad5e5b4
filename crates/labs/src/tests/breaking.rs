//! A breaker's cause survives being written to the log as one number.

use core::time::Duration;

use circuit_breaker::Cause;

use crate::breaking::words::{cause, coded, percent};

fn survives(told: Cause) {
    let number = coded(told);
    assert!((0.0..9_007_199_254_740_992.0).contains(&number));
    assert_eq!(number, number.trunc());
    assert_eq!(cause(number), told);
    assert_eq!(cause(number).to_string(), told.to_string());
}

#[test]
fn every_cause_comes_back_as_it_was() {
    for (requests, errors) in [(20, 10), (1, 12), (16_383, 16_383), (3, 1), (200, 99)] {
        survives(Cause::ErrorPercent {
            requests,
            errors,
            percent: percent(errors, requests) as i64,
            threshold: 100,
            stale: errors,
        });
    }
    survives(Cause::ConsecutiveFailures {
        failures: 6,
        tolerated: 5,
    });
    survives(Cause::FailureRatio {
        failures: 12,
        requests: 21,
        ratio: 0.55,
    });
    for part in 0..=60 {
        let (rate, threshold, calls) = (part as f32 * 100.0 / 60.0, 50.0, 60);
        survives(Cause::FailureRate {
            rate,
            threshold,
            calls,
        });
        survives(Cause::SlowRate {
            rate,
            threshold,
            calls,
        });
        survives(Cause::TrialsPassed {
            failure_rate: rate,
            slow_rate: rate,
            calls,
        });
    }
    for millis in [0, 1, 2_001, 16_383, 16_384, 60_000, 3_600_000] {
        survives(Cause::WaitOver {
            open_for: Duration::from_millis(millis),
        });
    }
    survives(Cause::TrialSucceeded);
    survives(Cause::LateSuccess);
    survives(Cause::TrialFailed);
    survives(Cause::TrialsSucceeded { successes: 3 });
    survives(Cause::TrialsOverdue);
}

#[test]
fn per_cents_are_rounded_half_up_as_hystrix_go_does() {
    assert_eq!(percent(99, 200), 50.0, "49.5");
    assert_eq!(percent(49, 100), 49.0);
    assert_eq!(percent(12, 1), 1_200.0, "errors outlive their calls");
    assert_eq!(percent(3, 0), 0.0);
}
