//! Runs the checks of the exercise `work-stealing`.

use std::process::ExitCode;

mod checks;
#[allow(
    dead_code,
    unreachable_pub,
    reason = "given to the reader, who may use it or not"
)]
mod given;
mod scenes;
mod trial;

// The reader's file is named inside a macro so that `cargo fmt --all` leaves it alone, there or not.
#[cfg(feature = "exercise")]
macro_rules! reader {
    ($path:literal) => {
        #[path = $path]
        #[allow(dead_code, missing_docs, unreachable_pub, reason = "half written")]
        mod source;
    };
}
#[cfg(feature = "exercise")]
reader!("exercise.rs");

#[cfg(not(feature = "exercise"))]
#[cfg_attr(feature = "solution", path = "solution.rs")]
#[cfg_attr(not(feature = "solution"), path = "starter.rs")]
#[allow(dead_code, unreachable_pub, reason = "the starter uses nothing yet")]
mod source;

fn main() -> ExitCode {
    exercises::runner::main("work-stealing", &checks::CHECKS)
}
