//! The kinds of entries in the playground's log, what they say, and where they are decided.

use sim::Event;

use super::settings::{CHOICES, METER, algorithm};
use crate::lab::Kind;
use crate::limiters::{NAMES, admission, rejection};
use crate::scene::State;

const COUNT: u16 = CHOICES.len() as u16;
/// The reader sends requests; the subject is how many, the value how far off they are in seconds.
pub(super) const BURST: u16 = 0;
/// A request leaves the leaky bucket's queue; the value is how long it waited, in seconds.
pub(super) const LEAVES: u16 = 1;
/// The first rejection after a second without one; the value is how many seconds without one, 0 if it is the very first.
pub(super) const BEGINS: u16 = 2;
/// The model decides differently from the recording, for the first time in a second; the value is 1 if it was admitted there.
pub(super) const DIFFERS: u16 = 3;
/// The same within the second after another.
pub(super) const DIFFERS_AGAIN: u16 = 4;
/// The chosen limiter admits a request: kind `ADMITS` + choice. The value is what it holds after that.
pub(super) const ADMITS: u16 = 5;
/// It rejects one: kind `REJECTS` + choice. The value is what it holds; for GCRA, how much too early the request comes.
pub(super) const REJECTS: u16 = ADMITS + COUNT;

const fn kind(name: &'static str, state: State, landmark: bool) -> Kind {
    Kind {
        name,
        state,
        landmark,
    }
}

const ADMITTED: Kind = kind("admitted", State::Served, false);
const QUEUED: Kind = kind("admitted", State::Waiting, false);
const REJECTED: Kind = kind("rejected", State::Rejected, false);

/// One entry for each constant above, the choices in their order.
pub(super) const KINDS: &[Kind] = &[
    kind("burst", State::Neutral, true),
    kind("leaves queue", State::Served, false),
    kind("rejections begin", State::Rejected, true),
    kind("decided differently", State::Moved, true),
    kind("decided differently", State::Moved, false),
    ADMITTED,
    ADMITTED,
    QUEUED,
    ADMITTED,
    ADMITTED,
    ADMITTED,
    ADMITTED,
    REJECTED,
    REJECTED,
    REJECTED,
    REJECTED,
    REJECTED,
    REJECTED,
    REJECTED,
];

/// Where each choice decides, in their order.
const SOURCES: [&str; CHOICES.len()] = [
    "crates/rate-limiter/src/token_bucket.rs:take",
    "crates/rate-limiter/src/gcra.rs:decide",
    "crates/rate-limiter/src/leaky_bucket.rs:leaky_queue_decide",
    "crates/rate-limiter/src/fixed_window.rs:fixed_window_decide",
    "crates/rate-limiter/src/sliding_log.rs:sliding_log_decide",
    "crates/rate-limiter/src/sliding_counter.rs:sliding_counter_decide",
    "crates/rate-limiter/src/leaky_bucket.rs:leaky_meter_decide",
];

/// The lines that decide entries of this kind.
pub(super) fn source(kind: u16) -> Option<&'static str> {
    match kind {
        LEAVES => Some(SOURCES[crate::limiters::LEAKY]),
        DIFFERS | DIFFERS_AGAIN => Some("crates/labs/src/playground/mod.rs:compare"),
        _ if kind >= ADMITS => SOURCES.get(choice(kind)).copied(),
        _ => None,
    }
}

/// Which choice an admission or rejection is about.
fn choice(kind: u16) -> usize {
    usize::from((kind - ADMITS) % COUNT)
}

/// An entry in words.
pub(super) fn describe(event: &Event) -> String {
    let (request, value) = (event.subject, event.value);
    match event.kind {
        BURST => format!("{request} requests set out and arrive in {value:.1} s"),
        LEAVES => format!("request {request} leaves the queue after {value:.2} s"),
        BEGINS if value > 0.0 => {
            format!("request {request} is the first to be rejected in {value:.1} s")
        }
        BEGINS => format!("request {request} is the first to be rejected"),
        DIFFERS | DIFFERS_AGAIN => {
            let was = if value > 0.5 { "admitted" } else { "rejected" };
            format!("request {request} was {was} in the recording")
        }
        kind => {
            let choice = choice(kind);
            let index = algorithm(choice);
            let name = if choice == METER {
                CHOICES[METER]
            } else {
                NAMES[index]
            };
            if kind >= REJECTS {
                let why = rejection(index, value);
                format!("{name} rejects request {request}: {why}")
            } else {
                let state = admission(index, value);
                format!("{name} admits request {request}: {state}")
            }
        }
    }
}
