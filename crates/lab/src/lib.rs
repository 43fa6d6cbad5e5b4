//! Runs a lab or judges a challenge natively, by the command lines that the page shows.
//!
//! # What it prevents
//! A picture in a page could be anything.
//! Here the same lab runs without a page and prints the fingerprint of its event log, which is the page's, bit for bit.
//!
//! # Map
//! [`answer`] takes a command line and gives what to print; the program `lab` prints it.
//!
//! ```
//! let line = ["lab", "run", "one-bucket", "--seed", "7", "--until", "1.08"].map(Into::into);
//! let done = lab::answer(line, &mut |_, _| ()).expect("the lab exists");
//! assert!(done.text.lines().last().expect("it says something").starts_with("log hash "));
//! ```

mod challenge;
mod list;
mod moment;
mod options;
mod run;
mod situation;
mod words;

use std::ffi::OsString;

use options::{Command, Options};

/// What a command came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// What to print, ending with a line break.
    pub text: String,
    /// What to say besides, on standard error: sentences on what was taken otherwise than it was written.
    pub notes: Vec<String>,
    /// `false` only for a challenge that was not met.
    pub met: bool,
}

impl Done {
    /// Something to print, and nothing was failed.
    fn of(text: String) -> Self {
        Self {
            text,
            notes: Vec::new(),
            met: true,
        }
    }
}

/// Does what a command line asks for, the program's name first; `progress` is told after each judged run how many of how many are
/// done. `--help` and `--version` print and end the program.
///
/// # Errors
/// One sentence on what is wrong with the command line or a file it names.
pub fn answer(
    arguments: impl IntoIterator<Item = OsString>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Done, String> {
    match Options::from_arguments(arguments)?.command {
        Command::List { lab } => list::labs(lab.as_deref()).map(Done::of),
        Command::Run(options) => run::run(&options),
        Command::Challenge(options) => match &options.name {
            Some(name) => challenge::judge(name, &options, progress),
            None => list::challenges(&options).map(Done::of),
        },
    }
}

#[cfg(test)]
mod tests;
