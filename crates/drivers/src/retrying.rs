//! The tower layer that sends a request again: after a wait with chance in it, and only as far as a budget allows.

use core::fmt;
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::{Arc, Mutex, PoisonError};

use retry::{Backoff, Budget, Sleeps};
use tower::{Layer, Service};

use crate::clock::Clock;
use crate::direct::Locked;

struct Shared<B, C, U> {
    budget: Locked<B>,
    clock: C,
    uniform: Mutex<U>,
}

impl<B: Budget, C: Clock, U: FnMut() -> f64> Shared<B, C, U> {
    fn first(self: &Arc<Self>) -> Attempt<B, C, U> {
        self.budget
            .with(&self.clock, |budget, now| budget.request(now));
        Attempt {
            shared: Arc::clone(self),
            retry: false,
        }
    }

    fn again(self: &Arc<Self>) -> Option<Attempt<B, C, U>> {
        let allowed = self
            .budget
            .with(&self.clock, |budget, now| budget.try_retry(now));
        allowed.ok()?;
        Some(Attempt {
            shared: Arc::clone(self),
            retry: true,
        })
    }

    fn uniform(&self) -> f64 {
        let mut uniform = self.uniform.lock().unwrap_or_else(PoisonError::into_inner);
        uniform()
    }
}

/// An attempt under way, which tells the budget when it is over, however it ends.
struct Attempt<B: Budget, C: Clock, U> {
    shared: Arc<Shared<B, C, U>>,
    retry: bool,
}

impl<B: Budget, C: Clock, U> Drop for Attempt<B, C, U> {
    fn drop(&mut self) {
        let Shared { budget, clock, .. } = &*self.shared;
        budget.with(clock, |budget, now| budget.finished(now, self.retry));
    }
}

// ANCHOR: RetryLayer
/// Sends a request again that failed.
///
/// Every clone of the layer, and every service it makes, shares the one budget: make a layer for each backend.
/// Put it inside the time-out of the whole request, so that attempts and waits end with it, and outside the breaker, so that
/// every attempt asks the breaker anew.
pub struct RetryLayer<B, C, U, F> {
    shared: Arc<Shared<B, C, U>>,
    backoff: Backoff,
    attempts: u32,
    again: F,
}
// ANCHOR_END: RetryLayer

impl<B: Budget, C: Clock, U: FnMut() -> f64, F> RetryLayer<B, C, U, F> {
    /// Makes up to `attempts` attempts in all (0 counts as 1) while `again` says of an answer that another may help.
    ///
    /// `uniform` gives the chance in the waits, evenly distributed from 0 to below 1. Only requests that may be carried out
    /// twice should come here at all.
    pub fn new(attempts: u32, backoff: Backoff, budget: B, clock: C, uniform: U, again: F) -> Self {
        let shared = Shared {
            budget: Locked::new(budget),
            clock,
            uniform: Mutex::new(uniform),
        };
        Self {
            shared: Arc::new(shared),
            backoff,
            attempts: attempts.max(1),
            again,
        }
    }
}

impl<B, C, U, F: Clone> Clone for RetryLayer<B, C, U, F> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            backoff: self.backoff,
            attempts: self.attempts,
            again: self.again.clone(),
        }
    }
}

impl<B, C, U, F> fmt::Debug for RetryLayer<B, C, U, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryLayer")
            .field("backoff", &self.backoff)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

impl<S, B, C, U, F: Clone> Layer<S> for RetryLayer<B, C, U, F> {
    type Service = RetryService<S, B, C, U, F>;

    fn layer(&self, inner: S) -> Self::Service {
        RetryService {
            inner,
            layer: self.clone(),
        }
    }
}

/// A service whose requests are sent again, made by [`RetryLayer`].
pub struct RetryService<S, B, C, U, F> {
    inner: S,
    layer: RetryLayer<B, C, U, F>,
}

impl<S, B, C, U, F, Request> Service<Request> for RetryService<S, B, C, U, F>
where
    S: Service<Request> + Clone + Send + 'static,
    S::Response: Send,
    S::Error: Send,
    S::Future: Send,
    Request: Clone + Send + 'static,
    B: Budget + Send + 'static,
    C: Clock + Send + Sync + 'static,
    U: FnMut() -> f64 + Send + 'static,
    F: Fn(&Result<S::Response, S::Error>) -> bool + Clone + Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    /// Always ready; each attempt waits for room in the inner service.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    // ANCHOR: retry
    fn call(&mut self, request: Request) -> Self::Future {
        let mut inner = self.inner.clone();
        let RetryLayer {
            shared,
            backoff,
            attempts,
            again,
        } = self.layer.clone();
        Box::pin(async move {
            let mut sleeps = Sleeps::new(backoff);
            let mut attempt = shared.first();
            for _ in 1..attempts {
                poll_fn(|cx| inner.poll_ready(cx)).await?;
                let answer = inner.call(request.clone()).await;
                drop(attempt);
                if !again(&answer) {
                    return answer;
                }
                // The budget first: a caller whose failure stands hears of it at once, and a retry that waits counts as under way.
                let Some(next) = shared.again() else {
                    return answer;
                };
                tokio::time::sleep(sleeps.next(shared.uniform())).await;
                attempt = next;
            }
            poll_fn(|cx| inner.poll_ready(cx)).await?;
            let answer = inner.call(request).await;
            drop(attempt);
            answer
        })
    }
    // ANCHOR_END: retry
}

impl<S: Clone, B, C, U, F: Clone> Clone for RetryService<S, B, C, U, F> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            layer: self.layer.clone(),
        }
    }
}

impl<S: fmt::Debug, B, C, U, F> fmt::Debug for RetryService<S, B, C, U, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryService")
            .field("inner", &self.inner)
            .field("layer", &self.layer)
            .finish()
    }
}
