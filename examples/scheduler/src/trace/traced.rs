//! A future that records when it is polled and woken, around any future.
//!
//! tokio's own hooks for this are unstable and need a compiler flag; a wrapper of future and waker sees the same.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use pin_project_lite::pin_project;

use super::recorder::{Kind, Recorder};

pin_project! {
    /// A future whose polls are recorded.
    pub(crate) struct Traced<F> {
        #[pin]
        inner: F,
        recorder: Recorder,
        task: u32,
        waker: Option<Wakers>,
    }
}

/// The waker the runtime gave, and the one that the inner future is given.
struct Wakers {
    given: Waker,
    wrapped: Waker,
}

/// A waker that records before it wakes.
struct TracedWaker {
    given: Waker,
    recorder: Recorder,
    task: u32,
}

impl<F> Traced<F> {
    /// Records polls and wakes of `inner` as those of `task`.
    pub(crate) fn new(inner: F, recorder: Recorder, task: u32) -> Self {
        Self {
            inner,
            recorder,
            task,
            waker: None,
        }
    }
}

impl<F: Future> Future for Traced<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let (recorder, task) = (*this.recorder, *this.task);
        recorder.start(task);
        let given = context.waker();
        // A task keeps its waker, so this is made once and not for every poll.
        let known = this
            .waker
            .take()
            .filter(|wakers| wakers.given.will_wake(given));
        let wakers = this.waker.insert(known.unwrap_or_else(|| Wakers {
            given: given.clone(),
            wrapped: Waker::from(Arc::new(TracedWaker {
                given: given.clone(),
                recorder,
                task,
            })),
        }));
        let polled = this.inner.poll(&mut Context::from_waker(&wakers.wrapped));
        let kind = if polled.is_ready() {
            Kind::Done
        } else {
            Kind::End
        };
        recorder.stop(kind, task);
        polled
    }
}

impl Wake for TracedWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.recorder.record(Kind::Wake, self.task);
        self.given.wake_by_ref();
    }
}
