//! The token bucket, decision for decision as Go's `golang.org/x/time/rate`.
//!
//! Sources: the algorithm, Turner, "New directions in communications", IEEE Communications
//! Magazine, 1986; its arithmetic and its quirks, `rate/rate.go` of github.com/golang/time at
//! 2b4e439, re-stated here in words and code of our own.

use core::fmt;
use core::time::Duration;

use clock::Instant;

use crate::{Limit, RateLimiter, Throttled};

/// When a granted request acts, in nanoseconds after the origin. Wider than an [`Instant`]: at limit
/// zero a reservation acts "in 292 years", and cancelling can ask for a time before the origin.
type EventTime = i128;

// ANCHOR: TokenBucket
/// A bucket that starts full, is refilled at a steady rate, and is emptied by requests.
///
/// There is no timer behind it. The bucket remembers how many tokens it had and when, and works
/// out the rest whenever it is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenBucket {
    /// How fast tokens drip in.
    limit: Limit,
    /// The most tokens the bucket keeps, and so the most that one call may ask for.
    burst: i64,
    /// Tokens at the time `last`; below zero when some were promised before they were there.
    tokens: f64,
    /// When `tokens` was true; `None` before the first grant, which is as good as ages ago.
    last: Option<Instant>,
    /// When the latest granted request acts; in the future if it has to wait.
    last_event: EventTime,
}
// ANCHOR_END: TokenBucket

// ANCHOR: Reservation
/// Tokens taken now for use at a later time. Go: `rate.Reservation`.
///
/// A plain note: dropping it gives nothing back, only [`TokenBucket::cancel`] does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reservation {
    /// How many tokens it took.
    tokens: i64,
    /// When its holder may act.
    time_to_act: EventTime,
    /// The limit it was granted under, which may change later; zero if that was infinite.
    limit: Limit,
}
// ANCHOR_END: Reservation

// ANCHOR: new
impl TokenBucket {
    /// A full bucket of `burst` tokens, refilled at `limit`.
    #[must_use]
    pub const fn new(limit: Limit, burst: i64) -> Self {
        Self {
            limit,
            burst,
            tokens: burst as f64,
            last: None,
            last_event: EventTime::MIN,
        }
    }

    /// The rate at which it is refilled.
    #[must_use]
    pub const fn limit(&self) -> Limit {
        self.limit
    }

    /// The most tokens it keeps.
    #[must_use]
    pub const fn burst(&self) -> i64 {
        self.burst
    }
}
// ANCHOR_END: new

// ANCHOR: tokens_at
/// Refilling, without a timer.
impl TokenBucket {
    /// Tokens in the bucket at `now`, never above the burst; below zero, what is owed.
    #[must_use]
    pub fn tokens_at(&self, now: Instant) -> f64 {
        let elapsed = self.last.map_or(i64::MAX, |last| nanos(now.since(last)));
        self.at_most_burst(self.tokens + self.limit.tokens_in(elapsed))
    }

    /// What does not fit into the bucket is lost.
    fn at_most_burst(&self, tokens: f64) -> f64 {
        let burst = self.burst as f64;
        if tokens > burst { burst } else { tokens }
    }
}
// ANCHOR_END: tokens_at

// ANCHOR: take
/// The one decision, of which allow, reserve and wait are three uses.
impl TokenBucket {
    /// Takes `n` tokens if they are there within `max_wait` nanoseconds, or else nothing at all.
    fn take(&mut self, now: Instant, n: i64, max_wait: i64) -> Result<Reservation, Throttled> {
        if self.limit.is_infinite() {
            // Nothing is counted and nobody waits. Should the limit become finite before this is
            // cancelled, all of it is restored: a rate of zero finds nothing reserved later.
            let time_to_act = event_time(now);
            return Ok(Reservation {
                tokens: n,
                time_to_act,
                limit: Limit::ZERO,
            });
        }
        if n > self.burst {
            return Err(Throttled::NEVER);
        }
        let left = self.tokens_at(now) - n as f64;
        // A debt is paid by waiting for it to drip in, up to the last whole nanosecond.
        let wait = if left < 0.0 {
            self.limit.nanos_for(-left)
        } else {
            0
        };
        if wait > max_wait {
            return Err(refusal(wait, max_wait));
        }
        self.last = Some(now);
        self.tokens = left;
        self.last_event = event_time(now) + EventTime::from(wait);
        Ok(Reservation {
            tokens: n,
            time_to_act: self.last_event,
            limit: self.limit,
        })
    }
}
// ANCHOR_END: take

// ANCHOR: allow
/// Now or not at all.
impl TokenBucket {
    /// Whether `n` requests may pass at `now`. Go: `AllowN`.
    ///
    /// The last fraction of a nanosecond is forgiven, so a grant may come up to 1 ns early. No
    /// request (`n` = 0) is refused while tokens are owed; a negative `n` adds tokens.
    pub fn allow(&mut self, now: Instant, n: i64) -> bool {
        self.take(now, n, 0).is_ok()
    }
}
// ANCHOR_END: allow

// ANCHOR: reserve
/// Now or later.
impl TokenBucket {
    /// Takes `n` tokens, however long it takes until they are there. Go: `ReserveN`.
    ///
    /// Nothing limits how far ahead reservations reach: the caller looks at
    /// [`delay_from`](Reservation::delay_from), and cancels what it does not want to wait for.
    ///
    /// # Errors
    /// [`Throttled::NEVER`] if `n` is more than the burst.
    pub fn reserve(&mut self, now: Instant, n: i64) -> Result<Reservation, Throttled> {
        self.take(now, n, i64::MAX)
    }

    /// Takes `n` tokens if they are there within `max_wait`.
    ///
    /// # Errors
    /// [`Throttled`] if `n` is more than the burst or the wait would be longer; nothing was taken.
    pub fn reserve_within(
        &mut self,
        now: Instant,
        n: i64,
        max_wait: Duration,
    ) -> Result<Reservation, Throttled> {
        self.take(now, n, nanos(max_wait))
    }
}

impl Reservation {
    /// How many tokens it took.
    #[must_use]
    pub const fn tokens(&self) -> i64 {
        self.tokens
    }

    /// When its holder may act; [`Instant::MAX`] if that is beyond what an instant can say.
    #[must_use]
    pub fn time_to_act(&self) -> Instant {
        Instant::from_nanos(u64::try_from(self.time_to_act).unwrap_or(u64::MAX))
    }

    /// How long its holder has to wait from `now` on; at most 292 years. Go: `DelayFrom`.
    #[must_use]
    pub fn delay_from(&self, now: Instant) -> Duration {
        Duration::from_nanos(gap(self.time_to_act, event_time(now)).max(0) as u64)
    }
}
// ANCHOR_END: reserve

// ANCHOR: cancel
/// Changing one's mind.
impl TokenBucket {
    /// Gives back what `reservation` took, as far as nobody was promised a place behind it.
    /// Go: `CancelAt`.
    ///
    /// Does nothing once the time to act has passed. Nothing marks a reservation as cancelled:
    /// cancelling it twice gives back twice.
    pub fn cancel(&mut self, now: Instant, reservation: &Reservation) {
        let Reservation {
            tokens,
            time_to_act,
            limit,
        } = *reservation;
        if self.limit.is_infinite() || tokens == 0 || time_to_act < event_time(now) {
            return;
        }
        // What was reserved later is due later. Those tokens were promised on top of ours and
        // stay promised, so that a place in mid-queue is lost rather than passed on.
        let reserved_later = limit.tokens_in(gap(self.last_event, time_to_act));
        let restored = tokens as f64 - reserved_later;
        if restored <= 0.0 {
            return;
        }
        self.tokens = self.at_most_burst(self.tokens_at(now) + restored);
        self.last = Some(now);
        if time_to_act == self.last_event {
            // We were the last in the queue. The one before us is the last again.
            let previous = time_to_act + EventTime::from(limit.nanos_for(-(tokens as f64)));
            if previous >= event_time(now) {
                self.last_event = previous;
            }
        }
    }
}
// ANCHOR_END: cancel

// ANCHOR: wait
/// How long a caller is ready to wait; Go hands this in as a `context.Context`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// As long as it takes.
    Endless,
    /// Up to a deadline, which is still in time.
    Until(Instant),
    /// The caller has gone away before it was its turn to ask.
    Canceled,
}

/// Sleep until it is time, or find out at once that there is no point.
impl TokenBucket {
    /// Decides as `WaitN` does before it goes to sleep: the caller sleeps for the reservation's
    /// delay, and calls [`cancel`](TokenBucket::cancel) if something wakes it before.
    ///
    /// # Errors
    /// [`WaitRefused`], checked in the order of its variants; nothing was taken.
    pub fn try_wait(
        &mut self,
        now: Instant,
        n: i64,
        patience: Patience,
    ) -> Result<Reservation, WaitRefused> {
        if n > self.burst && !self.limit.is_infinite() {
            return Err(WaitRefused::ExceedsBurst {
                asked: n,
                burst: self.burst,
            });
        }
        let max_wait = match patience {
            Patience::Canceled => return Err(WaitRefused::Canceled),
            Patience::Until(deadline) if deadline <= now => {
                return Err(WaitRefused::DeadlineExceeded);
            }
            Patience::Until(deadline) => nanos(deadline.since(now)),
            Patience::Endless => i64::MAX,
        };
        self.take(now, n, max_wait)
            .map_err(|_| WaitRefused::WouldExceedDeadline)
    }
}
// ANCHOR_END: wait

// ANCHOR: set
/// Changing the rules while running.
impl TokenBucket {
    /// From `now` on refills at `limit`; what dripped in before stays. Go: `SetLimitAt`.
    ///
    /// Reservations keep the times they were promised.
    pub fn set_limit(&mut self, now: Instant, limit: Limit) {
        self.settle(now);
        self.limit = limit;
    }

    /// From `now` on keeps at most `burst` tokens. Go: `SetBurstAt`.
    ///
    /// Tokens above a lower burst are lost the next time somebody asks; a debt stays.
    pub fn set_burst(&mut self, now: Instant, burst: i64) {
        self.settle(now);
        self.burst = burst;
    }

    /// Books what has dripped in so far, under the rules so far.
    fn settle(&mut self, now: Instant) {
        self.tokens = self.tokens_at(now);
        self.last = Some(now);
    }
}
// ANCHOR_END: set

impl RateLimiter for TokenBucket {
    #[inline]
    fn try_acquire(&mut self, now: Instant, n: u32) -> Result<(), Throttled> {
        self.take(now, i64::from(n), 0).map(drop)
    }

    /// Whole tokens; a call may be granted one more when that is due within the nanosecond.
    fn available(&self, now: Instant) -> u32 {
        // The cast cuts to a whole number and saturates: nothing below zero, nothing above a u32.
        if self.limit.is_infinite() {
            u32::MAX
        } else {
            self.tokens_at(now) as u32
        }
    }
}

/// What a caller is told that would wait `wait` nanoseconds but only accepts `max_wait`.
fn refusal(wait: i64, max_wait: i64) -> Throttled {
    if wait == i64::MAX {
        Throttled::NEVER
    } else {
        Throttled::for_nanos((wait - max_wait) as u64)
    }
}

/// The time of an instant on the axis of events.
fn event_time(at: Instant) -> EventTime {
    EventTime::from(at.as_nanos())
}

/// Nanoseconds from `earlier` to `later`, negative the other way round; saturates at 292 years.
fn gap(later: EventTime, earlier: EventTime) -> i64 {
    let widest = EventTime::from(i64::MAX);
    later.saturating_sub(earlier).clamp(-widest - 1, widest) as i64
}

/// A duration in nanoseconds; saturates at 292 years.
fn nanos(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

/// Why a wait was refused, in the order in which the reasons are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitRefused {
    /// More tokens than the bucket ever holds.
    ExceedsBurst {
        /// Tokens asked for.
        asked: i64,
        /// The most that can be asked for.
        burst: i64,
    },
    /// The caller had gone away before it asked.
    Canceled,
    /// The deadline had passed before it asked.
    DeadlineExceeded,
    /// The tokens would come after the deadline: refused at once, so that nobody waits in vain.
    WouldExceedDeadline,
}

impl fmt::Display for WaitRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExceedsBurst { asked, burst } => {
                write!(
                    f,
                    "asked for {asked} tokens, more than the burst of {burst}"
                )
            }
            Self::Canceled => f.write_str("canceled before it asked"),
            Self::DeadlineExceeded => f.write_str("the deadline had passed"),
            Self::WouldExceedDeadline => f.write_str("the tokens would come after the deadline"),
        }
    }
}

impl core::error::Error for WaitRefused {}
