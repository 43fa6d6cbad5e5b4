//! Contestants of the limiter tables: one decision each, as somebody who uses the library writes it.

use core::num::NonZeroU32;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use clock::Instant;
use drivers::{Clock, DirectLimiter, FastClock, KeyedGcra, KeyedLimiter, Locked};
use governor::clock::FakeRelativeClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use rate_limiter::{AtomicGcra, Gcra, Keyed, Limit, TokenBucket};

use crate::contest::{Answer, Contest, alone, shared};

/// Keys in turn where every request is allowed; one key where every request is denied.
pub(crate) const KEYS: u64 = 100_000;

/// Places for keys in our keyed limiters: just enough, so that nobody is forgotten.
const KEYS_MAX: usize = KEYS as usize;

/// The limit under which every decision has the wanted answer: a billion a second with room for
/// four billion at once, or one an hour that has just been used up.
fn rate_and_burst(answer: Answer) -> (f64, u32) {
    match answer {
        Answer::Allowed => (1e9, u32::MAX),
        Answer::Denied => (1.0 / 3600.0, 1),
    }
}

fn period(answer: Answer) -> Duration {
    match answer {
        Answer::Allowed => Duration::from_nanos(1),
        Answer::Denied => Duration::from_secs(3600),
    }
}

fn quota(answer: Answer) -> Quota {
    let (_, burst) = rate_and_burst(answer);
    let quota = Quota::with_period(period(answer)).expect("neither period is zero");
    quota.allow_burst(NonZeroU32::new(burst).expect("neither burst is zero"))
}

fn atomic_gcra(answer: Answer) -> AtomicGcra {
    AtomicGcra::with_period(period(answer), rate_and_burst(answer).1)
}

fn gcra(answer: Answer) -> Gcra {
    Gcra::with_period(period(answer), rate_and_burst(answer).1)
}

fn token_bucket(answer: Answer) -> TokenBucket {
    let (rate, burst) = rate_and_burst(answer);
    TokenBucket::new(Limit::per_second(rate), burst.into())
}

/// The yardstick: the algorithm with nothing around it, in the fewest lines.
struct BareGcra {
    theoretical_arrival: AtomicU64,
    period: u64,
    tolerance: u64,
}

impl BareGcra {
    fn new(answer: Answer) -> Self {
        let (_, burst) = rate_and_burst(answer);
        let period = period(answer).as_nanos() as u64;
        Self {
            theoretical_arrival: AtomicU64::new(0),
            period,
            tolerance: period * u64::from(burst - 1),
        }
    }

    #[inline]
    fn check(&self, now: u64) -> bool {
        let grant = |arrival: u64| {
            (now + self.tolerance >= arrival).then(|| arrival.max(now) + self.period)
        };
        let relaxed = Ordering::Relaxed;
        self.theoretical_arrival
            .fetch_update(relaxed, relaxed, grant)
            .is_ok()
    }
}

/// Uses up what a fresh limiter allows where the answer is to be no, and checks the answer.
fn prepare(answer: Answer, mut decide: impl FnMut() -> bool) {
    if answer == Answer::Denied {
        assert!(decide(), "a fresh limiter allows one request");
    }
    assert_eq!(decide(), answer == Answer::Allowed);
}

/// One limit for everybody, the time passed in.
pub(crate) fn direct_timeless(threads: u32, answer: Answer) -> Vec<Contest<'static>> {
    let bare = BareGcra::new(answer);
    prepare(answer, || bare.check(0));
    let atomic = atomic_gcra(answer);
    prepare(answer, || atomic.try_acquire(Instant::ZERO, 1).is_ok());
    let mut bucket = token_bucket(answer);
    prepare(answer, || bucket.allow(Instant::ZERO, 1));
    let clock = FakeRelativeClock::default();
    let governor = RateLimiter::direct_with_clock(quota(answer), clock);
    prepare(answer, || governor.check().is_ok());
    vec![
        shared(
            "governor, its mock clock standing still",
            threads,
            answer,
            move |_| governor.check().is_ok(),
        ),
        shared("bare atomic GCRA", threads, answer, move |now| {
            bare.check(now)
        }),
        shared("AtomicGcra", threads, answer, move |now| {
            atomic.try_acquire(Instant::from_nanos(now), 1).is_ok()
        }),
        alone("TokenBucket", threads, answer, move |now| {
            bucket.allow(Instant::from_nanos(now), 1)
        }),
    ]
}

/// One limit for everybody, with a clock: quanta reads the processor's counter.
pub(crate) fn direct(threads: u32, answer: Answer) -> Vec<Contest<'static>> {
    let clock = FastClock::start();
    let bare = BareGcra::new(answer);
    prepare(answer, || bare.check(0));
    let atomic = DirectLimiter::with_clock(atomic_gcra(answer), clock.clone());
    prepare(answer, || atomic.try_acquire(1).is_ok());
    let bucket = DirectLimiter::with_clock(Locked::new(token_bucket(answer)), clock.clone());
    prepare(answer, || bucket.try_acquire(1).is_ok());
    let governor = RateLimiter::direct(quota(answer));
    prepare(answer, || governor.check().is_ok());
    vec![
        shared("governor", threads, answer, move |_| {
            governor.check().is_ok()
        }),
        shared("bare atomic GCRA", threads, answer, move |_| {
            bare.check(clock.now().as_nanos())
        }),
        shared("DirectLimiter of AtomicGcra", threads, answer, move |_| {
            atomic.try_acquire(1).is_ok()
        }),
        shared(
            "DirectLimiter of Locked TokenBucket",
            threads,
            answer,
            move |_| bucket.try_acquire(1).is_ok(),
        ),
    ]
}

/// A key for each decision: all in an order that no cache foresees, or always the same.
fn key(answer: Answer, number: u64) -> u64 {
    match answer {
        // An odd factor goes through all numbers; its high half is the key.
        Answer::Allowed => {
            let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            (spread * KEYS) >> 32
        }
        Answer::Denied => 0,
    }
}

/// Makes every limiter know all its keys, so that no decision is the first of its key.
fn prepare_keys(answer: Answer, mut decide: impl FnMut(u64) -> bool) {
    match answer {
        Answer::Allowed => (0..KEYS).for_each(|key| assert!(decide(key))),
        Answer::Denied => prepare(answer, || decide(0)),
    }
}

/// A limit for each key, the time passed in.
pub(crate) fn keyed_timeless(threads: u32, answer: Answer) -> Vec<Contest<'static>> {
    let states: DashMapStateStore<u64> = DashMapStateStore::default();
    let clock = FakeRelativeClock::default();
    let governor: RateLimiter<_, _, _, NoOpMiddleware<Nanos>> =
        RateLimiter::new(quota(answer), states, clock);
    prepare_keys(answer, |key| governor.check_key(&key).is_ok());
    let mut ours = Keyed::new(gcra(answer), KEYS_MAX);
    prepare_keys(answer, |key| {
        ours.try_acquire(Instant::ZERO, &key, 1).is_ok()
    });
    vec![
        shared(
            "governor, its mock clock standing still",
            threads,
            answer,
            move |number| governor.check_key(&key(answer, number)).is_ok(),
        ),
        alone("Keyed of Gcra", threads, answer, move |now| {
            let key = key(answer, now);
            ours.try_acquire(Instant::from_nanos(now), &key, 1).is_ok()
        }),
    ]
}

/// A limit for each key, with a clock.
pub(crate) fn keyed(threads: u32, answer: Answer) -> Vec<Contest<'static>> {
    let governor = RateLimiter::keyed(quota(answer));
    prepare_keys(answer, |key: u64| governor.check_key(&key).is_ok());
    let lock_free = KeyedGcra::with_clock(gcra(answer), KEYS_MAX, FastClock::start());
    prepare_keys(answer, |key: u64| lock_free.try_acquire(&key, 1).is_ok());
    let ours = KeyedLimiter::with_clock(gcra(answer), KEYS_MAX, FastClock::start());
    prepare_keys(answer, |key: u64| ours.try_acquire(&key, 1).is_ok());
    vec![
        shared("governor", threads, answer, move |number| {
            governor.check_key(&key(answer, number)).is_ok()
        }),
        shared("KeyedGcra", threads, answer, move |number| {
            lock_free.try_acquire(&key(answer, number), 1).is_ok()
        }),
        shared("KeyedLimiter of Gcra", threads, answer, move |number| {
            ours.try_acquire(&key(answer, number), 1).is_ok()
        }),
    ]
}

/// What reading a clock costs by itself.
pub(crate) fn clocks(threads: u32, answer: Answer) -> Vec<Contest<'static>> {
    let fast = FastClock::start();
    let started = crate::measure::Stopwatch::start();
    let wanted = answer == Answer::Allowed;
    vec![
        shared("std Instant::elapsed alone", threads, answer, move |_| {
            core::hint::black_box(started.nanos());
            wanted
        }),
        shared("FastClock (quanta) alone", threads, answer, move |_| {
            core::hint::black_box(fast.now());
            wanted
        }),
    ]
}
