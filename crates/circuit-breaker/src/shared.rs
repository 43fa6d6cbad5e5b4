//! A breaker for many threads: gobreaker's failure ratio, without a lock where calls pass.

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::sync::{Mutex, MutexGuard, PoisonError};

use clock::Instant;

use crate::shards::Shards;
use crate::{Cause, Outcome, Reason, State, Transition};

// ANCHOR: SharedConfig
/// Settings of [`SharedBreaker`].
#[derive(Clone, Debug, PartialEq)]
pub struct SharedConfig {
    /// Length of a bucket of the rolling window (0: one bucket for ever).
    pub bucket_period: Duration,
    /// Buckets in the window, 2 to 100; others are moved to the nearest of these.
    pub buckets: u32,
    /// Fewer calls than this in the window never open the breaker.
    pub min_requests: u32,
    /// The part of them that must fail to open it, 0 to 1.
    pub ratio: f64,
    /// How long it stays open.
    pub timeout: Duration,
    /// Trials in the half-open state, and successes in a row that close; at least 1.
    pub max_requests: u32,
}
// ANCHOR_END: SharedConfig

/// Ten seconds, 20 calls, half of them; a minute open, one trial.
impl Default for SharedConfig {
    fn default() -> Self {
        Self {
            bucket_period: Duration::from_secs(1),
            buckets: 10,
            min_requests: 20,
            ratio: 0.5,
            timeout: Duration::from_secs(60),
            max_requests: 1,
        }
    }
}

/// Leave to make one call; hand it back with [`SharedBreaker::on_outcome`].
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a trial that never comes back blocks the breaker for ever"]
pub struct SharedPermit {
    /// Whether it tests if the backend is well again.
    pub trial: bool,
    /// The bucket it was counted in; of a trial, the number of the half-open state.
    bucket: u32,
}

/// Not admitted by a [`SharedBreaker`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Why.
    pub reason: Reason,
    /// How long to stay away; `None` if it hangs on other calls.
    pub retry_after: Option<Duration>,
}

// ANCHOR: SharedBreaker
/// [`Gobreaker`](crate::Gobreaker) with a failure ratio over a rolling window, for threads that
/// share it by reference.
///
/// Its rule makes it cheap: results are looked at when a call fails, so a success needs no counting
/// and an admission is one addition to a counter that hardly another thread writes to. A failure,
/// and everything but the closed state, takes a lock; refusing while open does not.
///
/// One thread gets the answers of `Gobreaker`, call for call. Among several, a call that is
/// admitted while another trips the breaker may be counted or not. Calls are not numbered.
#[derive(Debug)]
pub struct SharedBreaker {
    config: SharedConfig,
    /// Calls are admitted without the lock before this time, in ns; 0 unless closed.
    pass_before: AtomicU64,
    /// Calls are refused without the lock before this time, in ns; 0 unless open.
    refuse_before: AtomicU64,
    /// The newest bucket in the upper half, its slot in the lower one.
    newest: AtomicU64,
    /// Calls admitted in the closed state.
    requests: Shards,
    rest: Mutex<Rest>,
}

/// What only the holder of the lock sees. Only the holder writes the fields above, but for counts.
#[derive(Debug)]
struct Rest {
    state: State,
    /// When the state began.
    since: Instant,
    /// Number of the state's first bucket, or of the half-open state.
    first: u32,
    /// Buckets since then.
    age: u64,
    /// Failures of the buckets in the window, by slot.
    failures: Vec<u32>,
    /// Trials admitted and not excluded since.
    trials: u32,
    /// Trials that succeeded.
    successes: u32,
}
// ANCHOR_END: SharedBreaker

impl SharedBreaker {
    /// A closed breaker whose window begins at `now`.
    #[must_use]
    pub fn new(mut config: SharedConfig, now: Instant) -> Self {
        config.buckets = config.buckets.clamp(2, 100);
        config.max_requests = config.max_requests.max(1);
        let slots = config.buckets as usize;
        let rest = Rest {
            state: State::Closed,
            since: now,
            first: 0,
            age: 0,
            failures: vec![0; slots],
            trials: 0,
            successes: 0,
        };
        let breaker = Self {
            config,
            pass_before: AtomicU64::new(0),
            refuse_before: AtomicU64::new(0),
            newest: AtomicU64::new(0),
            requests: Shards::new(slots),
            rest: Mutex::new(rest),
        };
        breaker.open_bucket(&mut breaker.lock());
        breaker
    }

    // ANCHOR: shared_acquire
    /// Asks to make one call at `now`.
    ///
    /// # Errors
    /// [`Rejected`] says why, and how long to stay away.
    #[inline]
    pub fn try_acquire(&self, now: Instant) -> Result<SharedPermit, Rejected> {
        let nanos = now.as_nanos();
        if nanos < self.pass_before.load(Ordering::Acquire) {
            // Acquire: who sees the bucket also sees that its counters were emptied for it.
            let newest = self.newest.load(Ordering::Acquire);
            let (bucket, slot) = ((newest >> 32) as u32, newest as u32 as usize);
            if self.requests.add(slot, bucket) {
                let trial = false;
                return Ok(SharedPermit { trial, bucket });
            }
        }
        self.try_acquire_slowly(now)
    }
    // ANCHOR_END: shared_acquire

    /// Reports what became of an admitted call; `now` is asked only if it matters. Returns the
    /// change of state it caused.
    #[inline]
    pub fn on_outcome(
        &self,
        permit: SharedPermit,
        outcome: Outcome,
        now: impl FnOnce() -> Instant,
    ) -> Option<Transition> {
        // In the closed state all calls were counted when they were admitted.
        let counted = matches!(outcome, Outcome::Success | Outcome::Excluded);
        if counted && !permit.trial {
            return None;
        }
        self.on_outcome_slowly(&permit, outcome, now())
    }

    /// Where the breaker stands at `now`.
    #[must_use]
    pub fn state(&self, now: Instant) -> State {
        let rest = self.lock();
        match rest.state {
            State::Open if now >= self.wait_ends(&rest) => State::HalfOpen,
            state => state,
        }
    }

    /// Calls and failures in the window of the closed state at `now`; none in another state.
    #[must_use]
    pub fn counts(&self, now: Instant) -> (u64, u64) {
        let mut rest = self.lock();
        if rest.state != State::Closed {
            return (0, 0);
        }
        self.roll(&mut rest, now);
        self.sums(&rest)
    }

    fn lock(&self) -> MutexGuard<'_, Rest> {
        // Nothing below panics half-way through a change.
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cold]
    fn try_acquire_slowly(&self, now: Instant) -> Result<SharedPermit, Rejected> {
        let refuse_before = Instant::from_nanos(self.refuse_before.load(Ordering::Acquire));
        if now < refuse_before {
            return Err(Rejected {
                reason: Reason::Open,
                retry_after: Some(refuse_before.since(now)),
            });
        }
        let mut rest = self.lock();
        if rest.state == State::Open && now >= self.wait_ends(&rest) {
            let open_for = now.since(rest.since);
            self.enter(
                &mut rest,
                State::HalfOpen,
                now,
                Cause::WaitOver { open_for },
            );
        }
        match rest.state {
            State::Closed => {
                self.roll(&mut rest, now);
                let (slot, bucket) = (self.slot(rest.age), rest.newest());
                // The lock is held, so the slot is this bucket's.
                self.requests.add(slot, bucket);
                Ok(SharedPermit {
                    trial: false,
                    bucket,
                })
            }
            State::HalfOpen if rest.trials < self.config.max_requests => {
                rest.trials += 1;
                Ok(SharedPermit {
                    trial: true,
                    bucket: rest.first,
                })
            }
            State::HalfOpen => Err(Rejected {
                reason: Reason::TrialsTaken,
                retry_after: None,
            }),
            // Another thread opened it in between.
            State::Open => Err(Rejected {
                reason: Reason::Open,
                retry_after: Some(self.wait_ends(&rest).since(now)),
            }),
        }
    }

    #[cold]
    fn on_outcome_slowly(
        &self,
        permit: &SharedPermit,
        outcome: Outcome,
        now: Instant,
    ) -> Option<Transition> {
        let mut rest = self.lock();
        match (rest.state, permit.trial) {
            (State::HalfOpen, true) if permit.bucket == rest.first => match outcome {
                Outcome::Excluded => {
                    rest.trials = rest.trials.saturating_sub(1);
                    None
                }
                Outcome::Success => {
                    rest.successes += 1;
                    let successes = rest.successes;
                    let cause = Cause::TrialsSucceeded { successes };
                    let enough = successes >= self.config.max_requests;
                    enough.then(|| self.enter(&mut rest, State::Closed, now, cause))
                }
                _ => Some(self.enter(&mut rest, State::Open, now, Cause::TrialFailed)),
            },
            (State::Closed, false) => {
                self.roll(&mut rest, now);
                self.on_failure(&mut rest, permit.bucket, now)
            }
            // A result from before the state began.
            _ => None,
        }
    }

    // ANCHOR: shared_failure
    fn on_failure(&self, rest: &mut Rest, bucket: u32, now: Instant) -> Option<Transition> {
        let back = u64::from(rest.newest().wrapping_sub(bucket));
        if back > rest.age {
            // Its call was admitted before the last trip.
            return None;
        }
        if back < u64::from(self.config.buckets) {
            let slot = self.slot(rest.age - back);
            rest.failures[slot] = rest.failures[slot].saturating_add(1);
        }
        let (requests, failures) = self.sums(rest);
        let many = requests >= u64::from(self.config.min_requests);
        (many && failures as f64 / requests as f64 >= self.config.ratio).then(|| {
            let cause = Cause::FailureRatio {
                failures: u32::try_from(failures).unwrap_or(u32::MAX),
                requests: u32::try_from(requests).unwrap_or(u32::MAX),
                ratio: self.config.ratio,
            };
            self.enter(rest, State::Open, now, cause)
        })
    }
    // ANCHOR_END: shared_failure

    /// Calls and failures in the window.
    fn sums(&self, rest: &Rest) -> (u64, u64) {
        let oldest = (rest.age + 1).saturating_sub(self.config.buckets.into());
        let requests = (oldest..=rest.age).map(|age| {
            let bucket = rest.first.wrapping_add(age as u32);
            self.requests.sum(self.slot(age), bucket)
        });
        let failures = rest.failures.iter().map(|&count| u64::from(count));
        (requests.sum(), failures.sum())
    }

    fn slot(&self, age: u64) -> usize {
        (age % u64::from(self.config.buckets)) as usize
    }

    /// The first instant after the open state.
    fn wait_ends(&self, rest: &Rest) -> Instant {
        (rest.since + self.config.timeout).plus_nanos(1)
    }

    /// Begins the buckets that are due in the closed state.
    fn roll(&self, rest: &mut Rest, now: Instant) {
        let elapsed = now.since(rest.since).as_nanos();
        let age = elapsed.checked_div(self.config.bucket_period.as_nanos());
        let age = age.unwrap_or(0) as u64;
        // Of those that would leave again at once, none is begun.
        let buckets = u64::from(self.config.buckets);
        rest.age = rest.age.max(age.saturating_sub(buckets));
        while rest.age < age {
            rest.age += 1;
            self.open_bucket(rest);
        }
    }

    /// Empties the newest bucket and lets calls into it.
    fn open_bucket(&self, rest: &mut Rest) {
        let (slot, bucket) = (self.slot(rest.age), rest.newest());
        rest.failures[slot] = 0;
        self.requests.reset(slot, bucket);
        let newest = u64::from(bucket) << 32 | slot as u64;
        self.newest.store(newest, Ordering::Release);
        let period = self.config.bucket_period.as_nanos();
        let passed = period.saturating_mul(u128::from(rest.age) + 1);
        let end = u128::from(rest.since.as_nanos()).saturating_add(passed);
        let end = if period == 0 { u128::MAX } else { end };
        let pass_before = u64::try_from(end).unwrap_or(u64::MAX);
        self.pass_before.store(pass_before, Ordering::Release);
    }

    fn enter(&self, rest: &mut Rest, to: State, now: Instant, cause: Cause) -> Transition {
        let from = core::mem::replace(&mut rest.state, to);
        // So far that no bucket of the state before is in the window.
        rest.first = rest.newest().wrapping_add(self.config.buckets);
        rest.since = now;
        rest.age = 0;
        rest.trials = 0;
        rest.successes = 0;
        rest.failures.fill(0);
        self.pass_before.store(0, Ordering::Release);
        let refuse_before = match to {
            State::Open => self.wait_ends(rest).as_nanos(),
            _ => 0,
        };
        self.refuse_before.store(refuse_before, Ordering::Release);
        if to == State::Closed {
            self.open_bucket(rest);
        }
        Transition {
            at: now,
            from,
            to,
            call: None,
            cause,
        }
    }
}

impl Rest {
    /// Number of the newest bucket.
    fn newest(&self) -> u32 {
        self.first.wrapping_add(self.age as u32)
    }
}
