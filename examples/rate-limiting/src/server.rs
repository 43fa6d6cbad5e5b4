//! The service behind the limiter: an axum server on loopback that answers 200, or 429 with what a throttled client needs to know.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use drivers::{RateLimitLayer, Throttled};
use tokio::net::TcpListener;

use crate::limiter::Limiter;
use crate::options::Options;

/// The request header that says who is asking; an API key in a real service.
pub(crate) const CLIENT_HEADER: &str = "x-client";

// The fields of draft-ietf-httpapi-ratelimit-headers-10; both are lists of structured fields (RFC 9651).
/// What the limit is.
pub(crate) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// What is left of it.
pub(crate) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Starts the server on a free port of 127.0.0.1 and gives its address. It runs until the program ends.
///
/// # Errors
/// Fails if no port can be had.
pub(crate) async fn start(limiter: Limiter, options: &Options) -> std::io::Result<SocketAddr> {
    let policy = policy(options);
    // ANCHOR: layer
    let rate_limit = RateLimitLayer::new(limiter)
        .on_throttled(move |throttled| too_many_requests(&policy, throttled));
    let service = Router::new()
        .route("/", get(|| async { "served\n" }))
        .layer(rate_limit);
    // ANCHOR_END: layer
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

// ANCHOR: too_many_requests
/// Status 429: when to come back, what the limit is, and that nothing is left of it.
///
/// `Retry-After` and `t` are whole seconds, rounded up, so that a client which obeys them is not refused again for coming early.
fn too_many_requests(policy: &str, throttled: Throttled) -> Response {
    let seconds = whole_seconds(throttled.retry_after);
    let headers = [
        (header::RETRY_AFTER, seconds.to_string()),
        (RATE_LIMIT_POLICY, policy.to_owned()),
        (RATE_LIMIT, format!("\"default\";r=0;t={seconds}")),
    ];
    (
        StatusCode::TOO_MANY_REQUESTS,
        headers,
        "too many requests\n",
    )
        .into_response()
}
// ANCHOR_END: too_many_requests

/// The limit as `q` requests in `w` seconds: the burst, in the time in which it fills up again.
fn policy(options: &Options) -> String {
    let window_s = (f64::from(options.burst) / options.rate).ceil().max(1.0);
    format!("\"default\";q={};w={window_s}", options.burst)
}

fn whole_seconds(wait: std::time::Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
