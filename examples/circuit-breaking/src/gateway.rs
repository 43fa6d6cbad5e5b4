//! The gateway: places for requests in progress, a time-out, and in one of the two runs a breaker before the backend.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use circuit_breaker::Outcome;
use drivers::{BreakerError, BreakerLayer, CallRefused, TokioClock};
use tokio::net::TcpListener;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;
use tower::timeout::error::Elapsed;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceBuilder, ServiceExt, service_fn};

use crate::ledger::{Ledger, REQUEST_HEADER};
use crate::policy::Policy;
use crate::pool::{NoAnswer, Pool};
use crate::progress::Counts;
use crate::schedule::Route;

/// Requests in progress at once in one gateway, whatever they ask for; the others wait.
/// Memory, threads or connections: every service has such a number.
pub(crate) const PLACES: usize = 24;
/// How long the gateway waits for the backend.
pub(crate) const TIME_OUT: Duration = Duration::from_secs(1);

/// Calls the backend for the request with this number.
type Backend = BoxCloneSyncService<usize, StatusCode, CallError>;

/// Why the backend gave no answer.
#[derive(Debug)]
enum CallError {
    /// The breaker refused the call.
    Refused(CallRefused),
    /// It took too long.
    TimedOut,
    /// The connection was refused or broken off.
    Failed,
}

impl From<BreakerError<NoAnswer>> for CallError {
    fn from(error: BreakerError<NoAnswer>) -> Self {
        match error {
            BreakerError::Refused(refused) => Self::Refused(refused),
            BreakerError::TimedOut(_) => Self::TimedOut,
            BreakerError::Inner(NoAnswer) => Self::Failed,
        }
    }
}

impl From<BoxError> for CallError {
    fn from(error: BoxError) -> Self {
        if error.is::<Elapsed>() {
            Self::TimedOut
        } else {
            Self::Failed
        }
    }
}

impl From<NoAnswer> for BoxError {
    fn from(_: NoAnswer) -> Self {
        "no answer".into()
    }
}

/// Starts a gateway to `backend` on a free port of 127.0.0.1 and gives its address. It runs until the program ends.
///
/// # Errors
/// Fails if no port can be had.
pub(crate) async fn start(
    policy: Policy,
    start: tokio::time::Instant,
    backend: SocketAddr,
    ledger: &Arc<Ledger>,
    counts: &Arc<Counts>,
) -> std::io::Result<SocketAddr> {
    let backend = guarded(policy, start, backend, ledger, counts);
    // ANCHOR: places
    // One limit for all routes: a plain `ConcurrencyLimitLayer` would give each route places of its own.
    let service = Router::new()
        .route(Route::Orders.path(), get(orders))
        .route(Route::Catalogue.path(), get(catalogue))
        .layer(GlobalConcurrencyLimitLayer::new(PLACES))
        .with_state(backend);
    // ANCHOR_END: places
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    // Small answers leave at once instead of waiting for more to send.
    let listener = listener.tap_io(|connection| {
        // A connection that refuses the option still works, only slower.
        let _ = connection.set_nodelay(true);
    });
    tokio::spawn(async { axum::serve(listener, service).await });
    Ok(address)
}

// ANCHOR: guarded
/// The calls to the backend, behind a time-out and, if there is one, a breaker.
fn guarded(
    policy: Policy,
    start: tokio::time::Instant,
    backend: SocketAddr,
    ledger: &Arc<Ledger>,
    counts: &Arc<Counts>,
) -> Backend {
    let (pool, ledger, counts) = (Pool::new(backend), Arc::clone(ledger), Arc::clone(counts));
    let pool = Arc::new(pool);
    let call = service_fn(move |request: usize| {
        let pool = Arc::clone(&pool);
        ledger.call(request);
        async move { pool.ask(Route::Orders.path(), request).await }
    });
    // A layer that tries again, with back-off and a budget, has its place here, outside the breaker: then the breaker hears of
    // each attempt, and an open breaker answers the second attempt as fast as the first.
    let stack = ServiceBuilder::new().map_err(CallError::from);
    let Some(breaker) = policy.breaker() else {
        let stack = ServiceBuilder::new().map_err(CallError::from);
        return BoxCloneSyncService::new(stack.layer(TimeoutLayer::new(TIME_OUT)).service(call));
    };
    let breaker = BreakerLayer::new(breaker, TokioClock::since(start))
        .time_out(TIME_OUT)
        .classify(by_status)
        .on_transition(move |transition| counts.transition(transition));
    BoxCloneSyncService::new(stack.layer(breaker).service(call))
}
// ANCHOR_END: guarded

// ANCHOR: by_status
/// What an answer of the backend says about the backend.
fn by_status(answer: &Result<StatusCode, NoAnswer>) -> Outcome {
    match answer {
        Ok(status) if status.is_server_error() => Outcome::Failure,
        Ok(_) => Outcome::Success,
        Err(NoAnswer) => Outcome::Failure,
    }
}
// ANCHOR_END: by_status

/// Needs no backend.
async fn catalogue() -> &'static str {
    "a catalogue\n"
}

// ANCHOR: orders
/// Status 200 or 502 as the backend answers, 503 if the breaker refuses, 504 if the backend takes too long.
async fn orders(State(backend): State<Backend>, headers: HeaderMap) -> Response {
    let number = headers
        .get(REQUEST_HEADER)
        .and_then(|number| number.to_str().ok()?.parse().ok());
    let Some(number) = number else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match backend.oneshot(number).await {
        Ok(status) if status.is_success() => "an order\n".into_response(),
        Err(CallError::Refused(refused)) => service_unavailable(&refused),
        Err(CallError::TimedOut) => StatusCode::GATEWAY_TIMEOUT.into_response(),
        Ok(_) | Err(CallError::Failed) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

/// Status 503 with the reason, and when to come back, in whole seconds rounded up, if that can be told.
fn service_unavailable(refused: &CallRefused) -> Response {
    let text = format!("{}\n", refused.reason.words());
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
    if let Some(wait) = refused.retry_after {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    response
}
// ANCHOR_END: orders
