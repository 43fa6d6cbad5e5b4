//! The kinds of entries in the log of the reserve-and-wait lab, and what they say.

use sim::Event;

use crate::lab::Kind;
use crate::scene::State;

/// A request arrives.
pub(super) const ARRIVAL: u16 = 0;
/// A burst begins; the subject is its size, the value how far off it is in seconds.
pub(super) const BURST: u16 = 1;
/// A request is promised a time; the value is how far off that is, in seconds.
pub(super) const RESERVED: u16 = 2;
/// A request's time has come; the value is how long it waited, in seconds.
pub(super) const GRANTED: u16 = 3;
/// A request is sent away because its turn would come too late; the value is how long it would have waited, in seconds.
pub(super) const REFUSED: u16 = 4;
/// A request gives up and its place is lost; the value is what came back, in tokens.
pub(super) const LOST: u16 = 5;
/// A request gives up and its place is free again; the value is what came back, in tokens.
pub(super) const FREED: u16 = 6;
/// The time promised to a request that gave up; the value is how far off that was when it arrived, in seconds.
pub(super) const UNUSED: u16 = 7;
/// The reader makes a request give up; the value is how many wait behind it.
pub(super) const ASKED: u16 = 8;

const fn kind(name: &'static str, state: State, landmark: bool) -> Kind {
    Kind {
        name,
        state,
        landmark,
    }
}

/// One entry for each constant above.
pub(super) const KINDS: &[Kind] = &[
    kind("arrival", State::Neutral, false),
    kind("burst", State::Neutral, true),
    kind("reserved", State::Waiting, false),
    kind("granted", State::Served, false),
    kind("refused", State::Rejected, false),
    kind("cancelled", State::TimedOut, false),
    kind("slot freed", State::Moved, true),
    kind("slot unused", State::TimedOut, false),
    kind("you cancel", State::Selected, true),
];

/// The lines that decide entries of this kind.
pub(super) fn source(kind: u16) -> &'static str {
    match kind {
        RESERVED | GRANTED | UNUSED => "crates/rate-limiter/src/token_bucket.rs:reserve",
        REFUSED => "crates/rate-limiter/src/token_bucket.rs:wait",
        LOST | FREED => "crates/rate-limiter/src/token_bucket.rs:cancel",
        ASKED => "crates/labs/src/reserve_and_wait/mod.rs:cancel",
        _ => "crates/labs/src/reserve_and_wait/mod.rs:arrive",
    }
}

/// An entry in words.
pub(super) fn describe(event: &Event) -> String {
    let (request, value) = (event.subject, event.value);
    match event.kind {
        ARRIVAL => format!("request {request} asks for a token"),
        BURST if value > 0.0 => format!("{request} requests set out and arrive in {value:.1} s"),
        BURST => format!("a burst of {request} requests begins"),
        RESERVED if value > 0.0 => {
            format!("request {request} is promised a token in {value:.2} s and takes it out now")
        }
        RESERVED => format!("request {request} finds a token"),
        GRANTED => format!("request {request} goes on after {value:.2} s"),
        REFUSED => {
            format!(
                "request {request} would wait {value:.2} s, past its deadline: it takes nothing"
            )
        }
        LOST => {
            // Nothing, but for the nanosecond by which waits are cut.
            format!(
                "request {request} gives up; others were promised later slots, so {value:.1} tokens come back"
            )
        }
        FREED => {
            format!(
                "request {request} gives up, the last in the queue: {value:.1} token comes back"
            )
        }
        UNUSED => {
            format!("the slot of request {request}, {value:.2} s after it came, passes unused")
        }
        _ => format!("request {request} is made to give up, with {value} behind it"),
    }
}
