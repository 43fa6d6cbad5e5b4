//! The policy of sony/gobreaker v2: counts since the state began, decided when a call fails.

use core::time::Duration;

use clock::Instant;

use crate::counts::{Counts, RollingCounts};
use crate::{Breaker, Bucket, Cause, Outcome, Permit, Reason, Refused, State, Transition, Window};

// ANCHOR: GobreakerConfig
/// Settings of [`Gobreaker`].
#[derive(Clone, Debug, PartialEq)]
pub struct GobreakerConfig {
    /// Trials in the half-open state, and successes in a row that close (0 means 1).
    pub max_requests: u32,
    /// How long the closed state counts before it begins anew (0, the default: for ever).
    pub interval: Duration,
    /// Length of a bucket, if the window is to roll; `interval` is rounded up to a whole number of
    /// them (0, the default: one fixed window).
    pub bucket_period: Duration,
    /// How long the breaker stays open (0 means 60 s).
    pub timeout: Duration,
    /// When to open.
    pub ready_to_trip: ReadyToTrip,
    /// Whether a cancelled call is left out of the counts. The library leaves it to its user which
    /// errors are (`IsExcluded`), and without that counts it as a failure (`false`, the default).
    pub exclude_cancelled: bool,
}

/// The question asked after each failure in the closed state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReadyToTrip {
    /// More than so many failures in a row (5: the sixth opens).
    ConsecutiveFailures(u32),
    /// At least so many calls, and at least so large a part of them failed.
    FailureRatio {
        /// Calls, those still in progress too.
        min_requests: u32,
        /// Failures for each call, 0 to 1.
        ratio: f64,
    },
}
// ANCHOR_END: GobreakerConfig

impl Default for GobreakerConfig {
    fn default() -> Self {
        Self {
            max_requests: 1,
            interval: Duration::ZERO,
            bucket_period: Duration::ZERO,
            timeout: Duration::from_secs(60),
            ready_to_trip: ReadyToTrip::ConsecutiveFailures(5),
            exclude_cancelled: false,
        }
    }
}

impl ReadyToTrip {
    /// Why to open, if so.
    pub(crate) fn ask(self, counts: &Counts) -> Option<Cause> {
        let Counts {
            requests, failures, ..
        } = *counts;
        match self {
            Self::ConsecutiveFailures(tolerated) => {
                let failures = counts.consecutive_failures;
                (failures > tolerated).then_some(Cause::ConsecutiveFailures {
                    failures,
                    tolerated,
                })
            }
            Self::FailureRatio {
                min_requests,
                ratio,
            } => (requests >= min_requests && f64::from(failures) / f64::from(requests) >= ratio)
                .then_some(Cause::FailureRatio {
                    failures,
                    requests,
                    ratio,
                }),
        }
    }
}

impl GobreakerConfig {
    /// Length of a bucket and how many there are. A length of zero never ends.
    pub(crate) fn buckets(&self) -> (Duration, u64) {
        let (interval, period) = (self.interval.as_nanos(), self.bucket_period.as_nanos());
        if interval == 0 || period == 0 {
            return (self.interval, 1);
        }
        // So many that memory becomes a question are nobody's intention.
        let count = interval.div_ceil(period).min(1 << 16);
        (self.bucket_period, count as u64)
    }

    /// The same with the defaults that stand behind zeroes.
    pub(crate) fn filled(mut self) -> Self {
        self.max_requests = self.max_requests.max(1);
        if self.timeout.is_zero() {
            self.timeout = Self::default().timeout;
        }
        self
    }
}

// ANCHOR: Gobreaker
/// A breaker as sony/gobreaker v2 keeps it.
///
/// Each state, and each fixed window, is a generation of its own. A result that belongs to an
/// earlier generation is dropped, so a late success closes nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Gobreaker {
    config: GobreakerConfig,
    state: State,
    generation: u64,
    counts: RollingCounts,
    /// Length of a bucket; zero if it never ends.
    period: Duration,
    /// When the generation began.
    start: Instant,
    /// The last instant of the generation, if time ends it.
    expiry: Option<Instant>,
    /// Calls asked for so far.
    calls: u64,
}
// ANCHOR_END: Gobreaker

impl Gobreaker {
    /// A closed breaker whose first window begins at `now`.
    #[must_use]
    pub fn new(config: GobreakerConfig, now: Instant) -> Self {
        let config = config.filled();
        let (period, buckets) = config.buckets();
        let mut breaker = Self {
            config,
            state: State::Closed,
            generation: 0,
            counts: RollingCounts::new(buckets),
            period,
            start: now,
            expiry: None,
            calls: 0,
        };
        breaker.begin_generation(now);
        breaker
    }

    /// The settings, with defaults in the place of zeroes.
    #[must_use]
    pub fn config(&self) -> &GobreakerConfig {
        &self.config
    }

    /// What is counted, as of the latest call.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts.total()
    }

    /// How many generations there have been.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether the closed state counts in buckets that roll.
    fn is_rolling(&self) -> bool {
        self.counts.buckets().len() >= 2
    }

    fn begin_generation(&mut self, now: Instant) {
        self.generation += 1;
        self.start = now;
        self.counts.clear();
        self.expiry = match self.state {
            State::Closed if self.period.is_zero() || self.is_rolling() => None,
            State::Closed => Some(now + self.period),
            State::Open => Some(now + self.config.timeout),
            State::HalfOpen => None,
        };
    }

    fn change(&mut self, now: Instant, to: State, call: Option<u64>, cause: Cause) -> Transition {
        let from = self.state;
        self.state = to;
        self.begin_generation(now);
        Transition {
            at: now,
            from,
            to,
            call,
            cause,
        }
    }

    // ANCHOR: gobreaker_advance
    /// Does what has become due, which the library leaves until somebody asks.
    fn settle(&mut self, now: Instant, call: Option<u64>) -> Option<Transition> {
        let expired = self.expiry.is_some_and(|expiry| expiry < now);
        match self.state {
            State::Closed if expired => self.begin_generation(now),
            State::Closed if self.is_rolling() => {
                // A rolling window has buckets of at least a nanosecond.
                let age = now.since(self.start).as_nanos() / self.period.as_nanos();
                self.counts.grow(age as u64);
            }
            State::Open if expired => {
                let open_for = now.since(self.start);
                return Some(self.change(now, State::HalfOpen, call, Cause::WaitOver { open_for }));
            }
            _ => {}
        }
        None
    }
    // ANCHOR_END: gobreaker_advance

    fn on_success(&mut self, permit: &Permit, now: Instant) -> Option<Transition> {
        self.counts.on_success(permit.age);
        let successes = self.counts.total().consecutive_successes;
        let enough = self.state == State::HalfOpen && successes >= self.config.max_requests;
        enough.then(|| {
            let cause = Cause::TrialsSucceeded { successes };
            self.change(now, State::Closed, Some(permit.call), cause)
        })
    }

    fn on_failure(&mut self, permit: &Permit, now: Instant) -> Option<Transition> {
        let cause = match self.state {
            State::HalfOpen => Some(Cause::TrialFailed),
            _ => {
                self.counts.on_failure(permit.age);
                self.config.ready_to_trip.ask(&self.counts.total())
            }
        }?;
        Some(self.change(now, State::Open, Some(permit.call), cause))
    }
}

impl Breaker for Gobreaker {
    // ANCHOR: gobreaker_acquire
    fn try_acquire(&mut self, now: Instant) -> Result<Permit, Refused> {
        self.calls += 1;
        let transition = self.settle(now, Some(self.calls));
        let counts = self.counts.total();
        let trials = counts.requests.saturating_sub(counts.exclusions);
        let reason = match self.state {
            State::Open => Some(Reason::Open),
            // Trials that have finished still count: so many are admitted in all.
            State::HalfOpen if trials >= self.config.max_requests => Some(Reason::TrialsTaken),
            _ => None,
        };
        if let Some(reason) = reason {
            return Err(Refused {
                call: self.calls,
                state: self.state,
                reason,
                retry_after: self.next_deadline().map(|at| at.since(now)),
                transition,
            });
        }
        self.counts.on_request();
        Ok(Permit {
            trial: self.state == State::HalfOpen,
            transition,
            generation: self.generation,
            age: self.counts.age(),
            ..Permit::new(self.calls, now)
        })
    }
    // ANCHOR_END: gobreaker_acquire

    // ANCHOR: gobreaker_outcome
    fn on_outcome(
        &mut self,
        permit: Permit,
        now: Instant,
        outcome: Outcome,
        _latency: Duration,
    ) -> Option<Transition> {
        let due = self.settle(now, None);
        if permit.generation != self.generation {
            return due;
        }
        match outcome {
            Outcome::Success => self.on_success(&permit, now),
            Outcome::Cancelled if !self.config.exclude_cancelled => self.on_failure(&permit, now),
            Outcome::Failure | Outcome::TimedOut => self.on_failure(&permit, now),
            Outcome::Excluded | Outcome::Cancelled => {
                self.counts.on_exclusion(permit.age);
                None
            }
        }
    }
    // ANCHOR_END: gobreaker_outcome

    fn advance(&mut self, now: Instant) -> Option<Transition> {
        self.settle(now, None)
    }

    fn state(&self, now: Instant) -> State {
        match (self.state, self.expiry) {
            (State::Open, Some(expiry)) if expiry < now => State::HalfOpen,
            (state, _) => state,
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        let expiry = self.expiry.filter(|_| self.state == State::Open)?;
        Some(expiry.plus_nanos(1))
    }

    fn window(&self, now: Instant) -> Window {
        let mut settled = self.clone();
        settled.settle(now, None);
        let length = Some(settled.period).filter(|period| !period.is_zero());
        let newest = settled.counts.age();
        let buckets = settled.counts.buckets();
        let oldest = newest.saturating_sub(buckets.len() as u64 - 1);
        let bucket = |age: u64| {
            let counts = &buckets[(age % buckets.len() as u64) as usize];
            let period = settled.period.as_nanos() as u64;
            Bucket {
                from: Some(settled.start.plus_nanos(period.saturating_mul(age))),
                length: length.filter(|_| settled.state == State::Closed),
                calls: counts.requests.into(),
                failures: counts.failures.into(),
                slow: 0,
            }
        };
        Window::new((oldest..=newest).map(bucket).collect())
    }
}
