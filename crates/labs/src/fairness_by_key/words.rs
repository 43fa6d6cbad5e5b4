//! The kinds of entries in the log of the fairness-by-key lab, what they say, and the code behind them.

use sim::Event;

use super::limiters::{BOTH, FIRST_ROTATED, PER_KEY};
use crate::lab::Kind;
use crate::scene::State;

/// A request arrives under its customer's own key; the value is the customer.
pub(super) const ARRIVAL: u16 = 0;
/// A request arrives under a key never used before; the value is the customer.
pub(super) const ARRIVAL_NEW_KEY: u16 = 1;
/// The three limiters' verdicts; the value is the tokens in the bucket that decided. Admissions are numbered as the lanes are.
pub(super) const ADMITS: u16 = 2;
const KEY_ADMITS: u16 = ADMITS + PER_KEY as u16;
const BOTH_ADMIT: u16 = ADMITS + BOTH as u16;
pub(super) const ONE_REJECTS: u16 = 5;
pub(super) const KEY_REJECTS: u16 = 6;
pub(super) const BOTH_BY_KEY: u16 = 7;
pub(super) const BOTH_BY_SHARED: u16 = 8;
/// A key has to go to make room; the subject is the request that brought the new one, the value the key forgotten.
pub(super) const FORGOTTEN: u16 = 9;
/// The first time that a key has to go; the value is how many are remembered.
pub(super) const FULL: u16 = 10;
/// A customer's loop begins; the subject is the customer, the value its requests a second.
pub(super) const STARTS: u16 = 11;
/// It ends; the subject is the customer, the value how long it lasted, in seconds.
pub(super) const STOPS: u16 = 12;
/// Greedy customers begin to use a new key for each request.
pub(super) const ROTATES: u16 = 13;

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
    kind("arrival", State::Neutral, false),
    kind("one admits", State::Served, false),
    kind("key admits", State::Served, false),
    kind("both admit", State::Served, false),
    kind("one rejects", State::Rejected, false),
    kind("key rejects", State::Rejected, false),
    kind("by key", State::Rejected, false),
    kind("by shared", State::Rejected, false),
    kind("forgotten", State::Moved, false),
    kind("memory full", State::Moved, true),
    kind("greedy starts", State::Retried, true),
    kind("greedy stops", State::Neutral, true),
    kind("rotates keys", State::Retried, true),
];

/// The lines of code that decide entries of this kind.
pub(super) const fn source(kind: u16) -> &'static str {
    const KEYED: &str = "crates/rate-limiter/src/keyed.rs:keyed_decide";
    match kind {
        ADMITS | ONE_REJECTS | BOTH_BY_SHARED => "crates/rate-limiter/src/token_bucket.rs:take",
        KEY_ADMITS | KEY_REJECTS => KEYED,
        BOTH_ADMIT | BOTH_BY_KEY => "crates/labs/src/fairness_by_key/limiters.rs:key_first",
        FORGOTTEN | FULL => "crates/rate-limiter/src/keyed.rs:keyed_forget",
        ARRIVAL | ARRIVAL_NEW_KEY => "crates/labs/src/fairness_by_key/mod.rs:arrive",
        _ => "crates/labs/src/fairness_by_key/mod.rs:loops",
    }
}

/// An entry in words.
pub(super) fn describe(event: &Event) -> String {
    let (subject, value) = (event.subject, event.value);
    // Cut, not rounded: 0.999 of a token is no token.
    let (left, lack) = (tenths(value, 10.0), tenths(value, 100.0));
    match event.kind {
        ARRIVAL => format!("request {subject} arrives from {}", customer(value as u32)),
        ARRIVAL_NEW_KEY => format!(
            "request {subject} arrives from {} under a new key",
            customer(value as u32)
        ),
        ADMITS => format!("one bucket admits request {subject}: {left} tokens left"),
        KEY_ADMITS => format!("its key's bucket admits request {subject}: {left} tokens left"),
        BOTH_ADMIT => {
            format!("after its key's, the shared bucket admits request {subject}: {left} left")
        }
        ONE_REJECTS => format!("one bucket rejects request {subject}: {lack} of a token"),
        KEY_REJECTS => format!("its key's bucket rejects request {subject}: {lack} of a token"),
        BOTH_BY_KEY => format!("so the shared bucket is not asked about request {subject}"),
        BOTH_BY_SHARED => {
            format!("the shared bucket rejects request {subject}: {lack} of a token")
        }
        FORGOTTEN if value as u32 >= FIRST_ROTATED => {
            format!("for request {subject}, a key that was used once is forgotten")
        }
        FORGOTTEN => format!(
            "for request {subject}, the key of {} is forgotten: back again, its bucket is full",
            customer(value as u32)
        ),
        FULL => format!("all {value} keys are taken: the one unused for longest has to go"),
        STARTS => format!(
            "{} falls into a retry loop: {value} requests a second",
            customer(subject)
        ),
        STOPS => format!("the loop of {} ends after {value} s", customer(subject)),
        _ => "greedy customers now use a new key for each request".to_owned(),
    }
}

/// What a customer is called.
pub(super) fn customer(number: u32) -> String {
    if number == 0 {
        "batch".to_owned()
    } else {
        format!("customer {number}")
    }
}

/// A number cut to a whole `1 / parts`.
fn tenths(value: f64, parts: f64) -> f64 {
    (value * parts).floor() / parts
}
