//! The open-loop load generator: it sends each request at its scheduled moment, whatever became of the ones before.
//!
//! A generator that waits for an answer before it sends the next request slows down together with the server and so does not see
//! the requests that would have come in the meantime (coordinated omission). Here all send times are drawn before the run,
//! and the latency of a request counts from its scheduled time: being sent late, and waiting for a connection, are part of it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::Context;
use axum::body::{Body, to_bytes};
use axum::http::header::{HOST, RETRY_AFTER};
use axum::http::{HeaderMap, Request, StatusCode};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::progress::Progress;
use crate::schedule::Arrival;
use crate::server::{CLIENT_HEADER, RATE_LIMIT, RATE_LIMIT_POLICY};

/// The most connections open at once. Each costs two file descriptors in this one process, and 1,024 is a common limit.
const CONNECTIONS_MAX: usize = 256;
/// The longest an answer may take before the request counts as failed.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(10);
/// The longest body that is read; the server's answers are a few bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// What became of one request, seen by the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Status 200.
    Admitted,
    /// Status 429, and every header field that a throttled client needs.
    Rejected,
    /// No answer, or one that says neither.
    Failed,
}

/// One request and what became of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    /// When it was due, since the start of the run.
    pub scheduled: Duration,
    /// From the moment it was due to the end of the answer.
    pub latency: Duration,
    /// What the answer was.
    pub verdict: Verdict,
}

/// The header fields of an answer that says "too many requests".
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Refusal {
    /// `Retry-After`: seconds to stay away.
    pub retry_after: String,
    /// `RateLimit`: what is left of the limit.
    pub rate_limit: String,
    /// `RateLimit-Policy`: what the limit is.
    pub rate_limit_policy: String,
}

impl Refusal {
    /// The fields of `headers`, if all of them are there.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let field = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
        Some(Self {
            retry_after: field(RETRY_AFTER)?,
            rate_limit: field(RATE_LIMIT)?,
            rate_limit_policy: field(RATE_LIMIT_POLICY)?,
        })
    }
}

/// What came of a whole load.
#[derive(Debug)]
pub(crate) struct Answers {
    /// One for each arrival, in the order of the schedule.
    pub outcomes: Vec<Outcome>,
    /// The header fields of the first request that was rejected.
    pub refusal: Option<Refusal>,
}

/// Sends every arrival to `server` at `start` plus its time, and gathers the answers.
///
/// # Errors
/// Fails only if a task of the generator itself breaks; a request that fails is an outcome.
pub(crate) async fn run(
    server: SocketAddr,
    start: Instant,
    arrivals: &Arc<[Arrival]>,
    duration: Duration,
) -> anyhow::Result<Answers> {
    let progress = Arc::new(Progress::default());
    let reporter = tokio::spawn(Arc::clone(&progress).report(start, duration));
    let arrivals = Arc::clone(arrivals);
    let pool = Arc::new(Pool::new(server));
    let connections = Arc::clone(&pool);
    let runtime = Handle::current();
    // tokio's timer ticks once a millisecond, a thread of one's own wakes within some ten microseconds.
    let sender = tokio::task::spawn_blocking(move || {
        let mut tasks = JoinSet::new();
        for (index, arrival) in arrivals.iter().copied().enumerate() {
            std::thread::sleep((start + arrival.at).saturating_duration_since(Instant::now()));
            let (pool, progress) = (Arc::clone(&connections), Arc::clone(&progress));
            let request = async move { (index, send(&pool, start, arrival, &progress).await) };
            tasks.spawn_on(request, &runtime);
        }
        tasks
    });
    let tasks = sender.await.context("the load generator's thread broke")?;
    let mut outcomes = tasks.join_all().await;
    reporter.abort();
    outcomes.sort_unstable_by_key(|(index, _)| *index);
    let outcomes = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
    Ok(Answers {
        outcomes,
        refusal: pool.refusal.get().cloned(),
    })
}

async fn send(pool: &Pool, start: Instant, arrival: Arrival, progress: &Progress) -> Outcome {
    progress.sent();
    let verdict = match tokio::time::timeout(ANSWER_WAIT_MAX, pool.ask(arrival.client_name())).await
    {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(_)) | Err(_) => Verdict::Failed,
    };
    progress.answered(verdict);
    let latency = (start + arrival.at).elapsed();
    Outcome {
        scheduled: arrival.at,
        latency,
        verdict,
    }
}

/// Keep-alive connections to one server. A connection carries one request at a time.
struct Pool {
    server: SocketAddr,
    idle: Mutex<Vec<SendRequest<Body>>>,
    room: Semaphore,
    /// The first refusal.
    refusal: OnceLock<Refusal>,
}

impl Pool {
    fn new(server: SocketAddr) -> Self {
        let room = Semaphore::new(CONNECTIONS_MAX);
        Self {
            server,
            idle: Mutex::default(),
            room,
            refusal: OnceLock::new(),
        }
    }

    /// Sends one request of `client` and reads the whole answer.
    async fn ask(&self, client: String) -> anyhow::Result<Verdict> {
        let _room = self.room.acquire().await?;
        let mut connection = self.connection().await?;
        let request = Request::get("/")
            .header(HOST, self.server.to_string())
            .header(CLIENT_HEADER, client)
            .body(Body::empty())?;
        let (answer, body) = connection.send_request(request).await?.into_parts();
        // The connection is free for the next request only when this answer has been read to its end.
        to_bytes(Body::new(body), BODY_BYTES_MAX).await?;
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
        Ok(match (answer.status, Refusal::of(&answer.headers)) {
            (StatusCode::OK, _) => Verdict::Admitted,
            (StatusCode::TOO_MANY_REQUESTS, Some(refusal)) => {
                self.refusal.get_or_init(|| refusal);
                Verdict::Rejected
            }
            _ => Verdict::Failed,
        })
    }

    /// An idle connection, or a new one.
    async fn connection(&self) -> anyhow::Result<SendRequest<Body>> {
        while let Some(mut idle) = self.take_idle() {
            // The server may have closed it while it was idle.
            if idle.ready().await.is_ok() {
                return Ok(idle);
            }
        }
        let stream = TcpStream::connect(self.server).await?;
        stream.set_nodelay(true)?;
        let (connection, driver) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(driver);
        Ok(connection)
    }

    fn take_idle(&self) -> Option<SendRequest<Body>> {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }
}
