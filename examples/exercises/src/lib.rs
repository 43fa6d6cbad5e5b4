//! Exercises: a mechanism is written by the reader, and checks from easy to hard say how far it has come.
//!
//! An exercise is a folder of this package: `README.md` sets the task, `starter.rs` is where the reader begins,
//! `solution.rs` one way to do it, `hints.md` a hint for each check, `checks.rs` the checks, and `main.rs` the program
//! that runs them. The reader edits `exercise.rs`, a copy of the starter that git does not see.
//!
//! The program `exercises` is compiled without the reader's code, so that it works while that does not compile.

mod catalogue;
mod check;
pub mod commands;
mod files;
pub mod interleave;
mod program;
mod prove;
pub mod runner;
pub mod tape;

pub use catalogue::{EXERCISES, Exercise, find};
pub use check::{Check, Miss, expect};
pub use commands::Refusal;

#[cfg(test)]
mod tests;
