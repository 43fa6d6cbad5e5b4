//! What happens in a chain of services, in the order in which it happens.

use core::time::Duration;

use circuit_breaker::{Reason, Transition};
use clock::Instant;

use super::config::Trouble;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) at: Instant,
    /// The client's request it is about; [`super::NONE`] for none.
    pub(crate) request: u32,
    pub(crate) what: What,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What {
    /// A client asks.
    Arrives,
    /// An attempt leaves its caller: the link, and which attempt, counted from 1.
    Sent(u32, u32),
    /// The caller does not even try: the link, and why.
    Refused(u32, Refusal),
    /// The service has no place for it in its queue.
    QueueFull(u32),
    /// The service begins to work on it; whether nobody waits for that any more.
    Starts(u32, bool),
    /// The service answers; whether the answer is good.
    Answers(u32, bool),
    /// The caller stops waiting: the link.
    TimesOut(u32),
    /// The answer comes, and nobody waits for it: the link.
    Late(u32),
    /// The service drops it because it waited too long or too many are there: the service.
    Shed(u32),
    /// The client has its answer, and it took so long.
    Succeeds(Duration),
    /// The client has given up, or was refused.
    Fails,
    /// The breaker of a link changes its state.
    Breaker(u32, Transition),
    /// A fault begins: the service.
    Begins(u32, Trouble),
    /// It ends.
    Ends(u32),
}

/// Why a caller does not try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its breaker.
    Breaker(Reason),
    /// As many attempts as are allowed are under way.
    Bulkhead,
    /// Its retry budget is used up.
    Budget,
    /// It throttles itself, because few requests were accepted of late.
    Throttle,
}
