//! `calibrate`: what tasks and threads cost on this machine, in a form the labs take.
//!
//! # The file
//!
//! ```text
//! {
//!   "headroom_costs": 1,
//!   "cpus": 2,
//!   "task_create_ns": 476,
//!   …
//! }
//! ```
//!
//! It is JSON: one flat object whose values are whole numbers from 0 to 2^53, a key and its value on each line.
//! `headroom_costs` is the version of the format.
//! A reader skips keys it does not know; what cannot be measured on a machine is left out, and no key but the first has to
//! be there.
//!
//! | Key | Meaning |
//! | --- | --- |
//! | `headroom_costs` | 1, the version of this format |
//! | `cpus` | processors this program may use |
//! | `task_create_ns` | to start a tokio task that ends at once, and to wait for it, from a worker |
//! | `task_switch_ns` | from one task to another, by a message, on one processor |
//! | `task_steal_ns` | from the end of a worker's last task until it runs one that it stole from a busy worker |
//! | `worker_wake_ns` | from a spawn on a busy worker until a worker that had to be woken runs the task |
//! | `task_bytes` | resident memory of a waiting task |
//! | `thread_create_ns` | to start an OS thread that ends at once, and to wait for it |
//! | `thread_switch_ns` | from one thread to another, by a message, on one processor |
//! | `thread_bytes` | resident memory of a waiting thread in its process |
//! | `thread_kernel_bytes` | its stack inside the kernel, which comes on top |
//! | `thread_reserved_bytes` | the address space it takes, used or not |
//! | `goroutine_create_ns`, `goroutine_switch_ns`, `goroutine_bytes` | as for tasks, where Go is on PATH |
//!
//! # A busy machine
//!
//! Another program on the processor, an interrupt, a clock that is turned down: interference only ever adds to a time.
//! A mean or a median of a busy machine is therefore the cost and an unknown part of everything else.
//! Each time is taken in many short stretches, or many times; what took more than twice as long as the best was disturbed,
//! and of the others the median is written.
//! Where even the best was, because two workers never ran at the same time, the cost is left out.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;

use crate::go::Go;
use crate::limits::Limits;
use crate::measure::{Measurement, in_child};
use crate::options::CalibrateOptions;
use crate::progress::Progress;
use crate::report::say;

/// Tasks that are alive at once when their memory is measured.
const TASKS: u32 = 50_000;
/// Threads that are, where the machine can spare them.
const THREADS: u32 = 4000;
/// The standard library's stack of a thread, KiB.
const STACK_KIB: u32 = 2048;

/// What is said before the costs of a program that the compiler was not asked to make fast.
const DEBUG_BUILD: &str = "these are the costs of a debug build, several times those of a service; for the latter use \
    cargo run -p scheduler --release -- calibrate";

/// What is said if two workers never ran at the same time.
const TOO_BUSY: &str = "this machine is too busy for two workers to run at the same time, so task_steal_ns and \
    worker_wake_ns are left out";

/// The costs, in the order in which they are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Costs {
    headroom_costs: u64,
    cpus: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_create_ns: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_switch_ns: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_steal_ns: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    worker_wake_ns: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_create_ns: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_switch_ns: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_kernel_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_reserved_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    goroutine_create_ns: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    goroutine_switch_ns: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    goroutine_bytes: Option<u64>,
}

/// Measures all costs and writes them.
///
/// # Errors
/// Fails if a measurement did not do its part, or the file cannot be written.
pub(crate) fn run(options: &CalibrateOptions) -> anyhow::Result<()> {
    if cfg!(debug_assertions) {
        warn(DEBUG_BUILD);
    }
    let threads = Limits::read().threads(None, THREADS);
    let costs = measure(options.no_go, threads.unwrap_or(0))?;
    if costs.cpus > 1 && costs.worker_wake_ns.is_none() {
        warn(TOO_BUSY);
    }
    let text = format!("{}\n", serde_json::to_string_pretty(&costs)?);
    match &options.out {
        Some(path) => write(path, &text),
        None => Ok(say(&text)?),
    }
}

/// A sentence on standard error, which nobody may be reading.
fn warn(sentence: &str) {
    let _ = writeln!(std::io::stderr(), "scheduler: {sentence}");
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

/// Measures all costs; those of memory with so many threads, or without if there are none to spare.
fn measure(no_go: bool, threads: u32) -> anyhow::Result<Costs> {
    let mut progress = Progress::of(8);
    let mut next = |measurement: Measurement, count, what| {
        progress.step(what);
        in_child(measurement, count, STACK_KIB)
    };
    let steal = next(Measurement::TaskSteal, 1, "tasks that are stolen")?;
    let task_hold = next(Measurement::TaskHold, TASKS, "the memory of tasks")?;
    let mut costs = Costs {
        headroom_costs: 1,
        cpus: std::thread::available_parallelism()?.get() as u64,
        task_create_ns: next(Measurement::TaskSpawn, 1, "tasks that end at once")?.undisturbed_ns,
        task_switch_ns: next(Measurement::TaskSwitch, 1, "two tasks")?.undisturbed_ns,
        task_steal_ns: steal.undisturbed_ns,
        worker_wake_ns: steal.woken_ns,
        task_bytes: task_hold.resident_bytes_each,
        thread_create_ns: next(Measurement::ThreadSpawn, 1, "threads that end at once")?
            .undisturbed_ns,
        thread_switch_ns: next(Measurement::ThreadSwitch, 1, "two threads")?.undisturbed_ns,
        ..Costs::default()
    };
    if threads > 0 {
        let hold = next(Measurement::ThreadHold, threads, "the memory of threads")?;
        costs.thread_bytes = hold.resident_bytes_each;
        costs.thread_kernel_bytes = hold.kernel_bytes_each;
        costs.thread_reserved_bytes = hold.reserved_bytes_each;
    }
    progress.step("goroutines");
    let go = if no_go { None } else { Go::build()? };
    if let Some(go) = go {
        costs.goroutine_create_ns = go.measure("spawn", None, false)?.undisturbed_ns;
        costs.goroutine_switch_ns = go.measure("switch", None, true)?.undisturbed_ns;
        costs.goroutine_bytes = go.measure("hold", Some(TASKS), false)?.resident_bytes_each;
    }
    Ok(costs)
}
