//! Where the two limiters that people deploy part ways: the rule of golang.org/x/time/rate, and the real governor, asked the same.
//!
//! ```text
//! cargo run -p rate-limiting --example differences
//! ```
//!
//! Expect a table of four situations; in ordinary traffic there is no row at all, because they decide alike.

use std::cell::Cell;
use std::io::Write;
use std::num::NonZeroU32;
use std::rc::Rc;
use std::time::Duration;

use clock::Instant;
use governor::clock::Clock;
use governor::nanos::Nanos;
use governor::{Quota, RateLimiter};
use rate_limiter::{Limit, TokenBucket};

/// A clock that stands where it is put, for governor to read.
#[derive(Clone, Default)]
struct Hand(Rc<Cell<u64>>);

impl Clock for Hand {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(self.0.get())
    }
}

/// Both limiters, full, at the same rate and burst.
struct Pair {
    bucket: TokenBucket,
    governor: RateLimiter<
        governor::state::NotKeyed,
        governor::state::InMemoryState,
        Hand,
        governor::middleware::NoOpMiddleware<Nanos>,
    >,
    hand: Hand,
}

// ANCHOR: pair
impl Pair {
    fn new(rate: u32, burst: u32) -> Self {
        let at_least_one = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(rate)).allow_burst(at_least_one(burst));
        let hand = Hand::default();
        Self {
            bucket: TokenBucket::new(Limit::per_second(rate.into()), burst.into()),
            governor: RateLimiter::direct_with_clock(quota, hand.clone()),
            hand,
        }
    }

    /// Asks both for one token, `times` times at the same moment; how many each admits.
    fn ask(&mut self, at: Duration, times: u32) -> [u32; 2] {
        let now = Instant::ZERO + at;
        self.hand.0.set(now.as_nanos());
        let bucket = (0..times).filter(|_| self.bucket.allow(now, 1)).count();
        let governor = (0..times).filter(|_| self.governor.check().is_ok()).count();
        [bucket as u32, governor as u32]
    }
}
// ANCHOR_END: pair

// ANCHOR: situations
/// One nanosecond before the next token is due: Go cuts the waiting time to whole nanoseconds and grants.
fn a_nanosecond_early() -> [u32; 2] {
    let mut pair = Pair::new(10, 1);
    pair.ask(Duration::ZERO, 1);
    pair.ask(Duration::from_nanos(99_999_999), 1)
}

/// A clock that steps back by half a second, as one set by hand does: Go refills the same half second twice.
fn a_clock_set_back() -> [u32; 2] {
    let mut pair = Pair::new(10, 10);
    let mut admitted = [0, 0];
    for (millis, times) in [(0, 10), (1_000, 5), (500, 1), (1_000, 20)] {
        let more = pair.ask(Duration::from_millis(millis), times);
        admitted = [admitted[0] + more[0], admitted[1] + more[1]];
    }
    admitted
}

/// Three million a second, asked every nanosecond for a hundredth of one: governor's 333.3 ns between two become 333.
fn a_rate_that_does_not_divide() -> [u32; 2] {
    let mut pair = Pair::new(3_000_000, 1);
    let mut admitted = [0, 0];
    for tick in 0..10_000_000 {
        let more = pair.ask(Duration::from_nanos(tick), 1);
        admitted = [admitted[0] + more[0], admitted[1] + more[1]];
    }
    admitted
}

/// Half a minute of ordinary traffic: 20 a second, evenly, against 10 a second.
fn ordinary_traffic() -> [u32; 2] {
    let mut pair = Pair::new(10, 50);
    let mut admitted = [0, 0];
    for tick in 0..600 {
        let more = pair.ask(Duration::from_millis(tick * 50), 1);
        admitted = [admitted[0] + more[0], admitted[1] + more[1]];
    }
    admitted
}
// ANCHOR_END: situations

fn main() {
    type Situation = (&'static str, fn() -> [u32; 2]);
    const SITUATIONS: [Situation; 4] = [
        ("20/s for 30 s, limit 10/s, burst 50", ordinary_traffic),
        ("asked 1 ns before the token is due", a_nanosecond_early),
        ("the clock is set back by 0.5 s", a_clock_set_back),
        (
            "3,000,000/s, asked for 10 ms on end",
            a_rate_that_does_not_divide,
        ),
    ];
    let mut table = format!(
        "{:<38}{:>12}{:>12}\n",
        "admitted by the rule of", "x/time/rate", "governor"
    );
    for (name, situation) in SITUATIONS {
        let [bucket, governor] = situation();
        table += &format!("{name:<38}{bucket:>12}{governor:>12}\n");
    }
    // Nobody may be reading.
    let _ = std::io::stdout().write_all(table.as_bytes());
}
