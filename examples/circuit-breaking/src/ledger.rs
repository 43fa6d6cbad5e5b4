//! Which requests came how far, seen by the gateway and by the backend.

use std::sync::atomic::{AtomicU32, Ordering};

/// The header in which a request carries its number.
pub(crate) const REQUEST_HEADER: &str = "x-request";

/// For each request the calls it caused.
#[derive(Debug)]
pub(crate) struct Ledger {
    called: Vec<AtomicU32>,
    reached: Vec<AtomicU32>,
}

impl Ledger {
    /// An empty one for so many requests.
    pub(crate) fn new(requests: usize) -> Self {
        let zeroes = || (0..requests).map(|_| AtomicU32::new(0)).collect();
        Self {
            called: zeroes(),
            reached: zeroes(),
        }
    }

    /// The gateway tries to call the backend for `request`.
    pub(crate) fn call(&self, request: usize) {
        count(&self.called, request);
    }

    /// The backend has read a call for `request`.
    pub(crate) fn reach(&self, request: usize) {
        count(&self.reached, request);
    }

    /// How often the gateway tried to call the backend for `request`.
    pub(crate) fn called(&self, request: usize) -> u64 {
        read(&self.called, request)
    }

    /// How many of these calls the backend has read.
    pub(crate) fn reached(&self, request: usize) -> u64 {
        read(&self.reached, request)
    }
}

/// Other programs of this machine may send requests with numbers of their own; they are not counted.
fn count(counts: &[AtomicU32], request: usize) {
    if let Some(count) = counts.get(request) {
        count.fetch_add(1, Ordering::Relaxed);
    }
}

fn read(counts: &[AtomicU32], request: usize) -> u64 {
    let count = counts
        .get(request)
        .map(|count| count.load(Ordering::Relaxed));
    count.unwrap_or_default().into()
}
