//! The tower layer of the circuit breakers: asks a [`Breaker`] before every call and tells it what became of the call.

use core::fmt;
use core::task::{Context, Poll};
use core::time::Duration;
use std::sync::Arc;

use circuit_breaker::{Breaker, Outcome, State, Transition};
use clock::Instant;
use tower::{Layer, Service};

use crate::breaker_future::BreakerFuture;
use crate::breaker_shared::Guarded;
use crate::clock::Clock;

/// Says what an answer means for the breaker. Any closure from `&Result<Response, Error>` to [`Outcome`] does.
pub trait Classify<Response, Error> {
    /// What became of a call that ended with `answer`.
    fn classify(&self, answer: &Result<Response, Error>) -> Outcome;
}

/// An error is a failure, every response a success; see [`BreakerLayer::classify`].
#[derive(Clone, Copy, Debug)]
pub struct ErrorsFail;

impl<Response, Error> Classify<Response, Error> for ErrorsFail {
    fn classify(&self, answer: &Result<Response, Error>) -> Outcome {
        match answer {
            Ok(_) => Outcome::Success,
            Err(_) => Outcome::Failure,
        }
    }
}

impl<Response, Error, F> Classify<Response, Error> for F
where
    F: Fn(&Result<Response, Error>) -> Outcome,
{
    fn classify(&self, answer: &Result<Response, Error>) -> Outcome {
        self(answer)
    }
}

// ANCHOR: BreakerLayer
/// Puts a circuit breaker in front of a service.
///
/// Every clone of the layer, and every service it makes, shares the one breaker: make a layer for each backend.
pub struct BreakerLayer<B, C, F = ErrorsFail> {
    shared: Arc<Guarded<B, C>>,
    /// For calls to which the policy itself sets no limit.
    time_out: Option<Duration>,
    classify: F,
}
// ANCHOR_END: BreakerLayer

impl<B: Breaker, C: Clock> BreakerLayer<B, C> {
    /// Shares `breaker`, whose time is that of `clock`.
    pub fn new(breaker: B, clock: C) -> Self {
        Self {
            shared: Arc::new(Guarded::new(breaker, clock)),
            time_out: None,
            classify: ErrorsFail,
        }
    }
}

impl<B: Breaker, C: Clock, F> BreakerLayer<B, C, F> {
    /// Gives up on calls after `time_out`, counted from their admission, where the policy sets no time of its own.
    /// hystrix-go sets one, gobreaker and resilience4j do not.
    #[must_use]
    pub fn time_out(mut self, time_out: Duration) -> Self {
        self.time_out = Some(time_out);
        self
    }

    /// Decides by `classify` what an answer means, for example that a response with status 500 or above is a failure, and
    /// one about a bad request says nothing about the backend. Without it errors fail and every response is a success.
    pub fn classify<G>(self, classify: G) -> BreakerLayer<B, C, G> {
        BreakerLayer {
            shared: self.shared,
            time_out: self.time_out,
            classify,
        }
    }

    /// Tells `listener` of every change of state, in the order in which they happen.
    ///
    /// It is called while the breaker is locked: it has to be quick, and to call the same breaker would never return.
    #[must_use]
    pub fn on_transition(self, listener: impl Fn(&Transition) + Send + 'static) -> Self {
        self.shared.listen(Box::new(listener));
        self
    }

    /// Where the breaker stands now. Asking changes nothing.
    #[must_use]
    pub fn state(&self) -> State {
        self.shared.with(|breaker, now| breaker.state(now))
    }

    /// Calls `act` with the breaker and the time, to look at it; nobody else decides meanwhile.
    /// Listeners do not hear of changes that `act` makes.
    pub fn with<T>(&self, act: impl FnOnce(&mut B, Instant) -> T) -> T {
        self.shared.with(act)
    }
}

impl<B, C, F: Clone> Clone for BreakerLayer<B, C, F> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            time_out: self.time_out,
            classify: self.classify.clone(),
        }
    }
}

impl<B, C, F> fmt::Debug for BreakerLayer<B, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BreakerLayer")
            .field("time_out", &self.time_out)
            .finish_non_exhaustive()
    }
}

impl<S, B, C, F: Clone> Layer<S> for BreakerLayer<B, C, F> {
    type Service = BreakerService<S, B, C, F>;

    fn layer(&self, inner: S) -> Self::Service {
        BreakerService {
            inner,
            layer: self.clone(),
        }
    }
}

// ANCHOR: BreakerService
/// A service behind a breaker, made by [`BreakerLayer`].
pub struct BreakerService<S, B, C, F = ErrorsFail> {
    inner: S,
    layer: BreakerLayer<B, C, F>,
}

impl<S, B, C, F, Request> Service<Request> for BreakerService<S, B, C, F>
where
    S: Service<Request> + Clone,
    B: Breaker,
    C: Clock,
    F: Classify<S::Response, S::Error> + Clone,
{
    type Response = S::Response;
    type Error = crate::BreakerError<S::Error>;
    type Future = BreakerFuture<S, Request, B, C, F>;

    /// Always ready; the breaker is asked in [`call`](Service::call), and the inner service after it has said yes.
    ///
    /// A caller may poll for readiness and then never call, which would leave a permit that nobody hands back; and what the
    /// inner service hands out with its readiness (a connection, a place) would be held by calls that are about to be refused.
    /// Waiting for room in the inner service is part of an admitted call: its time-out and its latency include it.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let BreakerLayer {
            shared,
            time_out,
            classify,
        } = &self.layer;
        match shared.try_acquire() {
            Ok(held) => {
                let time_out = held.time_out().or(*time_out);
                BreakerFuture::admitted(
                    held,
                    time_out,
                    self.inner.clone(),
                    request,
                    classify.clone(),
                )
            }
            Err(refused) => BreakerFuture::refused(&refused, classify.clone()),
        }
    }
}
// ANCHOR_END: BreakerService

impl<S: Clone, B, C, F: Clone> Clone for BreakerService<S, B, C, F> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            layer: self.layer.clone(),
        }
    }
}

impl<S: fmt::Debug, B, C, F> fmt::Debug for BreakerService<S, B, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BreakerService")
            .field("inner", &self.inner)
            .field("layer", &self.layer)
            .finish()
    }
}
