//! What scheduling costs: measured figures, to be replaced by those of the reader's machine.

use core::time::Duration;

/// What a scheduler's own work costs, in time and in memory.
///
/// The defaults were measured on one virtual machine of two processors (Go 1.27, tokio 1.54, Linux 6.18); ratios carry over, and
/// the program `scheduler` measures them anew where it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Costs {
    /// Creating a task.
    pub create: Duration,
    /// From one task to the next on the same worker.
    pub switch: Duration,
    /// Taking tasks from another worker.
    pub steal: Duration,
    /// Waking a worker that sleeps.
    pub wake: Duration,
    /// Creating a thread, where a scheduler needs one more.
    pub thread: Duration,
    /// Memory a task takes while it waits, in bytes.
    pub task_bytes: u64,
    /// Address space a task reserves, in bytes.
    pub task_reserved: u64,
    /// Memory a thread of the runtime takes, in bytes.
    pub thread_bytes: u64,
}

impl Costs {
    /// Nothing costs anything: what is left is the order of decisions.
    pub const NONE: Self = Self {
        create: Duration::ZERO,
        switch: Duration::ZERO,
        steal: Duration::ZERO,
        wake: Duration::ZERO,
        thread: Duration::ZERO,
        task_bytes: 0,
        task_reserved: 0,
        thread_bytes: 0,
    };
    // ANCHOR: defaults
    /// A goroutine: 2 KB of stack at first and its descriptor.
    pub const GO: Self = Self {
        create: Duration::from_nanos(500),
        switch: Duration::from_nanos(170),
        steal: Duration::from_nanos(500),
        wake: Duration::from_micros(5),
        thread: Duration::from_micros(43),
        task_bytes: 2_756,
        task_reserved: 2_756,
        thread_bytes: 36_000,
    };
    /// A tokio task: its future and a header, no stack.
    pub const TOKIO: Self = Self {
        create: Duration::from_nanos(551),
        switch: Duration::from_nanos(144),
        steal: Duration::from_nanos(500),
        wake: Duration::from_micros(5),
        thread: Duration::from_micros(43),
        task_bytes: 447,
        task_reserved: 447,
        thread_bytes: 36_000,
    };
    /// A thread: some 36 KB resident, 8 MB of address space for its stack.
    pub const THREADS: Self = Self {
        create: Duration::from_micros(43),
        switch: Duration::from_micros(1),
        steal: Duration::from_micros(1),
        wake: Duration::from_micros(5),
        thread: Duration::ZERO,
        task_bytes: 36_000,
        task_reserved: 8 << 20,
        thread_bytes: 0,
    };
    // ANCHOR_END: defaults
}
