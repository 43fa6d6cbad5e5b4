//! Replays calls through a circuit of hystrix-go: timed by the model, counted by the circuit.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use anyhow::{Result, ensure};
use circuit_breaker::{Breaker, Hystrix, HystrixConfig, Outcome, Permit, Reason};
use clock::Instant;
use serde::Deserialize;

use crate::recording::{Difference, compare};

/// Where a recording's time 0 lies on our axis, in ms: a whole second, as the recordings need it.
const BASE_MS: u64 = 1_000_000_000;

/// Calls through one circuit that starts fresh.
#[derive(Debug, Deserialize)]
pub(crate) struct Sequence {
    id: String,
    request_volume_threshold: u64,
    error_percent_threshold: i64,
    sleep_window_ms: u64,
    max_concurrent_requests: u32,
    timeout_ms: u64,
    /// The part of a second that had passed at time 0.
    start_offset_ms: u64,
    requests: Vec<Call>,
}

/// One call, what its work was to do, and what came of it.
#[derive(Debug, Deserialize)]
struct Call {
    id: u64,
    t_ms: u64,
    dur_ms: u64,
    outcome: Work,
    cancel_after_ms: Option<u64>,
    #[serde(flatten)]
    fate: Fate,
    #[serde(flatten)]
    seen: Seen,
}

/// What the work of a call comes to, if somebody waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Work {
    Ok,
    Fail,
}

/// What the caller got, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
struct Fate {
    result: Answer,
    done_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Success,
    Failure,
    Timeout,
    ShortCircuit,
    Rejected,
    Canceled,
}

/// The circuit once everything of the call's own instant has settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
struct Seen {
    open_after: bool,
    window_requests: u64,
    window_errors: u64,
    error_percent: i64,
    active: u32,
}

/// A circuit and the calls that are under way.
struct Replay {
    circuit: Hystrix,
    /// What is to be reported, by time and call.
    under_way: BTreeMap<(Instant, u64), (Permit, Outcome)>,
}

/// The first call of `sequence` at which the circuit differs.
pub(crate) fn check(sequence: &Sequence) -> Result<Option<Difference>> {
    let millis = Duration::from_millis;
    let circuit = Hystrix::new(HystrixConfig {
        time_out: millis(sequence.timeout_ms),
        max_concurrent: sequence.max_concurrent_requests,
        volume_threshold: sequence.request_volume_threshold,
        sleep_window: millis(sequence.sleep_window_ms),
        error_percent: sequence.error_percent_threshold,
        clean_window: false,
    });
    let mut replay = Replay {
        circuit,
        under_way: BTreeMap::new(),
    };
    let mut latest = 0;
    let start = Instant::from_millis(BASE_MS) + millis(sequence.start_offset_ms);
    for call in &sequence.requests {
        ensure!(call.t_ms >= latest, "call {} is out of order", call.id);
        latest = call.t_ms;
        let now = start + millis(call.t_ms);
        let fate = replay.call(call, now);
        let seen = replay.settle(now);
        let place = || format!("call {}", call.id);
        let found = compare(&sequence.id, place, &call.fate, &fate)
            .or_else(|| compare(&sequence.id, place, &call.seen, &seen));
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

impl Replay {
    /// Makes a call at `now`, after what has become due; returns what the caller will get.
    fn call(&mut self, call: &Call, now: Instant) -> Fate {
        self.report_until(now);
        let (result, after_ms) = match self.circuit.try_acquire(now) {
            Err(refused) if refused.reason == Reason::TooManyAtOnce => (Answer::Rejected, 0),
            Err(_) => (Answer::ShortCircuit, 0),
            Ok(permit) => {
                let time_out_ms = self.circuit.config().time_out.as_millis() as u64;
                let cancel_ms = call.cancel_after_ms.unwrap_or(u64::MAX);
                let after_ms = call.dur_ms.min(time_out_ms).min(cancel_ms);
                let (result, outcome) = match call.outcome {
                    Work::Ok if call.dur_ms == after_ms => (Answer::Success, Outcome::Success),
                    Work::Fail if call.dur_ms == after_ms => (Answer::Failure, Outcome::Failure),
                    // Of two at one instant the timer is faster than the word of the caller.
                    _ if time_out_ms == after_ms => (Answer::Timeout, Outcome::TimedOut),
                    _ => (Answer::Canceled, Outcome::Cancelled),
                };
                let done = now + Duration::from_millis(after_ms);
                let number = permit.call;
                self.under_way.insert((done, number), (permit, outcome));
                (result, after_ms)
            }
        };
        Fate {
            result,
            done_ms: call.t_ms.saturating_add(after_ms),
        }
    }

    /// Reports what ends until `now`, in the order of time.
    fn report_until(&mut self, now: Instant) {
        while let Some(next) = self.under_way.first_entry() {
            let done = next.key().0;
            if done > now {
                break;
            }
            let (permit, outcome) = next.remove();
            let latency = done.since(permit.at);
            self.circuit.on_outcome(permit, done, outcome, latency);
        }
    }

    /// What is seen at `now`, once everything has settled.
    fn settle(&mut self, now: Instant) -> Seen {
        self.report_until(now);
        Seen {
            open_after: self.circuit.state(now) == circuit_breaker::State::Open,
            window_requests: self.circuit.requests(now),
            window_errors: self.circuit.errors(now),
            error_percent: self.circuit.error_percent(now),
            active: self.circuit.active(),
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let result = match self.result {
            Answer::Success => "success",
            Answer::Failure => "failure",
            Answer::Timeout => "time-out",
            Answer::ShortCircuit => "short circuit",
            Answer::Rejected => "rejected",
            Answer::Canceled => "cancelled",
        };
        write!(f, "{result} at {} ms", self.done_ms)
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.open_after { "open" } else { "closed" };
        write!(
            f,
            "{state}, {} errors against {} calls ({} %), {} active",
            self.window_errors, self.window_requests, self.error_percent, self.active
        )
    }
}
