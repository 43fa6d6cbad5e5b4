//! The life of one call through a breaker: refused, or waiting for the inner service, being made, and reported once.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;

use circuit_breaker::{Breaker, Outcome, Refused};
use pin_project_lite::pin_project;
use tokio::time::Sleep;
use tower::Service;

use crate::breaker::Classify;
use crate::breaker_error::{BreakerError, CallRefused};
use crate::breaker_shared::Held;
use crate::clock::Clock;
use crate::inner_call::InnerCall;

// ANCHOR: BreakerFuture
pin_project! {
    /// The response of a service behind a [`BreakerLayer`](crate::BreakerLayer).
    ///
    /// Dropped before it is done, it reports [`Outcome::Cancelled`]; if a panic of the inner service drops it, a failure.
    #[must_use = "futures do nothing unless polled"]
    pub struct BreakerFuture<S, Request, B, C, F>
    where
        S: Service<Request>,
        B: Breaker,
        C: Clock,
    {
        // Dropped before the permit, so that the work has ended when its place is given back.
        #[pin]
        inner: InnerCall<S, Request>,
        // The breaker said no.
        refused: Option<CallRefused>,
        #[pin]
        time_out: TimeOut,
        held: Option<Held<B, C>>,
        classify: F,
    }
}
// ANCHOR_END: BreakerFuture

pin_project! {
    /// When to give up, if ever.
    struct TimeOut {
        #[pin]
        sleep: Option<Sleep>,
        after: Duration,
    }
}

impl<S, Request, B, C, F> BreakerFuture<S, Request, B, C, F>
where
    S: Service<Request>,
    B: Breaker,
    C: Clock,
{
    pub(crate) fn admitted(
        held: Held<B, C>,
        time_out: Option<Duration>,
        service: S,
        request: Request,
        classify: F,
    ) -> Self {
        Self {
            inner: InnerCall::new(service, request),
            refused: None,
            time_out: TimeOut {
                sleep: time_out.map(tokio::time::sleep),
                after: time_out.unwrap_or_default(),
            },
            held: Some(held),
            classify,
        }
    }

    pub(crate) fn refused(refused: &Refused, classify: F) -> Self {
        Self {
            inner: InnerCall::Done,
            refused: Some(CallRefused::of(refused)),
            time_out: TimeOut {
                sleep: None,
                after: Duration::ZERO,
            },
            held: None,
            classify,
        }
    }
}

impl<S, Request, B, C, F> Future for BreakerFuture<S, Request, B, C, F>
where
    S: Service<Request>,
    B: Breaker,
    C: Clock,
    F: Classify<S::Response, S::Error>,
{
    type Output = Result<S::Response, BreakerError<S::Error>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let Some(refused) = this.refused.take() {
            return Poll::Ready(Err(BreakerError::Refused(refused)));
        }
        // The answer first: one that comes in the very moment in which the time is up is an answer.
        let (outcome, output) = match this.inner.as_mut().poll_answer(cx) {
            Poll::Ready(answer) => (
                this.classify.classify(&answer),
                answer.map_err(BreakerError::Inner),
            ),
            Poll::Pending => {
                let time_out = this.time_out.project();
                let Some(sleep) = time_out.sleep.as_pin_mut() else {
                    return Poll::Pending;
                };
                ready!(sleep.poll(cx));
                let timed_out = BreakerError::TimedOut(*time_out.after);
                (Outcome::TimedOut, Err(timed_out))
            }
        };
        // The work ends here, and its place is free only then.
        this.inner.set(InnerCall::Done);
        if let Some(held) = this.held.take() {
            held.report(outcome);
        }
        Poll::Ready(output)
    }
}
