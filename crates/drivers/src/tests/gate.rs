//! A gate layer asks its mechanism before every call and tells it once what became of it.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use adaptive_throttle::{AdaptiveThrottle, Config, reject_probability};
use circuit_breaker::Outcome;
use clock::Instant;
use concurrency_limit::{Aimd, AimdConfig, Limit, LimitReached, Limiter};
use load_shed::{Bulkhead, Full};
use tokio::time::sleep;
use tower::{Layer, Service, service_fn};

use super::breaker::{MS, by_status, echo};
use crate::{GateError, GateLayer, Throttling, TokioClock};

/// Answers after this time.
async fn answers_after(time: Duration) -> Result<u16, Infallible> {
    sleep(time).await;
    Ok(200)
}

/// Allows two at once and writes down what it is told.
#[derive(Clone, Debug, Default, PartialEq)]
struct TwoAtOnce {
    samples: Vec<(Duration, u32, bool)>,
}

impl Limit for TwoAtOnce {
    fn on_sample(&mut self, rtt: Duration, in_flight: u32, dropped: bool) -> u32 {
        self.samples.push((rtt, in_flight, dropped));
        2
    }

    fn limit(&self) -> u32 {
        2
    }
}

#[tokio::test(start_paused = true)]
async fn the_third_call_at_once_is_refused_and_the_next_after_an_answer_is_not() {
    let layer = GateLayer::new(Limiter::new(TwoAtOnce::default()), TokioClock::start());
    let mut service = layer.layer(service_fn(answers_after));
    let (first, second) = (service.call(30 * MS), service.call(50 * MS));
    assert_eq!(
        service.call(MS).await,
        Err(GateError::Refused(LimitReached { limit: 2 }))
    );
    assert_eq!(tokio::join!(first, second), (Ok(200), Ok(200)));
    assert_eq!(service.call(10 * MS).await, Ok(200));
    let samples = layer.with(|limiter, _| {
        assert_eq!(limiter.in_flight(), 0);
        limiter.clone()
    });
    let told = format!("{samples:?}");
    for sample in ["(30ms, 1, false)", "(50ms, 2, false)", "(10ms, 1, false)"] {
        assert!(told.contains(sample), "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_gives_its_place_back_and_says_nothing_about_time() {
    let layer = GateLayer::new(Limiter::new(TwoAtOnce::default()), TokioClock::start());
    let hang = |(): ()| pending::<Result<u16, Infallible>>();
    let mut service = layer.layer(service_fn(hang));
    let given_up = tokio::time::timeout(20 * MS, service.call(())).await;
    assert!(given_up.is_err());
    let never_polled = service.call(());
    drop(never_polled);
    layer.with(|limiter, _| assert_eq!(*limiter, Limiter::new(TwoAtOnce::default())));
}

#[tokio::test(start_paused = true)]
async fn a_limit_shrinks_when_answers_say_that_there_is_too_much_to_do() {
    let config = AimdConfig {
        min: 1,
        ..AimdConfig::default()
    };
    let limiter = Limiter::new(Aimd::new(config));
    let before = limiter.limit();
    let layer = GateLayer::new(limiter, TokioClock::start()).classify(
        |answer: &Result<u16, Infallible>| match answer {
            Ok(503) => Outcome::TimedOut,
            _ => Outcome::Success,
        },
    );
    let mut service = layer.layer(service_fn(echo));
    assert_eq!(service.call(503).await, Ok(503));
    let after = layer.with(|limiter, _| limiter.limit());
    assert!(after < before, "{before} before, {after} after");
}

#[tokio::test(start_paused = true)]
async fn a_bulkhead_frees_its_place_when_the_work_has_ended() {
    let layer = GateLayer::new(Bulkhead::new(1), TokioClock::start());
    let mut service = layer.layer(service_fn(answers_after));
    let first = service.call(5 * MS);
    assert_eq!(service.call(MS).await, Err(GateError::Refused(Full)));
    assert_eq!(first.await, Ok(200));
    assert_eq!(service.call(MS).await, Ok(200));
    layer.with(|bulkhead, _| assert_eq!(bulkhead.taken(), 0));
}

#[tokio::test(start_paused = true)]
async fn a_throttled_caller_stays_at_home_as_often_as_the_book_says() {
    // The largest number below one passes unless the chance is one, a half refuses half of the time.
    let throttle = AdaptiveThrottle::new(Config::default());
    let layer =
        GateLayer::new(Throttling::new(throttle, || 0.5), TokioClock::start()).classify(by_status);
    let mut service = layer.layer(service_fn(echo));
    let mut sent = 0;
    while service.call(500).await.is_ok() {
        sent += 1;
        assert!(sent < 100, "a backend that takes nothing on is still asked");
    }
    // The first refusal comes with the first request before which the chance is above a half.
    let first = (0..).find(|&requests| reject_probability(requests, 0, 2.0) > 0.5);
    assert_eq!(Some(sent), first);
    layer.with(|_, now| assert_eq!(now, Instant::ZERO));
}
