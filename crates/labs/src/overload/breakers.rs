//! The three breakers as knobs offer them: each with its library's defaults, but windows and waits of the same length.

use core::time::Duration;

use circuit_breaker::{GobreakerConfig, HystrixConfig, ReadyToTrip};
use circuit_breaker::{Resilience4jConfig, SlidingWindow};

use super::config::BreakerPolicy;
use crate::knob::Range;

/// The choices of a knob, in the order of [`policy`].
pub(crate) const CHOICES: Range =
    Range::Choice(&["none", "hystrix-go", "gobreaker", "resilience4j"]);

/// How long a breaker stays open before it lets a trial through.
const WAIT: Duration = Duration::from_secs(5);

/// The breaker of a choice: 20 calls at least, half of them errors, open for 5 s.
pub(crate) fn policy(choice: f64) -> BreakerPolicy {
    match choice as u32 {
        0 => BreakerPolicy::None,
        1 => BreakerPolicy::Hystrix(HystrixConfig {
            // Bulkhead and time-out are knobs of their own.
            max_concurrent: u32::MAX,
            ..HystrixConfig::default()
        }),
        2 => BreakerPolicy::Gobreaker(GobreakerConfig {
            interval: Duration::from_secs(10),
            bucket_period: Duration::from_secs(1),
            timeout: WAIT,
            ready_to_trip: ReadyToTrip::FailureRatio {
                min_requests: 20,
                ratio: 0.5,
            },
            ..GobreakerConfig::default()
        }),
        _ => BreakerPolicy::Resilience4j(Resilience4jConfig {
            window: SlidingWindow::Seconds(10),
            minimum_calls: 20,
            wait_open: WAIT,
            ..Resilience4jConfig::default()
        }),
    }
}
