//! Replays the waits of AWS' back-off simulator, and evaluates the rule of client-side throttling.

use std::time::Duration;

use adaptive_throttle::reject_probability;
use anyhow::{Context, Result, ensure};
use retry::{Backoff, Jitter, Sleeps};
use serde::Deserialize;

use crate::recording::{Difference, Outcome};

/// Waits and throttling in one file.
#[derive(Debug, Deserialize)]
struct Recording {
    backoff: Vec<Waits>,
    adaptive_throttling: Vec<Throttling>,
}

/// The waits of one client, in any unit of time.
#[derive(Debug, Deserialize)]
struct Waits {
    kind: Kind,
    base: f64,
    cap: f64,
    /// What chance gave, in order; may be left out where it plays no part.
    #[serde(default)]
    u: Vec<f64>,
    sleep: Vec<f64>,
}

/// The simulator's classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum Kind {
    /// Every wait is zero.
    #[serde(rename = "NoBackoff")]
    Zero,
    #[serde(rename = "ExpoBackoff")]
    None,
    #[serde(rename = "ExpoBackoffFullJitter")]
    Full,
    #[serde(rename = "ExpoBackoffEqualJitter")]
    Equal,
    #[serde(rename = "ExpoBackoffDecorr")]
    Decorrelated,
}

#[derive(Debug, Deserialize)]
struct Throttling {
    #[serde(rename = "K")]
    k: f64,
    requests: u64,
    accepts: u64,
    reject_probability: f64,
}

/// Replays the text of a recording.
pub(crate) fn replay(text: &str) -> Result<Outcome> {
    let recording: Recording = serde_json::from_str(text)?;
    let count = recording.backoff.len() + recording.adaptive_throttling.len();
    ensure!(count > 0, "it holds nothing");
    let mut differences = Vec::new();
    for (number, waits) in recording.backoff.iter().enumerate() {
        differences.extend(waits.check(number)?);
    }
    for (number, row) in recording.adaptive_throttling.iter().enumerate() {
        let got = reject_probability(row.requests, row.accepts, row.k);
        let id = format!("throttling {number}");
        differences.extend(differing(&id, 0, row.reject_probability, got));
    }
    Ok(Outcome {
        passed: count - differences.len(),
        differences,
        notes: Vec::new(),
    })
}

impl Waits {
    fn check(&self, number: usize) -> Result<Option<Difference>> {
        let id = format!("{:?} {number}", self.kind);
        let (jitter, cap) = match self.kind {
            Kind::Zero => (Jitter::None, 0.0),
            Kind::None => (Jitter::None, self.cap),
            Kind::Full => (Jitter::Full, self.cap),
            Kind::Equal => (Jitter::Equal, self.cap),
            Kind::Decorrelated => (Jitter::Decorrelated, self.cap),
        };
        let (draws, waits) = (self.u.len(), self.sleep.len());
        // Otherwise the waits without a draw would pass unseen.
        ensure!(
            jitter == Jitter::None || draws >= waits,
            "{id}: {draws} draws are too few for {waits} waits"
        );
        let time = |name, value| {
            Duration::try_from_secs_f64(value)
                .with_context(|| format!("{id}: its {name}, {value}, is no time"))
        };
        let mut sleeps = Sleeps::new(Backoff {
            base: time("base", self.base)?,
            cap: time("cap", cap)?,
            jitter,
        });
        let draws = self.u.iter().copied().chain(core::iter::repeat(0.0));
        Ok((self.sleep.iter().zip(draws).enumerate())
            .find_map(|(step, (&sleep, u))| differing(&id, step, sleep, sleeps.next_secs(u))))
    }
}

/// More than the last digits of a double apart.
fn differing(id: &str, step: usize, expected: f64, got: f64) -> Option<Difference> {
    let close = (expected - got).abs() <= 1e-9 * expected.abs().max(1.0);
    (!close).then(|| Difference {
        sequence: id.to_owned(),
        step: format!("step {step}"),
        expected: expected.to_string(),
        got: got.to_string(),
    })
}
