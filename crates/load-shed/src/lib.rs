//! What a server does not even begin: by the time a call has waited, and by how much it matters.
//!
//! # What it prevents
//! A server that is asked for more than it can do has to disappoint somebody. Left alone it
//! disappoints everybody: each call waits until its caller has given up, and is served then. Turning
//! some away early, and the right ones, keeps it useful to the others.
//!
//! # Words
//! | here | elsewhere |
//! | --- | --- |
//! | [`CoDel`] | RFC 8289; Linux `fq_codel`; Rust `tower` has none |
//! | [`ControlledDelay`] | Facebook's variant for servers, "Fail at Scale" (2015); folly `Codel`, wangle |
//! | [`PriorityShedder`] | WeChat's DAGOR (2018); Google's *criticality*; Envoy admission control is a relative |
//! | [`Bulkhead`] | resilience4j `Bulkhead`; hystrix-go `MaxConcurrentRequests`; `tower::limit::ConcurrencyLimit` |
//!
//! # Guarantees
//! - Time comes in as `now`; nothing here keeps a queue, a clock or a thread.
//! - A verdict is given once for each call, when it is taken from the queue or before it enters.
//!
//! # Not modelled
//! - The queue itself, and the answer to a call that was shed.
//! - DAGOR's messages upstream: callers do not learn the level here.
//!
//! # Example
//! ```
//! use clock::Instant;
//! use core::time::Duration;
//! use load_shed::{ControlledDelay, Verdict};
//!
//! let mut shedder = ControlledDelay::default();
//! // The queue has not been empty for a second: calls that waited more than 5 ms are not begun.
//! let now = Instant::from_millis(1_000);
//! assert_eq!(shedder.on_dequeue(now, now - Duration::from_millis(6)), Verdict::Shed);
//! assert_eq!(shedder.on_dequeue(now, now - Duration::from_millis(5)), Verdict::Serve);
//! // Once it has been empty, a burst may wait 100 ms.
//! shedder.on_empty(now);
//! assert_eq!(shedder.on_dequeue(now, now - Duration::from_millis(99)), Verdict::Serve);
//! ```
//!
//! # Section
//! 4.2b, Circuit breaking and overload control.

mod bulkhead;
mod codel;
mod controlled_delay;
mod priority;

pub use bulkhead::{Bulkhead, Full, Place};
pub use codel::{CoDel, CoDelConfig};
pub use controlled_delay::{ControlledDelay, ControlledDelayConfig};
pub use priority::{LEVELS, PriorityConfig, PriorityShedder};

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is served.
    Serve,
    /// It is turned away.
    Shed,
}

#[cfg(test)]
mod tests;
