//! `cargo xtask exercise`: exercises with checks; see `--help`.
//!
//! Exit code of a run: 0 if all checks are met, 1 if not yet, 2 if the arguments are wrong. Whatever only prints
//! something, a hint say, ends with 0.

use std::process::ExitCode;

use exercises::{Refusal, commands};

fn main() -> ExitCode {
    match commands::run(std::env::args_os()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("exercises: {error:#}");
            ExitCode::from(if error.is::<Refusal>() { 2 } else { 1 })
        }
    }
}
