//! The tower layer of everything that is a [`Gate`]: adaptive concurrency limits, bulkheads, client-side throttling.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::sync::Arc;

use circuit_breaker::Outcome;
use clock::Instant;
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use crate::breaker::{Classify, ErrorsFail};
use crate::clock::Clock;
use crate::direct::Locked;
use crate::gate::{Gate, GateError};
use crate::inner_call::InnerCall;

struct Shared<G, C> {
    gate: Locked<G>,
    clock: C,
}

/// A permit that is handed back exactly once, however the call ends.
struct Held<G: Gate, C: Clock> {
    shared: Arc<Shared<G, C>>,
    /// Taken by the report.
    permit: Option<G::Permit>,
}

impl<G: Gate, C: Clock> Held<G, C> {
    fn report(&mut self, outcome: Outcome) {
        let Some(permit) = self.permit.take() else {
            return;
        };
        let Shared { gate, clock } = &*self.shared;
        gate.with(clock, |gate, now| gate.leave(permit, now, outcome));
    }
}

impl<G: Gate, C: Clock> Drop for Held<G, C> {
    /// A call that is dropped was called off by who made it, unless its own panic dropped it.
    fn drop(&mut self) {
        let panicked = std::thread::panicking();
        self.report(if panicked {
            Outcome::Failure
        } else {
            Outcome::Cancelled
        });
    }
}

// ANCHOR: GateLayer
/// Puts a gate in front of a service: [`Limiter`](concurrency_limit::Limiter), [`Bulkhead`](load_shed::Bulkhead) or
/// [`Throttling`](crate::Throttling).
///
/// Every clone of the layer, and every service it makes, shares the one gate: make a layer for each backend.
pub struct GateLayer<G, C, F = ErrorsFail> {
    shared: Arc<Shared<G, C>>,
    classify: F,
}
// ANCHOR_END: GateLayer

impl<G: Gate, C: Clock> GateLayer<G, C> {
    /// Shares `gate`, whose time is that of `clock`.
    pub fn new(gate: G, clock: C) -> Self {
        let gate = Locked::new(gate);
        Self {
            shared: Arc::new(Shared { gate, clock }),
            classify: ErrorsFail,
        }
    }
}

impl<G: Gate, C: Clock, F> GateLayer<G, C, F> {
    /// Decides by `classify` what an answer means; the gate says what it makes of it.
    /// Without it errors are failures and every response is a success.
    pub fn classify<H>(self, classify: H) -> GateLayer<G, C, H> {
        GateLayer {
            shared: self.shared,
            classify,
        }
    }

    /// Calls `act` with the gate and the time, to look at it; nobody else decides meanwhile.
    pub fn with<T>(&self, act: impl FnOnce(&mut G, Instant) -> T) -> T {
        self.shared.gate.with(&self.shared.clock, act)
    }
}

impl<G, C, F: Clone> Clone for GateLayer<G, C, F> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            classify: self.classify.clone(),
        }
    }
}

impl<G, C, F> fmt::Debug for GateLayer<G, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateLayer").finish_non_exhaustive()
    }
}

impl<S, G, C, F: Clone> Layer<S> for GateLayer<G, C, F> {
    type Service = GateService<S, G, C, F>;

    fn layer(&self, inner: S) -> Self::Service {
        GateService {
            inner,
            layer: self.clone(),
        }
    }
}

/// A service behind a gate, made by [`GateLayer`].
pub struct GateService<S, G, C, F = ErrorsFail> {
    inner: S,
    layer: GateLayer<G, C, F>,
}

impl<S, G, C, F, Request> Service<Request> for GateService<S, G, C, F>
where
    S: Service<Request> + Clone,
    G: Gate,
    C: Clock,
    F: Classify<S::Response, S::Error> + Clone,
{
    type Response = S::Response;
    type Error = GateError<G::Refusal, S::Error>;
    type Future = GateFuture<S, Request, G, C, F>;

    /// Always ready; the gate is asked in [`call`](Service::call), for whoever only polls would hold a place without a call.
    /// tower's own limits hand out places here, and so make callers wait; a gate refuses instead, which sheds the load.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let GateLayer { shared, classify } = &self.layer;
        let (inner, entered) = match shared.gate.with(&shared.clock, Gate::enter) {
            Ok(permit) => {
                let held = Held {
                    shared: Arc::clone(shared),
                    permit: Some(permit),
                };
                (InnerCall::new(self.inner.clone(), request), Ok(held))
            }
            Err(refusal) => (InnerCall::Done, Err(Some(refusal))),
        };
        GateFuture {
            inner,
            entered,
            classify: classify.clone(),
        }
    }
}

impl<S: Clone, G, C, F: Clone> Clone for GateService<S, G, C, F> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            layer: self.layer.clone(),
        }
    }
}

impl<S: fmt::Debug, G, C, F> fmt::Debug for GateService<S, G, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateService")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

pin_project! {
    /// The response of a service behind a [`GateLayer`].
    ///
    /// Dropped before it is done, it reports [`Outcome::Cancelled`]; if a panic of the inner service drops it, a failure.
    #[must_use = "futures do nothing unless polled"]
    pub struct GateFuture<S, Request, G, C, F>
    where
        S: Service<Request>,
        G: Gate,
        C: Clock,
    {
        // Dropped before the permit, so that the work has ended when its place is given back.
        #[pin]
        inner: InnerCall<S, Request>,
        // The permit, or the refusal until it is told.
        entered: Result<Held<G, C>, Option<G::Refusal>>,
        classify: F,
    }
}

impl<S, Request, G, C, F> Future for GateFuture<S, Request, G, C, F>
where
    S: Service<Request>,
    G: Gate,
    C: Clock,
    F: Classify<S::Response, S::Error>,
{
    type Output = Result<S::Response, GateError<G::Refusal, S::Error>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let held = match this.entered {
            Ok(held) => held,
            Err(refusal) => {
                let refusal = refusal
                    .take()
                    .expect("a call that has ended was polled again");
                return Poll::Ready(Err(GateError::Refused(refusal)));
            }
        };
        let answer = ready!(this.inner.as_mut().poll_answer(cx));
        // The work ends here, and its place is free only then.
        this.inner.set(InnerCall::Done);
        held.report(this.classify.classify(&answer));
        Poll::Ready(answer.map_err(GateError::Inner))
    }
}
