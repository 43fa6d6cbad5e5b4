//! The line that says how far the run is, on standard error, so that standard output holds nothing but the account.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, interval_at};

use crate::load::Verdict;

/// The most lines a run writes where a line cannot be overwritten.
const LINES_MAX: u32 = 10;

/// Counts that grow while the load runs.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    sent: AtomicU64,
    admitted: AtomicU64,
    rejected: AtomicU64,
    failed: AtomicU64,
}

impl Progress {
    /// A request was sent.
    pub(crate) fn sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    /// A request was answered.
    pub(crate) fn answered(&self, verdict: Verdict) {
        let count = match verdict {
            Verdict::Admitted => &self.admitted,
            Verdict::Rejected => &self.rejected,
            Verdict::Failed => &self.failed,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// Says how far a run of `duration` is, every second, until it is aborted.
    pub(crate) async fn report(self: Arc<Self>, start: Instant, duration: Duration) {
        let second = Duration::from_secs(1);
        let terminal = std::io::stderr().is_terminal();
        let period = if terminal {
            second
        } else {
            second.max(duration / LINES_MAX)
        };
        let mut ticks = interval_at(start + period, period);
        loop {
            ticks.tick().await;
            self.line(start.elapsed().as_secs_f64(), duration.as_secs_f64());
        }
    }

    fn line(&self, now_s: f64, end_s: f64) {
        let [sent, admitted, rejected, failed] =
            [&self.sent, &self.admitted, &self.rejected, &self.failed]
                .map(|count| count.load(Ordering::Relaxed));
        let mut out = std::io::stderr().lock();
        // On a terminal the next line, or the account, takes the place of this one.
        let after = if out.is_terminal() { "\x1b[K\r" } else { "\n" };
        let line = format!(
            "{now_s:.0} of {end_s} s: {sent} sent, {admitted} admitted, {rejected} rejected, {failed} failed"
        );
        // Nobody may be reading; the run goes on.
        let _ = write!(out, "{line}{after}").and_then(|()| out.flush());
    }
}
