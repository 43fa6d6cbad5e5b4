//! What happens in a scheduler, with the rule it follows from.

use clock::Instant;

/// Stands for no task, no worker or no cause.
pub const NONE: u32 = u32::MAX;

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// What.
    pub what: What,
    /// Whom it is about; [`NONE`] for nobody.
    pub task: u32,
    /// Where: a P, a worker or a processor; [`NONE`] for nowhere.
    pub worker: u32,
    /// A number that goes with it, see [`What`].
    pub value: u32,
}

/// Kinds of things that happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A task was created; the value is the task that did it.
    Spawned,
    /// A task can run again; the value is the task that woke it, if one did.
    Ready,
    /// The scheduler chose a task to run, by this rule.
    Runs(Rule),
    /// A task waits: for a timer, the network, a channel, others, or a flag.
    Waits(Wait),
    /// A task stepped aside.
    Yields,
    /// A task was interrupted because its time was up.
    Preempted,
    /// A task had no budget left and was made to step aside.
    OutOfBudget,
    /// A task entered a blocking system call with its worker.
    EntersCall,
    /// The processor of a blocked thread was handed to another thread; the value is the number of threads now.
    HandedOff,
    /// A task came back from a system call.
    LeavesCall,
    /// A full queue moved half of itself to the shared queue; the value is how many.
    Spills,
    /// Tasks were taken from another worker; the value is how many, `task` the worker they were taken from.
    Steals,
    /// A worker found nothing and sleeps.
    Parks,
    /// A task noted this value.
    Notes,
    /// A task ended.
    Ends,
}

/// What a task waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A timer.
    Timer,
    /// The network.
    Network,
    /// A channel that is full or empty.
    Channel,
    /// A blocking call done elsewhere.
    Elsewhere,
    /// A flag.
    Flag,
    /// The end of all others.
    Others,
}

/// Why a task runs next: where it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It was readied last, and has a slot of its own (Go).
    RunNext,
    /// Head of the worker's own queue.
    Own,
    /// Every 61st time the shared queue comes first (Go), or every so many ticks (tokio).
    SharedFirst,
    /// The own queue was empty: a batch from the shared queue.
    Shared,
    /// It was ready in the network poller.
    Network,
    /// It was in another worker's queue.
    Stolen,
    /// It was in another's slot for the last readied (Go, last pass).
    StolenNext,
    /// It was woken last, and has a slot of its own (tokio).
    Lifo,
    /// It came back from a system call and its processor was still there.
    Returned,
    /// It has had the least time so far (threads).
    Fair,
    /// The reader chose it.
    Chosen,
}
