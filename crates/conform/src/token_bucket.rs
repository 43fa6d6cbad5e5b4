//! Replays calls of `golang.org/x/time/rate` with explicit times.

use std::fmt;

use anyhow::{Context, Result};
use clock::Instant;
use rate_limiter::{Limit, Reservation, Throttled, TokenBucket};
use serde::Deserialize;

use crate::recording::{self, Difference, compare, instant};

/// Calls of one limiter that starts full.
#[derive(Debug, Deserialize)]
pub(crate) struct Sequence {
    id: String,
    #[serde(deserialize_with = "recording::limit")]
    limit: Limit,
    burst: i64,
    steps: Vec<Step>,
}

/// One call and what came of it.
#[derive(Debug, Deserialize)]
struct Step {
    t_ns: i64,
    #[serde(flatten)]
    call: Call,
    /// What was returned; absent where nothing was.
    ok: Option<bool>,
    /// Absent for reservations that were not granted.
    delay_ns: Option<u64>,
    /// `TokensAt` after the call.
    tokens_after: f64,
    /// The same as the hexadecimal digits of its bits, where recorded.
    tokens_bits: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
enum Call {
    Allow {
        n: i64,
    },
    Reserve {
        n: i64,
        rid: Option<usize>,
    },
    Cancel {
        rid: usize,
    },
    Tokens,
    DelayFrom {
        rid: usize,
    },
    SetLimit {
        #[serde(deserialize_with = "recording::limit")]
        limit: Limit,
    },
    SetBurst {
        burst: i64,
    },
}

/// All that can be seen of a step.
#[derive(Debug, PartialEq)]
struct Seen {
    ok: Option<bool>,
    delay_ns: Option<u64>,
    /// Bits of the number of tokens: zero and minus zero differ, as everything else.
    tokens: u64,
}

/// The first step of `sequence` at which the token bucket differs.
pub(crate) fn check(sequence: &Sequence) -> Result<Option<Difference>> {
    let mut bucket = TokenBucket::new(sequence.limit, sequence.burst);
    let mut reservations = Vec::new();
    for (index, step) in sequence.steps.iter().enumerate() {
        let wrong = || format!("{}, step {index}", sequence.id);
        let expected = step.recorded().with_context(wrong)?;
        let got = step
            .run(&mut bucket, &mut reservations)
            .with_context(wrong)?;
        let found = compare(&sequence.id, || format!("step {index}"), &expected, &got);
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Reservations in the order they were asked for, granted or not.
type Reservations = Vec<Result<Reservation, Throttled>>;

impl Step {
    fn recorded(&self) -> Result<Seen> {
        let tokens = match &self.tokens_bits {
            Some(bits) => {
                u64::from_str_radix(bits, 16).context("tokens_bits is not hexadecimal")?
            }
            None => self.tokens_after.to_bits(),
        };
        Ok(Seen {
            ok: self.ok,
            delay_ns: self.delay_ns,
            tokens,
        })
    }

    fn run(&self, bucket: &mut TokenBucket, reservations: &mut Reservations) -> Result<Seen> {
        let now = instant(self.t_ns)?;
        let (mut ok, mut delay_ns) = (None, None);
        match self.call {
            Call::Allow { n } => ok = Some(bucket.allow(now, n)),
            Call::Reserve { n, rid } => {
                let expected = reservations.len();
                let in_order = rid.is_none_or(|rid| rid == expected);
                anyhow::ensure!(in_order, "reservation {expected} was expected next");
                let reservation = bucket.reserve(now, n);
                ok = Some(reservation.is_ok());
                delay_ns = delay(&reservation, now);
                reservations.push(reservation);
            }
            Call::Cancel { rid } => {
                if let Ok(reservation) = find(reservations, rid)? {
                    bucket.cancel(now, reservation);
                }
            }
            Call::Tokens => {}
            Call::DelayFrom { rid } => delay_ns = delay(find(reservations, rid)?, now),
            Call::SetLimit { limit } => bucket.set_limit(now, limit),
            Call::SetBurst { burst } => bucket.set_burst(now, burst),
        }
        Ok(Seen {
            ok,
            delay_ns,
            tokens: bucket.tokens_at(now).to_bits(),
        })
    }
}

fn find(reservations: &Reservations, rid: usize) -> Result<&Result<Reservation, Throttled>> {
    reservations
        .get(rid)
        .with_context(|| format!("there is no reservation {rid}"))
}

fn delay(reservation: &Result<Reservation, Throttled>, now: Instant) -> Option<u64> {
    let delay = reservation.as_ref().ok()?.delay_from(now);
    // A delay is at most 292 years.
    u64::try_from(delay.as_nanos()).ok()
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(ok) = self.ok {
            write!(f, "ok {ok}, ")?;
        }
        if let Some(delay_ns) = self.delay_ns {
            write!(f, "delay {delay_ns} ns, ")?;
        }
        write!(
            f,
            "{:?} tokens ({:016x})",
            f64::from_bits(self.tokens),
            self.tokens
        )
    }
}
