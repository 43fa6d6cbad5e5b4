//! The account of a run: as a table for people, as JSON for programs.

use std::fmt;
use std::io::{ErrorKind, Write};
use std::time::Duration;

use serde::Serialize;

use crate::limiter::Limiter;
use crate::load::{Answers, Outcome, Refusal, Verdict};
use crate::model::Comparison;
use crate::options::Options;

/// Everything a run has to say. In JSON the names are the same.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The mechanism.
    pub algorithm: String,
    /// Where its state was kept: `in memory`, or the address of the Redis.
    pub limiter: String,
    /// Requests admitted in the long run, per second and client.
    pub rate_per_s: f64,
    /// Requests admitted at once after a quiet time, per client.
    pub burst: u32,
    /// Clients, each with a limit of its own.
    pub keys: u32,
    /// Length of the run.
    pub duration_s: f64,
    /// Requests offered per second after the opening spike.
    pub load_per_s: f64,
    /// Requests of the opening spike.
    pub spike: u32,
    /// Seed of the arrivals.
    pub seed: u64,
    /// Requests sent; the sum of the next three.
    pub sent: usize,
    /// Requests answered with 200.
    pub admitted: usize,
    /// Requests answered with 429 and the header fields of a refusal.
    pub rejected: usize,
    /// Requests without an answer, or with any other.
    pub failed: usize,
    /// Requests let through because the shared limiter did not answer.
    pub unchecked: u64,
    /// Scheduled time to end of answer, of admitted requests.
    pub latency_admitted: Latency,
    /// Scheduled time to end of answer, of rejected requests.
    pub latency_rejected: Latency,
    /// The header fields of the first request that was rejected.
    pub refusal: Option<Refusal>,
    /// The same requests through the bare mechanism.
    pub model: Comparison,
    /// The run in equal slices of time.
    pub slices: Vec<Slice>,
}

/// Percentiles of a latency, milliseconds; zero if there was no request.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Latency {
    /// Half of the requests took no longer.
    pub p50_ms: f64,
    /// 99 in 100 requests took no longer.
    pub p99_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

/// Requests that were due in one slice of time.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Slice {
    /// Start of the slice, since the start of the run.
    pub from_s: f64,
    /// Length of the slice.
    pub length_s: f64,
    /// Requests due.
    pub offered: usize,
    /// Of these, admitted.
    pub admitted: usize,
    /// Of these, rejected.
    pub rejected: usize,
    /// Of these, failed.
    pub failed: usize,
}

impl Report {
    /// The account of a run with these answers.
    pub(crate) fn new(
        options: &Options,
        limiter: &Limiter,
        answers: &Answers,
        model: Comparison,
    ) -> Self {
        let Answers { outcomes, refusal } = answers;
        let count = |verdict| outcomes.iter().filter(|o| o.verdict == verdict).count();
        Self {
            algorithm: options.algorithm.to_string(),
            limiter: limiter.place(),
            rate_per_s: options.rate,
            burst: options.burst,
            keys: options.keys,
            duration_s: options.duration.as_secs_f64(),
            load_per_s: options.load,
            spike: options.spike,
            seed: options.seed,
            sent: outcomes.len(),
            admitted: count(Verdict::Admitted),
            rejected: count(Verdict::Rejected),
            failed: count(Verdict::Failed),
            unchecked: limiter.unchecked(),
            latency_admitted: Latency::of(outcomes, Verdict::Admitted),
            latency_rejected: Latency::of(outcomes, Verdict::Rejected),
            refusal: refusal.clone(),
            model,
            slices: slices(options.duration, outcomes),
        }
    }
}

impl Report {
    /// Writes the account to standard output, as JSON or as a table.
    ///
    /// # Errors
    /// Fails if standard output cannot be written.
    pub(crate) fn print(&self, json: bool) -> anyhow::Result<()> {
        let text = if json {
            serde_json::to_string_pretty(self)? + "\n"
        } else {
            self.to_string()
        };
        match std::io::stdout().write_all(text.as_bytes()) {
            // Whoever closed it, as `head` does once it has its lines, wants no more.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }
}

impl Latency {
    fn of(outcomes: &[Outcome], verdict: Verdict) -> Self {
        let mut latencies: Vec<Duration> = outcomes
            .iter()
            .filter(|o| o.verdict == verdict)
            .map(|o| o.latency)
            .collect();
        latencies.sort_unstable();
        // Nearest rank: the smallest latency that `percent` of the requests did not exceed.
        let percentile = |percent: usize| {
            let rank = (latencies.len() * percent).div_ceil(100);
            latencies
                .get(rank.saturating_sub(1))
                .map_or(0.0, |l| l.as_secs_f64() * 1e3)
        };
        Self {
            p50_ms: percentile(50),
            p99_ms: percentile(99),
            max_ms: percentile(100),
        }
    }
}

/// Lengths a slice may have, seconds.
const SLICE_LENGTHS_S: [f64; 11] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 240.0];
/// The most slices: with many more, the opening spike alone would set the scale of the figure.
const SLICES_MAX: f64 = 16.0;

fn slices(duration: Duration, outcomes: &[Outcome]) -> Vec<Slice> {
    let duration_s = duration.as_secs_f64();
    let length_s = SLICE_LENGTHS_S
        .into_iter()
        .find(|length_s| duration_s / length_s <= SLICES_MAX)
        .unwrap_or(SLICE_LENGTHS_S[SLICE_LENGTHS_S.len() - 1]);
    let count = ((duration_s / length_s).ceil() as usize).max(1);
    let mut slices: Vec<Slice> = (0..count)
        .map(|i| Slice {
            from_s: i as f64 * length_s,
            length_s,
            ..Slice::default()
        })
        .collect();
    for outcome in outcomes {
        let index = (outcome.scheduled.as_secs_f64() / length_s) as usize;
        let slice = &mut slices[index.min(count - 1)];
        slice.offered += 1;
        match outcome.verdict {
            Verdict::Admitted => slice.admitted += 1,
            Verdict::Rejected => slice.rejected += 1,
            Verdict::Failed => slice.failed += 1,
        }
    }
    slices
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            algorithm,
            limiter,
            rate_per_s,
            burst,
            keys,
            ..
        } = self;
        let each = if *keys > 1 {
            format!(" for each of {keys} clients")
        } else {
            String::new()
        };
        writeln!(
            f,
            "limiter    {algorithm}, {rate_per_s}/s, burst {burst}{each}, kept {limiter}"
        )?;
        writeln!(
            f,
            "load       {} requests: {} at once, then {}/s at random until {} s (seed {})",
            self.sent, self.spike, self.load_per_s, self.duration_s, self.seed
        )?;
        writeln!(
            f,
            "\n             requests   share    p50 ms    p99 ms    max ms"
        )?;
        self.row(f, "admitted", self.admitted, Some(self.latency_admitted))?;
        self.row(f, "rejected", self.rejected, Some(self.latency_rejected))?;
        self.row(f, "failed", self.failed, None)?;
        if self.unchecked > 0 {
            writeln!(
                f,
                "{} passed unchecked: the shared limiter did not answer",
                self.unchecked
            )?;
        }
        if let Some(Refusal {
            retry_after,
            rate_limit,
            rate_limit_policy,
        }) = &self.refusal
        {
            writeln!(f, "\na refusal  429, Retry-After: {retry_after}")?;
            writeln!(f, "           RateLimit: {rate_limit}")?;
            writeln!(f, "           RateLimit-Policy: {rate_limit_policy}")?;
        }
        write!(f, "\n{}", self.model)
    }
}

impl Report {
    fn row(
        &self,
        f: &mut fmt::Formatter<'_>,
        name: &str,
        requests: usize,
        latency: Option<Latency>,
    ) -> fmt::Result {
        let share = 100.0 * requests as f64 / self.sent.max(1) as f64;
        write!(f, "{name:<10} {requests:>10}  {share:>5.1}%")?;
        if let Some(Latency {
            p50_ms,
            p99_ms,
            max_ms,
        }) = latency
        {
            write!(f, "  {p50_ms:>8.2}  {p99_ms:>8.2}  {max_ms:>8.2}")?;
        }
        writeln!(f)
    }
}
