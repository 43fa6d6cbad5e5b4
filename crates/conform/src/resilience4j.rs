//! Replays calls and results of resilience4j's circuit breaker.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use anyhow::{Result, ensure};
use circuit_breaker::{
    Breaker, Outcome, Permit, Resilience4j, Resilience4jConfig, SlidingWindow, State,
};
use clock::Instant;
use serde::Deserialize;

use crate::recording::{Difference, compare};

/// Where a recording's time 0 lies on our axis, in ms: a whole second, as the recordings need it.
const BASE_MS: u64 = 1_000_000_000;

/// Calls and results of one breaker that starts fresh.
#[derive(Debug, Deserialize)]
pub(crate) struct Sequence {
    id: String,
    window_type: WindowType,
    sliding_window_size: u32,
    minimum_number_of_calls: u32,
    failure_rate_threshold: f32,
    slow_call_rate_threshold: f32,
    slow_call_duration_ms: u64,
    permitted_half_open: u32,
    wait_open_ms: u64,
    events: Vec<Event>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum WindowType {
    CountBased,
    TimeBased,
}

/// One call or its result, and what came of it.
#[derive(Debug, Deserialize)]
struct Event {
    t_ms: u64,
    op: Op,
    /// Number of the call.
    call: u64,
    dur_ms: u64,
    #[serde(flatten)]
    seen: Seen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Op {
    Allow,
    Ok,
    Fail,
    Release,
}

/// The answer, and the breaker after it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Seen {
    result: Answer,
    state: Stand,
    /// In percent, -1 if unknown.
    failure_rate: f32,
    /// In percent, -1 if unknown.
    slow_rate: f32,
    buffered: u32,
    failed: u32,
    slow: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Ok,
    NotPermitted,
    Reported,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Stand {
    Closed,
    Open,
    HalfOpen,
}

impl Sequence {
    fn config(&self) -> Resilience4jConfig {
        let size = self.sliding_window_size;
        Resilience4jConfig {
            window: match self.window_type {
                WindowType::CountBased => SlidingWindow::Calls(size),
                WindowType::TimeBased => SlidingWindow::Seconds(size),
            },
            minimum_calls: self.minimum_number_of_calls,
            failure_rate: self.failure_rate_threshold,
            slow_rate: self.slow_call_rate_threshold,
            slow_call: Duration::from_millis(self.slow_call_duration_ms),
            wait_open: Duration::from_millis(self.wait_open_ms),
            permitted: self.permitted_half_open,
            ..Resilience4jConfig::default()
        }
    }
}

/// The first event of `sequence` at which the breaker differs.
pub(crate) fn check(sequence: &Sequence) -> Result<Option<Difference>> {
    let start = Instant::from_millis(BASE_MS);
    let mut breaker = Resilience4j::new(sequence.config());
    let mut permits = BTreeMap::new();
    let mut latest = 0;
    for (index, event) in sequence.events.iter().enumerate() {
        ensure!(event.t_ms >= latest, "event {index} is out of order");
        latest = event.t_ms;
        let now = start + Duration::from_millis(event.t_ms);
        let Some(result) = step(&mut breaker, &mut permits, event, now) else {
            anyhow::bail!("event {index} reports a call that was not admitted");
        };
        let got = Seen::new(result, &breaker, now);
        let found = compare(&sequence.id, || format!("event {index}"), &event.seen, &got);
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// `None` if a call is reported that the model did not admit.
fn step(
    breaker: &mut Resilience4j,
    permits: &mut BTreeMap<u64, Permit>,
    event: &Event,
    now: Instant,
) -> Option<Answer> {
    let outcome = match event.op {
        Op::Allow => {
            return Some(match breaker.try_acquire(now) {
                Ok(permit) => {
                    permits.insert(event.call, permit);
                    Answer::Ok
                }
                Err(_) => Answer::NotPermitted,
            });
        }
        Op::Ok => Outcome::Success,
        Op::Fail => Outcome::Failure,
        Op::Release => Outcome::Cancelled,
    };
    let permit = permits.remove(&event.call)?;
    breaker.on_outcome(permit, now, outcome, Duration::from_millis(event.dur_ms));
    Some(Answer::Reported)
}

impl Seen {
    fn new(result: Answer, breaker: &Resilience4j, now: Instant) -> Self {
        let (failure_rate, slow_rate) = breaker.rates(now).unwrap_or((-1.0, -1.0));
        let measure = breaker.measure(now);
        Self {
            result,
            state: match breaker.state(now) {
                State::Closed => Stand::Closed,
                State::Open => Stand::Open,
                State::HalfOpen => Stand::HalfOpen,
            },
            failure_rate,
            slow_rate,
            buffered: measure.calls,
            failed: measure.failed,
            slow: measure.slow,
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = match self.result {
            Answer::Ok => "ok",
            Answer::NotPermitted => "not permitted",
            Answer::Reported => "reported",
        };
        let state = match self.state {
            Stand::Closed => "closed",
            Stand::Open => "open",
            Stand::HalfOpen => "half-open",
        };
        write!(
            f,
            "{answer}, {state}, {} of {} failed ({} %), {} slow ({} %)",
            self.failed, self.buffered, self.failure_rate, self.slow, self.slow_rate
        )
    }
}
