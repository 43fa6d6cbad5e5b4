//! What the reader can say on the command line, and the one sentence said about what makes no sense.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};

/// The most runs one verdict may ask for.
const SEEDS_MAX: u64 = 10_000;

/// Runs the labs of the workbook natively and judges its challenges.
#[derive(Clone, Debug, Parser)]
#[command(name = "lab", version)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// List the labs with their knobs and actions
    List {
        /// Only this lab
        lab: Option<String>,
    },
    /// Run a lab up to a moment and print its counters and the fingerprint of its log
    Run(RunOptions),
    /// Judge settings over many seeds; without a name, list the challenges
    Challenge(ChallengeOptions),
}

/// `lab run`
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "The same settings, seed and actions give the same log hash as in the page."
)]
pub(crate) struct RunOptions {
    /// The lab, as `lab list` calls it
    pub lab: String,
    /// Seed of its chance
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// Turn a knob, e.g. burst=20; several may be given
    #[arg(long = "knob", value_name = "KNOB=VALUE", allow_hyphen_values = true)]
    pub knobs: Vec<String>,
    /// Do something at a moment in seconds, e.g. burst@3.2; several may be given
    #[arg(long = "act", value_name = "ACTION@SECONDS")]
    pub acts: Vec<String>,
    /// The moment to stand at, seconds, exact to the nanosecond [default: the end of the run]
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub until: Option<String>,
    /// Give the lab data of your own, such as a trace of your service
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Ask the whole run something, e.g. "max(tokens, 0..10)"; several may be given
    #[arg(long = "ask", value_name = "QUERY", allow_hyphen_values = true)]
    pub asks: Vec<String>,
    /// Write the log up to the moment into this file
    #[arg(long, value_name = "FILE.csv")]
    pub csv: Option<PathBuf>,
    /// Draw the figure and the charts into this file
    #[arg(long, value_name = "FILE.svg")]
    pub svg: Option<PathBuf>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// `lab challenge`
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "It ends with 0 if the challenge is met, 1 if not, 2 if the input makes no sense."
)]
pub(crate) struct ChallengeOptions {
    /// The challenge; without it, all are listed
    pub name: Option<String>,
    /// Turn a knob, e.g. burst=60; several may be given
    #[arg(long = "knob", value_name = "KNOB=VALUE", allow_hyphen_values = true)]
    pub knobs: Vec<String>,
    /// Number of runs to judge
    #[arg(long, value_name = "RUNS", default_value_t = labs::SEEDS, value_parser = seeds)]
    pub seeds: u64,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

impl Options {
    /// Reads the command line.
    ///
    /// # Errors
    /// One sentence on what is wrong with it. `--help` and `--version` print and end the program.
    pub(crate) fn from_arguments(
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, String> {
        Self::try_parse_from(arguments).map_err(|error| match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => error.exit(),
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                "a command is needed: list, run or challenge; see --help".to_owned()
            }
            _ => one_line(&error),
        })
    }
}

/// clap's message without its label, its hints and its line breaks.
fn one_line(error: &clap::Error) -> String {
    let rendered = error.to_string();
    let message = rendered.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = message.split_whitespace().collect();
    words.join(" ").trim_start_matches("error: ").to_owned()
}

fn seeds(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(seeds) if (1..=SEEDS_MAX).contains(&seeds) => Ok(seeds),
        _ => Err(format!(
            "it must be a whole number between 1 and {SEEDS_MAX}"
        )),
    }
}
