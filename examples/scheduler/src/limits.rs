//! How many threads this machine can spare: every limit that would stop them, read before the first is started.
//!
//! A limit that is shared with others is used to a half of what is free, one of this process alone to nine tenths.
//! Past a limit `std` gets an error at best; the machine's own programs would fail as well, which must not happen.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use crate::kernel::kilobytes;

/// Mappings the standard library uses for a thread: stack, its guard, signal stack, its guard.
const MAPPINGS_A_THREAD: u64 = 4;
/// Memory that is allowed for a thread, bytes: its share of user memory, kernel stack, kernel objects and page tables.
const BYTES_A_THREAD: u64 = 48 * 1024;
/// Memory that is allowed for a task while all are alive, bytes.
pub(crate) const BYTES_A_TASK: u64 = 1024;
/// Memory that is allowed for a goroutine while all are alive, bytes.
pub(crate) const BYTES_A_GOROUTINE: u64 = 4096;

/// One limit, and how many threads it leaves to this program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Limit {
    /// Where it is set, as an administrator would look for it.
    pub(crate) name: &'static str,
    /// Its value, in its own unit.
    pub(crate) value: u64,
    /// Threads that are a safe share of it.
    pub(crate) threads: u64,
}

/// What the machine can spare.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Limits {
    /// Those that could be read, the tightest first.
    pub(crate) limits: Vec<Limit>,
    /// Memory that other programs do not use, bytes.
    pub(crate) available: Option<u64>,
}

/// What the limits are worked out from; each may be missing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Readings<'a> {
    /// `/proc/sys/kernel/pid_max`
    pub(crate) pid_max: &'a str,
    /// `/proc/sys/kernel/threads-max`
    pub(crate) threads_max: &'a str,
    /// `/proc/sys/vm/max_map_count`
    pub(crate) max_map_count: &'a str,
    /// `/proc/self/limits`
    pub(crate) own: &'a str,
    /// `/proc/loadavg`, which counts the threads that exist
    pub(crate) loadavg: &'a str,
    /// `/proc/meminfo`
    pub(crate) meminfo: &'a str,
    /// `pids.max` and `pids.current` of the control groups this process is in
    pub(crate) cgroups: &'a [(String, String)],
}

impl Limits {
    /// Reads them.
    pub(crate) fn read() -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        Self::from_readings(&Readings {
            pid_max: &read("/proc/sys/kernel/pid_max"),
            threads_max: &read("/proc/sys/kernel/threads-max"),
            max_map_count: &read("/proc/sys/vm/max_map_count"),
            own: &read("/proc/self/limits"),
            loadavg: &read("/proc/loadavg"),
            meminfo: &read("/proc/meminfo"),
            cgroups: &cgroups(&read("/proc/self/cgroup"), Path::new("/sys/fs/cgroup")),
        })
    }

    /// Works them out; what cannot be read is left out.
    pub(crate) fn from_readings(readings: &Readings<'_>) -> Self {
        // Threads that exist are taken off every limit that counts more than this process.
        let running = running(readings.loadavg).unwrap_or(0);
        let half_of_free = |limit: u64, used: u64| limit.saturating_sub(used) / 2;
        let mut limits = Vec::new();
        let mut add = |name, value: Option<u64>, share: &dyn Fn(u64) -> u64| {
            if let Some(value) = value {
                let threads = share(value);
                limits.push(Limit {
                    name,
                    value,
                    threads,
                });
            }
        };
        let of_all = |limit| half_of_free(limit, running);
        add("kernel.pid_max", number(readings.pid_max), &of_all);
        add("kernel.threads-max", number(readings.threads_max), &of_all);
        let processes = own_limit(readings.own, "Max processes");
        add("ulimit -u", processes, &of_all);
        let mappings = |limit: u64| limit / MAPPINGS_A_THREAD * 9 / 10;
        add(
            "vm.max_map_count",
            number(readings.max_map_count),
            &mappings,
        );
        for (max, current) in readings.cgroups {
            let used = number(current).unwrap_or(0);
            add("cgroup pids.max", number(max), &|limit| {
                half_of_free(limit, used)
            });
        }
        let available = kilobytes(readings.meminfo, "MemAvailable:");
        add("available memory, bytes", available, &|bytes| {
            bytes / 2 / BYTES_A_THREAD
        });
        limits.sort_by_key(|limit| limit.threads);
        Self { limits, available }
    }

    /// The limit that is reached first, if any could be read.
    pub(crate) fn tightest(&self) -> Option<&Limit> {
        self.limits.first()
    }

    /// How many threads to start: what was asked for, or `default` where that is not too much.
    ///
    /// # Errors
    /// One sentence if more was asked for than is safe.
    pub(crate) fn threads(&self, asked: Option<u32>, default: u32) -> Result<u32, String> {
        let Some(tightest) = self.tightest() else {
            // Nothing could be read: a number that every desktop system bears.
            return match asked {
                Some(asked) if asked > UNKNOWN => Err(format!(
                    "--threads {asked} is more than the {UNKNOWN} that are tried where the machine's limits cannot be read"
                )),
                asked => Ok(asked.unwrap_or(UNKNOWN.min(default))),
            };
        };
        let safe = u32::try_from(tightest.threads).unwrap_or(u32::MAX);
        match asked {
            Some(asked) if asked > safe => Err(format!(
                "--threads {asked} is more than the {safe} this machine can safely spare ({tightest})"
            )),
            Some(asked) => Ok(asked),
            None if safe == 0 => Err(format!("this machine has no thread to spare ({tightest})")),
            None => Ok(default.min(safe)),
        }
    }

    /// Whether half of the available memory is enough for `count` of something.
    pub(crate) fn fits(&self, count: u32, bytes_each: u64) -> bool {
        self.available
            .is_none_or(|available| u64::from(count) * bytes_each <= available / 2)
    }
}

/// Threads that are tried where nothing is known of the machine.
const UNKNOWN: u32 = 1000;

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}", self.name, self.value)
    }
}

/// The number a text consists of; `max` and anything else is none.
fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

/// The threads that exist: the number after the slash in `0.20 0.18 0.12 1/233 4711`.
fn running(loadavg: &str) -> Option<u64> {
    let threads = loadavg.split_whitespace().nth(3)?;
    threads.split_once('/')?.1.parse().ok()
}

/// The soft limit of this name in `/proc/self/limits`; `unlimited` is none.
fn own_limit(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    number(line.split_whitespace().next()?)
}

/// `pids.max` and `pids.current` of each control group this process is in, those above it included.
///
/// `text` is `/proc/self/cgroup`: a line `0::/path` for version 2, `8:pids:/path` for version 1.
pub(crate) fn cgroups(text: &str, root: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else {
            continue;
        };
        let mount = match controllers {
            "" => root.to_owned(),
            _ if controllers.split(',').any(|name| name == "pids") => root.join("pids"),
            _ => continue,
        };
        let folder = mount.join(path.trim_start_matches('/'));
        for folder in folder.ancestors().take_while(|at| at.starts_with(&mount)) {
            let read = |name| std::fs::read_to_string(folder.join(name));
            if let (Ok(max), Ok(current)) = (read("pids.max"), read("pids.current")) {
                found.push((max, current));
            }
        }
    }
    found
}
