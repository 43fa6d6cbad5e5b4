//! A real HTTP server behind a rate limiter, and the load that shows what the limiter does.
//!
//! Run it:
//!
//! ```text
//! cargo run -p rate-limiting
//! cargo run -p rate-limiting -- --algorithm fixed-window --plot run.svg
//! cargo run -p rate-limiting -- --trace run.csv
//! cargo run -p rate-limiting -- --redis redis://127.0.0.1:6379
//! ```
//!
//! Expect a table after five seconds. Of 80 requests in the first moment the bucket admits 50, its burst; of the 40/s that
//! follow it admits 10/s, its rate; the rest is answered with status 429 and the time to come back.
//! The same requests then go through the bare mechanism of the `rate-limiter` crate, and the last lines say how many it
//! decides differently: none, if model and server are the same thing.

mod limiter;
mod load;
mod mechanism;
mod model;
mod options;
mod plot;
mod progress;
mod redis;
mod report;
mod schedule;
mod server;
mod trace;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clock::Instant;
use limiter::Limiter;
use options::Options;
use report::Report;

/// Time for the server and the load generator to get ready before the first request is due.
const LEAD: Duration = Duration::from_millis(50);
/// Exit code for a flag or a place that the reader gave and that does not work.
const BAD_INPUT: u8 = 2;
/// Exit code for anything else that goes wrong.
const BROKEN: u8 = 1;

fn main() -> ExitCode {
    let Err((code, sentence)) = run() else {
        return ExitCode::SUCCESS;
    };
    // Nobody may be reading.
    let _ = writeln!(std::io::stderr(), "rate-limiting: {sentence}");
    ExitCode::from(code)
}

#[tokio::main]
async fn run() -> Result<(), (u8, String)> {
    let bad_input = |sentence| (BAD_INPUT, sentence);
    let options = Options::from_arguments(std::env::args_os()).map_err(bad_input)?;
    for (flag, path) in [("--plot", &options.plot), ("--trace", &options.trace)] {
        check_file(flag, path.as_deref()).map_err(bad_input)?;
    }
    let origin = tokio::time::Instant::now();
    let limiter = Limiter::new(&options, origin).await.map_err(bad_input)?;
    let done = experiment(&options, limiter, origin).await;
    done.map_err(|error| (BROKEN, format!("{error:#}")))
}

async fn experiment(
    options: &Options,
    limiter: Limiter,
    origin: tokio::time::Instant,
) -> anyhow::Result<()> {
    let server = server::start(limiter.clone(), options).await?;
    let arrivals = schedule::draw(options);
    let start = tokio::time::Instant::now() + LEAD;
    let answers = load::run(server, start, &arrivals, options.duration).await?;
    let start = Instant::ZERO + (start - origin);
    if let Some(path) = &options.trace {
        trace::write(options, limiter.decisions(), path)?;
    }
    let model = model::Comparison::new(options, limiter.decisions(), &arrivals, start);
    let report = Report::new(options, &limiter, &answers, model);
    if let Some(path) = &options.plot {
        plot::draw(&report, &answers.outcomes, path)?;
    }
    report.print(options.json)
}

/// Finds out before the run whether a file can be written after it.
fn check_file(flag: &str, path: Option<&Path>) -> Result<(), String> {
    let Some(path) = path else { return Ok(()) };
    let opened = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path);
    opened
        .map(drop)
        .map_err(|error| format!("{flag} {} cannot be written: {error}", path.display()))
}
