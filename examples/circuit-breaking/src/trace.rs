//! Records a run as JSON lines in the order of time: every request of every gateway, and every change of state.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;

use crate::account::{Account, Change};
use crate::load::{Run, Verdict};
use crate::schedule::{Arrival, Route};

/// One line. Times are seconds since the start of the run.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Line<'a> {
    /// The first line: what was run.
    Run {
        program: &'static str,
        policy: &'a str,
        rate_per_s: f64,
        duration_s: f64,
        seed: u64,
    },
    /// A request.
    Call {
        breaker: &'a str,
        /// Its number, from 0; the same request in both gateways.
        request: usize,
        route: Route,
        /// When it was to be sent.
        due_s: f64,
        /// When it was sent, if it was before the client gave up.
        sent_s: Option<f64>,
        /// When the answer had come, or the client gave up.
        answered_s: f64,
        outcome: Verdict,
        /// Of the answer, if there was one.
        status: Option<u16>,
        /// Calls the gateway made to the backend for it.
        backend_calls: u64,
    },
    /// The breaker changed its state.
    State {
        breaker: &'a str,
        #[serde(flatten)]
        change: Change,
    },
}

/// Writes the whole run to `path`.
///
/// # Errors
/// Fails if the file cannot be written.
pub(crate) fn write(
    account: &Account,
    arrivals: &[Arrival],
    runs: &[Run],
    path: &Path,
) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    for run in runs {
        lines.extend(calls(arrivals, run));
        lines.extend(states(run));
    }
    // Stable: of several lines at one moment those of the first gateway come first.
    lines.sort_by_key(|(at, _)| *at);
    let mut text = String::new();
    let head = Line::Run {
        program: "circuit-breaking",
        policy: account.policy,
        rate_per_s: account.rate_per_s,
        duration_s: account.duration_s,
        seed: account.seed,
    };
    for line in std::iter::once(&head).chain(lines.iter().map(|(_, line)| line)) {
        text.push_str(&serde_json::to_string(line)?);
        text.push('\n');
    }
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

fn calls<'a>(
    arrivals: &'a [Arrival],
    run: &'a Run,
) -> impl Iterator<Item = (Duration, Line<'a>)> + 'a {
    let both = arrivals.iter().zip(&run.outcomes).enumerate();
    both.filter_map(|(request, (arrival, outcome))| {
        let outcome = outcome.as_ref()?;
        let line = Line::Call {
            breaker: run.policy.name(),
            request,
            route: arrival.route,
            due_s: arrival.at.as_secs_f64(),
            sent_s: outcome.sent.map(|sent| sent.as_secs_f64()),
            answered_s: outcome.answered.as_secs_f64(),
            outcome: outcome.verdict,
            status: outcome.status,
            backend_calls: run.ledger.called(request),
        };
        Some((arrival.at, line))
    })
}

fn states(run: &Run) -> impl Iterator<Item = (Duration, Line<'_>)> {
    run.transitions.iter().map(|transition| {
        let line = Line::State {
            breaker: run.policy.name(),
            change: Change::of(transition),
        };
        (Duration::from_nanos(transition.at.as_nanos()), line)
    })
}
