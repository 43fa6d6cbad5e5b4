//! The layer of `drivers` in an axum service of somebody else's, in three lines.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use drivers::{DirectLimiter, KeyedGcra, Locked, RateLimitLayer, Throttled};
use rate_limiter::{AtomicGcra, Gcra, Limit, TokenBucket};
use tower::ServiceExt;

fn too_many_requests(throttled: Throttled) -> Response {
    let seconds = throttled.retry_after.as_secs() + 1;
    (
        StatusCode::TOO_MANY_REQUESTS,
        [("retry-after", seconds.to_string())],
    )
        .into_response()
}

fn api_key(request: &Request<Body>) -> String {
    let key = request
        .headers()
        .get("x-api-key")
        .and_then(|key| key.to_str().ok());
    key.unwrap_or_default().to_owned()
}

fn shop() -> Router {
    Router::new().route("/orders", get(|| async { "orders" }))
}

/// The status with which `service` answers a request with this API key.
async fn status(service: &Router, key: &str) -> StatusCode {
    let request = Request::get("/orders")
        .header("x-api-key", key)
        .body(Body::empty())
        .unwrap();
    service.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn one_limit_for_everybody() {
    let limiter = DirectLimiter::new(AtomicGcra::new(0.001, 1));
    let service = shop().layer(RateLimitLayer::reject(limiter).on_throttled(too_many_requests));
    assert_eq!(status(&service, "ada").await, StatusCode::OK);
    assert_eq!(status(&service, "bob").await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_limit_for_each_api_key() {
    let limiter = KeyedGcra::new(Gcra::new(0.001, 1), 100_000).by(api_key);
    let service = shop().layer(RateLimitLayer::reject(limiter).on_throttled(too_many_requests));
    assert_eq!(status(&service, "ada").await, StatusCode::OK);
    assert_eq!(status(&service, "bob").await, StatusCode::OK);
    assert_eq!(status(&service, "ada").await, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn waiting_for_a_token_up_to_a_limit() {
    // The second token is due after 1 ms, which is waited for; the third after 1,000 s, which is not.
    let bucket = TokenBucket::new(Limit::per_second(1000.0), 1);
    let limiter = DirectLimiter::new(Locked::new(bucket));
    let layer = RateLimitLayer::wait(limiter.clone(), Duration::from_secs(60));
    let service = shop().layer(layer.on_throttled(too_many_requests));
    assert_eq!(status(&service, "ada").await, StatusCode::OK);
    assert_eq!(status(&service, "ada").await, StatusCode::OK);
    limiter.with(|bucket, now| bucket.set_limit(now, Limit::per_second(0.001)));
    // Whatever came in meanwhile goes first.
    while limiter.try_acquire(1).is_ok() {}
    assert_eq!(status(&service, "ada").await, StatusCode::TOO_MANY_REQUESTS);
}
