//! How a request is admitted: refused at once, made to wait, or as a program of your own decides.

use core::future::{Future, Ready, ready};
use core::time::Duration;

use rate_limiter::Throttled;

use crate::waiting::{Reservation, Waiting};

// ANCHOR: Admission
/// Decides about one request before the service behind the limiter sees it.
///
/// The answer is a future, so that it may come after a wait ([`Wait`]) or from another machine.
pub trait Admission<Request> {
    /// Resolves to `Ok` when the request may go on, or to the refusal.
    /// Dropping it unresolved withdraws the request.
    type Future: Future<Output = Result<(), Throttled>>;

    /// Asks for one request; whatever it takes from the limiter it takes now, in the order of the calls.
    fn admit(&self, request: &Request) -> Self::Future;
}
// ANCHOR_END: Admission

/// A shared limiter that says at once whether a request may pass.
pub trait TryAcquire<Request> {
    /// Admits the request now or refuses it.
    ///
    /// # Errors
    /// [`Throttled`] says how long to stay away.
    fn try_acquire_for(&self, request: &Request) -> Result<(), Throttled>;
}

/// A shared limiter that can promise a request its tokens for later.
pub trait Reserve<Request> {
    /// The promise.
    type Reservation: Reservation;

    /// Takes the tokens of one request, unless it would have to wait longer than `at_most` for them.
    ///
    /// # Errors
    /// [`Throttled`] if it would wait longer, or could never pass; nothing was taken then.
    fn reserve_for(
        &self,
        request: &Request,
        at_most: Duration,
    ) -> Result<Self::Reservation, Throttled>;
}

/// Admits or refuses at once; see [`RateLimitLayer::reject`](crate::RateLimitLayer::reject).
#[derive(Clone, Copy, Debug)]
pub struct Reject<L> {
    limiter: L,
}

impl<L> Reject<L> {
    /// Asks `limiter`.
    pub const fn new(limiter: L) -> Self {
        Self { limiter }
    }
}

impl<Request, L: TryAcquire<Request>> Admission<Request> for Reject<L> {
    type Future = Ready<Result<(), Throttled>>;

    fn admit(&self, request: &Request) -> Self::Future {
        ready(self.limiter.try_acquire_for(request))
    }
}

/// Admits when the reserved tokens are there; see [`RateLimitLayer::wait`](crate::RateLimitLayer::wait).
#[derive(Clone, Copy, Debug)]
pub struct Wait<L> {
    limiter: L,
    /// The longest wait a request is asked to accept.
    at_most: Duration,
}

impl<L> Wait<L> {
    /// Reserves from `limiter`, for a wait of `at_most`.
    pub const fn new(limiter: L, at_most: Duration) -> Self {
        Self { limiter, at_most }
    }
}

impl<Request, L: Reserve<Request>> Admission<Request> for Wait<L> {
    type Future = Waiting<L::Reservation>;

    fn admit(&self, request: &Request) -> Self::Future {
        Waiting::new(self.limiter.reserve_for(request, self.at_most))
    }
}
