//! Random calls, held against the book's own breaker with gobreaker's policy.

use std::time::Duration;

use circuit_breaker::{
    Breaker, Gobreaker, GobreakerConfig, Outcome, Permit, ReadyToTrip, Reason, State as BookState,
};
use clock::Instant;
use exercises::Miss;
use sim::Rng;

use crate::source::{Refused, Settings, State};
use crate::trial::Trial;

/// Runs, each with a breaker of its own.
const SEEDS: u64 = 100;
/// Steps in a run.
const STEPS: u32 = 400;
const WHY: &str = "so the book's breaker decided";

/// Both breakers, and the calls under way.
struct Pair {
    yours: Trial,
    book: Gobreaker,
    nanos: u64,
    under_way: Vec<(usize, Permit)>,
}

/// All runs.
pub(crate) fn random() -> Result<(), Miss> {
    (1..=SEEDS).try_for_each(|seed| {
        run(seed).map_err(|mut miss| {
            miss.expected.push_str(&format!(" (seed {seed})"));
            miss
        })
    })
}

fn run(seed: u64) -> Result<(), Miss> {
    let mut rng = Rng::stream(seed, "exercise");
    let settings = Settings {
        // The original has another rule for a single bucket.
        buckets: 2 + rng.below(4) as u32,
        bucket: Duration::from_millis(500),
        min_calls: 1 + rng.below(8) as u32,
        // Exact in binary, so that no decision hangs on a rounding.
        ratio: [0.25, 0.5, 0.75][rng.below(3) as usize],
        wait: Duration::from_millis(800),
        trials: 1 + rng.below(3) as u32,
    };
    let config = GobreakerConfig {
        max_requests: settings.trials,
        interval: settings.bucket * settings.buckets,
        bucket_period: settings.bucket,
        timeout: settings.wait,
        ready_to_trip: ReadyToTrip::FailureRatio {
            min_requests: settings.min_calls,
            ratio: settings.ratio,
        },
        exclude_cancelled: false,
    };
    let nanos = rng.below(1_000_000_000);
    let mut pair = Pair {
        yours: Trial::new(settings, Duration::from_nanos(nanos)),
        book: Gobreaker::new(config, Instant::from_nanos(nanos)),
        nanos,
        under_way: Vec::new(),
    };
    (0..STEPS).try_for_each(|_| pair.step(&mut rng))
}

impl Pair {
    fn now(&self) -> Duration {
        Duration::from_nanos(self.nanos)
    }

    fn instant(&self) -> Instant {
        Instant::from_nanos(self.nanos)
    }

    /// One random step of both, and where they stand after it.
    fn step(&mut self, rng: &mut Rng) -> Result<(), Miss> {
        // In steps of 50 ms, so that bounds of buckets and waits are hit exactly.
        let steps = match rng.below(10) {
            0..5 => 0,
            5..9 => rng.below(6),
            _ => rng.below(60),
        };
        self.nanos += steps * 50_000_000;
        if rng.below(2) == 0 || self.under_way.is_empty() {
            self.call()?;
        } else {
            self.report(rng);
        }
        let state = match self.book.state(self.instant()) {
            BookState::Closed => State::Closed,
            BookState::Open => State::Open,
            BookState::HalfOpen => State::HalfOpen,
        };
        self.yours.state(self.now(), state, WHY)?;
        let counts = match state {
            State::Closed => {
                let window = self.book.window(self.instant());
                (window.calls as u32, window.failures as u32)
            }
            _ => (0, 0),
        };
        let why = "so many are in the window of the book's breaker";
        self.yours.window(self.now(), counts, why)
    }

    fn call(&mut self) -> Result<(), Miss> {
        let now = self.now();
        match self.book.try_acquire(self.instant()) {
            Ok(permit) => {
                let number = self.yours.passes(now, WHY)?;
                self.under_way.push((number, permit));
                Ok(())
            }
            Err(refused) if refused.reason == Reason::Open => {
                // The book says when to ask again, which is a nanosecond after the wait.
                let retry_after = refused.retry_after.unwrap_or_default();
                let wait = retry_after.saturating_sub(Duration::from_nanos(1));
                self.yours.refuses(now, Refused::Open { wait }, WHY)
            }
            Err(_) => self.yours.refuses(now, Refused::TrialsTaken, WHY),
        }
    }

    fn report(&mut self, rng: &mut Rng) {
        let index = rng.below(self.under_way.len() as u64) as usize;
        let (number, permit) = self.under_way.swap_remove(index);
        let success = rng.below(3) > 0;
        let outcome = if success {
            Outcome::Success
        } else {
            Outcome::Failure
        };
        let now = self.instant();
        self.book.on_outcome(permit, now, outcome, Duration::ZERO);
        self.yours.ends(self.now(), number, success);
    }
}
