//! What the reader can set on the command line, and the one sentence said about a value that makes no sense.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::measure::Measurement;

/// The most tasks one run may start.
const TASKS_MAX: u32 = 1_000_000;
/// The most threads that may be asked for; what the machine allows is far less.
const THREADS_MAX: u32 = 1_000_000;

/// Starts 100,000 tokio tasks and as many OS threads as the machine allows, lets each sleep 100 ms, and measures both.
#[derive(Clone, Debug, Parser)]
#[command(name = "scheduler", version, allow_negative_numbers = true, args_conflicts_with_subcommands = true, after_help = AFTER_HELP)]
pub(crate) struct Options {
    /// What to do instead of the comparison
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Flags of the comparison
    #[command(flatten)]
    pub(crate) compare: Compare,
}

/// The last lines of `--help`.
const AFTER_HELP: &str = "Every figure is measured in a process of its own, so that no memory is left over from another.\n\
    With Go on PATH the same program in Go is built and measured beside them.";

/// Flags of the comparison.
#[derive(Clone, Debug, Args)]
pub(crate) struct Compare {
    /// Tasks (and goroutines) that sleep at the same time, 1 to 1000000
    #[arg(long, value_name = "TASKS", default_value = "100000", value_parser = tasks)]
    pub(crate) tasks: u32,
    /// OS threads that sleep at the same time; left out, 10000 or what the machine can spare
    #[arg(long, value_name = "THREADS", value_parser = threads)]
    pub(crate) threads: Option<u32>,
    /// Address space reserved for each thread's stack, KiB, 16 to 65536
    #[arg(long, value_name = "KIB", default_value = "2048", value_parser = stack)]
    pub(crate) stack_kib: u32,
    /// Runs of each program, of which the one with the median wall time is shown, 1 to 20
    #[arg(long, value_name = "RUNS", default_value = "3", value_parser = rounds)]
    pub(crate) rounds: u32,
    /// Leave Go out even if it is on PATH
    #[arg(long)]
    pub(crate) no_go: bool,
    /// Write the account to standard output as JSON instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    /// Draw the comparison into this SVG file
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) svg: Option<PathBuf>,
}

/// What the program can do besides the comparison.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Record a run of tokio: which task was polled when and where, and who woke it
    Trace(TraceOptions),
    /// Measure what tasks and threads cost on this machine, for the labs
    Calibrate(CalibrateOptions),
    /// One measurement, in the process that is started for it
    #[command(hide = true)]
    Measure(MeasureOptions),
}

/// Flags of `trace`.
#[derive(Clone, Debug, Args)]
pub(crate) struct TraceOptions {
    /// The file to write; the first line says what it holds, the others are CSV
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// What the tasks do
    #[arg(long, value_enum, default_value_t = Workload::Sleep)]
    pub(crate) workload: Workload,
    /// Number of tasks, 2 to 100000
    #[arg(long, value_name = "TASKS", default_value = "1000", value_parser = traced_tasks)]
    pub(crate) tasks: u32,
    /// Worker threads, 1 to 64; left out, one for each processor
    #[arg(long, value_name = "WORKERS", value_parser = workers)]
    pub(crate) workers: Option<u16>,
    /// Write the account to standard output as JSON instead of sentences
    #[arg(long)]
    pub(crate) json: bool,
}

/// What the tasks of a recorded run do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Workload {
    /// Each sleeps 100 ms
    Sleep,
    /// Each yields ten times
    Yield,
    /// Pairs hand a message back and forth ten times
    Pingpong,
    /// One computes for 50 ms without awaiting anything; the others yield ten times beside it
    Greedy,
    /// Every tenth waits for a call that blocks a thread for 5 ms; the others yield ten times
    Blocking,
}

impl Workload {
    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sleep => "sleep",
            Self::Yield => "yield",
            Self::Pingpong => "pingpong",
            Self::Greedy => "greedy",
            Self::Blocking => "blocking",
        }
    }
}

/// Flags of `calibrate`.
#[derive(Clone, Debug, Args)]
pub(crate) struct CalibrateOptions {
    /// The file to write; left out, standard output
    #[arg(long, value_name = "FILE.json")]
    pub(crate) out: Option<PathBuf>,
    /// Leave Go out even if it is on PATH
    #[arg(long)]
    pub(crate) no_go: bool,
}

/// Flags of a measurement.
#[derive(Clone, Debug, Args)]
pub(crate) struct MeasureOptions {
    /// What is measured
    #[arg(value_enum)]
    pub(crate) measurement: Measurement,
    /// How many tasks or threads
    #[arg(long, default_value = "1", value_parser = tasks)]
    pub(crate) count: u32,
    /// Stack of a thread, KiB
    #[arg(long, default_value = "2048", value_parser = stack)]
    pub(crate) stack_kib: u32,
}

impl Options {
    /// Reads the command line.
    ///
    /// # Errors
    /// One sentence on what is wrong with it. `--help` and `--version` print and end the program.
    pub(crate) fn from_arguments(
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, String> {
        match Self::try_parse_from(arguments) {
            Ok(options) => Ok(options),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
                ) =>
            {
                error.exit()
            }
            Err(error) => Err(one_line(&error)),
        }
    }
}

/// clap's message without its label, its hints and its line breaks.
fn one_line(error: &clap::Error) -> String {
    let rendered = error.to_string();
    let message = rendered.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = message.split_whitespace().collect();
    words.join(" ").trim_start_matches("error: ").to_owned()
}

fn tasks(text: &str) -> Result<u32, String> {
    whole_number(text, 1, TASKS_MAX)
}

fn traced_tasks(text: &str) -> Result<u32, String> {
    whole_number(text, 2, 100_000)
}

fn threads(text: &str) -> Result<u32, String> {
    whole_number(text, 1, THREADS_MAX)
}

fn workers(text: &str) -> Result<u16, String> {
    whole_number(text, 1, 64).map(|workers| workers as u16)
}

fn stack(text: &str) -> Result<u32, String> {
    whole_number(text, 16, 65_536)
}

fn rounds(text: &str) -> Result<u32, String> {
    whole_number(text, 1, 20)
}

fn whole_number(text: &str, min: u32, max: u32) -> Result<u32, String> {
    match text.parse() {
        Ok(number) if (min..=max).contains(&number) => Ok(number),
        _ => Err(format!("it must be a whole number between {min} and {max}")),
    }
}
