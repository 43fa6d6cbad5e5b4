//! An admitted call on its way through the inner service: waiting for room there, and being answered.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use tower::Service;

pin_project! {
    /// Where the call stands.
    #[project = InnerCallProj]
    pub(crate) enum InnerCall<S, Request>
    where
        S: Service<Request>,
    {
        // The inner service has no room yet.
        Readying { service: S, request: Option<Request> },
        // The inner service has the request.
        Calling { #[pin] response: S::Future },
        // The answer is given, or was never asked for.
        Done,
    }
}

impl<S: Service<Request>, Request> InnerCall<S, Request> {
    pub(crate) const fn new(service: S, request: Request) -> Self {
        Self::Readying {
            service,
            request: Some(request),
        }
    }

    /// Drives the inner service to its answer.
    pub(crate) fn poll_answer(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<S::Response, S::Error>> {
        loop {
            let response = match self.as_mut().project() {
                InnerCallProj::Readying { service, request } => {
                    ready!(service.poll_ready(cx))?;
                    let request = request.take();
                    service.call(request.expect("the state is left in the step that takes from it"))
                }
                InnerCallProj::Calling { response } => return response.poll(cx),
                InnerCallProj::Done => panic!("a call that has ended was polled again"),
            };
            self.set(Self::Calling { response });
        }
    }
}
