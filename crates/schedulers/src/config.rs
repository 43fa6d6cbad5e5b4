//! Which scheduler, and what it runs on.

use crate::costs::Costs;

/// Which scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Go's goroutines: G, M and P.
    Go,
    /// tokio's multi-thread scheduler.
    Tokio,
    /// tokio's current-thread scheduler: one worker, one queue.
    TokioCurrent,
    /// A thread for each task under a fair kernel scheduler.
    Threads,
    /// The reader: see [`crate::Machine::choose`].
    Manual,
}

/// A scheduler and what it runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Which scheduler.
    pub policy: Policy,
    /// Ps, workers or processors: 1 to 256.
    pub workers: u32,
    /// What its work costs.
    pub costs: Costs,
    /// Idle workers take work from others.
    pub stealing: bool,
    /// The workers' tick at the start, which a real run cannot choose: Go's runtime has run goroutines of its own before, and
    /// a worker of tokio may have looked for work and slept.
    pub first_tick: u32,
    /// Go: goroutines of the runtime ahead in the first P's queue, which do nothing.
    pub silent: u32,
    /// Go: the same ahead in the shared queue.
    pub silent_shared: u32,
    /// tokio: the shared queue comes first every so many ticks; `None` for tuned by the time of a poll.
    pub interval: Option<u32>,
    /// Go: a goroutine that runs for 10 ms is interrupted.
    pub preemption: bool,
}

impl Config {
    /// The scheduler as it comes, on so many workers.
    #[must_use]
    pub fn new(policy: Policy, workers: u32, costs: Costs) -> Self {
        Self {
            policy,
            workers: if policy == Policy::TokioCurrent {
                1
            } else {
                workers.clamp(1, 256)
            },
            costs,
            stealing: true,
            first_tick: 0,
            silent: 0,
            silent_shared: 0,
            interval: None,
            preemption: true,
        }
    }
}
