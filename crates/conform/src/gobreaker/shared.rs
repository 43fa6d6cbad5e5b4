//! The same for the breaker that threads share, where it has the recorded rule.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use circuit_breaker::{Outcome, Reason, SharedBreaker, SharedConfig, State};
use clock::Instant;

use super::{Answer, Op, Rule, Seen, Sequence, Stand};
use crate::recording::{Difference, compare};

/// What the shared breaker shows after an event: answer, state, and in the closed state calls and failures.
#[derive(Debug, PartialEq)]
struct Shown(Option<Answer>, Stand, Option<(u64, u64)>);

/// The settings, if there are any that follow the recorded rule: a failure ratio over a window that
/// rolls or never ends.
fn config(sequence: &Sequence) -> Option<SharedConfig> {
    let Rule::FailureRatio {
        min_requests,
        ratio,
    } = sequence.ready_to_trip
    else {
        return None;
    };
    let (interval, period) = (sequence.interval_ms, sequence.bucket_period_ms);
    let (period, buckets) = match (interval, period) {
        (0, _) => (0, 2),
        (_, 0) => return None,
        _ => (period, interval.div_ceil(period)),
    };
    Some(SharedConfig {
        bucket_period: Duration::from_millis(period),
        buckets: u32::try_from(buckets)
            .ok()
            .filter(|buckets| (2..=100).contains(buckets))?,
        min_requests,
        ratio,
        timeout: match sequence.timeout_ms {
            0 => Duration::from_secs(60),
            millis => Duration::from_millis(millis),
        },
        max_requests: sequence.max_requests,
    })
}

/// The first event of `sequence` at which the shared breaker differs.
pub(super) fn check(sequence: &Sequence, start: Instant) -> Option<Difference> {
    let breaker = SharedBreaker::new(config(sequence)?, start);
    let mut permits = BTreeMap::new();
    for (index, event) in sequence.events.iter().enumerate() {
        let now = start + Duration::from_millis(event.t_ms);
        let mut report = |outcome| match permits.remove(&event.id) {
            Some(permit) => {
                breaker.on_outcome(permit, outcome, || now);
                None
            }
            None => Some(Answer::NotAdmitted),
        };
        let result = match event.op {
            Op::Ok => report(Outcome::Success),
            Op::Fail => report(Outcome::Failure),
            Op::Excluded => report(Outcome::Excluded),
            Op::Allow => Some(match breaker.try_acquire(now) {
                Ok(permit) => {
                    permits.insert(event.id, permit);
                    Answer::Ok
                }
                Err(rejected) if rejected.reason == Reason::Open => Answer::Open,
                Err(_) => Answer::TooManyRequests,
            }),
        };
        let state = match breaker.state(now) {
            State::Closed => Stand::Closed,
            State::Open => Stand::Open,
            State::HalfOpen => Stand::HalfOpen,
        };
        let counts = (state == Stand::Closed).then(|| breaker.counts(now));
        let got = Shown(result, state, counts);
        let place = || format!("event {index} (shared)");
        let found = compare(&sequence.id, place, &Shown::from(&event.seen), &got);
        if found.is_some() {
            return found;
        }
    }
    None
}

impl From<&Seen> for Shown {
    fn from(seen: &Seen) -> Self {
        let [requests, _, failures, ..] = seen.counts;
        let counts = (seen.state == Stand::Closed).then(|| (requests.into(), failures.into()));
        Self(seen.result, seen.state, counts)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(result, state, counts) = self;
        write!(f, "{result:?}, {state:?}, calls and failures {counts:?}")
    }
}
