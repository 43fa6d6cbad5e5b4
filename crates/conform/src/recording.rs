//! What all recordings share: the list of sequences, the time axis, and the report.

use std::fmt;

use anyhow::{Context, Result, ensure};
use clock::Instant;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// Where a recording's time 0 lies on our axis, in nanoseconds after the origin: 146 years, so that
/// a recording may use times before its 0, and all 292 years that it can write fit behind it.
const BASE: u64 = 1 << 62;

/// A recording, the same for every model but for what a sequence is.
#[derive(Debug, Deserialize)]
struct Recording<T> {
    /// Each starts from a fresh model.
    #[serde(alias = "scenarios")]
    sequences: Vec<T>,
}

/// What became of a replay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Sequences without a difference.
    pub passed: usize,
    /// The first difference of each other sequence, in the order of the recording.
    pub differences: Vec<Difference>,
    /// What else there is to say, a line each.
    pub notes: Vec<String>,
}

/// The first step of a sequence at which model and recording part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The sequence.
    pub sequence: String,
    /// The step, such as `step 3` (counted from 0) or `waiter 7`.
    pub step: String,
    /// What the reference did.
    pub expected: String,
    /// What the model did.
    pub got: String,
}

/// Replays every sequence of `text` through `check`.
pub(crate) fn replay<T: DeserializeOwned>(
    text: &str,
    check: fn(&T) -> Result<Option<Difference>>,
) -> Result<Outcome> {
    let recording: Recording<T> = serde_json::from_str(text)?;
    ensure!(!recording.sequences.is_empty(), "it holds no sequence");
    let count = recording.sequences.len();
    let mut differences = Vec::new();
    for sequence in &recording.sequences {
        differences.extend(check(sequence)?);
    }
    Ok(Outcome {
        passed: count - differences.len(),
        differences,
        notes: Vec::new(),
    })
}

/// Compares what one step gave; `id` and `step` say where.
pub(crate) fn compare<T: PartialEq + fmt::Display>(
    id: &str,
    step: impl FnOnce() -> String,
    expected: &T,
    got: &T,
) -> Option<Difference> {
    (expected != got).then(|| Difference {
        sequence: id.to_owned(),
        step: step(),
        expected: expected.to_string(),
        got: got.to_string(),
    })
}

/// The instant `nanos` after a recording's time 0.
pub(crate) fn instant(nanos: i64) -> Result<Instant> {
    let nanos = BASE.checked_add_signed(nanos);
    Ok(Instant::from_nanos(
        nanos.context("a time is more than 146 years before 0")?,
    ))
}

/// Nanoseconds after a recording's time 0.
pub(crate) fn nanos_after_start(at: Instant) -> i128 {
    i128::from(at.as_nanos()) - i128::from(BASE)
}

/// Reads a rate, in tokens per second: a number, or the word `inf`.
pub(crate) fn limit<'de, D: Deserializer<'de>>(from: D) -> Result<rate_limiter::Limit, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Rate(f64),
        Word(String),
    }
    match Written::deserialize(from)? {
        Written::Rate(rate) => Ok(rate_limiter::Limit::per_second(rate)),
        Written::Word(word) if word == "inf" => Ok(rate_limiter::Limit::INFINITE),
        Written::Word(word) => Err(serde::de::Error::custom(format!("{word} is no limit"))),
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sequence,
            step,
            expected,
            got,
        } = self;
        write!(f, "{sequence}, {step}: expected {expected}; got {got}")
    }
}

/// One line for each difference, and last the count.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.differences {
            writeln!(f, "{difference}")?;
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        writeln!(
            f,
            "{} passed, {} failed",
            self.passed,
            self.differences.len()
        )
    }
}
