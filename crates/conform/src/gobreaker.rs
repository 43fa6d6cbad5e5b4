//! Replays calls and results of `sony/gobreaker` v2, through both forms of the model.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use anyhow::{Result, ensure};
use circuit_breaker::{
    Breaker, Gobreaker, GobreakerConfig, Outcome, Permit, ReadyToTrip, Reason, State,
};
use clock::Instant;
use serde::Deserialize;

use crate::recording::{Difference, compare};

mod shared;

/// Where a recording's time 0 lies on our axis, in ms.
const BASE_MS: u64 = 1_000_000_000;

/// Calls and results of one breaker that starts fresh.
#[derive(Debug, Deserialize)]
pub(crate) struct Sequence {
    id: String,
    max_requests: u32,
    interval_ms: u64,
    bucket_period_ms: u64,
    timeout_ms: u64,
    ready_to_trip: Rule,
    events: Vec<Event>,
}

/// When the recorded breaker was to open.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Rule {
    ConsecutiveFailuresGt { k: u32 },
    FailureRatio { min_requests: u32, ratio: f64 },
}

/// One call or its result, and what came of it.
#[derive(Debug, Deserialize)]
struct Event {
    t_ms: u64,
    op: Op,
    /// Number of the call.
    id: u64,
    #[serde(flatten)]
    seen: Seen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Op {
    Allow,
    Ok,
    Fail,
    Excluded,
}

/// The answer, and the breaker after it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Seen {
    /// Absent for the result of an admitted call.
    result: Option<Answer>,
    state: Stand,
    /// Requests, successes, failures, exclusions, successes in a row, failures in a row.
    counts: [u32; 6],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Ok,
    Open,
    TooManyRequests,
    NotAdmitted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Stand {
    Closed,
    Open,
    HalfOpen,
}

impl Sequence {
    fn config(&self) -> GobreakerConfig {
        let millis = Duration::from_millis;
        GobreakerConfig {
            max_requests: self.max_requests,
            interval: millis(self.interval_ms),
            bucket_period: millis(self.bucket_period_ms),
            timeout: millis(self.timeout_ms),
            ready_to_trip: match self.ready_to_trip {
                Rule::ConsecutiveFailuresGt { k } => ReadyToTrip::ConsecutiveFailures(k),
                Rule::FailureRatio {
                    min_requests,
                    ratio,
                } => ReadyToTrip::FailureRatio {
                    min_requests,
                    ratio,
                },
            },
            exclude_cancelled: false,
        }
    }
}

/// The first event of `sequence` at which the breaker differs.
pub(crate) fn check(sequence: &Sequence) -> Result<Option<Difference>> {
    let start = Instant::from_millis(BASE_MS);
    let mut breaker = Gobreaker::new(sequence.config(), start);
    let mut permits = BTreeMap::new();
    let mut latest = 0;
    for (index, event) in sequence.events.iter().enumerate() {
        ensure!(event.t_ms >= latest, "event {index} is out of order");
        latest = event.t_ms;
        let now = start + Duration::from_millis(event.t_ms);
        let result = step(&mut breaker, &mut permits, event, now);
        // The recorder asked for the state after each event, and that does what is due.
        breaker.advance(now);
        let got = Seen::new(result, &breaker, now);
        let found = compare(&sequence.id, || format!("event {index}"), &event.seen, &got);
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(shared::check(sequence, start))
}

fn step(
    breaker: &mut Gobreaker,
    permits: &mut BTreeMap<u64, Permit>,
    event: &Event,
    now: Instant,
) -> Option<Answer> {
    let outcome = match event.op {
        Op::Allow => {
            return Some(match breaker.try_acquire(now) {
                Ok(permit) => {
                    permits.insert(event.id, permit);
                    Answer::Ok
                }
                Err(refused) if refused.reason == Reason::Open => Answer::Open,
                Err(_) => Answer::TooManyRequests,
            });
        }
        Op::Ok => Outcome::Success,
        Op::Fail => Outcome::Failure,
        Op::Excluded => Outcome::Excluded,
    };
    let Some(permit) = permits.remove(&event.id) else {
        return Some(Answer::NotAdmitted);
    };
    let latency = now.since(permit.at);
    breaker.on_outcome(permit, now, outcome, latency);
    None
}

impl Seen {
    fn new(result: Option<Answer>, breaker: &Gobreaker, now: Instant) -> Self {
        let counts = breaker.counts();
        Self {
            result,
            state: match breaker.state(now) {
                State::Closed => Stand::Closed,
                State::Open => Stand::Open,
                State::HalfOpen => Stand::HalfOpen,
            },
            counts: [
                counts.requests,
                counts.successes,
                counts.failures,
                counts.exclusions,
                counts.consecutive_successes,
                counts.consecutive_failures,
            ],
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = match self.result {
            None => "reported",
            Some(Answer::Ok) => "ok",
            Some(Answer::Open) => "refused (open)",
            Some(Answer::TooManyRequests) => "refused (too many requests)",
            Some(Answer::NotAdmitted) => "not admitted before",
        };
        let state = match self.state {
            Stand::Closed => "closed",
            Stand::Open => "open",
            Stand::HalfOpen => "half-open",
        };
        write!(f, "{answer}, {state}, counts {:?}", self.counts)
    }
}
