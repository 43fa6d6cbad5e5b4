//! The breakers the reader can choose from, with their settings: each library's own, and waits that fit a run of seconds.

use std::time::Duration;

use circuit_breaker::{
    AnyBreaker, Gobreaker, GobreakerConfig, Hystrix, HystrixConfig, ReadyToTrip, Resilience4j,
    Resilience4jConfig, SlidingWindow,
};
use clap::ValueEnum;
use clock::Instant;

/// How long an open breaker stays away from the backend. hystrix-go's own is 5 s, that of the others 60 s.
const WAIT: Duration = Duration::from_secs(1);

/// A breaker, by its name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    /// No breaker
    None,
    /// As hystrix-go: half of the calls of ten seconds, and a bulkhead of ten
    Hystrix,
    /// As sony/gobreaker v2: six failures in a row
    Gobreaker,
    /// As resilience4j: half of the last fifty calls failed or slow
    Resilience4j,
}

impl Policy {
    /// Its name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Hystrix => "hystrix",
            Self::Gobreaker => "gobreaker",
            Self::Resilience4j => "resilience4j",
        }
    }

    /// Its name beside that of the gateway it is compared with.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::None => "without",
            other => other.name(),
        }
    }

    // ANCHOR: settings
    /// The breaker, if it is one.
    pub(crate) fn breaker(self) -> Option<AnyBreaker> {
        match self {
            Self::None => None,
            Self::Hystrix => Some(Hystrix::new(hystrix()).into()),
            Self::Gobreaker => Some(Gobreaker::new(gobreaker(), Instant::ZERO).into()),
            Self::Resilience4j => Some(Resilience4j::new(resilience4j()).into()),
        }
    }
    // ANCHOR_END: settings

    /// The settings that matter, for people.
    pub(crate) fn settings(self) -> String {
        let wait = format!("stays open for {} s", WAIT.as_secs_f64());
        match self {
            Self::None => "no breaker".to_owned(),
            Self::Hystrix => {
                let HystrixConfig {
                    volume_threshold,
                    error_percent,
                    max_concurrent,
                    time_out,
                    ..
                } = hystrix();
                format!(
                    "opens at {error_percent} % errors of at least {volume_threshold} calls in 10 s; \
                     {max_concurrent} calls at once, {} s each; {wait}",
                    time_out.as_secs_f64()
                )
            }
            Self::Gobreaker => match gobreaker().ready_to_trip {
                ReadyToTrip::ConsecutiveFailures(tolerated) => {
                    format!("opens after more than {tolerated} failures in a row; {wait}")
                }
                ReadyToTrip::FailureRatio { ratio, .. } => {
                    format!("opens when {ratio} of the calls have failed; {wait}")
                }
            },
            Self::Resilience4j => {
                let Resilience4jConfig {
                    failure_rate,
                    slow_rate,
                    slow_call,
                    minimum_calls,
                    permitted,
                    ..
                } = resilience4j();
                format!(
                    "opens at {failure_rate} % failed or {slow_rate} % slower than {} ms of the last 50 calls, \
                     from the {minimum_calls}th on; {permitted} trials; {wait}",
                    slow_call.as_millis()
                )
            }
        }
    }
}

fn hystrix() -> HystrixConfig {
    HystrixConfig {
        sleep_window: WAIT,
        ..HystrixConfig::default()
    }
}

fn gobreaker() -> GobreakerConfig {
    GobreakerConfig {
        timeout: WAIT,
        ..GobreakerConfig::default()
    }
}

/// The library's defaults look back on 100 calls and call only those slow that take a minute.
fn resilience4j() -> Resilience4jConfig {
    Resilience4jConfig {
        window: SlidingWindow::Calls(50),
        minimum_calls: 20,
        slow_rate: 50.0,
        slow_call: Duration::from_millis(500),
        wait_open: WAIT,
        ..Resilience4jConfig::default()
    }
}
