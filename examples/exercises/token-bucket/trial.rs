//! A bucket under trial: every call goes on the tape and is compared with what it should give.

use std::time::Duration;

use exercises::{Miss, expect, tape};

use crate::source::{Reservation, TokenBucket, TooMany};

/// How far tokens may be off: roundings add up, mistakes are larger.
pub(crate) const TOKENS: f64 = 1e-6;
/// How far a delay may be off: whether a nanosecond is rounded up or down is left open.
pub(crate) const DELAY: Duration = Duration::from_micros(1);

/// A bucket that starts full, of the reader's making.
pub(crate) struct Trial {
    bucket: TokenBucket,
    reservations: Vec<Option<Reservation>>,
}

/// A time in milliseconds since the start.
pub(crate) const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A time as `99 ms` or `428.957185 ms`.
pub(crate) fn shown(time: Duration) -> String {
    let nanos = time.as_nanos();
    let (whole, rest) = (nanos / 1_000_000, nanos % 1_000_000);
    if rest == 0 {
        return format!("{whole} ms");
    }
    let rest = format!("{rest:06}");
    format!("{whole}.{} ms", rest.trim_end_matches('0'))
}

/// Tokens with at most seven decimals.
fn tokens_shown(tokens: f64) -> String {
    let text = format!("{tokens:.7}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

impl Trial {
    /// A new bucket.
    pub(crate) fn new(rate_per_second: f64, burst: u32) -> Self {
        tape::call(format!("TokenBucket::new({rate_per_second:?}, {burst})"));
        Self {
            bucket: TokenBucket::new(rate_per_second, burst),
            reservations: Vec::new(),
        }
    }

    /// Calls `allow`.
    pub(crate) fn allow(
        &mut self,
        now: Duration,
        n: u32,
        expected: bool,
        why: &str,
    ) -> Result<(), Miss> {
        tape::call(format!("allow({}, {n})", shown(now)));
        let came_out = self.bucket.allow(now, n);
        tape::gave(&came_out.to_string());
        expect(came_out, expected, why)
    }

    /// Calls `tokens_at`.
    pub(crate) fn tokens(&self, now: Duration, expected: f64, why: &str) -> Result<(), Miss> {
        tape::call(format!("tokens_at({})", shown(now)));
        let came_out = self.bucket.tokens_at(now);
        tape::gave(&tokens_shown(came_out));
        // Written so that NaN is a miss.
        if (came_out - expected).abs() <= TOKENS {
            return Ok(());
        }
        Err(Miss {
            came_out: format!("{} tokens", tokens_shown(came_out)),
            expected: format!("{} tokens: {why}", tokens_shown(expected)),
        })
    }

    /// Calls `reserve`, whose reservations are numbered from 0, and `delay` of what it gives.
    pub(crate) fn reserve(
        &mut self,
        now: Duration,
        n: u32,
        expected: Duration,
        why: &str,
    ) -> Result<(), Miss> {
        let number = self.reservations.len();
        tape::call(format!("reserve({}, {n})", shown(now)));
        let reservation = match self.bucket.reserve(now, n) {
            Ok(reservation) => reservation,
            Err(too_many) => {
                tape::gave(&format!("Err({too_many:?})"));
                return Err(Miss {
                    came_out: format!("Err({too_many:?})"),
                    expected: format!("a delay of {}: {why}", shown(expected)),
                });
            }
        };
        let came_out = reservation.delay();
        self.reservations.push(Some(reservation));
        tape::gave(&format!("reservation {number}, delay {}", shown(came_out)));
        if came_out.abs_diff(expected) <= DELAY {
            return Ok(());
        }
        Err(Miss {
            came_out: format!("a delay of {}", shown(came_out)),
            expected: format!("a delay of {}: {why}", shown(expected)),
        })
    }

    /// Calls `reserve` for more than the bucket ever holds.
    pub(crate) fn reserve_too_many(
        &mut self,
        now: Duration,
        asked: u32,
        burst: u32,
    ) -> Result<(), Miss> {
        tape::call(format!("reserve({}, {asked})", shown(now)));
        let expected = TooMany { asked, burst };
        let came_out = match self.bucket.reserve(now, asked) {
            Ok(_) => "Ok with a reservation".to_owned(),
            Err(too_many) => format!("Err({too_many:?})"),
        };
        tape::gave(&came_out);
        let wanted = format!("Err({expected:?})");
        if came_out == wanted {
            return Ok(());
        }
        Err(Miss {
            came_out,
            expected: format!("{wanted}: no waiting makes room for more tokens than the burst"),
        })
    }

    /// Calls `cancel` for the reservation of this number.
    pub(crate) fn cancel(&mut self, now: Duration, number: usize) {
        let reservation = self.reservations.get_mut(number).and_then(Option::take);
        if let Some(reservation) = reservation {
            tape::call(format!("cancel({}, reservation {number})", shown(now)));
            self.bucket.cancel(now, reservation);
        }
    }
}
