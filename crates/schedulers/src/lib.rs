//! Schedulers as pure state machines: who runs next, where, and by which rule.
//!
//! # What it prevents
//! A service with a thread for each request spends its time on threads: they are slow to make, take memory whether they work
//! or wait, and the kernel changes from one to the next.
//! A runtime that shares a few threads among many tasks is cheaper by orders of magnitude, and decides by rules of its own
//! who waits for whom. Whoever does not know the rules starves his own requests: by a call that blocks, by a loop that does
//! not stop, by relying on an order that nobody promised.
//!
//! # Words
//! | here | elsewhere |
//! | --- | --- |
//! | task | Go's goroutine, G; tokio's task; a thread of the kernel |
//! | [`Worker`] | Go's P, of which there are `GOMAXPROCS`; tokio's worker thread; a processor of the kernel |
//! | thread | Go's M; tokio's worker, or a thread of its pool for blocking calls |
//! | [`Worker::next`] | Go's `runnext`; tokio's LIFO slot |
//! | [`Machine::shared`] | Go's global run queue; tokio's inject queue |
//! | [`What::HandedOff`] | Go's `handoffp`, after `sysmon` retook the P |
//! | [`What::OutOfBudget`] | tokio's cooperative budget |
//! | [`Rule`] | the branch of `findRunnable` or `next_task` that found the task |
//!
//! # Guarantees
//! - Time comes in by [`Machine::step`]: each call does the one thing that is due next. Nothing here reads a clock or sleeps.
//!   The same configuration, workload and seed give the same events on every platform, bit for bit.
//! - Order and constants are those of go1.27's `runtime/proc.go` and of tokio 1.54's multi-thread and current-thread
//!   schedulers. Recorded run orders of the real ones are replayed: each scenario's most frequent order is an order of the model.
//! - Threads run under a fair scheduler with slices of 3 ms: whoever has had the least time goes next.
//! - Every decision is told with its rule; no task is lost or run twice.
//!
//! # Not modelled
//! - Garbage collection and its workers, tracing, `LockOSThread`, GC-assisted stack sizes.
//! - tokio's I/O driver as a resource: a task that waits for the network is ready when its time has come, and found as often
//!   as the driver is polled.
//! - Caches, NUMA and the cost of sharing: a stolen task runs as fast as any. Costs are constants, see [`Costs`].
//! - The 3 µs that Go's thief waits before it takes a running P's slot, and spinning as processor time.
//! - Priorities, processor affinity and cgroup limits of the kernel; its wake-up preemption.
//!
//! # Example
//! ```
//! use core::time::Duration;
//! use schedulers::{Config, Costs, Machine, Op, Policy, What, Workload};
//!
//! // One goroutine starts ten others on one P, and waits for them.
//! let starter = vec![Op::Spawn { program: 1, count: 10 }, Op::WaitAll];
//! let worker = vec![Op::Run(Duration::from_micros(20))];
//! let workload = Workload::of(vec![starter, worker]);
//! let mut machine = Machine::new(Config::new(Policy::Go, 1, Costs::GO), workload, 7);
//!
//! let mut events = Vec::new();
//! while machine.next_deadline().is_some() {
//!     machine.step(&mut events);
//! }
//! let turns = events.iter().filter(|event| matches!(event.what, What::Runs(_)));
//! let order: Vec<u32> = turns.map(|event| event.task).filter(|&task| task > 0).collect();
//! // The one started last sits in the slot and goes first.
//! assert_eq!(order, [10, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
//! ```
//!
//! # Section
//! 2.1, Tasks, threads and the scheduler.

mod channel;
mod config;
mod costs;
mod event;
mod go;
mod machine;
mod operations;
mod policy;
mod rng;
mod task;
mod threads;
mod tokio;
mod view;
mod worker;
mod workload;

pub use config::{Config, Policy};
pub use costs::Costs;
pub use event::{Event, NONE, Rule, Wait, What};
pub use machine::Machine;
pub use task::{Life, Task};
pub use worker::{Stage, Worker};
pub use workload::{Op, Program, Workload};

#[cfg(test)]
mod tests;
