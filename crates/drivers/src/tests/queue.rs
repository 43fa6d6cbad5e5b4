//! A queue serves in order, and sheds by its rule.

use std::convert::Infallible;
use std::time::Duration;

use load_shed::{ControlledDelay, ControlledDelayConfig, PriorityConfig, PriorityShedder, Verdict};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tower::{Layer, Service, service_fn};

use super::breaker::MS;
use crate::{GateError, QueueLayer, QueueRule, Shed, TokioClock};

const SERVICE: Duration = Duration::from_millis(10);

async fn work(number: u32) -> Result<u32, Infallible> {
    sleep(SERVICE).await;
    Ok(number)
}

/// Sends so many at once; the answers in the order in which they came.
async fn burst(
    service: impl Service<
        u32,
        Response = u32,
        Error = GateError<Shed, Infallible>,
        Future: Send + 'static,
    >,
    count: u32,
) -> Vec<Result<u32, Shed>> {
    let mut service = service;
    let mut calls = JoinSet::new();
    for number in 0..count {
        let call = service.call(number);
        calls.spawn(async move {
            call.await.map_err(|error| match error {
                GateError::Refused(shed) => shed,
                GateError::Inner(never) => match never {},
            })
        });
    }
    let mut answers = Vec::new();
    while let Some(answer) = calls.join_next().await {
        answers.push(answer.unwrap());
    }
    answers
}

/// Serves everybody, and writes down who waited how long with how many behind.
#[derive(Default)]
struct Noting(Vec<(Duration, usize)>);

impl QueueRule for Noting {
    fn on_turn(&mut self, now: clock::Instant, enqueued: clock::Instant, behind: usize) -> Verdict {
        self.0.push((now.since(enqueued), behind));
        Verdict::Serve
    }
}

#[tokio::test(start_paused = true)]
async fn two_places_serve_four_in_the_order_in_which_they_came() {
    let noting = Noting::default();
    let layer = QueueLayer::new(2, noting, TokioClock::start());
    let answers = burst(layer.layer(service_fn(work)), 4).await;
    assert_eq!(answers, [Ok(0), Ok(1), Ok(2), Ok(3)]);
    assert_eq!(layer.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_rule_is_told_how_long_each_has_waited() {
    let told = std::sync::Arc::new(std::sync::Mutex::new(Noting::default()));
    struct Through(std::sync::Arc<std::sync::Mutex<Noting>>);
    impl QueueRule for Through {
        fn on_turn(
            &mut self,
            now: clock::Instant,
            enqueued: clock::Instant,
            behind: usize,
        ) -> Verdict {
            self.0.lock().unwrap().on_turn(now, enqueued, behind)
        }
    }
    let layer = QueueLayer::new(1, Through(told.clone()), TokioClock::start());
    burst(layer.layer(service_fn(work)), 3).await;
    let waits: Vec<Duration> = told.lock().unwrap().0.iter().map(|wait| wait.0).collect();
    assert_eq!(waits, [Duration::ZERO, SERVICE, 2 * SERVICE]);
}

/// A queue in which one may wait 30 ms, and 15 ms once it has stood for 30 ms.
const CONTROLLED: ControlledDelayConfig = ControlledDelayConfig {
    target: Duration::from_millis(15),
    interval: Duration::from_millis(30),
};

#[tokio::test(start_paused = true)]
async fn who_has_waited_longer_than_the_interval_is_shed_and_all_behind_it() {
    let rule = ControlledDelay::new(CONTROLLED);
    let layer = QueueLayer::new(1, rule, TokioClock::start());
    let answers = burst(layer.layer(service_fn(work)), 8).await;
    // Number 3 has waited exactly 30 ms.
    let served: Vec<u32> = answers.iter().flatten().copied().collect();
    assert_eq!(served, [0, 1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn in_a_queue_that_stands_nobody_is_served_who_has_waited_longer_than_the_target() {
    let rule = ControlledDelay::new(CONTROLLED);
    let layer = QueueLayer::new(1, rule, TokioClock::start());
    let mut service = layer.layer(service_fn(work));
    let began = Instant::now();
    let mut calls = JoinSet::new();
    // Twice as many as can be served.
    for number in 0..100 {
        let call = service.call(number);
        calls.spawn(async move {
            let came = began.elapsed();
            let served = call.await.is_ok();
            (came, served.then(|| began.elapsed() - came))
        });
        sleep(5 * MS).await;
    }
    let calls = calls.join_all().await;
    let standing = calls.iter().filter(|call| call.0 > 100 * MS);
    let longest = standing.filter_map(|call| call.1).max();
    assert_eq!(longest, Some(CONTROLLED.target + SERVICE));
    let served = calls.iter().filter(|call| call.1.is_some()).count();
    assert!(
        (50..=55).contains(&served),
        "{served}: the server is never idle"
    );
}

#[tokio::test(start_paused = true)]
async fn one_that_stops_waiting_leaves_the_line() {
    let layer = QueueLayer::new(1, Noting::default(), TokioClock::start());
    let mut service = layer.layer(service_fn(work));
    let first = tokio::spawn(service.call(0));
    tokio::task::yield_now().await;
    let gave_up = tokio::time::timeout(5 * MS, service.call(1)).await;
    assert!(gave_up.is_err());
    assert_eq!(layer.waiting(), 0);
    assert_eq!(first.await.unwrap(), Ok(0));
    assert_eq!(service.call(2).await, Ok(2), "the place is free again");
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_was_too_long_lets_the_least_important_in_no_more() {
    let config = PriorityConfig::default();
    let clock = TokioClock::start();
    // As many of each level as make up a window; every second one is of the last level.
    let level = |number: &u32| if number.is_multiple_of(2) { 0 } else { 127 };
    let layer = QueueLayer::new(1, PriorityShedder::new(config), clock).level(level);
    let mut service = layer.layer(service_fn(work));
    burst(service.clone(), 20).await;
    sleep(config.window).await;
    // They waited 95 ms on average, more than `overloaded`; the next window lets fewer in, the last level first.
    assert_eq!(service.call(1).await, Err(GateError::Refused(Shed)));
    assert_eq!(service.call(2).await, Ok(2));
}
