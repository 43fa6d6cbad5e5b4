//! `trace`: records a real run of tokio, and says what the recording cost.
//!
//! # The file
//!
//! ```text
//! # headroom-trace 1 program=scheduler runtime=tokio workers=2 workload=sleep tasks=1000 left_out=0
//! ns,event,task,worker,by
//! 51210,spawn,0,,
//! 88431,start,0,1,
//! 90112,spawn,1,1,0
//! ```
//!
//! It is UTF-8 with a line feed after every line.
//! The first line says what follows, as in every recording of this workbook: `# headroom-trace`, the version of the
//! format, then `name=value` pairs between blanks; a reader skips names it does not know.
//! `workers` is the number of worker threads, `left_out` the number of events beyond the first 200,000, which are not in
//! the file: it holds the beginning of the run without a gap.
//! The second line names the columns; there are always these five.
//! No cell is quoted or holds anything but the letters of an event or the digits of a whole number; an empty cell is *none*.
//!
//! | Column | Meaning |
//! | --- | --- |
//! | `ns` | nanoseconds since the recording began; rows are in this order |
//! | `event` | one of the five below |
//! | `task` | the number of the task, from 0 in order of spawning; 0 is the one that spawns the others |
//! | `worker` | the thread it happened on: workers from 0, then threads for blocking calls from `workers` on, both in the order of their first events; empty for the thread that waits for the runtime |
//! | `by` | the task that ran on that thread at the time; empty if none did, as when a timer was due |
//!
//! | Event | Meaning |
//! | --- | --- |
//! | `spawn` | the task was handed to the runtime |
//! | `start` | a poll of it begins, or a blocking call that counts as a task of its own |
//! | `end` | the poll is over and the task waits |
//! | `done` | the poll is over and so is the task |
//! | `wake` | somebody said that it can go on; also while it is polled itself, as when it yields |
//!
//! `spawn` and `wake` are written before the runtime is told, so a `start` never comes before its reason.
//! Between the `start` of a task and the next `end` or `done` on the same worker, that worker runs that task.

pub(crate) mod file;
pub(crate) mod recorder;
mod traced;
mod workload;

use std::fmt;

use serde::Serialize;

use crate::options::TraceOptions;
use crate::progress::Progress;
use crate::report::{grouped, say};
use crate::slices::{each, median};

use file::Recording;
use recorder::ROWS_MAX;
use workload::{Run, run};

/// Runs with and without recording, of which the medians are compared.
const ROUNDS: usize = 3;

/// What is said about a recording.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Account {
    /// What the tasks did.
    pub(crate) workload: &'static str,
    /// Tasks asked for; the one that spawns them comes on top.
    pub(crate) tasks: u32,
    /// Worker threads.
    pub(crate) workers: u16,
    /// Rows in the file.
    pub(crate) events: usize,
    /// Events that found no place in it.
    pub(crate) left_out: usize,
    /// Size of the file.
    pub(crate) file_bytes: usize,
    /// The run as it was recorded.
    pub(crate) recorded: Cost,
    /// The same run without recording.
    pub(crate) plain: Cost,
    /// What one more event costs, measured by itself, nanoseconds.
    pub(crate) event_ns: u64,
}

/// What a run took; medians of several.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Cost {
    /// From its first task until its last was done, nanoseconds.
    pub(crate) wall_ns: u64,
    /// Time computed in that while, nanoseconds; missing where the system is not asked.
    pub(crate) cpu_ns: Option<u64>,
}

/// Records a run into the file, and tells of it.
///
/// # Errors
/// Fails if the runtime cannot be started or the file not be written.
pub(crate) fn record(options: &TraceOptions) -> anyhow::Result<()> {
    let workers = match options.workers {
        Some(workers) => workers,
        None => u16::try_from(std::thread::available_parallelism()?.get().min(64))?,
    };
    let (recording, account) = record_run(options, workers)?;
    recording.write(&options.file)?;
    let text = if options.json {
        serde_json::to_string_pretty(&account)? + "\n"
    } else {
        format!("{account}file       {}\n", options.file.display())
    };
    Ok(say(&text)?)
}

/// Runs the workload several times, with and without recording; the last recording is kept.
fn record_run(options: &TraceOptions, workers: u16) -> anyhow::Result<(Recording, Account)> {
    let (workload, tasks) = (options.workload, options.tasks);
    let mut progress = Progress::of(1 + 2 * ROUNDS as u32);
    progress.step("a run that warms up");
    run(workload, tasks, workers, false)?;
    let (mut plain, mut recorded) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        progress.step("a run without recording");
        plain.push(run(workload, tasks, workers, false)?);
        progress.step("a run that is recorded");
        recorded.push(run(workload, tasks, workers, true)?);
    }
    let (events, dropped) = recorded.last_mut().map_or_else(Default::default, |run| {
        (std::mem::take(&mut run.events), run.dropped)
    });
    let recording = Recording::new(workload, tasks, workers, events, dropped);
    let account = Account {
        workload: workload.name(),
        tasks,
        workers,
        events: recording.rows(),
        left_out: recording.left_out,
        file_bytes: recording.text.len(),
        recorded: Cost::of(&recorded),
        plain: Cost::of(&plain),
        event_ns: recorder::cost_of_an_event(),
    };
    Ok((recording, account))
}

impl Cost {
    fn of(runs: &[Run]) -> Self {
        let mut walls: Vec<u64> = runs.iter().map(|run| each(run.wall, 1)).collect();
        let cpu: Option<Vec<u64>> = runs.iter().map(|run| run.cpu_ns).collect();
        Self {
            wall_ns: median(&mut walls).unwrap_or(0),
            cpu_ns: cpu.and_then(|mut cpu| median(&mut cpu)),
        }
    }
}

/// Nanoseconds as milliseconds with two decimals.
fn millis(ns: u64) -> String {
    format!("{:.2}", ns as f64 / 1e6)
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |number: usize| grouped(number as u64);
        let Self {
            workload,
            recorded,
            plain,
            ..
        } = self;
        let tasks = grouped(self.tasks.into());
        let workers = match self.workers {
            1 => "1 worker".to_owned(),
            workers => format!("{workers} workers"),
        };
        let events = count(self.events);
        writeln!(
            f,
            "recorded   {events} events of {tasks} tasks on {workers}, workload {workload}"
        )?;
        if self.left_out > 0 {
            let (left_out, rows) = (count(self.left_out), count(ROWS_MAX));
            writeln!(
                f,
                "left out   {left_out} events after the first {rows}, which is as many as a file holds"
            )?;
        }
        writeln!(
            f,
            "wall time  {} ms recorded, {} ms not recorded (medians of {ROUNDS} runs each)",
            millis(recorded.wall_ns),
            millis(plain.wall_ns)
        )?;
        if let (Some(with), Some(without)) = (recorded.cpu_ns, plain.cpu_ns) {
            writeln!(
                f,
                "processor  {} ms recorded, {} ms not recorded",
                millis(with),
                millis(without)
            )?;
        }
        writeln!(
            f,
            "overhead   {} ns for an event, measured by itself",
            self.event_ns
        )
    }
}
