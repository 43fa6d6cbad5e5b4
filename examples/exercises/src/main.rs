//! `cargo xtask exercise`: exercises with checks; see `--help`.
//!
//! Exit code of a run: 0 if all checks are met, 1 if not yet, 2 if the arguments are wrong. Whatever only prints
//! something, a hint say, ends with 0.

use std::io::{self, ErrorKind};
use std::process::ExitCode;

use exercises::Refusal;
use exercises::commands::{self, complain};

fn main() -> ExitCode {
    match commands::run(std::env::args_os()) {
        Ok(code) => code,
        // Whoever read standard output, as `head` does, has had enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(format_args!("exercises: {error:#}"));
            ExitCode::from(if error.is::<Refusal>() { 2 } else { 1 })
        }
    }
}

/// No other pipe is written by this program.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
