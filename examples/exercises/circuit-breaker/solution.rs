//! A circuit breaker with a rolling window; one way to do the exercise.

use std::time::Duration;

/// When the breaker opens, and how it closes again.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Buckets in the window; at least one.
    pub buckets: u32,
    /// Length of a bucket; above zero.
    pub bucket: Duration,
    /// Fewer calls than this in the window never open the breaker; at least one.
    pub min_calls: u32,
    /// The part of the calls that must have failed to open it; 0 to 1.
    pub ratio: f64,
    /// How long it stays open.
    pub wait: Duration,
    /// Calls that are tried when it is half-open; at least one.
    pub trials: u32,
}

/// Where the breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Calls pass.
    Closed,
    /// Calls are refused.
    Open,
    /// A few calls pass, and what becomes of them decides.
    HalfOpen,
}

/// Why a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The breaker is open.
    Open {
        /// What is left of the wait.
        wait: Duration,
    },
    /// The breaker is half-open, and all trials are taken.
    TrialsTaken,
}

/// A call that was let through; `report` takes it back.
#[derive(Debug)]
pub struct Call {
    /// The period it was let through in.
    period: u64,
    /// The number of its bucket in that period.
    bucket: u128,
}

/// Calls and failures of one bucket.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    calls: u32,
    failures: u32,
}

/// A breaker between a caller and a backend.
#[derive(Debug)]
pub struct Breaker {
    /// When it opens, and how it closes again.
    settings: Settings,
    /// Where it stands; open also when the wait is over and nobody has asked yet.
    state: State,
    /// When the state began.
    since: Duration,
    /// Counts the states: a period is the time from one change to the next.
    period: u64,
    /// The ring: bucket number `n` lies at `n` modulo their number.
    ring: Vec<Bucket>,
    /// The number of the newest bucket in the ring.
    newest: u128,
    /// Trials let through in the half-open state.
    tried: u32,
    /// Trials that ended well.
    succeeded: u32,
}

impl Breaker {
    /// A closed breaker whose first bucket begins at `now`.
    pub fn new(settings: Settings, now: Duration) -> Self {
        Self {
            settings,
            state: State::Closed,
            since: now,
            period: 0,
            ring: vec![Bucket::default(); settings.buckets as usize],
            newest: 0,
            tried: 0,
            succeeded: 0,
        }
    }

    /// Where it stands at `now`.
    pub fn state(&self, now: Duration) -> State {
        if self.state == State::Open && now > self.since + self.settings.wait {
            return State::HalfOpen;
        }
        self.state
    }

    /// Calls and failures in the window at `now`, if it is closed; otherwise none.
    pub fn window(&self, now: Duration) -> (u32, u32) {
        if self.state != State::Closed {
            return (0, 0);
        }
        let newest = self.bucket_at(now);
        let length = self.ring.len() as u128;
        let numbers = newest.saturating_sub(length - 1)..=newest.min(self.newest);
        numbers.fold((0, 0), |(calls, failures), number| {
            let bucket = self.ring[(number % length) as usize];
            (calls + bucket.calls, failures + bucket.failures)
        })
    }

    /// Lets a call through at `now`, or refuses it.
    pub fn try_call(&mut self, now: Duration) -> Result<Call, Refused> {
        if self.state == State::Open && self.state(now) == State::HalfOpen {
            self.change(now, State::HalfOpen);
        }
        match self.state {
            State::Closed => {
                self.roll(now);
                let index = self.index(self.newest);
                self.ring[index].calls += 1;
            }
            State::Open => {
                let wait = (self.since + self.settings.wait).saturating_sub(now);
                return Err(Refused::Open { wait });
            }
            State::HalfOpen if self.tried < self.settings.trials => self.tried += 1,
            State::HalfOpen => return Err(Refused::TrialsTaken),
        }
        Ok(Call {
            period: self.period,
            bucket: self.newest,
        })
    }

    /// The call has ended at `now`, well or not.
    pub fn report(&mut self, now: Duration, call: Call, success: bool) {
        if call.period != self.period {
            return;
        }
        match (self.state, success) {
            (State::HalfOpen, true) => {
                self.succeeded += 1;
                if self.succeeded == self.settings.trials {
                    self.change(now, State::Closed);
                }
            }
            (State::HalfOpen, false) => self.change(now, State::Open),
            (State::Closed, false) => self.fail(now, call.bucket),
            _ => {}
        }
    }

    /// Books a failure of a call that was counted in `bucket`, and opens if it is one too many.
    fn fail(&mut self, now: Duration, bucket: u128) {
        self.roll(now);
        if self.newest - bucket < self.ring.len() as u128 {
            let index = self.index(bucket);
            self.ring[index].failures += 1;
        }
        let (calls, failures) = self.window(now);
        let ratio = f64::from(failures) / f64::from(calls);
        if calls >= self.settings.min_calls && ratio >= self.settings.ratio {
            self.change(now, State::Open);
        }
    }

    /// Empties the buckets that have begun since the newest in the ring.
    fn roll(&mut self, now: Duration) {
        let newest = self.bucket_at(now);
        let begun = (newest - self.newest).min(self.ring.len() as u128);
        for number in newest - begun + 1..=newest {
            let index = self.index(number);
            self.ring[index] = Bucket::default();
        }
        self.newest = newest;
    }

    fn change(&mut self, now: Duration, state: State) {
        self.state = state;
        self.since = now;
        self.period += 1;
        self.ring.fill(Bucket::default());
        self.newest = 0;
        self.tried = 0;
        self.succeeded = 0;
    }

    /// The number of the bucket in which `now` lies, counted since the state began.
    fn bucket_at(&self, now: Duration) -> u128 {
        (now - self.since).as_nanos() / self.settings.bucket.as_nanos()
    }

    fn index(&self, number: u128) -> usize {
        (number % self.ring.len() as u128) as usize
    }
}
