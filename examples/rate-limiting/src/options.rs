//! What the reader can set on the command line, and the one sentence said about a value that makes no sense.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Parser, ValueEnum};

/// The longest run, seconds: one hour.
const DURATION_S_MAX: f64 = 3600.0;
/// The most requests one run may schedule: they are all kept in memory for the comparison with the model.
const REQUESTS_MAX: f64 = 1_000_000.0;

/// Puts a rate limiter in front of a real HTTP server, loads it, and compares what was admitted with what the model says.
#[derive(Clone, Debug, Parser)]
#[command(name = "rate-limiting", version, allow_negative_numbers = true, after_help = AFTER_HELP)]
pub(crate) struct Options {
    /// The mechanism that decides
    #[arg(long, value_enum, default_value_t = Algorithm::TokenBucket)]
    pub algorithm: Algorithm,
    /// Requests admitted in the long run, per second
    #[arg(long, value_name = "PER_SECOND", default_value = "10", value_parser = rate)]
    pub rate: f64,
    /// Requests admitted at once after a quiet time
    #[arg(long, value_name = "REQUESTS", default_value = "50", value_parser = burst)]
    pub burst: u32,
    /// Number of clients, each with a limit of its own; 1 is one limit for everybody
    #[arg(long, value_name = "CLIENTS", default_value = "1", value_parser = keys)]
    pub keys: u32,
    /// Length of the run, seconds
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = duration)]
    pub duration: Duration,
    /// Requests offered per second, at random moments (a Poisson process)
    #[arg(long, value_name = "PER_SECOND", default_value = "40", value_parser = rate)]
    pub load: f64,
    /// Requests that all arrive in the first moment, before that load
    #[arg(long, value_name = "REQUESTS", default_value = "80", value_parser = spike)]
    pub spike: u32,
    /// Seed of the random arrivals; the same seed offers the same load
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// Write the account to standard output as JSON instead of a table
    #[arg(long)]
    pub json: bool,
    /// Draw the run into this SVG file
    #[arg(long, value_name = "FILE.svg")]
    pub plot: Option<PathBuf>,
    /// Record every decision in this file: when it was made, about whom, and how; the playground lab reads it
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Keep the limiter in this Redis, shared with every other server that uses it, e.g. redis://127.0.0.1:6379
    #[arg(long, value_name = "URL")]
    pub redis: Option<String>,
}

/// The last lines of `--help`.
const AFTER_HELP: &str = "The window algorithms admit BURST requests per window of BURST / RATE seconds.\n\
    With --redis the algorithm is token-bucket or gcra.";

/// A rate limiting mechanism, by its name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Algorithm {
    /// Tokens drip into a bucket; a request takes one (golang.org/x/time/rate)
    TokenBucket,
    /// The token bucket as one time stamp (generic cell rate algorithm)
    Gcra,
    /// Requests fill a bucket that leaks
    LeakyBucket,
    /// Counts per window on a fixed grid
    FixedWindow,
    /// Remembers the time of every admitted request
    SlidingLog,
    /// Two fixed windows, weighted
    SlidingCounter,
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TokenBucket => "token-bucket",
            Self::Gcra => "gcra",
            Self::LeakyBucket => "leaky-bucket",
            Self::FixedWindow => "fixed-window",
            Self::SlidingLog => "sliding-log",
            Self::SlidingCounter => "sliding-counter",
        })
    }
}

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
        options.check_together()?;
        Ok(options)
    }

    /// Checks what no single flag can be blamed for.
    fn check_together(&self) -> Result<(), String> {
        let requests = self.load * self.duration.as_secs_f64() + f64::from(self.spike);
        if requests > REQUESTS_MAX {
            return Err(format!(
                "--load, --duration and --spike together ask for {requests:.0} requests; at most {REQUESTS_MAX} fit into one run"
            ));
        }
        if self.redis.is_some()
            && !matches!(self.algorithm, Algorithm::TokenBucket | Algorithm::Gcra)
        {
            return Err(format!(
                "--redis works with --algorithm token-bucket or gcra, and not with {}",
                self.algorithm
            ));
        }
        Ok(())
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
    if per_second.is_finite() && (0.001..=1_000_000.0).contains(&per_second) {
        Ok(per_second)
    } else {
        Err("it must be between 0.001 and 1000000 per second".to_owned())
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "a number of seconds is needed".to_owned())?;
    if (0.1..=DURATION_S_MAX).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err(format!(
            "it must be between 0.1 and {DURATION_S_MAX} seconds"
        ))
    }
}

fn burst(text: &str) -> Result<u32, String> {
    whole_number(text, 1, 1_000_000)
}

fn keys(text: &str) -> Result<u32, String> {
    whole_number(text, 1, 1_000_000)
}

fn spike(text: &str) -> Result<u32, String> {
    whole_number(text, 0, 100_000)
}

fn whole_number(text: &str, min: u32, max: u32) -> Result<u32, String> {
    match text.parse() {
        Ok(number) if (min..=max).contains(&number) => Ok(number),
        _ => Err(format!("it must be a whole number between {min} and {max}")),
    }
}
