//! The open-loop load generator: it sends each request at its scheduled moment, whatever became of the ones before.
//!
//! A generator that waits for an answer before it sends the next request slows down together with the gateway and so does not
//! see the requests that would have come in the meantime (coordinated omission). Here all send times are drawn before the run,
//! and the latency of a request counts from its scheduled time: being sent late, and waiting for a connection, are part of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::http::StatusCode;
use circuit_breaker::Transition;
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::ledger::Ledger;
use crate::policy::Policy;
use crate::pool::Pool;
use crate::progress::Counts;
use crate::schedule::Arrival;

/// The most connections open at once. Each costs two file descriptors in this one process, as each call to the backend does;
/// two runs go on at once, and 1,024 is a common limit.
const CONNECTIONS_MAX: usize = 200;
/// How long a client waits, from the moment its request was due.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// What became of one request, seen by the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// Status 200.
    Admitted,
    /// Status 503: the breaker refused.
    Rejected,
    /// Any other answer, or a broken connection.
    Failed,
    /// Status 504: the backend took too long; or no answer before the client's patience ended.
    TimedOut,
}

/// One request and what became of it. Times are since the start of the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    /// When it was sent; `None` if the client gave up before there was a connection for it.
    pub sent: Option<Duration>,
    /// When the answer had come, or the client gave up.
    pub answered: Duration,
    /// What the answer was.
    pub verdict: Verdict,
    /// Its status, if there was an answer.
    pub status: Option<u16>,
}

/// One gateway under the whole load.
pub(crate) struct Run {
    /// Its breaker.
    pub policy: Policy,
    /// For each arrival, in the order of the schedule, what became of it; `None` if it was lost, which must not be.
    pub outcomes: Vec<Option<Outcome>>,
    /// Requests as counted when they were sent off.
    pub sent: u64,
    /// Which of them the backend saw.
    pub ledger: Arc<Ledger>,
    /// Every change of the breaker's state, in order.
    pub transitions: Vec<Transition>,
}

/// Sends every arrival to `gateway` at `start` plus its time, and gathers the answers.
///
/// # Errors
/// Fails only if the thread of the generator breaks; a request that fails is an outcome.
pub(crate) async fn run(
    gateway: SocketAddr,
    start: Instant,
    arrivals: &Arc<[Arrival]>,
    counts: &Arc<Counts>,
) -> anyhow::Result<Vec<Option<Outcome>>> {
    let mut outcomes = vec![None; arrivals.len()];
    let client = Arc::new(Client {
        pool: Pool::new(gateway),
        room: Semaphore::new(CONNECTIONS_MAX),
        start,
    });
    let (arrivals, counts) = (Arc::clone(arrivals), Arc::clone(counts));
    let runtime = Handle::current();
    // tokio's timer ticks once a millisecond, a thread of one's own wakes within some ten microseconds.
    let sender = tokio::task::spawn_blocking(move || {
        let mut tasks = JoinSet::new();
        for (number, arrival) in arrivals.iter().copied().enumerate() {
            std::thread::sleep((start + arrival.at).saturating_duration_since(Instant::now()));
            let (client, counts) = (Arc::clone(&client), Arc::clone(&counts));
            counts.send();
            let request = async move {
                let outcome = client.request(number, arrival).await;
                counts.answer(outcome.verdict);
                (number, outcome)
            };
            tasks.spawn_on(request, &runtime);
        }
        tasks
    });
    let mut tasks = sender.await.context("the load generator's thread broke")?;
    while let Some(done) = tasks.join_next().await {
        // A task that broke leaves a gap, which the account finds.
        if let Ok((number, outcome)) = done {
            outcomes[number] = Some(outcome);
        }
    }
    Ok(outcomes)
}

struct Client {
    pool: Pool,
    room: Semaphore,
    start: Instant,
}

impl Client {
    async fn request(&self, number: usize, arrival: Arrival) -> Outcome {
        let mut sent = None;
        let ask = async {
            let room = self.room.acquire().await;
            sent = Some(self.start.elapsed());
            let answer = self.pool.ask(arrival.route.path(), number).await;
            drop(room);
            answer
        };
        let given_up = self.start + arrival.at + PATIENCE;
        let (verdict, status) = match timeout_at(given_up, ask).await {
            Err(_) => (Verdict::TimedOut, None),
            Ok(Err(_)) => (Verdict::Failed, None),
            Ok(Ok(status)) => (verdict(status), Some(status.as_u16())),
        };
        Outcome {
            sent,
            answered: self.start.elapsed(),
            verdict,
            status,
        }
    }
}

fn verdict(status: StatusCode) -> Verdict {
    match status {
        StatusCode::OK => Verdict::Admitted,
        StatusCode::SERVICE_UNAVAILABLE => Verdict::Rejected,
        StatusCode::GATEWAY_TIMEOUT => Verdict::TimedOut,
        _ => Verdict::Failed,
    }
}
