//! A circuit breaker with a rolling window; `README.md` says what each of these should do.

use std::time::Duration;

/// When the breaker opens, and how it closes again.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Buckets in the window; at least one.
    pub buckets: u32,
    /// Length of a bucket; above zero.
    pub bucket: Duration,
    /// Fewer calls than this in the window never open the breaker; at least one.
    pub min_calls: u32,
    /// The part of the calls that must have failed to open it; 0 to 1.
    pub ratio: f64,
    /// How long it stays open.
    pub wait: Duration,
    /// Calls that are tried when it is half-open; at least one.
    pub trials: u32,
}

/// Where the breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Calls pass.
    Closed,
    /// Calls are refused.
    Open,
    /// A few calls pass, and what becomes of them decides.
    HalfOpen,
}

/// Why a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The breaker is open.
    Open {
        /// What is left of the wait.
        wait: Duration,
    },
    /// The breaker is half-open, and all trials are taken.
    TrialsTaken,
}

/// A call that was let through; `report` takes it back.
#[derive(Debug)]
pub struct Call {
    // What will `report` need to know about it?
}

/// A breaker between a caller and a backend.
#[derive(Debug)]
pub struct Breaker {
    /// When it opens, and how it closes again.
    settings: Settings,
    // What else does it have to remember?
}

impl Breaker {
    /// A closed breaker whose first bucket begins at `now`.
    pub fn new(settings: Settings, _now: Duration) -> Self {
        Self { settings }
    }

    /// Where it stands at `now`.
    pub fn state(&self, _now: Duration) -> State {
        todo!("state")
    }

    /// Calls and failures in the window at `now`, if it is closed; otherwise none.
    pub fn window(&self, _now: Duration) -> (u32, u32) {
        todo!("window")
    }

    /// Lets a call through at `now`, or refuses it.
    pub fn try_call(&mut self, _now: Duration) -> Result<Call, Refused> {
        todo!("try_call")
    }

    /// The call has ended at `now`, well or not.
    pub fn report(&mut self, _now: Duration, _call: Call, _success: bool) {
        todo!("report")
    }
}
