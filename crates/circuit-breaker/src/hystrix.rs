//! The policy of hystrix-go: per cent of errors over ten seconds, decided when the next call comes.

use core::time::Duration;

use clock::{Instant, NANOS_PER_SEC};

use crate::seconds::{Seconds, second};
use crate::{Breaker, Bucket, Cause, Outcome, Permit, Reason, Refused, State, Transition, Window};

// ANCHOR: HystrixConfig
/// Settings of [`Hystrix`]. As in the library, zero means the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HystrixConfig {
    /// How long a caller waits for an answer (1 s).
    pub time_out: Duration,
    /// Calls in progress at once (10).
    pub max_concurrent: u32,
    /// Fewer calls than this in the window never open the circuit (20).
    pub volume_threshold: u64,
    /// How long the circuit stays open before a trial, and from trial to trial (5 s).
    pub sleep_window: Duration,
    /// Per cent of errors that open the circuit (50).
    pub error_percent: i64,
    /// `false` keeps the library's bug: errors are dropped only when a new error is counted, so
    /// they outlive the calls they belong to. `true` is the window it was meant to have.
    pub clean_window: bool,
}
// ANCHOR_END: HystrixConfig

impl Default for HystrixConfig {
    fn default() -> Self {
        Self {
            time_out: Duration::from_secs(1),
            max_concurrent: 10,
            volume_threshold: 20,
            sleep_window: Duration::from_secs(5),
            error_percent: 50,
            clean_window: false,
        }
    }
}

impl HystrixConfig {
    /// The same with defaults in the place of zeroes.
    fn filled(self) -> Self {
        let default = Self::default();
        let duration = |own: Duration, default| if own.is_zero() { default } else { own };
        Self {
            time_out: duration(self.time_out, default.time_out),
            max_concurrent: match self.max_concurrent {
                0 => default.max_concurrent,
                own => own,
            },
            volume_threshold: match self.volume_threshold {
                0 => default.volume_threshold,
                own => own,
            },
            sleep_window: duration(self.sleep_window, default.sleep_window),
            error_percent: match self.error_percent {
                0 => default.error_percent,
                own => own,
            },
            clean_window: self.clean_window,
        }
    }
}

// ANCHOR: Hystrix
/// A circuit as hystrix-go keeps it.
///
/// Results are only counted. Whether there are too many errors is asked when the next call comes,
/// and that call is the first to be refused. Refused calls are counted as errors, too.
#[derive(Clone, Debug, PartialEq)]
pub struct Hystrix {
    config: HystrixConfig,
    /// When the circuit opened, or the latest trial began; `None` while it is closed.
    open_since: Option<Instant>,
    /// When the circuit opened; means nothing while it is closed.
    opened: Instant,
    requests: Seconds,
    errors: Seconds,
    /// Tickets in use.
    active: u32,
    /// Calls asked for so far.
    calls: u64,
}
// ANCHOR_END: Hystrix

impl Hystrix {
    /// A closed circuit that has seen nothing.
    #[must_use]
    pub fn new(config: HystrixConfig) -> Self {
        Self {
            config: config.filled(),
            open_since: None,
            opened: Instant::ZERO,
            requests: Seconds::default(),
            errors: Seconds::default(),
            active: 0,
            calls: 0,
        }
    }

    /// The settings, with defaults in the place of zeroes.
    #[must_use]
    pub fn config(&self) -> &HystrixConfig {
        &self.config
    }

    /// Calls in progress that hold a ticket. One that timed out has given it back, though its work
    /// may go on.
    #[must_use]
    pub fn active(&self) -> u32 {
        self.active
    }

    /// Calls that count at `now`.
    #[must_use]
    pub fn requests(&self, now: Instant) -> u64 {
        self.requests.sum(now, self.config.clean_window)
    }

    /// Errors that count at `now`: failures, time-outs, and refused calls.
    #[must_use]
    pub fn errors(&self, now: Instant) -> u64 {
        self.errors.sum(now, self.config.clean_window)
    }

    // ANCHOR: error_percent
    /// Errors per 100 calls at `now`, rounded half up. More than 100 when errors outlive calls.
    #[must_use]
    pub fn error_percent(&self, now: Instant) -> i64 {
        let requests = self.requests(now);
        if requests == 0 {
            return 0;
        }
        let percent = self.errors(now) as f64 / requests as f64 * 100.0;
        (percent + 0.5) as i64
    }
    // ANCHOR_END: error_percent

    /// Counts one call.
    fn count(&mut self, now: Instant, is_error: bool) {
        self.requests.add(now);
        if is_error {
            self.errors.add(now);
        }
    }

    // ANCHOR: hystrix_trip
    /// Opens the circuit if the window says so.
    fn open_if_unhealthy(&mut self, now: Instant, call: u64) -> Option<Transition> {
        let requests = self.requests(now);
        let percent = self.error_percent(now);
        let healthy =
            requests < self.config.volume_threshold || percent < self.config.error_percent;
        if self.open_since.is_some() || healthy {
            return None;
        }
        self.open_since = Some(now);
        self.opened = now;
        Some(Transition {
            at: now,
            from: State::Closed,
            to: State::Open,
            call: Some(call),
            cause: Cause::ErrorPercent {
                requests,
                errors: self.errors(now),
                percent,
                threshold: self.config.error_percent,
                stale: self.errors.stale(now, self.config.clean_window),
            },
        })
    }
    // ANCHOR_END: hystrix_trip

    /// The first instant at which an open circuit lets a trial through: just after the wait.
    fn trial_at(&self) -> Option<Instant> {
        let since = self.open_since?;
        Some((since + self.config.sleep_window).plus_nanos(1))
    }

    /// Closes an open circuit and forgets everything.
    fn close(&mut self, now: Instant, permit: &Permit) -> Option<Transition> {
        self.open_since.take()?;
        self.requests.clear();
        self.errors.clear();
        Some(Transition {
            at: now,
            from: State::Open,
            to: State::Closed,
            call: Some(permit.call),
            cause: if permit.trial && permit.at >= self.opened {
                Cause::TrialSucceeded
            } else {
                Cause::LateSuccess
            },
        })
    }
}

impl Breaker for Hystrix {
    // ANCHOR: hystrix_acquire
    fn try_acquire(&mut self, now: Instant) -> Result<Permit, Refused> {
        self.calls += 1;
        let transition = self.open_if_unhealthy(now, self.calls);
        let mut refused = Refused {
            call: self.calls,
            state: self.state(now),
            reason: Reason::Open,
            retry_after: None,
            transition,
        };
        let mut trial = false;
        if let Some(trial_at) = self.trial_at() {
            if now < trial_at {
                self.count(now, true);
                refused.retry_after = Some(trial_at.since(now));
                return Err(refused);
            }
            // The next wait begins with the trial, whatever becomes of it.
            self.open_since = Some(now);
            trial = true;
        }
        if self.active >= self.config.max_concurrent {
            self.count(now, true);
            refused.reason = Reason::TooManyAtOnce;
            return Err(refused);
        }
        self.active += 1;
        Ok(Permit {
            trial,
            time_out: Some(self.config.time_out),
            transition,
            ..Permit::new(self.calls, now)
        })
    }
    // ANCHOR_END: hystrix_acquire

    // ANCHOR: hystrix_outcome
    fn on_outcome(
        &mut self,
        permit: Permit,
        now: Instant,
        outcome: Outcome,
        latency: Duration,
    ) -> Option<Transition> {
        self.active = self.active.saturating_sub(1);
        let answered = matches!(outcome, Outcome::Success | Outcome::Failure);
        let outcome = if answered && latency > self.config.time_out {
            // The timer was faster, and the library listens to the first only.
            Outcome::TimedOut
        } else {
            outcome
        };
        let transition = match outcome {
            // Any success closes, also one of a call from before the trip.
            Outcome::Success => self.close(now, &permit),
            _ => None,
        };
        self.count(now, matches!(outcome, Outcome::Failure | Outcome::TimedOut));
        transition
    }
    // ANCHOR_END: hystrix_outcome

    fn advance(&mut self, _: Instant) -> Option<Transition> {
        None
    }

    fn state(&self, _: Instant) -> State {
        match self.open_since {
            Some(_) => State::Open,
            None => State::Closed,
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.trial_at()
    }

    fn window(&self, now: Instant) -> Window {
        let clean = self.config.clean_window;
        let mut buckets: Vec<Bucket> = Vec::new();
        let mut at = |second: u64, calls, failures| {
            let from = Some(Instant::from_nanos(second.saturating_mul(NANOS_PER_SEC)));
            let index = buckets
                .binary_search_by_key(&from, |bucket| bucket.from)
                .unwrap_or_else(|index| {
                    let length = Some(Duration::from_secs(1));
                    let empty = Bucket {
                        from,
                        length,
                        ..Bucket::default()
                    };
                    buckets.insert(index, empty);
                    index
                });
            buckets[index].calls += calls;
            buckets[index].failures += failures;
        };
        for (second, calls) in self.requests.counted(second(now), clean) {
            at(second, calls, 0);
        }
        for (second, errors) in self.errors.counted(second(now), clean) {
            at(second, 0, errors);
        }
        Window::new(buckets)
    }
}
