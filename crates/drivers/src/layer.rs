//! The tower layer: asks an [`Admission`] about every request before the inner service sees it.

use core::task::{Context, Poll};

use rate_limiter::Throttled;
use tower::{Layer, Service};

use crate::admission::{Admission, Reject, Wait};
use crate::error::RateLimitError;
use crate::future::ResponseFuture;

// ANCHOR: RateLimitLayer
/// Puts a rate limit in front of a service.
///
/// `A` decides (see [`Admission`]); `R` says what becomes of a refusal: [`AsError`], or [`AsResponse`] after
/// [`on_throttled`](RateLimitLayer::on_throttled).
/// Every clone of the layer, and every service it makes, shares the one limiter.
#[derive(Clone, Debug)]
pub struct RateLimitLayer<A, R = AsError> {
    admission: A,
    refusal: R,
}
// ANCHOR_END: RateLimitLayer

impl<L> RateLimitLayer<Reject<L>> {
    /// Refuses at once what `limiter` does not admit.
    pub fn reject(limiter: L) -> Self {
        Self::new(Reject::new(limiter))
    }
}

impl<L> RateLimitLayer<Wait<L>> {
    /// Lets each request sleep until its reserved tokens are there, and refuses at once a request that would sleep longer
    /// than `at_most`. A request dropped while asleep gives its tokens back.
    pub fn wait(limiter: L, at_most: core::time::Duration) -> Self {
        Self::new(Wait::new(limiter, at_most))
    }
}

impl<A> RateLimitLayer<A> {
    /// Asks an admission of your own, for example a limiter in another process.
    pub fn new(admission: A) -> Self {
        Self {
            admission,
            refusal: AsError,
        }
    }

    /// Turns a refusal into a response, so that the service fails only if the inner one does.
    ///
    /// This is what axum needs, whose services must not fail: answer with status 429 and a `Retry-After` here.
    pub fn on_throttled<F>(self, respond: F) -> RateLimitLayer<A, AsResponse<F>> {
        RateLimitLayer {
            admission: self.admission,
            refusal: AsResponse(respond),
        }
    }
}

impl<S, A: Clone, R: Clone> Layer<S> for RateLimitLayer<A, R> {
    type Service = RateLimit<S, A, R>;

    fn layer(&self, inner: S) -> Self::Service {
        RateLimit {
            inner,
            admission: self.admission.clone(),
            refusal: self.refusal.clone(),
        }
    }
}

/// What becomes of a refusal: an error of the service, or a response.
pub trait Refusal<Response, Error> {
    /// The error of the rate-limited service.
    type Error;

    /// Answers a request that was refused.
    ///
    /// # Errors
    /// Returns the refusal as an error where there is no response to give.
    fn throttled(&self, throttled: Throttled) -> Result<Response, Self::Error>;

    /// Passes on an error of the inner service.
    fn inner(error: Error) -> Self::Error;
}

/// A refusal is the error [`RateLimitError::Throttled`].
#[derive(Clone, Copy, Debug)]
pub struct AsError;

impl<Response, Error> Refusal<Response, Error> for AsError {
    type Error = RateLimitError<Error>;

    fn throttled(&self, throttled: Throttled) -> Result<Response, Self::Error> {
        Err(RateLimitError::Throttled(throttled))
    }

    fn inner(error: Error) -> Self::Error {
        RateLimitError::Inner(error)
    }
}

/// A refusal is a response, made by the closure given to [`RateLimitLayer::on_throttled`].
#[derive(Clone, Copy, Debug)]
pub struct AsResponse<F>(F);

impl<Response, Error, F: Fn(Throttled) -> Response> Refusal<Response, Error> for AsResponse<F> {
    type Error = Error;

    fn throttled(&self, throttled: Throttled) -> Result<Response, Self::Error> {
        Ok((self.0)(throttled))
    }

    fn inner(error: Error) -> Self::Error {
        error
    }
}

// ANCHOR: RateLimit
/// A service behind a rate limit, made by [`RateLimitLayer`].
#[derive(Clone, Debug)]
pub struct RateLimit<S, A, R = AsError> {
    inner: S,
    admission: A,
    refusal: R,
}

impl<S, A, R, Request> Service<Request> for RateLimit<S, A, R>
where
    S: Service<Request> + Clone,
    A: Admission<Request>,
    R: Refusal<S::Response, S::Error> + Clone,
{
    type Response = S::Response;
    type Error = R::Error;
    type Future = ResponseFuture<A::Future, S, Request, R>;

    /// Always ready; the limiter is asked in [`call`](Service::call), and the inner service after it has said yes.
    ///
    /// - The limiter is not asked here, because this method does not see the request, so it cannot know the key; and because a
    ///   caller may poll and then never call, which would take tokens that nobody uses or gives back.
    /// - The inner service is not polled here, because what it hands out with its readiness (a connection, a place among the
    ///   running requests) would then be held by requests that are asleep or about to be refused.
    ///
    /// A full inner service therefore makes an *admitted* request wait inside its future.
    /// To shed such requests instead, put tower's `LoadShed` between this layer and that service.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let admission = self.admission.admit(&request);
        ResponseFuture::new(admission, self.inner.clone(), request, self.refusal.clone())
    }
}
// ANCHOR_END: RateLimit
