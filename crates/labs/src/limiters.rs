//! All limiters behind one door: a decision with the number it rests on, the same in words, a gauge, and the memory it takes.

use core::time::Duration;

use clock::Instant;
use rate_limiter::{
    FixedWindow, Gcra, LeakyMeter, LeakyQueue, Limit, RateLimiter, SlidingCounter, SlidingLog,
    TokenBucket,
};

use crate::scene::State;

/// How many algorithms there are; they are numbered in the order drawn.
pub(crate) const ALGORITHMS: usize = 6;
/// What they are called.
pub(crate) const NAMES: [&str; ALGORITHMS] = [
    "token bucket",
    "GCRA",
    "leaky bucket",
    "fixed window",
    "sliding log",
    "sliding counter",
];
pub(crate) const TOKEN_BUCKET: usize = 0;
pub(crate) const GCRA: usize = 1;
pub(crate) const LEAKY: usize = 2;
pub(crate) const FIXED_WINDOW: usize = 3;
pub(crate) const SLIDING_LOG: usize = 4;
pub(crate) const SLIDING_COUNTER: usize = 5;

/// The most that any limiter but the log has to store, in bytes.
pub(crate) const STORED_MOST: u32 = 16;

/// What a limiter is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// Requests a second in the long run.
    pub(crate) per_second: f64,
    /// Requests let through at once after a pause, and in each window: at least 1.
    pub(crate) allowed: u32,
    /// In which the rate adds up to what is let through at once.
    pub(crate) window: Duration,
    /// Whether the leaky bucket makes requests wait, instead of only counting them.
    pub(crate) queues: bool,
}

/// One of the six; the leaky bucket comes in two kinds.
#[derive(Clone, Debug)]
pub(crate) enum Limiter {
    TokenBucket(TokenBucket),
    Gcra(Gcra),
    LeakyQueue(LeakyQueue),
    LeakyMeter(LeakyMeter),
    FixedWindow(FixedWindow),
    SlidingLog(SlidingLog),
    SlidingCounter(SlidingCounter),
}

/// What a limiter says to a request.
pub(crate) struct Verdict {
    pub(crate) admitted: bool,
    /// When an admitted request goes on, if it has to queue for that.
    pub(crate) leaves: Option<Instant>,
    /// The number that decided, in the limiter's own unit: tokens, seconds or requests.
    pub(crate) number: f64,
}

/// How full a limiter is.
pub(crate) struct Gauge {
    /// What it holds, of what it can hold, 0 to 1.
    pub(crate) share: f64,
    /// The same in its own words.
    pub(crate) words: String,
    pub(crate) state: State,
}

impl Limiter {
    // ANCHOR: matched
    /// Limiter number `index`, matched with the others: all let the same number of requests through at once after a pause, and
    /// as many again in each window after that.
    pub(crate) fn new(index: usize, settings: &Settings) -> Self {
        let Settings {
            per_second,
            allowed,
            window,
            queues,
        } = *settings;
        match index {
            TOKEN_BUCKET => {
                let limit = Limit::per_second(per_second);
                Self::TokenBucket(TokenBucket::new(limit, allowed.into()))
            }
            GCRA => Self::Gcra(Gcra::new(per_second, allowed)),
            // One goes straight through an empty queue, the others wait in it.
            LEAKY if queues => Self::LeakyQueue(LeakyQueue::new(per_second, allowed - 1)),
            LEAKY => Self::LeakyMeter(LeakyMeter::new(per_second, allowed)),
            FIXED_WINDOW => Self::FixedWindow(FixedWindow::new(allowed, window)),
            SLIDING_LOG => Self::SlidingLog(SlidingLog::new(allowed, window)),
            _ => Self::SlidingCounter(SlidingCounter::new(allowed, window)),
        }
    }
    // ANCHOR_END: matched

    /// Decides about one request.
    pub(crate) fn decide(&mut self, now: Instant) -> Verdict {
        let mut leaves = None;
        let answer = match self {
            Self::TokenBucket(bucket) => bucket.try_acquire(now, 1),
            Self::Gcra(gcra) => gcra.try_acquire(now, 1),
            Self::LeakyQueue(queue) => queue.try_enqueue(now, 1).map(|at| leaves = Some(at)),
            Self::LeakyMeter(meter) => meter.try_acquire(now, 1),
            Self::FixedWindow(window) => window.try_acquire(now, 1),
            Self::SlidingLog(log) => log.try_acquire(now, 1),
            Self::SlidingCounter(counter) => counter.try_acquire(now, 1),
        };
        // GCRA keeps no level: what a refusal rests on is how much too early the request comes.
        let early = answer.map_or_else(|refusal| refusal.retry_after.as_secs_f64(), |()| 0.0);
        let number = match self {
            Self::Gcra(_) if answer.is_err() => early,
            // It has just forgotten the old ones; to look for them again would take time for each request.
            Self::SlidingLog(log) => log.entries() as f64,
            _ => self.level(now),
        };
        Verdict {
            admitted: answer.is_ok(),
            leaves,
            number,
        }
    }

    /// What it holds at `now`, in its own unit.
    pub(crate) fn level(&self, now: Instant) -> f64 {
        match self {
            Self::TokenBucket(bucket) => bucket.tokens_at(now),
            Self::Gcra(gcra) => gcra.theoretical_arrival().since(now).as_secs_f64(),
            Self::LeakyQueue(queue) => f64::from(queue.waiting(now)),
            Self::LeakyMeter(meter) => meter.level(now),
            Self::FixedWindow(window) => f64::from(window.count(now)),
            Self::SlidingLog(log) => log.recent(now).count() as f64,
            Self::SlidingCounter(counter) => counter.estimate(now),
        }
    }

    /// How full it is at `now`.
    pub(crate) fn gauge(&self, now: Instant, settings: &Settings) -> Gauge {
        let level = self.level(now);
        let allowed = f64::from(settings.allowed);
        let (full, words, state) = match self {
            Self::TokenBucket(_) => (allowed, format!("{level:.1} tokens"), State::Selected),
            Self::Gcra(_) => (
                settings.window.as_secs_f64(),
                format!("TAT +{level:.2} s"),
                State::Neutral,
            ),
            Self::LeakyQueue(_) => (allowed - 1.0, format!("{level} waiting"), State::Waiting),
            Self::LeakyMeter(_) => (allowed, format!("{level:.1} inside"), State::Neutral),
            Self::FixedWindow(_) => (allowed, format!("{level} in window"), State::Neutral),
            Self::SlidingLog(log) => {
                let words = format!("{} entries", log.entries());
                (allowed, words, State::Neutral)
            }
            Self::SlidingCounter(_) => (allowed, format!("about {level:.1}"), State::Neutral),
        };
        Gauge {
            share: if full > 0.0 { level / full } else { 0.0 },
            words,
            state,
        }
    }

    /// Bytes that have to be stored for each key between two requests; the rules, which all keys share, are left out.
    pub(crate) fn stored(&self) -> u32 {
        match self {
            // The level (8) and when it was true (8).
            Self::TokenBucket(_) | Self::LeakyMeter(_) => 16,
            // One time.
            Self::Gcra(_) | Self::LeakyQueue(_) => 8,
            // Which window (8) and its count (4).
            Self::FixedWindow(_) => 12,
            // One time an entry; never more entries than the allowance, which is a `u32`.
            Self::SlidingLog(log) => 8 * log.entries() as u32,
            // Which window (8) and two counts (4 each).
            Self::SlidingCounter(_) => 16,
        }
    }

    /// How many requests it would let in if they all came at `now`.
    pub(crate) fn available(&self, now: Instant) -> u32 {
        match self {
            Self::TokenBucket(bucket) => bucket.available(now),
            Self::Gcra(gcra) => gcra.available(now),
            Self::LeakyQueue(queue) => queue.available(now),
            Self::LeakyMeter(meter) => meter.available(now),
            Self::FixedWindow(window) => window.available(now),
            Self::SlidingLog(log) => log.available(now),
            Self::SlidingCounter(counter) => counter.available(now),
        }
    }
}

/// How limiter number `index` stands after letting a request in.
pub(crate) fn admission(index: usize, value: f64) -> String {
    match index {
        TOKEN_BUCKET => format!("{value:.1} tokens left"),
        GCRA => format!("the next is due {value:.2} s from now"),
        LEAKY => format!("{value:.1} in the bucket"),
        FIXED_WINDOW => format!("number {value} of this window"),
        SLIDING_LOG => format!("entry {value} of the last window"),
        SLIDING_COUNTER => format!("it takes {value:.1} to be in the last window"),
        _ => String::new(),
    }
}

/// Why limiter number `index` turns a request away.
pub(crate) fn rejection(index: usize, value: f64) -> String {
    match index {
        // Cut, not rounded: 0.999 of a token is no token.
        TOKEN_BUCKET => format!("{:.2} of a token", (value * 100.0).floor() / 100.0),
        GCRA => format!("{:.1} ms too early", value * 1_000.0),
        LEAKY => format!("full with {value:.1}"),
        FIXED_WINDOW => format!("all {value} of this window used"),
        SLIDING_LOG => format!("{value} in the last window"),
        SLIDING_COUNTER => format!("it takes {value:.1} to be in the last window"),
        _ => String::new(),
    }
}
