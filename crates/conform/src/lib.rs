//! Replays recordings of reference implementations through the workbook's models.
//!
//! A recording is a JSON file with a list of sequences, each of which starts from a fresh model.
//! Of each sequence the first step that differs is reported, because what follows it means nothing.

mod backoff;
mod concurrency_limits;
mod gcra;
mod gobreaker;
mod hystrix;
mod recording;
mod resilience4j;
mod scheduler_order;
mod token_bucket;
mod token_bucket_wait;

use anyhow::{Result, bail};

pub use recording::{Difference, Outcome};

/// A model that can be held against recordings.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    /// What the command line calls it.
    pub name: &'static str,
    /// Replays the text of a recording; fails if it is none of this model.
    pub replay: fn(&str) -> Result<Outcome>,
}

/// Every model, one line each.
pub const MODELS: &[Model] = &[
    Model {
        name: "token-bucket",
        replay: |text| recording::replay(text, token_bucket::check),
    },
    Model {
        name: "token-bucket-wait",
        replay: |text| recording::replay(text, token_bucket_wait::check),
    },
    Model {
        name: "gcra",
        replay: |text| recording::replay(text, gcra::check),
    },
    Model {
        name: "go-scheduler",
        replay: scheduler_order::replay_go,
    },
    Model {
        name: "tokio-scheduler",
        replay: scheduler_order::replay_tokio,
    },
    Model {
        name: "hystrix",
        replay: |text| recording::replay(text, hystrix::check),
    },
    Model {
        name: "gobreaker",
        replay: |text| recording::replay(text, gobreaker::check),
    },
    Model {
        name: "resilience4j",
        replay: |text| recording::replay(text, resilience4j::check),
    },
    Model {
        name: "concurrency-limits",
        replay: |text| recording::replay(text, concurrency_limits::check),
    },
    Model {
        name: "backoff",
        replay: backoff::replay,
    },
];

/// The model called `name`.
///
/// # Errors
/// Says which models there are.
pub fn find(name: &str) -> Result<&'static Model> {
    let Some(model) = MODELS.iter().find(|model| model.name == name) else {
        let names: Vec<_> = MODELS.iter().map(|model| model.name).collect();
        bail!("there is no model {name}; there are {}", names.join(", "));
    };
    Ok(model)
}

#[cfg(test)]
mod tests;
