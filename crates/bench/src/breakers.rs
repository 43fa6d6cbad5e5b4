//! Contestants of the breaker tables: one call, as somebody who uses the library writes it.

use core::hint::black_box;
use core::time::Duration;
use std::sync::{Mutex, PoisonError};

use circuit_breaker::{
    AnyBreaker, Breaker, Gobreaker, GobreakerConfig, Hystrix, HystrixConfig, Outcome, ReadyToTrip,
    Resilience4j, Resilience4jConfig, SharedBreaker, SharedConfig, SlidingWindow,
};
use clock::Instant;
use drivers::{Clock, CoarseClock, FastClock};
use failsafe::failure_policy::{consecutive_failures, success_rate_over_time_window};
use failsafe::{Config, FailurePolicy, backoff};
use recloser::Recloser;

use crate::contest::{Answer, Contest, alone, shared};

/// Longer than any measurement, so that what is open stays open.
const HOUR: Duration = Duration::from_secs(3600);

/// Short beside the buckets of a second that the breakers count in.
const TICK: Duration = Duration::from_millis(10);

/// What the backend says.
type Reply = Result<(), ()>;

/// A breaker in front of a backend: calls it, or refuses with `false`.
fn call_recloser(breaker: &Recloser, reply: Reply) -> bool {
    match breaker.call(|| black_box(reply)) {
        Ok(()) | Err(recloser::Error::Inner(())) => true,
        Err(recloser::Error::Rejected) => false,
    }
}

/// As [`call_recloser`].
fn call_failsafe(breaker: &impl failsafe::CircuitBreaker, reply: Reply) -> bool {
    match breaker.call(|| black_box(reply)) {
        Ok(()) | Err(failsafe::Error::Inner(())) => true,
        Err(failsafe::Error::Rejected) => false,
    }
}

/// As [`call_recloser`]; `clock` is read when the call begins, and again if it fails.
fn call_shared(breaker: &SharedBreaker, clock: impl Fn() -> Instant, reply: Reply) -> bool {
    let Ok(permit) = breaker.try_acquire(clock()) else {
        return false;
    };
    let outcome = match black_box(reply) {
        Ok(()) => Outcome::Success,
        Err(()) => Outcome::Failure,
    };
    breaker.on_outcome(permit, outcome, clock);
    true
}

/// As [`call_recloser`]; `clock` is read when the call begins and when it ends.
fn call_exact(breaker: &mut impl Breaker, clock: impl Fn() -> Instant, reply: Reply) -> bool {
    let Ok(permit) = breaker.try_acquire(clock()) else {
        return false;
    };
    let outcome = match black_box(reply) {
        Ok(()) => Outcome::Success,
        Err(()) => Outcome::Failure,
    };
    let now = clock();
    let latency = now.since(permit.at);
    breaker.on_outcome(permit, now, outcome, latency);
    true
}

/// As [`call_exact`], for threads in turn.
fn call_locked(breaker: &Mutex<AnyBreaker>, clock: impl Fn() -> Instant, reply: Reply) -> bool {
    let locked = || breaker.lock().unwrap_or_else(PoisonError::into_inner);
    let asked = locked().try_acquire(clock());
    let Ok(permit) = asked else {
        return false;
    };
    let outcome = match black_box(reply) {
        Ok(()) => Outcome::Success,
        Err(()) => Outcome::Failure,
    };
    let mut breaker = locked();
    let now = clock();
    let latency = now.since(permit.at);
    breaker.on_outcome(permit, now, outcome, latency);
    true
}

/// Opens the breaker where the answer is to be no: more failures than any policy here tolerates.
fn prepare(answer: Answer, mut call: impl FnMut(Reply) -> bool) {
    if answer == Answer::Denied {
        for _ in 0..1000 {
            call(Err(()));
        }
    }
    assert_eq!(call(Ok(())), answer == Answer::Allowed);
}

fn recloser(answer: Answer) -> Recloser {
    let breaker = Recloser::custom().open_wait(HOUR).build();
    prepare(answer, |reply| call_recloser(&breaker, reply));
    breaker
}

/// Both policies of failsafe: what `Config::new` gives, or only the cheaper half of it.
fn failsafe_default(answer: Answer) -> impl failsafe::CircuitBreaker + Sync {
    let wait = backoff::constant(HOUR);
    let seconds = Duration::from_secs(30);
    let rate = success_rate_over_time_window(0.8, 5, seconds, wait.clone());
    let policy = rate.or_else(consecutive_failures(5, wait));
    let breaker = Config::new().failure_policy(policy).build();
    prepare(answer, |reply| call_failsafe(&breaker, reply));
    breaker
}

fn failsafe_consecutive(answer: Answer) -> impl failsafe::CircuitBreaker + Sync {
    let policy = consecutive_failures(5, backoff::constant(HOUR));
    let breaker = Config::new().failure_policy(policy).build();
    prepare(answer, |reply| call_failsafe(&breaker, reply));
    breaker
}

/// Ten buckets of a second, as hystrix-go has them; half of at least 20 calls.
fn shared_breaker(answer: Answer) -> SharedBreaker {
    let config = SharedConfig {
        timeout: HOUR,
        ..SharedConfig::default()
    };
    let breaker = SharedBreaker::new(config, Instant::ZERO);
    prepare(answer, |reply| {
        call_shared(&breaker, || Instant::ZERO, reply)
    });
    breaker
}

/// The models themselves.
fn exact(answer: Answer) -> [(&'static str, &'static str, AnyBreaker); 3] {
    let hystrix = Hystrix::new(HystrixConfig {
        sleep_window: HOUR,
        ..HystrixConfig::default()
    });
    let second = Duration::from_secs(1);
    let gobreaker = GobreakerConfig {
        interval: 10 * second,
        bucket_period: second,
        timeout: HOUR,
        ready_to_trip: ReadyToTrip::FailureRatio {
            min_requests: 20,
            ratio: 0.5,
        },
        ..GobreakerConfig::default()
    };
    let resilience4j = Resilience4j::new(Resilience4jConfig {
        window: SlidingWindow::Calls(100),
        wait_open: HOUR,
        ..Resilience4jConfig::default()
    });
    let mut all = [
        ("Hystrix", "Hystrix behind a lock, quanta", hystrix.into()),
        (
            "Gobreaker",
            "Gobreaker behind a lock, quanta",
            Gobreaker::new(gobreaker, Instant::ZERO).into(),
        ),
        (
            "Resilience4j",
            "Resilience4j behind a lock, quanta",
            resilience4j.into(),
        ),
    ];
    for (_, _, breaker) in &mut all {
        prepare(answer, |reply| call_exact(breaker, || Instant::ZERO, reply));
    }
    all
}

fn peers(threads: u32, answer: Answer) -> Vec<Contest<'static>> {
    let recloser = recloser(answer);
    let default = failsafe_default(answer);
    let consecutive = failsafe_consecutive(answer);
    let reply = |_: u64| Ok(());
    vec![
        shared("recloser", threads, answer, move |number| {
            call_recloser(&recloser, reply(number))
        }),
        shared("failsafe", threads, answer, move |number| {
            call_failsafe(&default, reply(number))
        }),
        shared(
            "failsafe, consecutive failures only",
            threads,
            answer,
            move |number| call_failsafe(&consecutive, reply(number)),
        ),
    ]
}

/// With a clock: one that ticks, or the processor's counter.
pub(crate) fn timed(threads: u32, answer: Answer) -> Vec<Contest<'static>> {
    let mut all = peers(threads, answer);
    let ticking = CoarseClock::start(TICK).expect("the system has a thread to give");
    let ours = shared_breaker(answer);
    all.push(shared(
        "SharedBreaker, clock ticking every 10 ms",
        threads,
        answer,
        move |_| call_shared(&ours, || ticking.now(), Ok(())),
    ));
    let clock = FastClock::start();
    let ours = shared_breaker(answer);
    let read = clock.clone();
    all.push(shared(
        "SharedBreaker, quanta",
        threads,
        answer,
        move |_| call_shared(&ours, || read.now(), Ok(())),
    ));
    for (_, locked, breaker) in exact(answer) {
        let (breaker, read) = (Mutex::new(breaker), clock.clone());
        all.push(shared(locked, threads, answer, move |_| {
            call_locked(&breaker, || read.now(), Ok(()))
        }));
    }
    all
}

/// With the time passed in: a nanosecond passes from call to call.
pub(crate) fn timeless(threads: u32, answer: Answer) -> Vec<Contest<'static>> {
    let ours = shared_breaker(answer);
    let mut all = peers(threads, answer);
    all.push(shared("SharedBreaker", threads, answer, move |now| {
        call_shared(&ours, || Instant::from_nanos(now), Ok(()))
    }));
    for (name, _, mut breaker) in exact(answer) {
        all.push(alone(name, threads, answer, move |now| {
            call_exact(&mut breaker, || Instant::from_nanos(now), Ok(()))
        }));
    }
    all
}
