//! Runs the checks of the exercise `circuit-breaker`.

use std::process::ExitCode;

mod checks;
mod random;
mod recorded;
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
    exercises::runner::main("circuit-breaker", &checks::CHECKS)
}
