//! The comparison: tasks, threads and goroutines, each measured in a process of its own.

use serde::Serialize;

use crate::go::{self, Go};
use crate::limits::{BYTES_A_GOROUTINE, BYTES_A_TASK, Limit, Limits};
use crate::measure::{Measurement, Reading, in_child};
use crate::options::Compare;
use crate::progress::Progress;

/// Threads that are started unless the reader says otherwise or the machine allows fewer.
const THREADS: u32 = 10_000;

/// What is compared, after the limits have been read.
#[derive(Debug)]
pub(crate) struct Plan {
    options: Compare,
    threads: u32,
    limits: Limits,
}

/// Everything that is said about one comparison.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    /// Processors this program may use.
    pub(crate) cpus: usize,
    /// Runs of each program, of which the one with the median wall time counts.
    pub(crate) rounds: u32,
    /// Address space asked for each thread's stack, KiB.
    pub(crate) stack_kib: u32,
    /// The limits on threads that could be read, the tightest first.
    pub(crate) limits: Vec<Limit>,
    /// tokio's tasks.
    pub(crate) tokio: Column,
    /// Threads of the operating system.
    pub(crate) os_threads: Column,
    /// Goroutines, if Go was there.
    pub(crate) goroutines: Option<Column>,
    /// Which Go it was, or a sentence on how to get it.
    pub(crate) go: String,
}

/// One column of the comparison; what could not be measured is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Column {
    /// How many were started.
    pub(crate) started: u32,
    /// From the first start until the last has slept its 100 ms, nanoseconds.
    pub(crate) wall_ns: Option<u64>,
    /// Time computed in that while, nanoseconds.
    pub(crate) cpu_ns: Option<u64>,
    /// The most memory that was resident, bytes.
    pub(crate) peak_bytes: Option<u64>,
    /// Resident memory of one while all are alive, bytes.
    pub(crate) resident_bytes_each: Option<u64>,
    /// Kernel stack of one while all are alive, bytes.
    pub(crate) kernel_bytes_each: Option<u64>,
    /// Address space of one while all are alive, bytes.
    pub(crate) reserved_bytes_each: Option<u64>,
    /// To start one that ends at once, and wait for it, nanoseconds.
    pub(crate) create_ns: Option<u64>,
    /// To hand a message to another on the same processor, nanoseconds.
    pub(crate) switch_ns: Option<u64>,
    /// The same where all processors may be used, nanoseconds.
    pub(crate) switch_all_ns: Option<u64>,
}

/// Who measures, and how the measurements are called there.
type Measure<'a> = &'a dyn Fn(Kind) -> anyhow::Result<Reading>;

/// One of the five measurements of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sleep,
    Hold,
    Spawn,
    Switch,
    SwitchAll,
}

impl Plan {
    /// What is to be done.
    ///
    /// # Errors
    /// One sentence if the machine cannot spare what was asked for.
    pub(crate) fn new(options: Compare, limits: Limits) -> Result<Self, String> {
        let threads = limits.threads(options.threads, THREADS)?;
        if !limits.fits(options.tasks, BYTES_A_TASK) {
            return Err(format!(
                "--tasks {} would need more than half of the memory that is available",
                options.tasks
            ));
        }
        Ok(Self {
            options,
            threads,
            limits,
        })
    }

    /// Measures everything.
    ///
    /// # Errors
    /// Fails if a measurement did not do its part.
    pub(crate) fn run(self) -> anyhow::Result<Report> {
        let Self {
            options,
            threads,
            limits,
        } = self;
        let mut progress = Progress::of(3 * (options.rounds + 4) + 1);
        progress.step("building the Go program");
        let (go, sentence) = match options.no_go {
            true => (None, go::LEFT_OUT.to_owned()),
            false => match Go::build()? {
                None => (None, go::MISSING.to_owned()),
                Some(go) => {
                    let version = go.version.clone();
                    (Some(go), version)
                }
            },
        };
        let here = |measurement, count| in_child(measurement, count, options.stack_kib);
        let mut column = |name: &str, count, measure: Measure<'_>| {
            column(name, count, options.rounds, measure, &mut progress)
        };
        let tokio = column("tokio tasks", options.tasks, &|kind| {
            here(task(kind), options.tasks)
        })?;
        let os_threads = column("OS threads", threads, &|kind| here(thread(kind), threads))?;
        let goroutines = match &go {
            None => None,
            Some(go) => Some(column("goroutines", options.tasks, &|kind| {
                goroutine(go, kind, options.tasks, &limits)
            })?),
        };
        Ok(Report {
            cpus: std::thread::available_parallelism()?.get(),
            rounds: options.rounds,
            stack_kib: options.stack_kib,
            limits: limits.limits,
            tokio,
            os_threads,
            goroutines,
            go: sentence,
        })
    }
}

fn task(kind: Kind) -> Measurement {
    match kind {
        Kind::Sleep => Measurement::TaskSleep,
        Kind::Hold => Measurement::TaskHold,
        Kind::Spawn => Measurement::TaskSpawn,
        Kind::Switch => Measurement::TaskSwitch,
        Kind::SwitchAll => Measurement::TaskSwitchAll,
    }
}

fn thread(kind: Kind) -> Measurement {
    match kind {
        Kind::Sleep => Measurement::ThreadSleep,
        Kind::Hold => Measurement::ThreadHold,
        Kind::Spawn => Measurement::ThreadSpawn,
        Kind::Switch => Measurement::ThreadSwitch,
        Kind::SwitchAll => Measurement::ThreadSwitchAll,
    }
}

fn goroutine(go: &Go, kind: Kind, count: u32, limits: &Limits) -> anyhow::Result<Reading> {
    match kind {
        Kind::Sleep => go.measure("sleep", Some(count), false),
        // They need several times the memory of tasks; where that is not there, the figure is missing.
        Kind::Hold if !limits.fits(count, BYTES_A_GOROUTINE) => Ok(Reading::default()),
        Kind::Hold => go.measure("hold", Some(count), false),
        Kind::Spawn => go.measure("spawn", None, false),
        Kind::Switch => go.measure("switch", None, true),
        Kind::SwitchAll => go.measure("switch", None, false),
    }
}

fn column(
    name: &str,
    started: u32,
    rounds: u32,
    measure: Measure<'_>,
    progress: &mut Progress,
) -> anyhow::Result<Column> {
    let mut runs = Vec::new();
    for _ in 0..rounds {
        progress.step(&format!("{started} {name} sleep"));
        runs.push(measure(Kind::Sleep)?);
    }
    runs.sort_by_key(|run| run.wall_ns);
    let Reading {
        wall_ns,
        cpu_ns,
        peak_bytes,
        ..
    } = runs.get(runs.len() / 2).copied().unwrap_or_default();
    let mut next = |kind, what: &str| {
        progress.step(&format!("{name} {what}"));
        measure(kind)
    };
    let hold = next(Kind::Hold, "all alive at once")?;
    Ok(Column {
        started,
        wall_ns,
        cpu_ns,
        peak_bytes,
        resident_bytes_each: hold.resident_bytes_each,
        kernel_bytes_each: hold.kernel_bytes_each,
        reserved_bytes_each: hold.reserved_bytes_each,
        create_ns: next(Kind::Spawn, "that end at once")?.each_ns,
        switch_ns: next(Kind::Switch, "on one processor")?.each_ns,
        switch_all_ns: next(Kind::SwitchAll, "on all processors")?.each_ns,
    })
}
