//! The kinds of entries in the log of the distributed-limiter lab, and what they say.

use sim::Event;

use crate::lab::Kind;
use crate::scene::State;

/// A request arrives; the value is the number of the instance, from 1.
pub(super) const ARRIVAL: u16 = 0;
/// An instance asks the store to decide; the value is its number.
pub(super) const ASKED: u16 = 1;
/// An instance asks the store for a batch; the value is its number.
pub(super) const FETCHED: u16 = 2;
/// An instance writes the bucket it has read and taken a token from; the value is its number.
pub(super) const WRITES: u16 = 3;
/// The store gives tokens out; the value is what is left.
pub(super) const GRANTED: u16 = 4;
/// The store has too little; the value is what there is.
pub(super) const REFUSED: u16 = 5;
/// The store shows its bucket; the value is what is in it.
pub(super) const READ: u16 = 6;
/// The store's bucket is replaced; the value is what is in it now.
pub(super) const WRITTEN: u16 = 7;
/// A message gets lost; the value says why.
pub(super) const DROPPED: u16 = 8;
/// No answer has come in time; the value is how long the instance has waited, in milliseconds.
pub(super) const TIMED_OUT: u16 = 9;
/// Admitted as the store said; the value is how long that took, in milliseconds.
pub(super) const ADMITTED: u16 = 10;
/// Rejected as the store said; the value is how long that took, in milliseconds.
pub(super) const REJECTED: u16 = 11;
/// Admitted from the instance's own tokens; the value is what is left of them.
pub(super) const ADMITTED_LOCALLY: u16 = 12;
/// Rejected as the instance has too little; the value is what it has.
pub(super) const REJECTED_LOCALLY: u16 = 13;
/// Admitted for lack of an answer; the value is how long the request has waited, in milliseconds.
pub(super) const FAILED_OPEN: u16 = 14;
/// Rejected for lack of an answer; the value is how long the request has waited, in milliseconds.
pub(super) const FAILED_CLOSED: u16 = 15;
/// A batch arrives at its instance; the value is how many tokens.
pub(super) const BATCH: u16 = 16;
/// A request goes down with its instance; the value is the instance's number.
pub(super) const LOST: u16 = 17;
/// The store goes down; the value is for how many seconds.
pub(super) const STORE_DOWN: u16 = 18;
/// The store is back.
pub(super) const STORE_UP: u16 = 19;
/// The first time-out after a while; the value is the number of the instance.
pub(super) const SILENT: u16 = 20;
/// An instance stops; the subject is its number, the value how many requests it was deciding.
pub(super) const KILLED: u16 = 21;
/// An instance is cut off from the store; the subject is its number, the value for how many seconds.
pub(super) const CUT_OFF: u16 = 22;
/// The store can be reached again; the subject is the instance's number.
pub(super) const HEALED: u16 = 23;
/// For the first time, so many more were admitted than by one ideal bucket; the value is how many.
pub(super) const OVER: u16 = 24;
/// For the first time, so many fewer were admitted; the value is how many.
pub(super) const UNDER: u16 = 25;

/// Why a message gets lost, as the value of [`DROPPED`].
pub(super) const BY_CHANCE: f64 = 0.0;
pub(super) const BY_OUTAGE: f64 = 1.0;
pub(super) const BY_PARTITION: f64 = 2.0;

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

/// One entry for each constant above.
pub(super) const KINDS: &[Kind] = &[
    kind("arrival", State::Neutral),
    kind("asks store", State::Waiting),
    kind("asks for batch", State::Waiting),
    kind("writes back", State::Waiting),
    kind("store grants", State::Selected),
    kind("store refuses", State::Rejected),
    kind("store is read", State::Selected),
    kind("store is written", State::Selected),
    kind("message lost", State::TimedOut),
    kind("time-out", State::TimedOut),
    kind("admitted", State::Served),
    kind("rejected", State::Rejected),
    kind("admitted", State::Served),
    kind("rejected", State::Rejected),
    kind("admitted", State::Served),
    kind("rejected", State::Rejected),
    kind("batch arrives", State::Moved),
    kind("request lost", State::TimedOut),
    landmark("store down", State::TimedOut),
    landmark("store up", State::Served),
    landmark("no answer", State::TimedOut),
    landmark("instance killed", State::TimedOut),
    landmark("cut off", State::TimedOut),
    landmark("reconnected", State::Served),
    landmark("over-admitted", State::Retried),
    landmark("under-admitted", State::Rejected),
];

/// The lines that decide entries of this kind.
pub(super) fn source(kind: u16) -> Option<&'static str> {
    Some(match kind {
        ARRIVAL | ADMITTED_LOCALLY | REJECTED_LOCALLY => {
            "crates/labs/src/distributed_limiter/mod.rs:arrive"
        }
        GRANTED | REFUSED => "crates/rate-limiter/src/token_bucket.rs:take",
        READ | WRITTEN | DROPPED => "crates/labs/src/distributed_limiter/store.rs:at_store",
        WRITES | ADMITTED | REJECTED => "crates/labs/src/distributed_limiter/store.rs:answer",
        TIMED_OUT | SILENT | FAILED_OPEN | FAILED_CLOSED => {
            "crates/labs/src/distributed_limiter/store.rs:time_out"
        }
        ASKED => "crates/labs/src/distributed_limiter/store.rs:ask",
        FETCHED | BATCH => "crates/labs/src/distributed_limiter/local.rs:spend",
        OVER | UNDER => "crates/labs/src/distributed_limiter/measure.rs:ideal",
        _ => "crates/labs/src/distributed_limiter/faults.rs:faults",
    })
}

/// An entry in words.
pub(super) fn describe(event: &Event) -> String {
    let (request, value) = (event.subject, event.value);
    match event.kind {
        ARRIVAL => format!("request {request} arrives at instance {value}"),
        ASKED => format!("instance {value} asks the store about request {request}"),
        FETCHED => format!("instance {value} asks the store for a batch"),
        WRITES => format!("instance {value} saw a token and writes the bucket back without it"),
        GRANTED => format!("the store takes the tokens out, {value:.1} left"),
        REFUSED => format!("the store has {:.2} tokens, too few", cut(value)),
        READ => format!("the store shows its bucket with {:.2} tokens", cut(value)),
        WRITTEN => format!("the store's bucket is overwritten, now {value:.1} tokens"),
        DROPPED => lost(value).to_owned(),
        TIMED_OUT => format!("no answer within {value:.0} ms"),
        ADMITTED => format!("request {request} is admitted after {value:.1} ms"),
        REJECTED => format!("request {request} is rejected after {value:.1} ms"),
        ADMITTED_LOCALLY => {
            format!("request {request} takes a token of its instance, {value:.1} left")
        }
        REJECTED_LOCALLY => {
            let tokens = cut(value);
            format!("request {request} finds {tokens:.2} tokens at its instance")
        }
        FAILED_OPEN => format!("request {request} is admitted for lack of an answer: fail open"),
        FAILED_CLOSED => {
            format!("request {request} is rejected for lack of an answer: fail closed")
        }
        BATCH => format!("{value} tokens arrive at the instance"),
        LOST => format!("request {request} goes down with instance {value}"),
        _ => landmark_in_words(event),
    }
}

fn landmark_in_words(event: &Event) -> String {
    let (instance, value) = (event.subject, event.value);
    match event.kind {
        STORE_DOWN => format!("the store answers nobody for {value:.0} s"),
        STORE_UP => "the store answers again, with the bucket it had".to_owned(),
        SILENT => format!("instance {value} gets no answer and decides without the store"),
        KILLED => format!("instance {instance} stops, in the middle of {value} requests"),
        CUT_OFF => format!("instance {instance} cannot reach the store for {value:.0} s"),
        HEALED => format!("instance {instance} reaches the store again"),
        OVER => format!("{value} more admitted than one ideal bucket would have"),
        _ => format!("{value} fewer admitted than one ideal bucket would have"),
    }
}

/// Cut, not rounded: 0.999 of a token is no token.
fn cut(tokens: f64) -> f64 {
    (tokens * 100.0).floor() / 100.0
}

fn lost(why: f64) -> &'static str {
    if why == BY_OUTAGE {
        "the message reaches a store that is down"
    } else if why == BY_PARTITION {
        "the message cannot pass between instance and store"
    } else {
        "the message is lost on its way"
    }
}
