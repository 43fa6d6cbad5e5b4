//! The breaker layer reports once for each call, however the call ends.

use std::convert::Infallible;
use std::future::{Future, pending};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use circuit_breaker::{
    AnyBreaker, Breaker, Gobreaker, GobreakerConfig, Hystrix, HystrixConfig, Outcome, Permit,
    Reason, Refused, State, Transition, Window,
};
use clock::Instant;
use tokio::time::{advance, sleep};
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::{BreakerError, BreakerLayer, TokioClock};

pub(super) const MS: Duration = Duration::from_millis(1);

/// What a breaker was told.
type Reports = Arc<Mutex<Vec<(u64, Outcome, Duration)>>>;

/// Writes down every report and passes it on.
struct Noting {
    inner: AnyBreaker,
    reports: Reports,
}

impl Breaker for Noting {
    fn try_acquire(&mut self, now: Instant) -> Result<Permit, Refused> {
        self.inner.try_acquire(now)
    }

    fn on_outcome(
        &mut self,
        permit: Permit,
        now: Instant,
        outcome: Outcome,
        latency: Duration,
    ) -> Option<Transition> {
        let report = (permit.call, outcome, latency);
        self.reports.lock().unwrap().push(report);
        self.inner.on_outcome(permit, now, outcome, latency)
    }

    fn advance(&mut self, now: Instant) -> Option<Transition> {
        self.inner.advance(now)
    }

    fn state(&self, now: Instant) -> State {
        self.inner.state(now)
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.inner.next_deadline()
    }

    fn window(&self, now: Instant) -> Window {
        self.inner.window(now)
    }
}

/// A layer on tokio's clock started now, and what its breaker is told.
fn noting(breaker: impl Into<AnyBreaker>) -> (BreakerLayer<Noting, TokioClock>, Reports) {
    let reports = Reports::default();
    let breaker = Noting {
        inner: breaker.into(),
        reports: Arc::clone(&reports),
    };
    (BreakerLayer::new(breaker, TokioClock::start()), reports)
}

pub(super) fn gobreaker() -> Gobreaker {
    Gobreaker::new(GobreakerConfig::default(), Instant::ZERO)
}

fn hystrix() -> Hystrix {
    Hystrix::new(HystrixConfig::default())
}

fn taken(reports: &Reports) -> Vec<(u64, Outcome, Duration)> {
    std::mem::take(&mut reports.lock().unwrap())
}

/// Answers with the status it is sent.
pub(super) async fn echo(status: u16) -> Result<u16, Infallible> {
    Ok(status)
}

/// Never answers.
async fn hang(_: u16) -> Result<u16, Infallible> {
    pending().await
}

/// A status from 500 on is a failure, one from 400 on says nothing about the backend.
pub(super) fn by_status(answer: &Result<u16, Infallible>) -> Outcome {
    match answer {
        Ok(500..) | Err(_) => Outcome::Failure,
        Ok(400..) => Outcome::Excluded,
        Ok(_) => Outcome::Success,
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_reported_once_with_its_class_and_latency() {
    let (layer, reports) = noting(gobreaker());
    let slow = |status: u16| async move {
        sleep(30 * MS).await;
        echo(status).await
    };
    let mut service = layer.classify(by_status).layer(service_fn(slow));
    for status in [200, 404, 500] {
        assert_eq!(service.call(status).await, Ok(status));
    }
    let expected = [
        (1, Outcome::Success, 30 * MS),
        (2, Outcome::Excluded, 30 * MS),
        (3, Outcome::Failure, 30 * MS),
    ];
    assert_eq!(taken(&reports), expected);
}

#[tokio::test(start_paused = true)]
async fn without_a_classification_errors_fail() {
    let (layer, reports) = noting(gobreaker());
    let refuses = service_fn(|_: ()| async { Err::<(), _>("connection refused") });
    let answer = layer.layer(refuses).oneshot(()).await;
    assert_eq!(answer, Err(BreakerError::Inner("connection refused")));
    assert_eq!(taken(&reports), [(1, Outcome::Failure, Duration::ZERO)]);
}

#[tokio::test(start_paused = true)]
async fn a_call_past_its_time_is_dropped_and_reported_as_timed_out() {
    let (layer, reports) = noting(gobreaker());
    let work = Arc::new(());
    let in_progress = Arc::clone(&work);
    let hang = service_fn(move |_: ()| {
        let in_progress = Arc::clone(&in_progress);
        async move {
            pending::<()>().await;
            drop(in_progress);
            Ok::<_, Infallible>(())
        }
    });
    let mut service = layer.time_out(250 * MS).layer(hang);
    let mut call = std::pin::pin!(service.call(()));
    assert_eq!(call.as_mut().await, Err(BreakerError::TimedOut(250 * MS)));
    assert_eq!(taken(&reports), [(1, Outcome::TimedOut, 250 * MS)]);
    drop(service);
    // The future is still there, and what it was waiting for is not.
    assert_eq!(Arc::strong_count(&work), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_the_moment_the_time_is_up_is_an_answer() {
    for (takes, in_time) in [(249 * MS, true), (250 * MS, true), (251 * MS, false)] {
        let (layer, _) = noting(gobreaker());
        let service = layer
            .time_out(250 * MS)
            .layer(service_fn(move |_: ()| async move {
                sleep(takes).await;
                Ok::<_, Infallible>(())
            }));
        assert_eq!(service.oneshot(()).await.is_ok(), in_time, "{takes:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_time_out_of_the_policy_goes_before_that_of_the_layer() {
    let (layer, reports) = noting(hystrix());
    let service = layer.time_out(5000 * MS).layer(service_fn(hang));
    let answer = service.oneshot(200).await;
    assert_eq!(answer, Err(BreakerError::TimedOut(1000 * MS)));
    assert_eq!(taken(&reports), [(1, Outcome::TimedOut, 1000 * MS)]);
}

#[tokio::test(start_paused = true)]
async fn without_any_time_out_a_call_may_take_for_ever() {
    let (layer, reports) = noting(gobreaker());
    let call = layer.layer(service_fn(hang)).oneshot(200);
    assert!(
        tokio::time::timeout(Duration::from_secs(86_400), call)
            .await
            .is_err()
    );
    let day = Duration::from_secs(86_400);
    assert_eq!(taken(&reports), [(1, Outcome::Cancelled, day)]);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_is_reported_as_cancelled_and_its_place_is_free_again() {
    let (layer, reports) = noting(Hystrix::new(HystrixConfig {
        max_concurrent: 1,
        ..HystrixConfig::default()
    }));
    let mut service = layer.layer(service_fn(hang));
    let call = service.call(200);
    advance(40 * MS).await;
    let Err(BreakerError::Refused(refused)) = service.call(200).await else {
        panic!("there is one place")
    };
    assert_eq!(refused.reason, Reason::TooManyAtOnce);
    assert_eq!(refused.retry_after, None);
    assert_eq!(taken(&reports), []);
    drop(call);
    assert_eq!(taken(&reports), [(1, Outcome::Cancelled, 40 * MS)]);
    let mut cx = Context::from_waker(Waker::noop());
    let mut third = std::pin::pin!(service.call(200));
    assert!(third.as_mut().poll(&mut cx).is_pending());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_panics_is_reported_as_failed() {
    let (layer, reports) = noting(gobreaker());
    let broken = service_fn(|_: ()| async {
        if true {
            panic!("a bug in the client")
        } else {
            Ok::<_, Infallible>(())
        }
    });
    let call = tokio::spawn(layer.layer(broken).oneshot(()));
    assert!(call.await.unwrap_err().is_panic());
    assert_eq!(taken(&reports), [(1, Outcome::Failure, Duration::ZERO)]);
}

#[tokio::test(start_paused = true)]
async fn a_finished_or_refused_call_reports_nothing_more_when_dropped() {
    let (layer, reports) = noting(Hystrix::new(HystrixConfig {
        max_concurrent: 1,
        ..HystrixConfig::default()
    }));
    let mut finished = Box::pin(layer.layer(service_fn(echo)).call(200));
    assert_eq!(finished.as_mut().await, Ok(200));
    drop(finished);
    assert_eq!(taken(&reports).len(), 1);
    let mut service = layer.layer(service_fn(hang));
    let first = service.call(200);
    drop(service.call(200));
    assert_eq!(taken(&reports), []);
    drop(first);
    assert_eq!(taken(&reports).len(), 1);
}

/// An inner service that never has room.
#[derive(Clone)]
struct Full;

impl Service<u16> for Full {
    type Response = u16;
    type Error = Infallible;
    type Future = std::future::Ready<Result<u16, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Pending
    }

    fn call(&mut self, _: u16) -> Self::Future {
        panic!("called without being ready")
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_for_room_counts_against_the_time_of_the_call() {
    let (layer, reports) = noting(gobreaker());
    let answer = layer.time_out(250 * MS).layer(Full).oneshot(200).await;
    assert_eq!(answer, Err(BreakerError::TimedOut(250 * MS)));
    assert_eq!(taken(&reports), [(1, Outcome::TimedOut, 250 * MS)]);
}

#[tokio::test(start_paused = true)]
async fn polling_for_readiness_takes_no_permit() {
    let (layer, reports) = noting(Hystrix::new(HystrixConfig {
        max_concurrent: 1,
        ..HystrixConfig::default()
    }));
    let mut service = layer.layer(service_fn(echo));
    let mut cx = Context::from_waker(Waker::noop());
    for _ in 0..10 {
        assert!(service.poll_ready(&mut cx).is_ready());
    }
    assert_eq!(service.call(200).await, Ok(200));
    assert_eq!(taken(&reports).len(), 1);
}

#[tokio::test]
async fn many_threads_report_each_call_once() {
    let (layer, reports) = noting(gobreaker());
    let service = layer.layer(service_fn(echo));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let service = service.clone();
            std::thread::spawn(move || {
                let mut cx = Context::from_waker(Waker::noop());
                for _ in 0..500 {
                    let mut call = std::pin::pin!(service.clone().oneshot(200));
                    assert!(call.as_mut().poll(&mut cx).is_ready());
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let mut calls: Vec<u64> = taken(&reports).iter().map(|report| report.0).collect();
    calls.sort_unstable();
    assert_eq!(calls, (1..=2000).collect::<Vec<u64>>());
}
