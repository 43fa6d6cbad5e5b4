//! `conform MODEL FILE`: replays a recording of a reference implementation through a model.
//!
//! Exit code 0 if nothing differs, 1 if something does, 2 if the recording cannot be used.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use clap::error::ErrorKind;
use conform::Outcome;

/// Replays a recording of a reference implementation through a model and prints where they differ.
#[derive(Debug, Parser)]
struct Arguments {
    /// The model, such as token-bucket, go-scheduler or hystrix; an unknown one gets the list.
    model: String,
    /// The recording, a JSON file.
    vectors: PathBuf,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(asked) if asked.kind() == ErrorKind::DisplayHelp => asked.exit(),
        Err(_) => return refuse("conform needs a model and a file: conform MODEL VECTORS.json"),
    };
    match replay(&arguments.model, &arguments.vectors) {
        Ok(outcome) => {
            // Nobody may be reading; the exit code is the verdict.
            let _ = write!(std::io::stdout(), "{outcome}");
            if outcome.differences.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => refuse(&format!("{error:#}")),
    }
}

fn replay(model: &str, vectors: &Path) -> Result<Outcome> {
    let model = conform::find(model)?;
    let read = || format!("cannot read {}", vectors.display());
    let text = std::fs::read_to_string(vectors).with_context(read)?;
    let cannot_use = || format!("cannot use {} for {}", vectors.display(), model.name);
    (model.replay)(&text).with_context(cannot_use)
}

fn refuse(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{why}");
    ExitCode::from(2)
}
