//! The kinds of entries in the log of the six-algorithms lab, and what they say.

use sim::Event;

use super::LANES;
use crate::lab::Kind;
use crate::limiters::{
    FIXED_WINDOW, GCRA, LEAKY, NAMES, SLIDING_LOG, TOKEN_BUCKET, admission, rejection,
};
use crate::scene::State;

/// A request arrives.
pub(super) const ARRIVAL: u16 = 0;
/// A burst begins; the subject is its size, the value how far off it is in seconds.
pub(super) const BURST: u16 = 1;
/// A request leaves the leaky bucket's queue; the value is how long it waited, in seconds.
pub(super) const LEAVES: u16 = 2;
/// Lane `n` admits a request: kind `ADMITS + n`. The value is what it holds after that.
pub(super) const ADMITS: u16 = 3;
/// Lane `n` rejects a request: kind `REJECTS + n`. The value is what it holds; for GCRA, how much too early the request comes.
pub(super) const REJECTS: u16 = ADMITS + LANES as u16;
/// Lane `n` passes more than the limit within a window for the first time: kind `OVER + n`. The value is how many.
pub(super) const OVER: u16 = REJECTS + LANES as u16;

const fn kind(name: &'static str, state: State) -> Kind {
    Kind {
        name,
        state,
        landmark: false,
    }
}

const fn landmark(name: &'static str, state: State) -> Kind {
    Kind {
        name,
        state,
        landmark: true,
    }
}

/// One entry for each constant above, the lanes in their order.
pub(super) const KINDS: &[Kind] = &[
    kind("arrival", State::Neutral),
    landmark("burst", State::Neutral),
    kind("leaves queue", State::Served),
    kind("token bucket", State::Served),
    kind("GCRA", State::Served),
    kind("leaky bucket", State::Waiting),
    kind("fixed window", State::Served),
    kind("sliding log", State::Served),
    kind("sliding counter", State::Served),
    kind("token bucket", State::Rejected),
    kind("GCRA", State::Rejected),
    kind("leaky bucket", State::Rejected),
    kind("fixed window", State::Rejected),
    kind("sliding log", State::Rejected),
    kind("sliding counter", State::Rejected),
    landmark("over the limit", State::Retried),
    landmark("over the limit", State::Retried),
    landmark("over the limit", State::Retried),
    landmark("over the limit", State::Retried),
    landmark("over the limit", State::Retried),
    landmark("over the limit", State::Retried),
];

/// The lines that decide entries of this kind.
pub(super) fn source(kind: u16) -> &'static str {
    if kind == LEAVES {
        return "crates/rate-limiter/src/leaky_bucket.rs:leaky_queue_decide";
    }
    if !(ADMITS..OVER).contains(&kind) {
        return "crates/labs/src/six_algorithms/mod.rs:arrive";
    }
    let first = if kind < REJECTS { ADMITS } else { REJECTS };
    match lane(kind, first) {
        TOKEN_BUCKET => "crates/rate-limiter/src/token_bucket.rs:take",
        GCRA => "crates/rate-limiter/src/gcra.rs:decide",
        // As the page opens it; the meter's rule stands beside it in the file.
        LEAKY => "crates/rate-limiter/src/leaky_bucket.rs:leaky_queue_decide",
        FIXED_WINDOW => "crates/rate-limiter/src/fixed_window.rs:fixed_window_decide",
        SLIDING_LOG => "crates/rate-limiter/src/sliding_log.rs:sliding_log_decide",
        _ => "crates/rate-limiter/src/sliding_counter.rs:sliding_counter_decide",
    }
}

/// An entry in words.
pub(super) fn describe(event: &Event) -> String {
    let (request, value) = (event.subject, event.value);
    match event.kind {
        ARRIVAL => format!("request {request} arrives at all six"),
        BURST if value > 0.0 => format!("{request} requests set out and arrive in {value:.1} s"),
        BURST => format!("a burst of {request} requests begins"),
        LEAVES => format!("request {request} leaves the leaky bucket after {value:.2} s"),
        kind if kind >= OVER => {
            let name = NAMES[lane(kind, OVER)];
            format!("{name} has passed {value} requests within one window, more than its limit")
        }
        kind if kind >= REJECTS => {
            let lane = lane(kind, REJECTS);
            let why = rejection(lane, value);
            format!("{} rejects request {request}: {why}", NAMES[lane])
        }
        kind => {
            let lane = lane(kind, ADMITS);
            let state = admission(lane, value);
            format!("{} admits request {request}: {state}", NAMES[lane])
        }
    }
}

/// Which lane an entry is about.
fn lane(kind: u16, first: u16) -> usize {
    usize::from(kind - first).min(LANES - 1)
}
