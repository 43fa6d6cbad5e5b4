//! One check of an exercise, and what it says when it is not met.

use std::fmt::Debug;

/// One thing a solution must do.
#[derive(Clone, Copy)]
pub struct Check {
    /// Its name, which is also the heading of its hint.
    pub name: &'static str,
    /// What holds if it is met, as a sentence without its full stop.
    pub claim: &'static str,
    /// The heading of the exercise's `README.md` that says how it should be.
    pub step: &'static str,
    /// The anchor on the book's page that explains it; means nothing while there is no page.
    pub anchor: &'static str,
    /// Tries it.
    pub run: fn() -> Result<(), Miss>,
}

/// What was not as it should be; what led to it is on the [tape](crate::tape).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// What the last call gave.
    pub came_out: String,
    /// What it should have given, and why.
    pub expected: String,
}

/// A miss if the two differ; `why` is a sentence that gives the reason for what is expected.
///
/// # Errors
/// [`Miss`] with both.
pub fn expect<T: PartialEq + Debug>(came_out: T, expected: T, why: &str) -> Result<(), Miss> {
    if came_out == expected {
        return Ok(());
    }
    Err(Miss {
        came_out: format!("{came_out:?}"),
        expected: format!("{expected:?}: {why}"),
    })
}
