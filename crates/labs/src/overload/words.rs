//! The log of a chain of services in words: what happened, to which request, and by which rule.

use circuit_breaker::{Cause, Reason, State as Breaker};
use sim::Event;

use super::config::Trouble;
use super::told::{Refusal, Told, What};
use crate::lab::Kind;
use crate::scene::State;

const fn kind(name: &'static str, state: State) -> Kind {
    Kind {
        name,
        state,
        landmark: false,
    }
}

const fn landmark(name: &'static str, state: State) -> Kind {
    Kind {
        landmark: true,
        ..kind(name, state)
    }
}

/// The kinds of entries of every lab about a chain of services.
pub(crate) const KINDS: &[Kind] = &[
    kind("asks", State::Neutral),
    kind("sent", State::Waiting),
    kind("tried again", State::Retried),
    kind("circuit open", State::Rejected),
    kind("bulkhead full", State::Rejected),
    kind("queue full", State::Rejected),
    kind("shed", State::Rejected),
    kind("times out", State::TimedOut),
    kind("late answer", State::TimedOut),
    kind("error", State::Rejected),
    kind("succeeds", State::Served),
    kind("fails", State::Rejected),
    landmark("breaker opens", State::Rejected),
    landmark("breaker half-open", State::Moved),
    landmark("breaker closes", State::Served),
    landmark("fault begins", State::Rejected),
    landmark("fault ends", State::Served),
    landmark("no way back", State::Rejected),
    kind("no budget", State::Rejected),
    kind("throttled", State::Rejected),
];

pub(crate) const SUCCEEDS: u16 = 10;
const OPENS: u16 = 12;
const HALF_OPEN: u16 = 13;
const CLOSES: u16 = 14;
const BEGINS: u16 = 15;
const ENDS: u16 = 16;
/// The lab on metastable failure has found where the trouble went too far.
pub(crate) const OWN: u16 = 17;

/// What a lab calls its services, and the ways to them.
#[derive(Clone, Copy)]
pub(crate) struct Names {
    pub(crate) services: &'static [&'static str],
    /// From whom to whom.
    pub(crate) links: &'static [&'static str],
}

/// A number of percent beside a small number, in one value.
const FIGURES: f64 = 100_000.0;

/// The kind and the value of an entry; `None` for what is not logged.
pub(super) fn entry(told: &Told) -> Option<(u16, f64)> {
    let (kind, place) = match told.what {
        What::Arrives => (0, 0),
        What::Sent(link, 1) => (1, link),
        What::Sent(link, nth) => return Some((2, f64::from(link) + f64::from(nth) * 100.0)),
        What::Refused(link, Refusal::Breaker(reason)) => {
            let trials = if reason == Reason::TrialsTaken {
                1.0
            } else {
                0.0
            };
            return Some((3, f64::from(link) + trials * 100.0));
        }
        What::Refused(link, Refusal::Bulkhead) => (4, link),
        What::Refused(link, Refusal::Budget) => (18, link),
        What::Refused(link, Refusal::Throttle) => (19, link),
        What::QueueFull(service) => (5, service),
        What::Shed(service) => (6, service),
        What::TimesOut(link) => (7, link),
        What::Late(link) => (8, link),
        What::Answers(service, false) => (9, service),
        What::Succeeds(took) => return Some((SUCCEEDS, took.as_secs_f64() * 1e3)),
        What::Fails => (11, 0),
        What::Breaker(link, change) => {
            let kind = match change.to {
                Breaker::Open => OPENS,
                Breaker::HalfOpen => HALF_OPEN,
                Breaker::Closed => CLOSES,
            };
            return Some((kind, f64::from(link) + figures(change.cause) * 100.0));
        }
        What::Begins(service, trouble) => {
            return Some((BEGINS, f64::from(service) + coded(trouble) * 100.0));
        }
        What::Ends(service) => (ENDS, service),
        What::Starts(..) | What::Answers(_, true) => return None,
    };
    Some((kind, f64::from(place)))
}

/// What a breaker tripped on: percent for rates, plus a large number for failures in a row; 0 for none.
fn figures(cause: Cause) -> f64 {
    match cause {
        Cause::ErrorPercent { percent, .. } => percent as f64,
        Cause::FailureRatio {
            failures, requests, ..
        } => (100.0 * f64::from(failures) / f64::from(requests)).round(),
        Cause::FailureRate { rate, .. } => f64::from(rate).round(),
        Cause::SlowRate { rate, .. } => f64::from(rate).round() + 2.0 * FIGURES,
        Cause::ConsecutiveFailures { failures, .. } => f64::from(failures) + FIGURES,
        Cause::TrialFailed => 3.0 * FIGURES,
        _ => 0.0,
    }
}

fn coded(trouble: Trouble) -> f64 {
    match trouble {
        Trouble::Slow(factor) => factor,
        Trouble::Errors(share) => FIGURES + (share * 100.0).round(),
        Trouble::Crash => 2.0 * FIGURES,
        Trouble::Partition => 3.0 * FIGURES,
    }
}

/// What is wrong, in a few words.
pub(super) fn trouble(trouble: Trouble) -> String {
    told(coded(trouble))
}

fn told(code: f64) -> String {
    let rest = code % FIGURES;
    match (code / FIGURES) as u32 {
        0 => format!("{rest} × slower"),
        1 => format!("{rest} % errors"),
        2 => "down".to_owned(),
        _ => "cut off".to_owned(),
    }
}

fn why(code: f64) -> String {
    let rest = code % FIGURES;
    match (code / FIGURES) as u32 {
        0 => format!("{rest} % of the calls in its window failed"),
        1 => format!("{rest} calls in a row failed"),
        2 => format!("{rest} % of the calls in its window were slow"),
        _ => "its trial failed".to_owned(),
    }
}

/// A log entry in words.
pub(crate) fn describe(event: &Event, names: Names) -> String {
    let place = (event.value % 100.0) as usize;
    let rest = (event.value / 100.0).trunc();
    let link = names.links.get(place).copied().unwrap_or_default();
    let service = names.services.get(place).copied().unwrap_or_default();
    let request = event.subject;
    match event.kind {
        0 => format!("Request {request} comes."),
        1 => format!("Request {request}: {link}, first attempt."),
        2 => format!("Request {request}: {link}, attempt {rest}."),
        3 if rest > 0.0 => {
            format!("Request {request}: the call {link} is refused, all trials are taken.")
        }
        3 => format!("Request {request}: the call {link} is refused, the circuit is open."),
        4 => format!("Request {request}: the call {link} is refused, too many are under way."),
        5 => format!("Request {request}: {service} has no room in its queue."),
        6 => format!("Request {request}: {service} sheds it."),
        7 => {
            format!("Request {request}: the call {link} times out; nobody waits for it any more.")
        }
        8 => {
            format!("Request {request}: the answer to the call {link} comes too late, for nobody.")
        }
        9 => format!("Request {request}: {service} answers with an error."),
        SUCCEEDS => format!("Request {request} succeeds after {:.0} ms.", event.value),
        11 => format!("Request {request} fails."),
        OPENS => format!("The breaker {link} opens: {}.", why(rest)),
        HALF_OPEN => format!("The breaker {link} lets trials through."),
        CLOSES => format!("The breaker {link} closes."),
        BEGINS => format!("{service}: {}.", told(rest)),
        18 => format!(
            "Request {request}: the call {link} is not tried again, the retry budget is used up."
        ),
        19 => format!(
            "Request {request}: the call {link} is dropped by its caller, as few were accepted of late."
        ),
        _ => format!("{service} is well again."),
    }
}

/// Where it is decided.
pub(crate) fn source(kind: u16) -> Option<&'static str> {
    match kind {
        2 | 18 => Some("crates/labs/src/overload/caller.rs:again"),
        1 | 3 | 4 | 19 => Some("crates/labs/src/overload/caller.rs:attempt"),
        5 | 6 => Some("crates/labs/src/overload/served.rs:deliver"),
        7 | 8 => Some("crates/labs/src/overload/caller.rs:time-out"),
        9 => Some("crates/labs/src/overload/served.rs:worked"),
        10 | 11 => Some("crates/labs/src/overload/caller.rs:finish"),
        OPENS | HALF_OPEN | CLOSES => Some("crates/circuit-breaker/src/lib.rs:Breaker"),
        BEGINS | ENDS => Some("crates/labs/src/overload/served.rs:fault"),
        _ => None,
    }
}
