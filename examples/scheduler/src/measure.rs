//! What can be measured, what comes out, and the process of its own in which it happens.

use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::kernel::Memory;
use crate::options::MeasureOptions;
use crate::report::say;
use crate::{tasks, threads};

/// One measurement, by its name on the hidden command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measurement {
    /// Tasks that all sleep 100 ms
    TaskSleep,
    /// Tasks that are all alive at once
    TaskHold,
    /// Tasks that end at once
    TaskSpawn,
    /// Two tasks with a message, on one processor
    TaskSwitch,
    /// Two tasks with a message, on all processors
    TaskSwitchAll,
    /// A task that moves to another worker
    TaskSteal,
    /// Threads that all sleep 100 ms
    ThreadSleep,
    /// Threads that are all alive at once
    ThreadHold,
    /// Threads that end at once
    ThreadSpawn,
    /// Two threads with a message, on one processor
    ThreadSwitch,
    /// Two threads with a message, on all processors
    ThreadSwitchAll,
}

/// What came out; whatever a measurement does not tell is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Reading {
    /// From before the first start until the last has ended, nanoseconds.
    pub(crate) wall_ns: Option<u64>,
    /// Time computed in that while, on all processors together, nanoseconds.
    pub(crate) cpu_ns: Option<u64>,
    /// The most memory that was resident in the process, bytes.
    pub(crate) peak_bytes: Option<u64>,
    /// Resident memory that came with each, bytes.
    pub(crate) resident_bytes_each: Option<u64>,
    /// Stack inside the kernel that came with each, bytes; counted over the whole machine.
    pub(crate) kernel_bytes_each: Option<u64>,
    /// Address space that came with each, used or not, bytes.
    pub(crate) reserved_bytes_each: Option<u64>,
    /// Time for one with whatever else runs here, nanoseconds.
    pub(crate) each_ns: Option<u64>,
    /// Time for one where as little as possible came between, nanoseconds.
    pub(crate) undisturbed_ns: Option<u64>,
    /// Time until an idle worker that had to be woken ran a task, undisturbed as well, nanoseconds.
    pub(crate) woken_ns: Option<u64>,
}

impl Reading {
    /// The memory of `count` that are alive now and were not `before`.
    pub(crate) fn alive(before: Memory, now: Memory, count: u32) -> Self {
        let each = |now: Option<u64>, before: Option<u64>| {
            Some(now?.saturating_sub(before?) / u64::from(count.max(1)))
        };
        Self {
            resident_bytes_each: each(now.resident, before.resident),
            kernel_bytes_each: each(now.kernel_stacks, before.kernel_stacks),
            reserved_bytes_each: each(now.reserved, before.reserved),
            peak_bytes: now.peak,
            ..Self::default()
        }
    }
}

/// Measures here and now, and writes a line of JSON.
///
/// # Errors
/// Fails if the machine refuses a thread, or standard output cannot be written.
pub(crate) fn run(options: &MeasureOptions) -> anyhow::Result<()> {
    let (count, stack) = (options.count, options.stack_kib as usize * 1024);
    let reading = match options.measurement {
        Measurement::TaskSleep => tasks::sleep(count)?,
        Measurement::TaskHold => tasks::hold(count)?,
        Measurement::TaskSpawn => tasks::spawn()?,
        Measurement::TaskSwitch => tasks::switch(true)?,
        Measurement::TaskSwitchAll => tasks::switch(false)?,
        Measurement::TaskSteal => tasks::steal()?,
        Measurement::ThreadSleep => threads::sleep(count, stack)?,
        Measurement::ThreadHold => threads::hold(count, stack)?,
        Measurement::ThreadSpawn => threads::spawn(stack)?,
        Measurement::ThreadSwitch => threads::switch(true)?,
        Measurement::ThreadSwitchAll => threads::switch(false)?,
    };
    Ok(say(&(serde_json::to_string(&reading)? + "\n"))?)
}

/// Measures in a new process of this program.
///
/// # Errors
/// Fails with what the process said if it did not do its part.
pub(crate) fn in_child(
    measurement: Measurement,
    count: u32,
    stack_kib: u32,
) -> anyhow::Result<Reading> {
    let program = std::env::current_exe().context("this program does not know its own file")?;
    let value = measurement.to_possible_value();
    let name = value.as_ref().map_or("", |value| value.get_name());
    let mut command = Command::new(program);
    command
        .args(["measure", name, "--count", &count.to_string()])
        .args(["--stack-kib", &stack_kib.to_string()]);
    reading_of(&mut command, name)
}

/// Runs a program that writes a [`Reading`] as JSON.
///
/// # Errors
/// Fails with what the program said.
pub(crate) fn reading_of(command: &mut Command, name: &str) -> anyhow::Result<Reading> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("the measurement {name} cannot be started"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().last().unwrap_or("it said nothing");
        bail!(
            "the measurement {name} ended with {}: {said}",
            output.status
        );
    }
    serde_json::from_slice(&output.stdout)
        .with_context(|| format!("the measurement {name} did not write its figures"))
}
