//! A token bucket that also takes reservations; `README.md` says what each of these should do.

use std::time::Duration;

/// A bucket that starts full, is refilled at a steady rate, and is emptied by requests.
#[derive(Debug)]
pub struct TokenBucket {
    /// Tokens that drip in a second; above zero.
    rate_per_second: f64,
    /// The most tokens it keeps, and the most that one call may ask for.
    burst: u32,
    // What else does it have to remember?
}

/// Tokens taken now for use at a later time.
#[derive(Debug)]
pub struct Reservation {
    // What will its holder ask, and what will `cancel` need?
}

/// More tokens were asked for than the bucket ever holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// Tokens asked for.
    pub asked: u32,
    /// The most that can be asked for.
    pub burst: u32,
}

impl TokenBucket {
    /// A full bucket.
    pub fn new(rate_per_second: f64, burst: u32) -> Self {
        Self {
            rate_per_second,
            burst,
        }
    }

    /// Tokens in the bucket at `now`, a time since the start; below zero, what is owed.
    pub fn tokens_at(&self, _now: Duration) -> f64 {
        todo!("tokens_at")
    }

    /// Takes `n` tokens if they are there at `now`; if not, changes nothing.
    pub fn allow(&mut self, _now: Duration, _n: u32) -> bool {
        todo!("allow")
    }

    /// Takes `n` tokens, those that are not there yet as a debt.
    pub fn reserve(&mut self, _now: Duration, _n: u32) -> Result<Reservation, TooMany> {
        todo!("reserve")
    }

    /// Gives back what `reservation` took, as far as nobody was promised a place behind it.
    pub fn cancel(&mut self, _now: Duration, _reservation: Reservation) {
        todo!("cancel")
    }
}

impl Reservation {
    /// How long its holder has to wait, from the time of the call to `reserve` on.
    pub fn delay(&self) -> Duration {
        todo!("delay")
    }
}
