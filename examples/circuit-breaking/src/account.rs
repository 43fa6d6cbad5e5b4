//! The account of a run: what was sent, what became of it, and when the breaker stood where. In JSON the names are the same.

use std::time::Duration;

use anyhow::ensure;
use circuit_breaker::Transition;
use serde::Serialize;

use crate::faults::{Faults, Kind};
use crate::gateway::{PLACES, TIME_OUT};
use crate::load::{Outcome, PATIENCE, Run, Verdict};
use crate::options::Options;
use crate::schedule::{Arrival, Route};

/// Parts of equal length into which the figure divides the run.
const SLICES: u32 = 40;

/// Everything a run has to say.
#[derive(Debug, Serialize)]
pub(crate) struct Account {
    /// The breaker of the second gateway.
    pub policy: &'static str,
    /// Its settings, for people.
    pub settings: String,
    /// Requests offered to each gateway per second.
    pub rate_per_s: f64,
    /// Length of the run.
    pub duration_s: f64,
    /// Seed of the arrivals.
    pub seed: u64,
    /// Requests in progress at once in each gateway.
    pub places: usize,
    /// How long each gateway waits for its backend.
    pub time_out_s: f64,
    /// How long a client waits for a gateway.
    pub patience_s: f64,
    /// The gateways: the one without a breaker first.
    pub runs: Vec<Gateway>,
}

/// One gateway under the whole load.
#[derive(Debug, Serialize)]
pub(crate) struct Gateway {
    /// Its breaker, or `none`.
    pub breaker: &'static str,
    /// Its name in table and figure.
    #[serde(skip)]
    pub label: &'static str,
    /// The whole run.
    pub total: Tally,
    /// 99 in 100 requests were sent no later than so long after they were due.
    pub sent_late_p99_ms: f64,
    /// The run by what was wrong with the backend.
    pub phases: Vec<Part>,
    /// The run in parts of equal length.
    pub slices: Vec<Part>,
    /// Every change of the breaker's state.
    pub transitions: Vec<Change>,
}

/// A part of the run.
#[derive(Debug, Serialize)]
pub(crate) struct Part {
    /// When it begins, since the start of the run.
    pub from_s: f64,
    /// When it is over.
    pub until_s: f64,
    /// What was wrong with the backend at its beginning: errors, slow, hang, refuse or nothing.
    pub backend: &'static str,
    /// The same with figures, for people.
    #[serde(skip)]
    pub words: String,
    /// The requests that were due in it.
    #[serde(flatten)]
    pub tally: Tally,
}

/// What became of some requests.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Tally {
    /// Requests sent; the sum of the next four.
    pub sent: usize,
    /// Answered with 200.
    pub admitted: usize,
    /// Answered with 503: refused by the breaker.
    pub rejected: usize,
    /// Answered with anything else, or broken off.
    pub failed: usize,
    /// Answered with 504, or not before the client's patience ended.
    pub timed_out: usize,
    /// Requests for the catalogue, which needs no backend.
    pub catalogue_sent: usize,
    /// Of these, answered with 200.
    pub catalogue_admitted: usize,
    /// 99 in 100 requests for the catalogue had their answer, or gave up, so long after they were due.
    pub catalogue_p99_ms: f64,
    /// Admitted requests per second.
    pub goodput_per_s: f64,
    /// Half of the requests had their answer, of whatever kind, or gave up so long after they were due.
    pub p50_ms: f64,
    /// And 99 in 100.
    pub p99_ms: f64,
    /// Calls the gateway made to the backend, or tried to.
    pub backend_calls: u64,
    /// Calls the backend has read.
    pub backend_reached: u64,
}

/// A change of state.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Change {
    /// When, since the start of the run.
    pub at_s: f64,
    /// From this state.
    pub from: &'static str,
    /// To this one.
    pub to: &'static str,
    /// The call that did it, counted from 1; `None` if time alone did.
    pub call: Option<u64>,
    /// Why, with the figures that were decided on.
    pub cause: String,
}

impl Change {
    /// A change as a row.
    pub(crate) fn of(transition: &Transition) -> Self {
        Self {
            at_s: transition.at.as_secs_f64(),
            from: transition.from.word(),
            to: transition.to.word(),
            call: transition.call,
            cause: transition.cause.to_string(),
        }
    }
}

impl Account {
    /// The account of `runs`.
    ///
    /// # Errors
    /// If a request is missing in it.
    pub(crate) fn new(
        options: &Options,
        faults: &Faults,
        arrivals: &[Arrival],
        runs: &[Run],
    ) -> anyhow::Result<Self> {
        let gateways: anyhow::Result<Vec<Gateway>> = runs
            .iter()
            .map(|run| gateway(options.duration, faults, arrivals, run))
            .collect();
        Ok(Self {
            policy: options.policy.name(),
            settings: options.policy.settings(),
            rate_per_s: options.rate,
            duration_s: options.duration.as_secs_f64(),
            seed: options.seed,
            places: PLACES,
            time_out_s: TIME_OUT.as_secs_f64(),
            patience_s: PATIENCE.as_secs_f64(),
            runs: gateways?,
        })
    }
}

fn gateway(
    duration: Duration,
    faults: &Faults,
    arrivals: &[Arrival],
    run: &Run,
) -> anyhow::Result<Gateway> {
    let part = |from: Duration, until: Duration, kind: Option<Kind>| Part {
        from_s: from.as_secs_f64(),
        until_s: until.as_secs_f64(),
        backend: kind.map_or("healthy", Kind::word),
        words: kind.map_or_else(|| "healthy".to_owned(), Kind::words),
        tally: Tally::of(arrivals, run, from, until),
    };
    let phases = faults.phases(duration);
    let phases: Vec<Part> = phases
        .into_iter()
        .map(|phase| part(phase.from, phase.until, phase.kind))
        .collect();
    let slice = |number: u32| {
        let from = duration * number / SLICES;
        part(from, duration * (number + 1) / SLICES, faults.at(from))
    };
    let late = |(arrival, outcome): (&Arrival, &Option<Outcome>)| {
        Some(outcome.as_ref()?.sent?.saturating_sub(arrival.at))
    };
    let total = Tally::of(arrivals, run, Duration::ZERO, duration);
    check(&total, &phases, run.sent)?;
    Ok(Gateway {
        breaker: run.policy.name(),
        label: run.policy.label(),
        total,
        sent_late_p99_ms: percentile(arrivals.iter().zip(&run.outcomes).filter_map(late), 99),
        phases,
        slices: (0..SLICES).map(slice).collect(),
        transitions: run.transitions.iter().map(Change::of).collect(),
    })
}

/// Whether every request that was sent is in the account once.
fn check(total: &Tally, phases: &[Part], sent: u64) -> anyhow::Result<()> {
    let found = total.accounted();
    ensure!(
        found as u64 == sent && total.sent == found,
        "of {sent} requests that were sent {found} are accounted for"
    );
    let in_phases: usize = phases.iter().map(|part| part.tally.accounted()).sum();
    ensure!(
        in_phases == found,
        "the parts of the run account for {in_phases} requests, the whole run for {found}"
    );
    Ok(())
}

impl Tally {
    /// What became of the requests of `run` that were due from `from` to before `until`.
    fn of(arrivals: &[Arrival], run: &Run, from: Duration, until: Duration) -> Self {
        let first = arrivals.partition_point(|arrival| arrival.at < from);
        let last = arrivals.partition_point(|arrival| arrival.at < until);
        let mut tally = Self::default();
        let mut latencies = Vec::new();
        let mut catalogue = Vec::new();
        let due = arrivals.iter().zip(&run.outcomes).enumerate();
        for (number, (arrival, outcome)) in due.take(last).skip(first) {
            tally.count(arrival, outcome.map(|outcome| outcome.verdict));
            tally.backend_calls += run.ledger.called(number);
            tally.backend_reached += run.ledger.reached(number);
            let latency = outcome.map(|o| o.answered.saturating_sub(arrival.at));
            latencies.extend(latency);
            catalogue.extend(latency.filter(|_| arrival.route == Route::Catalogue));
        }
        let length_s = until.saturating_sub(from).as_secs_f64();
        tally.goodput_per_s = tally.admitted as f64 / length_s;
        tally.p50_ms = percentile(latencies.iter().copied(), 50);
        tally.p99_ms = percentile(latencies.iter().copied(), 99);
        tally.catalogue_p99_ms = percentile(catalogue.into_iter(), 99);
        tally
    }

    fn count(&mut self, arrival: &Arrival, verdict: Option<Verdict>) {
        self.sent += 1;
        match verdict {
            Some(Verdict::Admitted) => self.admitted += 1,
            Some(Verdict::Rejected) => self.rejected += 1,
            Some(Verdict::Failed) => self.failed += 1,
            Some(Verdict::TimedOut) => self.timed_out += 1,
            // Lost; the sum tells.
            None => {}
        }
        if arrival.route == Route::Catalogue {
            self.catalogue_sent += 1;
            self.catalogue_admitted += usize::from(verdict == Some(Verdict::Admitted));
        }
    }

    /// Requests whose end is known.
    fn accounted(&self) -> usize {
        self.admitted + self.rejected + self.failed + self.timed_out
    }
}

/// Nearest rank, milliseconds: the smallest that `percent` of them do not exceed; zero if there are none.
fn percentile(durations: impl Iterator<Item = Duration>, percent: usize) -> f64 {
    let mut sorted: Vec<Duration> = durations.collect();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted
        .get(rank.saturating_sub(1))
        .map_or(0.0, |latency| latency.as_secs_f64() * 1e3)
}
