//! Replays samples through the rules of Netflix' `concurrency-limits`.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result};
use concurrency_limit::{Aimd, AimdConfig, AnyLimit, Gradient2, Gradient2Config, Limit};
use concurrency_limit::{Vegas, VegasConfig};
use serde::Deserialize;
use serde_json::Value;

use crate::recording::{Difference, compare};

/// Samples to one rule that starts fresh.
#[derive(Debug, Deserialize)]
pub(crate) struct Sequence {
    id: String,
    algorithm: Algorithm,
    params: Params,
    /// Round trip in nanoseconds, calls in flight, whether it was dropped (0 or 1), and the limit after it.
    samples: Vec<(u64, u32, u8, u32)>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Algorithm {
    Aimd,
    Gradient2,
    Vegas,
}

/// What a recording says of a rule's settings; what it leaves out is the original's default.
#[derive(Debug, Deserialize)]
struct Params {
    #[serde(alias = "initial_limit")]
    initial: Option<u32>,
    #[serde(alias = "min_limit")]
    min: Option<u32>,
    #[serde(alias = "max_limit", alias = "max_concurrency")]
    max: Option<u32>,
    smoothing: Option<f64>,
    queue_size: Option<u32>,
    long_window: Option<u32>,
    warmup: Option<u32>,
    rtt_tolerance: Option<f64>,
    #[serde(alias = "backoff")]
    backoff_ratio: Option<f64>,
    /// Among them the time-out, whose unit may stand in its name or in its value.
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

/// The first sample of `sequence` after which the limit differs.
pub(crate) fn check(sequence: &Sequence) -> Result<Option<Difference>> {
    let mut rule = (sequence.params.rule(sequence.algorithm))
        .with_context(|| format!("{} cannot be replayed", sequence.id))?;
    for (index, &(rtt, in_flight, dropped, expected)) in sequence.samples.iter().enumerate() {
        let got = rule.on_sample(Duration::from_nanos(rtt), in_flight, dropped != 0);
        let step = || format!("sample {index}");
        let found = compare(&sequence.id, step, &expected, &got);
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

impl Params {
    fn rule(&self, algorithm: Algorithm) -> Result<AnyLimit> {
        Ok(match algorithm {
            Algorithm::Aimd => AnyLimit::Aimd(Aimd::new(self.aimd()?)),
            Algorithm::Gradient2 => AnyLimit::Gradient2(Gradient2::new(self.gradient2())),
            Algorithm::Vegas => AnyLimit::Vegas(Vegas::new(self.vegas())),
        })
    }

    fn aimd(&self) -> Result<AimdConfig> {
        let usual = AimdConfig::default();
        let named = |(name, _): &(&String, &Value)| name.starts_with("timeout");
        let time_out = match self.others.iter().find(named) {
            None | Some((_, Value::Null)) => None,
            Some((name, value)) => Some(
                time_out(name, value)
                    .with_context(|| format!("its {name}, {value}, is no length of time"))?,
            ),
        };
        Ok(AimdConfig {
            initial: self.initial.unwrap_or(usual.initial),
            min: self.min.unwrap_or(usual.min),
            max: self.max.unwrap_or(usual.max),
            backoff_ratio: self.backoff_ratio.unwrap_or(usual.backoff_ratio),
            time_out: time_out.unwrap_or(usual.time_out),
        })
    }

    fn gradient2(&self) -> Gradient2Config {
        let usual = Gradient2Config::default();
        Gradient2Config {
            initial: self.initial.unwrap_or(usual.initial),
            min: self.min.unwrap_or(usual.min),
            max: self.max.unwrap_or(usual.max),
            smoothing: self.smoothing.unwrap_or(usual.smoothing),
            queue_size: self.queue_size.unwrap_or(usual.queue_size),
            long_window: self.long_window.unwrap_or(usual.long_window),
            warmup: self.warmup.unwrap_or(usual.warmup),
            rtt_tolerance: self.rtt_tolerance.unwrap_or(usual.rtt_tolerance),
        }
    }

    fn vegas(&self) -> VegasConfig {
        let usual = VegasConfig::default();
        VegasConfig {
            initial: self.initial.unwrap_or(usual.initial),
            max: self.max.unwrap_or(usual.max),
            smoothing: self.smoothing.unwrap_or(usual.smoothing),
            // Random in the original, so the recordings are made without.
            probe_multiplier: 0,
        }
    }
}

/// A time-out such as `timeout_ms: 5000` or `timeout: "5 s"`.
fn time_out(name: &str, value: &Value) -> Option<Duration> {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let number: f64 = number.parse().ok()?;
    let unit = match unit.trim() {
        "" => name.trim_start_matches("timeout").trim_start_matches('_'),
        own => own,
    };
    let nanos = match unit.to_ascii_lowercase().as_str() {
        // As all times of these recordings; but a few nanoseconds are no time-out.
        "" if number >= 1e3 => 1.0,
        "ns" | "nanos" | "nanoseconds" => 1.0,
        "us" | "micros" | "microseconds" => 1e3,
        "ms" | "millis" | "milliseconds" => 1e6,
        "" | "s" | "sec" | "secs" | "seconds" => 1e9,
        _ => return None,
    };
    // The cast cuts to a whole number and saturates.
    Some(Duration::from_nanos((number * nanos + 0.5) as u64))
}
