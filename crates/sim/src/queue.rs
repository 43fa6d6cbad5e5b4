//! The event queue: what is due next, in order of time and then of insertion.
//!
//! The second half of that order is what makes a run repeatable: a bare heap hands out events of one
//! instant in an order that depends on everything that went through it before.

use core::cmp::Ordering;
use std::collections::BinaryHeap;

use clock::Instant;

/// Events to come, earliest first; events of one instant come out in the order they went in.
#[derive(Clone, Debug)]
pub struct EventQueue<E> {
    heap: BinaryHeap<Entry<E>>,
    /// Events ever pushed: the tie-breaker of the next one.
    inserted: u64,
}

#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    at: Instant,
    order: u64,
    event: E,
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<E> Eq for Entry<E> {}

impl<E> PartialOrd for Entry<E> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Reversed, because the standard heap hands out its greatest entry first.
impl<E> Ord for Entry<E> {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        other.key().cmp(&self.key())
    }
}

impl<E> Entry<E> {
    /// Time and order as one number: two comparisons without a branch between them.
    #[inline]
    fn key(&self) -> u128 {
        u128::from(self.at.as_nanos()) << 64 | u128::from(self.order)
    }
}

impl<E> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> EventQueue<E> {
    /// A queue with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self {
            heap: BinaryHeap::new(),
            inserted: 0,
        }
    }

    /// Plans `event` for `at`; behind everything already planned for that instant.
    #[inline]
    pub fn push(&mut self, at: Instant, event: E) {
        self.heap.push(Entry {
            at,
            order: self.inserted,
            event,
        });
        self.inserted += 1;
    }

    /// Takes the next event out.
    #[inline]
    pub fn pop(&mut self) -> Option<(Instant, E)> {
        self.heap.pop().map(|entry| (entry.at, entry.event))
    }

    /// When the next event is due.
    #[must_use]
    #[inline]
    pub fn next_at(&self) -> Option<Instant> {
        self.heap.peek().map(|entry| entry.at)
    }

    /// Number of events planned.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is planned.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Forgets everything planned.
    pub fn clear(&mut self) {
        self.heap.clear();
    }
}
