//! Bad input: one clear sentence, and exit code 2.

use std::fmt;

/// The person who typed the command can put it right; carries the sentence that says how.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}
