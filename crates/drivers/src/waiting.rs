//! Sleeping until reserved tokens are there, and giving them back if the sleeper goes away.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;

use pin_project_lite::pin_project;
use rate_limiter::Throttled;
use tokio::time::Sleep;

/// Tokens that were taken for a later moment.
pub trait Reservation {
    /// How long after the reservation its owner has to wait before acting; zero if it may act at once.
    fn delay(&self) -> Duration;

    /// Gives the tokens back, as far as nobody was promised a place behind them.
    fn cancel(self);
}

// ANCHOR: Waiting
pin_project! {
    /// Resolves when a reservation falls due; dropped before that, it cancels the reservation.
    ///
    /// It sleeps once, on tokio's timer, whose ticks are 1 ms: it never wakes early and up to 1 ms late.
    /// Giving back follows `golang.org/x/time/rate`: only what no later reservation was built upon returns to the bucket.
    #[must_use = "futures do nothing unless polled"]
    #[derive(Debug)]
    pub struct Waiting<T: Reservation> {
        state: State<T>,
        #[pin]
        sleep: Option<Sleep>,
    }

    impl<T: Reservation> PinnedDrop for Waiting<T> {
        fn drop(this: Pin<&mut Self>) {
            if let State::Asleep(reservation) = this.project().state.take() {
                reservation.cancel();
            }
        }
    }
}
// ANCHOR_END: Waiting

#[derive(Debug)]
enum State<T> {
    /// Refused when it asked; the refusal is still to be told.
    Refused(Throttled),
    /// Waiting for its tokens.
    Asleep(T),
    /// Told to act, or told no: nothing to give back.
    Done,
}

impl<T> State<T> {
    fn take(&mut self) -> Self {
        core::mem::replace(self, Self::Done)
    }
}

impl<T: Reservation> Waiting<T> {
    pub(crate) fn new(outcome: Result<T, Throttled>) -> Self {
        match outcome {
            Err(throttled) => Self {
                state: State::Refused(throttled),
                sleep: None,
            },
            Ok(now) if now.delay().is_zero() => Self {
                state: State::Done,
                sleep: None,
            },
            Ok(later) => {
                let sleep = Some(tokio::time::sleep(later.delay()));
                Self {
                    state: State::Asleep(later),
                    sleep,
                }
            }
        }
    }
}

impl<T: Reservation> Future for Waiting<T> {
    type Output = Result<(), Throttled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Some(sleep) = this.sleep.as_pin_mut() {
            ready!(sleep.poll(cx));
        }
        match this.state.take() {
            State::Refused(throttled) => Poll::Ready(Err(throttled)),
            State::Asleep(_) | State::Done => Poll::Ready(Ok(())),
        }
    }
}
