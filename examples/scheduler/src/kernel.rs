//! What the kernel says of this process: memory, address space, computing time, and where it may run.
//!
//! All of it is read on Linux; elsewhere each figure is missing rather than guessed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Memory of this process, bytes; `None` where the kernel does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Memory {
    /// Resident now.
    pub(crate) resident: Option<u64>,
    /// The most that has been resident.
    pub(crate) peak: Option<u64>,
    /// Address space, used or merely reserved.
    pub(crate) reserved: Option<u64>,
    /// Stacks inside the kernel, of all processes.
    pub(crate) kernel_stacks: Option<u64>,
}

impl Memory {
    /// As it is now.
    pub(crate) fn now() -> Self {
        let read = |path| std::fs::read_to_string(path).unwrap_or_default();
        Self::parse(&read("/proc/self/status"), &read("/proc/meminfo"))
    }

    /// From the texts of `/proc/self/status` and `/proc/meminfo`.
    pub(crate) fn parse(status: &str, meminfo: &str) -> Self {
        Self {
            resident: kilobytes(status, "VmRSS:"),
            peak: kilobytes(status, "VmHWM:"),
            reserved: kilobytes(status, "VmSize:"),
            kernel_stacks: kilobytes(meminfo, "KernelStack:"),
        }
    }
}

/// The bytes in the line `name   123 kB`.
pub(crate) fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.split_whitespace().next()?.parse().ok()?;
    number.checked_mul(1024)
}

/// The time all threads of this process have computed, those that have ended included.
#[cfg(target_os = "linux")]
pub(crate) fn cpu_time() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let (secs, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Some(Duration::new(secs.ok()?, nanos.ok()?))
}

/// The time all threads of this process have computed: not asked for on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn cpu_time() -> Option<Duration> {
    None
}

/// Keeps this process, and every thread and child it starts from now on, on one processor; false if that failed.
#[cfg(target_os = "linux")]
pub(crate) fn stay_on_one_processor() -> bool {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
    let Ok(allowed) = sched_getaffinity(None) else {
        return false;
    };
    let first = (0..CpuSet::MAX_CPU).find(|&cpu| allowed.is_set(cpu));
    let mut one = CpuSet::new();
    first.is_some_and(|cpu| {
        one.set(cpu);
        sched_setaffinity(None, &one).is_ok()
    })
}

/// Keeps this process on one processor: not done on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn stay_on_one_processor() -> bool {
    false
}
