//! A token bucket that also takes reservations; one way to do the exercise.

use std::time::Duration;

/// A bucket that starts full, is refilled at a steady rate, and is emptied by requests.
#[derive(Debug)]
pub struct TokenBucket {
    /// Tokens that drip in a second; above zero.
    rate_per_second: f64,
    /// The most tokens it keeps, and the most that one call may ask for.
    burst: u32,
    /// Tokens at the time `last`; below zero when some were promised before they were there.
    tokens: f64,
    /// When `tokens` was true.
    last: Duration,
    /// When the latest grant acts; in the future if its holder has to wait.
    last_event: Duration,
}

/// Tokens taken now for use at a later time.
#[derive(Debug)]
pub struct Reservation {
    /// How many it took.
    tokens: u32,
    /// How long its holder has to wait.
    delay: Duration,
    /// When that is over.
    time_to_act: Duration,
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
            tokens: f64::from(burst),
            last: Duration::ZERO,
            last_event: Duration::ZERO,
        }
    }

    /// Tokens in the bucket at `now`, a time since the start; below zero, what is owed.
    pub fn tokens_at(&self, now: Duration) -> f64 {
        let dripped = now.saturating_sub(self.last).as_secs_f64() * self.rate_per_second;
        (self.tokens + dripped).min(f64::from(self.burst))
    }

    /// Takes `n` tokens if they are there at `now`; if not, changes nothing.
    pub fn allow(&mut self, now: Duration, n: u32) -> bool {
        let left = self.tokens_at(now) - f64::from(n);
        if left < 0.0 {
            return false;
        }
        self.take(now, left, Duration::ZERO);
        true
    }

    /// Takes `n` tokens, those that are not there yet as a debt.
    pub fn reserve(&mut self, now: Duration, n: u32) -> Result<Reservation, TooMany> {
        if n > self.burst {
            return Err(TooMany {
                asked: n,
                burst: self.burst,
            });
        }
        let left = self.tokens_at(now) - f64::from(n);
        let delay = self.time_for(-left.min(0.0));
        self.take(now, left, delay);
        Ok(Reservation {
            tokens: n,
            delay,
            time_to_act: now + delay,
        })
    }

    /// Gives back what `reservation` took, as far as nobody was promised a place behind it.
    pub fn cancel(&mut self, now: Duration, reservation: Reservation) {
        let time_to_act = reservation.time_to_act;
        if time_to_act < now {
            return;
        }
        // In seconds as f64, because the difference may be below zero.
        let after = self.last_event.as_secs_f64() - time_to_act.as_secs_f64();
        let restored = f64::from(reservation.tokens) - self.rate_per_second * after;
        if restored <= 0.0 {
            return;
        }
        self.tokens = (self.tokens_at(now) + restored).min(f64::from(self.burst));
        self.last = now;
        if time_to_act == self.last_event {
            // The one before it is the last again.
            let previous = time_to_act.checked_sub(self.time_for(f64::from(reservation.tokens)));
            if let Some(previous) = previous.filter(|previous| *previous >= now) {
                self.last_event = previous;
            }
        }
    }

    /// Books a grant that leaves `left` tokens and acts after `delay`.
    fn take(&mut self, now: Duration, left: f64, delay: Duration) {
        self.tokens = left;
        self.last = now;
        self.last_event = now + delay;
    }

    /// How long `tokens` take to drip in.
    fn time_for(&self, tokens: f64) -> Duration {
        Duration::from_secs_f64(tokens / self.rate_per_second)
    }
}

impl Reservation {
    /// How long its holder has to wait, from the time of the call to `reserve` on.
    pub fn delay(&self) -> Duration {
        self.delay
    }
}
