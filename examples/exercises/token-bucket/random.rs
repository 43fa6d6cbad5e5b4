//! Random calls, held against the book's own bucket.
//!
//! All times are multiples of 1/512 s and all rates powers of two, so that tokens and delays are exact in binary: no
//! decision hangs on how somebody rounds.

use std::time::Duration;

use clock::Instant;
use exercises::Miss;
use rate_limiter::{Limit, Reservation, TokenBucket};
use sim::Rng;

use crate::trial::Trial;

/// 1/512 of a second, in nanoseconds.
const QUANTUM: u64 = 1_953_125;
/// Runs, each with a bucket of its own.
const SEEDS: u64 = 100;
/// Calls in a run.
const CALLS: u32 = 300;
/// Tokens owed at which nobody reserves any more.
const DEEP: f64 = -20.0;

/// A reservation that both buckets know.
struct Held {
    number: usize,
    tokens: u32,
    reservation: Reservation,
}

/// Both buckets, and the calls so far.
struct Pair {
    yours: Trial,
    model: TokenBucket,
    burst: u32,
    nanos: u64,
    reserved: usize,
    held: Vec<Held>,
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
    let rate = [4.0, 8.0, 16.0][rng.below(3) as usize];
    let burst = 1 + rng.below(6) as u32;
    let mut pair = Pair {
        yours: Trial::new(rate, burst),
        model: TokenBucket::new(Limit::per_second(rate), i64::from(burst)),
        burst,
        nanos: 0,
        reserved: 0,
        held: Vec::new(),
    };
    (0..CALLS).try_for_each(|_| pair.call(&mut rng))
}

impl Pair {
    /// One random call of both, and the tokens after it.
    fn call(&mut self, rng: &mut Rng) -> Result<(), Miss> {
        let quanta = match rng.below(10) {
            0..3 => 0,
            3..9 => rng.below(80),
            _ => rng.below(1500),
        };
        self.nanos += quanta * QUANTUM;
        match rng.below(8) {
            0..4 => self.allow(1 + rng.below(u64::from(self.burst) + 1) as u32)?,
            4..6 => self.reserve(1 + rng.below(u64::from(self.burst)) as u32)?,
            _ => self.cancel(rng),
        }
        let tokens = self.model.tokens_at(self.instant());
        self.yours
            .tokens(self.now(), tokens, "so many are in the book's bucket")
    }

    fn now(&self) -> Duration {
        Duration::from_nanos(self.nanos)
    }

    fn instant(&self) -> Instant {
        Instant::from_nanos(self.nanos)
    }

    fn allow(&mut self, n: u32) -> Result<(), Miss> {
        let allowed = self.model.allow(self.instant(), i64::from(n));
        let why = "so the book's bucket decided";
        self.yours.allow(self.now(), n, allowed, why)
    }

    fn reserve(&mut self, n: u32) -> Result<(), Miss> {
        let now = self.instant();
        if self.model.tokens_at(now) < DEEP {
            return Ok(());
        }
        let Ok(reservation) = self.model.reserve(now, i64::from(n)) else {
            return Ok(());
        };
        let delay = reservation.delay_from(now);
        let why = "so long the book's bucket makes it wait";
        self.yours.reserve(self.now(), n, delay, why)?;
        self.held.push(Held {
            number: self.reserved,
            tokens: n,
            reservation,
        });
        self.reserved += 1;
        Ok(())
    }

    /// Cancels one that comes back whole or not at all.
    ///
    /// After a part came back, two reservations may be due at once, and what is restored then is a quirk of the
    /// formula that this exercise does not ask for.
    fn cancel(&mut self, rng: &mut Rng) {
        if self.held.is_empty() {
            return;
        }
        let last = self.held.len() - 1;
        let index = rng.below(self.held.len() as u64) as usize;
        let index = if self.held[index].tokens == 1 {
            index
        } else {
            last
        };
        let newest = self.held[index].number + 1 == self.reserved;
        if self.held[index].tokens > 1 && !newest {
            return;
        }
        let held = self.held.remove(index);
        self.model.cancel(self.instant(), &held.reservation);
        self.yours.cancel(self.now(), held.number);
    }
}
