//! What the reader can set on the command line, and the one sentence said about a value that makes no sense.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;

use crate::policy::Policy;

/// The longest run, seconds: one hour.
const SECONDS_MAX: f64 = 3600.0;
/// The highest load: beyond it the load generator, the gateways and the backends compete for the processors.
const RATE_MAX: f64 = 2000.0;
/// The most requests one run may schedule: they are all kept in memory for the account.
const REQUESTS_MAX: f64 = 200_000.0;

/// Puts a gateway before a backend with faults, with a circuit breaker and without, and compares the two under one load.
#[derive(Clone, Debug, Parser)]
#[command(name = "circuit-breaking", version, allow_negative_numbers = true, after_help = AFTER_HELP)]
pub(crate) struct Options {
    /// The breaker of the second gateway; with none there is only the first
    #[arg(long, value_enum, default_value_t = Policy::Resilience4j)]
    pub policy: Policy,
    /// Requests offered to each gateway per second, at random moments (a Poisson process)
    #[arg(long, value_name = "PER_SECOND", default_value = "80", value_parser = rate)]
    pub rate: f64,
    /// Length of the run, seconds
    #[arg(long = "seconds", value_name = "SECONDS", default_value = "20", value_parser = seconds)]
    pub duration: Duration,
    /// Seed of the arrivals and of the backend's chance; the same seed offers the same load
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// What goes wrong with the backend, and when; without it, a bad minute compressed into the run
    #[arg(long, value_name = "FILE.json")]
    pub faults: Option<PathBuf>,
    /// Write every request and every change of state into this file, as JSON lines in the order of time
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Write the account to standard output as JSON instead of a table
    #[arg(long)]
    pub json: bool,
    /// Draw the run into this SVG file
    #[arg(long, value_name = "FILE.svg")]
    pub svg: Option<PathBuf>,
}

/// The last lines of `--help`.
const AFTER_HELP: &str = "A file of faults is a list, for example:\n  \
    [{\"from_s\": 2, \"lasts_s\": 3, \"kind\": \"errors\", \"share\": 0.6},\n   \
    {\"from_s\": 6, \"lasts_s\": 3, \"kind\": \"slow\", \"latency_ms\": 800},\n   \
    {\"from_s\": 10, \"lasts_s\": 2, \"kind\": \"hang\"},\n   \
    {\"from_s\": 13, \"lasts_s\": 2, \"kind\": \"refuse\"}]\n\
    errors: this share of the calls is answered with status 500 (0.6 if left out).\n\
    slow: calls take this long (800 ms if left out). hang: calls are never answered.\n\
    refuse: connections are refused, and open ones broken off.";

impl Options {
    /// Reads the command line.
    ///
    /// # Errors
    /// One sentence on what is wrong with it. `--help` and `--version` print and end the program.
    pub(crate) fn from_arguments(
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, String> {
        let options = match Self::try_parse_from(arguments) {
            Ok(options) => options,
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
                ) =>
            {
                error.exit()
            }
            Err(error) => return Err(one_line(&error)),
        };
        let requests = options.rate * options.duration.as_secs_f64();
        if requests > REQUESTS_MAX {
            return Err(format!(
                "--rate and --seconds together ask for {requests:.0} requests; at most {REQUESTS_MAX} fit into one run"
            ));
        }
        Ok(options)
    }
}

/// clap's message without its label, its hints and its line breaks.
fn one_line(error: &clap::Error) -> String {
    let rendered = error.to_string();
    let message = rendered.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = message.split_whitespace().collect();
    words.join(" ").trim_start_matches("error: ").to_owned()
}

fn rate(text: &str) -> Result<f64, String> {
    let per_second: f64 = text.parse().map_err(|_| "a number is needed".to_owned())?;
    if (1.0..=RATE_MAX).contains(&per_second) {
        Ok(per_second)
    } else {
        Err(format!("it must be between 1 and {RATE_MAX} per second"))
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "a number of seconds is needed".to_owned())?;
    if (0.5..=SECONDS_MAX).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err(format!("it must be between 0.5 and {SECONDS_MAX} seconds"))
    }
}
