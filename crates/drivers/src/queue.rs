//! The tower layer that lets requests wait for a place, and sheds those for which waiting has lost its sense.

use core::fmt;
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clock::Instant;
use load_shed::{CoDel, ControlledDelay, PriorityShedder, Verdict};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::{Layer, Service};

use crate::clock::Clock;
use crate::direct::Locked;
use crate::gate::GateError;

// ANCHOR: QueueRule
/// Decides who is served and who is shed: when a request comes, and when its turn has come.
pub trait QueueRule {
    /// A request comes; `level` says how little it matters, 0 for the most important.
    fn on_arrival(&mut self, _now: Instant, _level: usize) -> Verdict {
        Verdict::Serve
    }

    /// A request that came at `enqueued` has its turn at `now`, and `behind` others wait.
    fn on_turn(&mut self, now: Instant, enqueued: Instant, behind: usize) -> Verdict;
}
// ANCHOR_END: QueueRule

impl QueueRule for ControlledDelay {
    fn on_turn(&mut self, now: Instant, enqueued: Instant, behind: usize) -> Verdict {
        let verdict = self.on_dequeue(now, enqueued);
        if behind == 0 {
            self.on_empty(now);
        }
        verdict
    }
}

impl QueueRule for CoDel {
    fn on_turn(&mut self, now: Instant, enqueued: Instant, behind: usize) -> Verdict {
        self.on_dequeue(now, enqueued, behind == 0)
    }
}

impl QueueRule for PriorityShedder {
    fn on_arrival(&mut self, now: Instant, level: usize) -> Verdict {
        Self::on_arrival(self, now, level)
    }

    fn on_turn(&mut self, now: Instant, enqueued: Instant, _behind: usize) -> Verdict {
        self.on_dequeue(now.since(enqueued));
        Verdict::Serve
    }
}

/// The rule of the queue shed the request; the inner service never saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shed;

impl fmt::Display for Shed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shed: the service has more to do than it can")
    }
}

impl core::error::Error for Shed {}

struct Room<Q, C> {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    rule: Locked<Q>,
    clock: C,
}

/// Counts a request that waits, for as long as it does.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn on(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<Q: QueueRule, C: Clock> Room<Q, C> {
    // ANCHOR: enter
    /// Waits for a place, first come, first served.
    async fn enter(&self, level: usize) -> Result<OwnedSemaphorePermit, Shed> {
        let (enqueued, verdict) =
            (self.rule).with(&self.clock, |rule, now| (now, rule.on_arrival(now, level)));
        if verdict == Verdict::Shed {
            return Err(Shed);
        }
        let waits = Waits::on(&self.waiting);
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.expect("the room is never closed");
        drop(waits);
        let behind = self.waiting.load(Ordering::Relaxed);
        let verdict =
            (self.rule).with(&self.clock, |rule, now| rule.on_turn(now, enqueued, behind));
        // A place that is not used goes to the next in the same moment.
        match verdict {
            Verdict::Serve => Ok(place),
            Verdict::Shed => Err(Shed),
        }
    }
    // ANCHOR_END: enter
}

/// Says how little a request matters: 0 for the most important. Any closure from `&Request` to `usize` does.
pub trait Level<Request> {
    /// The level of this request.
    fn level(&self, request: &Request) -> usize;
}

/// Every request matters as much as any other.
#[derive(Clone, Copy, Debug)]
pub struct AllAlike;

impl<Request> Level<Request> for AllAlike {
    fn level(&self, _: &Request) -> usize {
        0
    }
}

impl<Request, F: Fn(&Request) -> usize> Level<Request> for F {
    fn level(&self, request: &Request) -> usize {
        self(request)
    }
}

// ANCHOR: QueueLayer
/// Puts a queue in front of a service that serves a number of requests at once, and a rule beside the queue:
/// [`ControlledDelay`], [`CoDel`] or [`PriorityShedder`].
///
/// Every clone of the layer, and every service it makes, shares the one queue.
pub struct QueueLayer<Q, C, F = AllAlike> {
    room: Arc<Room<Q, C>>,
    level: F,
}
// ANCHOR_END: QueueLayer

impl<Q: QueueRule, C: Clock> QueueLayer<Q, C> {
    /// Serves `places` requests at once (0 counts as 1); the others wait or are shed by `rule`, whose time is that of `clock`.
    pub fn new(places: usize, rule: Q, clock: C) -> Self {
        let places = places.clamp(1, Semaphore::MAX_PERMITS);
        let room = Room {
            places: Arc::new(Semaphore::new(places)),
            waiting: AtomicUsize::new(0),
            rule: Locked::new(rule),
            clock,
        };
        Self {
            room: Arc::new(room),
            level: AllAlike,
        }
    }

    /// Tells the rule of each request how little it matters.
    pub fn level<F>(self, level: F) -> QueueLayer<Q, C, F> {
        QueueLayer {
            room: self.room,
            level,
        }
    }
}

impl<Q, C, F> QueueLayer<Q, C, F> {
    /// Requests that wait now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.room.waiting.load(Ordering::Relaxed)
    }
}

impl<Q, C, F: Clone> Clone for QueueLayer<Q, C, F> {
    fn clone(&self) -> Self {
        Self {
            room: Arc::clone(&self.room),
            level: self.level.clone(),
        }
    }
}

impl<Q, C, F> fmt::Debug for QueueLayer<Q, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueueLayer")
            .field("waiting", &self.waiting())
            .finish_non_exhaustive()
    }
}

impl<S, Q, C, F: Clone> Layer<S> for QueueLayer<Q, C, F> {
    type Service = QueueService<S, Q, C, F>;

    fn layer(&self, inner: S) -> Self::Service {
        QueueService {
            inner,
            layer: self.clone(),
        }
    }
}

/// A service behind a queue, made by [`QueueLayer`].
pub struct QueueService<S, Q, C, F = AllAlike> {
    inner: S,
    layer: QueueLayer<Q, C, F>,
}

/// A future in a box: waiting in line has no name that could be written down.
type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl<S, Q, C, F, Request> Service<Request> for QueueService<S, Q, C, F>
where
    S: Service<Request> + Clone + Send + 'static,
    S::Future: Send,
    Request: Send + 'static,
    Q: QueueRule + Send + 'static,
    C: Clock + Send + Sync + 'static,
    F: Level<Request>,
{
    type Response = S::Response;
    type Error = GateError<Shed, S::Error>;
    type Future = Boxed<Result<S::Response, Self::Error>>;

    /// Always ready; a request waits inside its future, where its wait can be measured.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let room = Arc::clone(&self.layer.room);
        let level = self.layer.level.level(&request);
        let mut inner = self.inner.clone();
        Box::pin(async move {
            let _place = room.enter(level).await.map_err(GateError::Refused)?;
            let ready = poll_fn(|cx| inner.poll_ready(cx)).await;
            ready.map_err(GateError::Inner)?;
            inner.call(request).await.map_err(GateError::Inner)
        })
    }
}

impl<S: Clone, Q, C, F: Clone> Clone for QueueService<S, Q, C, F> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            layer: self.layer.clone(),
        }
    }
}

impl<S: fmt::Debug, Q, C, F> fmt::Debug for QueueService<S, Q, C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueueService")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}
