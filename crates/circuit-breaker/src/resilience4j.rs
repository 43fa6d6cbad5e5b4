//! The policy of resilience4j: failure rate and slow-call rate, decided when any result comes.

use core::time::Duration;

use clock::Instant;

use crate::measures::{Measure, Measures};
use crate::{Breaker, Cause, Outcome, Permit, Reason, Refused, State, Transition, Window};

// ANCHOR: Resilience4jConfig
/// Settings of [`Resilience4j`].
#[derive(Clone, Debug, PartialEq)]
pub struct Resilience4jConfig {
    /// Calls the closed state looks back on.
    pub window: SlidingWindow,
    /// Fewer calls than this in the window decide nothing (100). A window that counts calls needs
    /// no more than it holds; so does the half-open state, whose window holds `permitted`.
    pub minimum_calls: u32,
    /// Per cent of failed calls that opens the breaker (50).
    pub failure_rate: f32,
    /// Per cent of slow calls that opens the breaker (100).
    pub slow_rate: f32,
    /// A call that takes longer than this is slow (60 s).
    pub slow_call: Duration,
    /// How long the breaker stays open, in whole milliseconds (60 s).
    pub wait_open: Duration,
    /// Calls admitted in the half-open state, at least 1 (10).
    pub permitted: u32,
    /// How long the half-open state may last before the breaker opens again, in whole milliseconds
    /// (0, the default: for ever).
    pub max_wait_half_open: Duration,
    /// Whether the end of the wait alone makes the breaker half-open; otherwise the next call does
    /// (`false`, the default).
    pub automatic_half_open: bool,
}

/// Calls the closed state looks back on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlidingWindow {
    /// The last so many, at least 1 (100).
    Calls(u32),
    /// Those of the last so many seconds of the clock, the current one included; at least 1.
    Seconds(u32),
}
// ANCHOR_END: Resilience4jConfig

impl Default for Resilience4jConfig {
    fn default() -> Self {
        Self {
            window: SlidingWindow::Calls(100),
            minimum_calls: 100,
            failure_rate: 50.0,
            slow_rate: 100.0,
            slow_call: Duration::from_secs(60),
            wait_open: Duration::from_secs(60),
            permitted: 10,
            max_wait_half_open: Duration::ZERO,
            automatic_half_open: false,
        }
    }
}

// ANCHOR: Resilience4j
/// A breaker as resilience4j keeps it.
///
/// Every result is checked against the thresholds, so a success can be the call that trips. The
/// half-open state is judged by the same rates once all its calls have reported.
#[derive(Clone, Debug, PartialEq)]
pub struct Resilience4j {
    config: Resilience4jConfig,
    phase: Phase,
    /// When the phase began.
    since: Instant,
    /// Results in the phase; the open state inherits those that opened it.
    measures: Measures,
    /// Calls that `measures` must hold before they count.
    minimum: u32,
    /// Calls asked for so far.
    calls: u64,
}

/// A state and what it keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Closed,
    Open {
        /// The last instant of the wait.
        until: Instant,
    },
    HalfOpen {
        /// Calls it still admits.
        left: u32,
        /// When it has lasted too long.
        overdue: Option<Instant>,
    },
}
// ANCHOR_END: Resilience4j

/// Changes by timers that one call makes up for.
const OVERDUE_MAX: u32 = 1000;

/// Without the part of a millisecond.
fn whole_millis(duration: Duration) -> Duration {
    Duration::from_millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}

impl Resilience4j {
    /// A closed breaker that has seen nothing.
    #[must_use]
    pub fn new(mut config: Resilience4jConfig) -> Self {
        config.permitted = config.permitted.max(1);
        let mut breaker = Self {
            config,
            phase: Phase::Closed,
            since: Instant::ZERO,
            measures: Measures::of_calls(1),
            minimum: 1,
            calls: 0,
        };
        breaker.close();
        breaker
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Resilience4jConfig {
        &self.config
    }

    /// Calls in the window at `now`.
    #[must_use]
    pub fn measure(&self, now: Instant) -> Measure {
        self.measures.at(now)
    }

    /// Per cent of failed and of slow calls at `now`; `None` while too few calls have reported.
    #[must_use]
    pub fn rates(&self, now: Instant) -> Option<(f32, f32)> {
        self.measures.at(now).rates(self.minimum)
    }

    fn close(&mut self) {
        self.phase = Phase::Closed;
        (self.measures, self.minimum) = match self.config.window {
            SlidingWindow::Calls(size) => (
                Measures::of_calls(size),
                self.config.minimum_calls.min(size.max(1)),
            ),
            SlidingWindow::Seconds(size) => (Measures::of_seconds(size), self.config.minimum_calls),
        };
    }

    fn enter(&mut self, now: Instant, to: State, call: Option<u64>, cause: Cause) -> Transition {
        let from = self.now_in();
        match to {
            State::Closed => self.close(),
            State::Open => {
                let until = now + whole_millis(self.config.wait_open);
                self.phase = Phase::Open { until };
            }
            State::HalfOpen => {
                let longest = whole_millis(self.config.max_wait_half_open);
                self.phase = Phase::HalfOpen {
                    left: self.config.permitted,
                    overdue: (!longest.is_zero()).then(|| now + longest),
                };
                self.measures = Measures::of_calls(self.config.permitted);
                self.minimum = self.config.minimum_calls.min(self.config.permitted);
            }
        }
        self.since = now;
        Transition {
            at: now,
            from,
            to,
            call,
            cause,
        }
    }

    /// The state as it was left by the latest call.
    fn now_in(&self) -> State {
        match self.phase {
            Phase::Closed => State::Closed,
            Phase::Open { .. } => State::Open,
            Phase::HalfOpen { .. } => State::HalfOpen,
        }
    }

    // ANCHOR: resilience4j_verdict
    /// What the results in the window mean, now that `call` has added one.
    fn verdict(&mut self, now: Instant, measure: Measure, call: u64) -> Option<Transition> {
        let state = self.now_in();
        let (failed, slow) = measure.rates(self.minimum)?;
        let calls = measure.calls;
        let (to, cause) = if state == State::Open {
            // Results of calls from before are recorded and change nothing.
            return None;
        } else if failed >= self.config.failure_rate {
            let (rate, threshold) = (failed, self.config.failure_rate);
            let cause = Cause::FailureRate {
                rate,
                threshold,
                calls,
            };
            (State::Open, cause)
        } else if slow >= self.config.slow_rate {
            let (rate, threshold) = (slow, self.config.slow_rate);
            let cause = Cause::SlowRate {
                rate,
                threshold,
                calls,
            };
            (State::Open, cause)
        } else if state == State::HalfOpen {
            let cause = Cause::TrialsPassed {
                failure_rate: failed,
                slow_rate: slow,
                calls,
            };
            (State::Closed, cause)
        } else {
            return None;
        };
        Some(self.enter(now, to, Some(call), cause))
    }
    // ANCHOR_END: resilience4j_verdict

    /// Does what timers would have done until `now`; returns the last of it.
    fn catch_up(&mut self, now: Instant) -> Option<Transition> {
        let mut latest = None;
        // With both timers on and nobody calling, open and half-open take turns for ever.
        for _ in 0..OVERDUE_MAX {
            let Some(due) = self.advance(now) else { break };
            latest = Some(due);
        }
        latest
    }

    /// The first instant at which the open state ends.
    fn wait_ends(&self, until: Instant) -> Instant {
        // A timer fires at the end of the wait; a call must come after it.
        until.plus_nanos(u64::from(!self.config.automatic_half_open))
    }

    /// Ends the open state if the wait is over at `now`.
    fn half_open(&mut self, now: Instant, call: Option<u64>) -> Option<Transition> {
        let Phase::Open { until } = self.phase else {
            return None;
        };
        (now >= self.wait_ends(until)).then(|| {
            let open_for = now.since(self.since);
            self.enter(now, State::HalfOpen, call, Cause::WaitOver { open_for })
        })
    }
}

impl Breaker for Resilience4j {
    // ANCHOR: resilience4j_acquire
    fn try_acquire(&mut self, now: Instant) -> Result<Permit, Refused> {
        self.calls += 1;
        let due = self.catch_up(now);
        let transition = self.half_open(now, Some(self.calls)).or(due);
        let reason = match &mut self.phase {
            Phase::Closed => None,
            Phase::Open { .. } => Some(Reason::Open),
            Phase::HalfOpen { left: 0, .. } => Some(Reason::TrialsTaken),
            Phase::HalfOpen { left, .. } => {
                *left -= 1;
                None
            }
        };
        if let Some(reason) = reason {
            let state = self.now_in();
            let deadline = self.next_deadline().filter(|_| state == State::Open);
            return Err(Refused {
                call: self.calls,
                state,
                reason,
                retry_after: deadline.map(|at| at.since(now)),
                transition,
            });
        }
        Ok(Permit {
            trial: self.phase != Phase::Closed,
            transition,
            ..Permit::new(self.calls, now)
        })
    }
    // ANCHOR_END: resilience4j_acquire

    // ANCHOR: resilience4j_outcome
    fn on_outcome(
        &mut self,
        permit: Permit,
        now: Instant,
        outcome: Outcome,
        latency: Duration,
    ) -> Option<Transition> {
        let transition = self.catch_up(now);
        let failed = match outcome {
            Outcome::Success => false,
            Outcome::Failure | Outcome::TimedOut => true,
            Outcome::Cancelled | Outcome::Excluded => {
                // The library does not ask which state the permission came from.
                if let Phase::HalfOpen { left, .. } = &mut self.phase {
                    *left = left.saturating_add(1);
                }
                return transition;
            }
        };
        let slow = latency > self.config.slow_call;
        let measure = self.measures.record(now, failed, slow);
        self.verdict(now, measure, permit.call).or(transition)
    }
    // ANCHOR_END: resilience4j_outcome

    fn advance(&mut self, now: Instant) -> Option<Transition> {
        match self.phase {
            Phase::HalfOpen {
                overdue: Some(overdue),
                ..
            } if now >= overdue => {
                // As the timer would have done it, at its own time.
                Some(self.enter(overdue, State::Open, None, Cause::TrialsOverdue))
            }
            Phase::Open { until } if self.config.automatic_half_open && now >= until => {
                self.half_open(until, None)
            }
            _ => None,
        }
    }

    fn state(&self, now: Instant) -> State {
        let mut settled = self.clone();
        settled.catch_up(now);
        settled.now_in()
    }

    fn next_deadline(&self) -> Option<Instant> {
        match self.phase {
            Phase::Closed => None,
            Phase::Open { until } => Some(self.wait_ends(until)),
            Phase::HalfOpen { overdue, .. } => overdue,
        }
    }

    fn window(&self, now: Instant) -> Window {
        self.measures.window(now)
    }
}
