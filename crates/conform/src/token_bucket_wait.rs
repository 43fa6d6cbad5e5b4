//! Replays waiters of `golang.org/x/time/rate`, each of which sleeps until its tokens are there.

use std::fmt;

use anyhow::Result;
use clock::Instant;
use rate_limiter::{Limit, Patience, Reservation, TokenBucket, WaitRefused};
use serde::Deserialize;

use crate::recording::{self, Difference, compare, instant, nanos_after_start};

/// Waiters on one limiter that starts full.
#[derive(Debug, Deserialize)]
pub(crate) struct Scenario {
    id: String,
    #[serde(deserialize_with = "recording::limit")]
    limit: Limit,
    burst: i64,
    waiters: Vec<Waiter>,
    /// When everybody is done.
    end_ns: i64,
    /// `Tokens` at that time.
    tokens_at_end: f64,
}

/// One call of `WaitN` and what came of it.
#[derive(Debug, Deserialize)]
struct Waiter {
    id: u64,
    start_ns: i64,
    n: i64,
    deadline_ns: Option<i64>,
    cancel_ns: Option<i64>,
    result: String,
    done_ns: i64,
}

/// How a waiter fared.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    /// In the words of the recording.
    result: &'static str,
    done: Instant,
}

/// The first waiter of `scenario`, by the time it was done, at which the token bucket differs.
pub(crate) fn check(scenario: &Scenario) -> Result<Option<Difference>> {
    let mut bucket = TokenBucket::new(scenario.limit, scenario.burst);
    let seen = run(scenario, &mut bucket)?;
    let mut by_end: Vec<_> = scenario.waiters.iter().zip(&seen).collect();
    by_end.sort_by_key(|(waiter, _)| waiter.done_ns);
    for (waiter, got) in by_end {
        let expected = format!("{} at {} ns", waiter.result, waiter.done_ns);
        let step = || format!("waiter {}", waiter.id);
        let found = compare(&scenario.id, step, &expected, &got.to_string());
        if found.is_some() {
            return Ok(found);
        }
    }
    let got = bucket.tokens_at(instant(scenario.end_ns)?);
    let same = got.to_bits() == scenario.tokens_at_end.to_bits();
    let (expected, got) = (
        format!("{:?} tokens", scenario.tokens_at_end),
        format!("{got:?} tokens"),
    );
    Ok(if same {
        None
    } else {
        compare(&scenario.id, || "end".to_owned(), &expected, &got)
    })
}

/// A waiter that may still be woken before its time.
struct Asleep {
    /// Its place in the list of waiters.
    waiter: usize,
    reservation: Reservation,
    cancel: Instant,
}

/// Lets every waiter ask at its time, and wakes those who are cancelled while they sleep.
///
/// At one instant, sleepers whose time has come go first (a deadline or a cancellation at that very
/// moment comes too late), then the cancellations, then those who ask, in the recording's order.
fn run(scenario: &Scenario, bucket: &mut TokenBucket) -> Result<Vec<Seen>> {
    let waiters = &scenario.waiters;
    let mut seen = vec![
        Seen {
            result: "never asked",
            done: Instant::ZERO
        };
        waiters.len()
    ];
    let mut order: Vec<usize> = (0..waiters.len()).collect();
    order.sort_by_key(|&waiter| waiters[waiter].start_ns);
    let mut asleep: Vec<Asleep> = Vec::new();
    for waiter in order {
        let now = instant(waiters[waiter].start_ns)?;
        cancel_until(now, &mut asleep, bucket, &mut seen);
        let cancel = waiters[waiter].cancel_ns.map(instant).transpose()?;
        let answer = bucket.try_wait(now, waiters[waiter].n, waiters[waiter].patience(now)?);
        seen[waiter] = Seen::from_answer(&answer, now);
        if let (Ok(reservation), Some(cancel)) = (answer, cancel)
            && cancel < seen[waiter].done
        {
            asleep.push(Asleep {
                waiter,
                reservation,
                cancel,
            });
        }
    }
    cancel_until(instant(scenario.end_ns)?, &mut asleep, bucket, &mut seen);
    Ok(seen)
}

/// Wakes those who are cancelled up to `now`, in the order of their times.
fn cancel_until(
    now: Instant,
    asleep: &mut Vec<Asleep>,
    bucket: &mut TokenBucket,
    seen: &mut [Seen],
) {
    // Kept in order so that the next one is last.
    asleep.sort_by_key(|sleeper| core::cmp::Reverse((sleeper.cancel, sleeper.waiter)));
    while let Some(sleeper) = asleep.pop_if(|sleeper| sleeper.cancel <= now) {
        bucket.cancel(sleeper.cancel, &sleeper.reservation);
        seen[sleeper.waiter] = Seen {
            result: "canceled",
            done: sleeper.cancel,
        };
    }
}

impl Waiter {
    /// What its context says when it asks.
    fn patience(&self, now: Instant) -> Result<Patience> {
        let deadline = self.deadline_ns.map(instant).transpose()?;
        let cancel = self.cancel_ns.map(instant).transpose()?;
        // A context keeps the first reason it ended for.
        let canceled = cancel.is_some_and(|cancel| {
            cancel <= now && deadline.is_none_or(|deadline| cancel < deadline)
        });
        Ok(match deadline {
            _ if canceled => Patience::Canceled,
            Some(deadline) => Patience::Until(deadline),
            None => Patience::Endless,
        })
    }
}

impl Seen {
    fn from_answer(answer: &Result<Reservation, WaitRefused>, now: Instant) -> Self {
        let result = match answer {
            Ok(reservation) => {
                return Self {
                    result: "ok",
                    done: now + reservation.delay_from(now),
                };
            }
            Err(WaitRefused::ExceedsBurst { .. }) => "exceeds_burst",
            Err(WaitRefused::Canceled) => "canceled",
            Err(WaitRefused::DeadlineExceeded) => "deadline_exceeded",
            Err(WaitRefused::WouldExceedDeadline) => "would_exceed_deadline",
        };
        Self { result, done: now }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} ns", self.result, nanos_after_start(self.done))
    }
}
