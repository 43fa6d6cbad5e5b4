//! Closed-loop clients: each waits for its answer and thinks before it asks again.

use clock::Instant;

use crate::distribution::Distribution;
use crate::rng::Rng;

/// A fixed number of clients, each with at most one request under way.
///
/// A closed loop slows down together with the server it calls, and so hides an overload that open
/// arrivals would show.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosedLoop {
    /// Number of clients.
    pub clients: u32,
    /// Time from an answer to the client's next request, in seconds.
    pub think: Distribution,
}

impl ClosedLoop {
    /// The clients' first requests, one think time after the origin, as pairs of client and instant.
    pub fn first_requests(&self, rng: &mut Rng) -> impl Iterator<Item = (u32, Instant)> {
        (0..self.clients).map(|client| (client, self.next_request(Instant::ZERO, rng)))
    }

    /// When a client answered at `answered` asks again.
    pub fn next_request(&self, answered: Instant, rng: &mut Rng) -> Instant {
        answered.plus_nanos(self.think.sample_nanos(rng))
    }
}
