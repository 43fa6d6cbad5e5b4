//! The six limiters behind one door: a decision with the number it rests on, a gauge, and the memory it takes.

use clock::Instant;
use rate_limiter::{
    FixedWindow, Gcra, LeakyMeter, LeakyQueue, Limit, RateLimiter, SlidingCounter, SlidingLog,
    TokenBucket,
};

use super::settings::Params;
use crate::scene::State;

/// How many limiters there are; they are numbered in the order drawn.
pub(super) const LANES: usize = 6;
/// What the lanes are called.
pub(super) const NAMES: [&str; LANES] = [
    "token bucket",
    "GCRA",
    "leaky bucket",
    "fixed window",
    "sliding log",
    "sliding counter",
];
pub(super) const TOKEN_BUCKET: usize = 0;
pub(super) const GCRA: usize = 1;
pub(super) const LEAKY: usize = 2;
pub(super) const FIXED_WINDOW: usize = 3;
pub(super) const SLIDING_LOG: usize = 4;
pub(super) const SLIDING_COUNTER: usize = 5;

/// The most that any limiter but the log has to store, in bytes.
pub(super) const STORED_MOST: u32 = 16;

/// One of the six; the leaky bucket comes in two kinds.
#[derive(Clone, Debug)]
pub(super) enum Limiter {
    TokenBucket(TokenBucket),
    Gcra(Gcra),
    LeakyQueue(LeakyQueue),
    LeakyMeter(LeakyMeter),
    FixedWindow(FixedWindow),
    SlidingLog(SlidingLog),
    SlidingCounter(SlidingCounter),
}

/// What a limiter says to a request.
pub(super) struct Verdict {
    pub(super) admitted: bool,
    /// When an admitted request goes on, if it has to queue for that.
    pub(super) leaves: Option<Instant>,
    /// The number that decided, in the limiter's own unit: tokens, seconds or requests.
    pub(super) number: f64,
}

/// How full a limiter is.
pub(super) struct Gauge {
    /// What it holds, of what it can hold, 0 to 1.
    pub(super) share: f64,
    /// The same in its own words.
    pub(super) words: String,
    pub(super) state: State,
}

impl Limiter {
    // ANCHOR: matched
    /// Limiter number `index`, matched with the others: all let the same number of requests through at once after a pause, and
    /// as many again in each window after that.
    pub(super) fn new(index: usize, params: &Params) -> Self {
        let (allowed, window) = (params.allowance(), params.window());
        let per_second = f64::from(allowed) / window.as_secs_f64();
        match index {
            TOKEN_BUCKET => {
                let limit = Limit::per_second(per_second);
                Self::TokenBucket(TokenBucket::new(limit, allowed.into()))
            }
            GCRA => Self::Gcra(Gcra::new(per_second, allowed)),
            // One goes straight through an empty queue, the others wait in it.
            LEAKY if params.queues() => Self::LeakyQueue(LeakyQueue::new(per_second, allowed - 1)),
            LEAKY => Self::LeakyMeter(LeakyMeter::new(per_second, allowed)),
            FIXED_WINDOW => Self::FixedWindow(FixedWindow::new(allowed, window)),
            SLIDING_LOG => Self::SlidingLog(SlidingLog::new(allowed, window)),
            _ => Self::SlidingCounter(SlidingCounter::new(allowed, window)),
        }
    }
    // ANCHOR_END: matched

    /// Decides about one request.
    pub(super) fn decide(&mut self, now: Instant) -> Verdict {
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
    pub(super) fn level(&self, now: Instant) -> f64 {
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
    pub(super) fn gauge(&self, now: Instant, params: &Params) -> Gauge {
        let level = self.level(now);
        let allowed = f64::from(params.allowance());
        let (full, words, state) = match self {
            Self::TokenBucket(_) => (allowed, format!("{level:.1} tokens"), State::Selected),
            Self::Gcra(_) => (
                params.window().as_secs_f64(),
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
    pub(super) fn stored(&self) -> u32 {
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
}
