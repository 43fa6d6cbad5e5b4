//! The life of one rate-limited request: being admitted, waiting for the inner service, being served.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use rate_limiter::Throttled;
use tower::Service;

use crate::layer::Refusal;

pin_project! {
    /// The response of a service behind a [`RateLimitLayer`](crate::RateLimitLayer).
    ///
    /// Dropping it before it is done withdraws the request; one that was waiting for tokens gives them back.
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture<A, S, Request, R>
    where
        S: Service<Request>,
    {
        #[pin]
        state: State<A, S, Request>,
        refusal: R,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<A, S, Request>
    where
        S: Service<Request>,
    {
        // The limiter has not said yes or no.
        Admitting { #[pin] admission: A, service: Option<S>, request: Option<Request> },
        // Admitted; the inner service has no room yet.
        Readying { service: S, request: Option<Request> },
        // The inner service has the request.
        Serving { #[pin] response: S::Future },
    }
}

impl<A, S: Service<Request>, Request, R> ResponseFuture<A, S, Request, R> {
    pub(crate) fn new(admission: A, service: S, request: Request, refusal: R) -> Self {
        let (service, request) = (Some(service), Some(request));
        Self {
            state: State::Admitting {
                admission,
                service,
                request,
            },
            refusal,
        }
    }
}

/// Why a future may take what it put aside: it leaves the state in the same step.
const TAKEN_ONCE: &str = "the state is left in the step that takes from it";

impl<A, S, Request, R> Future for ResponseFuture<A, S, Request, R>
where
    A: Future<Output = Result<(), Throttled>>,
    S: Service<Request>,
    R: Refusal<S::Response, S::Error>,
{
    type Output = Result<S::Response, R::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.state.as_mut().project() {
                StateProj::Admitting {
                    admission,
                    service,
                    request,
                } => {
                    if let Err(throttled) = ready!(admission.poll(cx)) {
                        return Poll::Ready(this.refusal.throttled(throttled));
                    }
                    let service = service.take().expect(TAKEN_ONCE);
                    State::Readying {
                        service,
                        request: request.take(),
                    }
                }
                StateProj::Readying { service, request } => {
                    ready!(service.poll_ready(cx)).map_err(R::inner)?;
                    let request = request.take().expect(TAKEN_ONCE);
                    State::Serving {
                        response: service.call(request),
                    }
                }
                StateProj::Serving { response } => {
                    return response.poll(cx).map_err(R::inner);
                }
            };
            this.state.set(next);
        }
    }
}
