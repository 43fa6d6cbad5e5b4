//! What is said while the run goes on, on standard error: how far it is, and every change of state with its cause.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use circuit_breaker::Transition;
use tokio::sync::Notify;
use tokio::time::{Instant, interval_at};

use crate::load::Verdict;
use crate::policy::Policy;

/// The most lines a run writes where a line cannot be overwritten.
const LINES_MAX: u32 = 10;

/// What grows while one gateway is under load.
#[derive(Debug)]
pub(crate) struct Counts {
    policy: Policy,
    sent: AtomicU64,
    admitted: AtomicU64,
    rejected: AtomicU64,
    failed: AtomicU64,
    timed_out: AtomicU64,
    transitions: Mutex<Vec<Transition>>,
    /// Changes of state that have been said.
    said: AtomicUsize,
    news: Arc<Notify>,
}

/// All gateways of a run.
#[derive(Debug)]
pub(crate) struct Progress {
    gateways: Vec<Arc<Counts>>,
    news: Arc<Notify>,
}

impl Counts {
    fn new(policy: Policy, news: &Arc<Notify>) -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            policy,
            sent: zero(),
            admitted: zero(),
            rejected: zero(),
            failed: zero(),
            timed_out: zero(),
            transitions: Mutex::default(),
            said: AtomicUsize::new(0),
            news: Arc::clone(news),
        }
    }

    /// A request was sent.
    pub(crate) fn send(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    /// Requests sent so far.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// A request was answered, or given up.
    pub(crate) fn answer(&self, verdict: Verdict) {
        let count = match verdict {
            Verdict::Admitted => &self.admitted,
            Verdict::Rejected => &self.rejected,
            Verdict::Failed => &self.failed,
            Verdict::TimedOut => &self.timed_out,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// The breaker changed its state. It is locked meanwhile, so somebody else writes the line: whoever reads standard error
    /// may be slow.
    pub(crate) fn transition(&self, transition: &Transition) {
        let mut transitions = self.lock();
        transitions.push(*transition);
        self.news.notify_one();
    }

    /// Every change of state so far, in order.
    pub(crate) fn transitions(&self) -> Vec<Transition> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Transition>> {
        self.transitions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Says the changes of state that have not been said.
    fn say_transitions(&self) {
        let transitions = self.transitions();
        let said = self.said.swap(transitions.len(), Ordering::Relaxed);
        for transition in transitions.iter().skip(said) {
            let at_s = transition.at.as_secs_f64();
            say(&format!(
                "{at_s:.3} s, {}: {transition}",
                self.policy.name()
            ));
        }
    }

    fn line(&self) -> String {
        let counts = [&self.sent, &self.admitted, &self.rejected, &self.failed];
        let [sent, admitted, rejected, failed] = counts.map(|c| c.load(Ordering::Relaxed));
        let timed_out = self.timed_out.load(Ordering::Relaxed);
        let label = self.policy.label();
        format!(
            "{label} {sent} sent, {admitted} admitted, {rejected} rejected, {failed} failed, {timed_out} timed out"
        )
    }
}

impl Progress {
    /// Nothing sent yet.
    pub(crate) fn new(policies: &[Policy]) -> Self {
        let news = Arc::new(Notify::new());
        let counts = |policy: &Policy| Arc::new(Counts::new(*policy, &news));
        Self {
            gateways: policies.iter().map(counts).collect(),
            news,
        }
    }

    /// The counts of a gateway, by its number from 0.
    pub(crate) fn of(&self, gateway: usize) -> Arc<Counts> {
        Arc::clone(&self.gateways[gateway])
    }

    /// Says how far a run of `duration` is, every second, and changes of state as they happen, until it is aborted.
    pub(crate) async fn report(self: Arc<Self>, start: Instant, duration: Duration) {
        let second = Duration::from_secs(1);
        let period = if std::io::stderr().is_terminal() {
            second
        } else {
            second.max(duration / LINES_MAX)
        };
        let mut ticks = interval_at(start + period, period);
        loop {
            tokio::select! {
                _ = ticks.tick() => self.line(start.elapsed().as_secs_f64(), duration.as_secs_f64()),
                () = self.news.notified() => self.say_transitions(),
            }
        }
    }

    /// Says what has not been said yet.
    pub(crate) fn finish(&self) {
        self.say_transitions();
        if std::io::stderr().is_terminal() {
            // The account takes the place of the last line.
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }

    fn say_transitions(&self) {
        for gateway in &self.gateways {
            gateway.say_transitions();
        }
    }

    fn line(&self, now_s: f64, end_s: f64) {
        let gateways: Vec<String> = self.gateways.iter().map(|g| g.line()).collect();
        let line = format!("{now_s:.0} of {end_s} s: {}", gateways.join("; "));
        let mut out = std::io::stderr().lock();
        if out.is_terminal() {
            // The next line, or the account, takes the place of this one. Cut, so that it never takes two.
            let line: String = line.chars().take(columns()).collect();
            let _ = write!(out, "\r{line}\x1b[K").and_then(|()| out.flush());
        } else {
            // Nobody may be reading; the run goes on.
            let _ = writeln!(out, "{line}");
        }
    }
}

/// The width of the terminal, if it is told, or else the narrowest usual.
fn columns() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|n| n.parse().ok());
    told.filter(|n| *n > 20).unwrap_or(80) - 1
}

/// A line that stays.
fn say(line: &str) {
    let mut out = std::io::stderr().lock();
    let clear = if out.is_terminal() { "\r\x1b[K" } else { "" };
    // Nobody may be reading; the run goes on.
    let _ = writeln!(out, "{clear}{line}");
}
