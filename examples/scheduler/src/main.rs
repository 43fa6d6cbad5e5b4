//! A hundred thousand tasks that sleep 100 ms, beside as many OS threads as the machine can spare, and goroutines.
//!
//! Run it:
//!
//! ```text
//! cargo run -p scheduler --release
//! cargo run -p scheduler --release -- --tasks 1000000 --svg run.svg
//! cargo run -p scheduler --release -- trace run.csv --workload greedy
//! cargo run -p scheduler --release -- calibrate --out costs.json
//! ```
//!
//! Expect a table after ten to twenty seconds.
//! The limits on threads are read before the first one is started; whoever asks for more than a safe share of them gets
//! a sentence and exit code 2.
//! Every figure comes from a process of its own, which is this program again with a hidden subcommand, so that the peak
//! of its memory belongs to what was measured.

mod calibrate;
mod compare;
mod go;
mod kernel;
mod limits;
mod measure;
mod options;
mod plot;
mod progress;
mod report;
mod slices;
mod tasks;
mod threads;
mod trace;

#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use compare::Plan;
use limits::Limits;
use options::{Command, Compare, Options};

/// Exit code for a flag or a place that the reader gave and that does not work.
const BAD_INPUT: u8 = 2;
/// Exit code for anything else that goes wrong.
const BROKEN: u8 = 1;

/// An exit code and the sentence that goes with it.
type Refusal = (u8, String);

fn main() -> ExitCode {
    let Err((code, sentence)) = run() else {
        return ExitCode::SUCCESS;
    };
    // Nobody may be reading.
    let _ = writeln!(std::io::stderr(), "scheduler: {sentence}");
    ExitCode::from(code)
}

fn run() -> Result<(), Refusal> {
    let options = Options::from_arguments(std::env::args_os()).map_err(bad_input)?;
    match options.command {
        None => comparison(options.compare),
        Some(Command::Measure(options)) => measure::run(&options).map_err(broken),
        Some(Command::Trace(options)) => {
            check_file("the file", Some(&options.file)).map_err(bad_input)?;
            trace::record(&options).map_err(broken)
        }
        Some(Command::Calibrate(options)) => {
            check_file("--out", options.out.as_deref()).map_err(bad_input)?;
            calibrate::run(&options).map_err(broken)
        }
    }
}

fn bad_input(sentence: String) -> Refusal {
    (BAD_INPUT, sentence)
}

fn broken(error: anyhow::Error) -> Refusal {
    (BROKEN, format!("{error:#}"))
}

fn comparison(options: Compare) -> Result<(), Refusal> {
    check_file("--svg", options.svg.as_deref()).map_err(bad_input)?;
    let (json, svg) = (options.json, options.svg.clone());
    let plan = Plan::new(options, Limits::read()).map_err(bad_input)?;
    let report = plan.run().map_err(broken)?;
    if let Some(path) = svg {
        plot::draw(&report, &path).map_err(broken)?;
    }
    report.print(json).map_err(broken)
}

/// Finds out before the run whether a file can be written after it.
fn check_file(name: &str, path: Option<&Path>) -> Result<(), String> {
    let Some(path) = path else { return Ok(()) };
    let opened = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path);
    opened
        .map(drop)
        .map_err(|error| format!("{name} {} cannot be written: {error}", path.display()))
}
