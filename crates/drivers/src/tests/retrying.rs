//! A retry layer sends again after the waits of its backoff, as often as attempts and budget allow.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clock::Instant;
use retry::{AnyBudget, Backoff, Budget, Exhausted, Jitter, RatioBudget};
use tokio::time::Instant as TokioInstant;
use tower::{Layer, Service, service_fn};

use super::breaker::MS;
use crate::{RetryLayer, TokioClock};

const BACKOFF: Backoff = Backoff {
    base: Duration::from_millis(100),
    cap: Duration::from_secs(1),
    jitter: Jitter::Full,
};

fn failed(answer: &Result<u16, Infallible>) -> bool {
    matches!(answer, Ok(500..))
}

/// A backend that answers with these statuses in turn, and when it was asked.
type Asked = Arc<Mutex<Vec<Duration>>>;

fn backend(
    statuses: &'static [u16],
) -> (
    impl Service<(), Response = u16, Error = Infallible, Future: Send> + Clone + Send + 'static,
    Asked,
) {
    let asked = Asked::default();
    let began = TokioInstant::now();
    let noted = Arc::clone(&asked);
    let service = service_fn(move |(): ()| {
        let mut asked = noted.lock().unwrap();
        let status = statuses[asked.len()];
        asked.push(began.elapsed());
        async move { Ok::<u16, Infallible>(status) }
    });
    (service, asked)
}

#[tokio::test(start_paused = true)]
async fn waits_double_and_chance_takes_its_part_of_them() {
    let (backend, asked) = backend(&[503, 503, 503, 200]);
    let layer = RetryLayer::new(
        4,
        BACKOFF,
        AnyBudget::Unlimited,
        TokioClock::start(),
        || 0.5,
        failed,
    );
    assert_eq!(layer.layer(backend).call(()).await, Ok(200));
    // Half of 100, of 200 and of 400 ms, one after the other.
    let at = [0, 50, 150, 350].map(|ms| ms * MS);
    assert_eq!(*asked.lock().unwrap(), at);
}

#[tokio::test(start_paused = true)]
async fn the_last_attempts_failure_is_the_answer() {
    let (backend, asked) = backend(&[503, 500, 502, 200]);
    let layer = RetryLayer::new(
        3,
        BACKOFF,
        AnyBudget::Unlimited,
        TokioClock::start(),
        || 0.0,
        failed,
    );
    assert_eq!(layer.layer(backend).call(()).await, Ok(502));
    assert_eq!(asked.lock().unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_empty_budget_passes_the_failure_on_at_once() {
    let (backend, asked) = backend(&[503, 200]);
    let budget = RatioBudget::new(0.0, 0);
    let layer = RetryLayer::new(3, BACKOFF, budget, TokioClock::start(), || 0.5, failed);
    let before = TokioInstant::now();
    assert_eq!(layer.layer(backend).call(()).await, Ok(503));
    assert_eq!(
        (asked.lock().unwrap().len(), before.elapsed()),
        (1, Duration::ZERO)
    );
}

/// Counts what it is told.
#[derive(Clone, Default)]
struct Counting(Arc<Mutex<[u32; 4]>>);

impl Budget for Counting {
    fn request(&mut self, _now: Instant) {
        self.0.lock().unwrap()[0] += 1;
    }

    fn try_retry(&mut self, _now: Instant) -> Result<(), Exhausted> {
        self.0.lock().unwrap()[1] += 1;
        Ok(())
    }

    fn finished(&mut self, _now: Instant, retry: bool) {
        self.0.lock().unwrap()[2 + usize::from(retry)] += 1;
    }
}

#[tokio::test(start_paused = true)]
async fn the_budget_hears_of_every_end_also_of_a_request_that_was_given_up() {
    let (backend, _) = backend(&[503, 503, 503, 200]);
    let counting = Counting::default();
    let layer = RetryLayer::new(
        5,
        BACKOFF,
        counting.clone(),
        TokioClock::start(),
        || 1.0,
        failed,
    );
    let mut service = layer.layer(backend);
    // Attempts at 0, 100 and 300 ms; given up while it waits for the one at 700 ms.
    let given_up = tokio::time::timeout(400 * MS, service.call(())).await;
    assert!(given_up.is_err());
    assert_eq!(*counting.0.lock().unwrap(), [1, 3, 1, 3]);
}
