//! The same requests through the bare mechanism: no server, no socket, no clock, only the times.

use std::collections::BTreeMap;
use std::fmt;

use clock::Instant;
use rate_limiter::RateLimiter;
use serde::Serialize;

use crate::limiter::Decision;
use crate::mechanism::Mechanism;
use crate::options::Options;
use crate::schedule::Arrival;

/// How the bare mechanism decides on the requests of a run.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Comparison {
    /// Decisions the server's limiter made.
    pub decisions: usize,
    /// Of these, how many the bare mechanism makes differently when it is given the very same times.
    pub differing: usize,
    /// How many requests the bare mechanism admits at the times at which they were due.
    pub admitted_as_scheduled: usize,
}

impl Comparison {
    /// Replays the server's `decisions`, and the `arrivals` as they were due, `start` being the beginning of the run on the
    /// limiter's clock.
    pub(crate) fn new(
        options: &Options,
        mut decisions: Vec<Decision>,
        arrivals: &[Arrival],
        start: Instant,
    ) -> Self {
        // Two threads may have written their decisions down in the other order; the times say in which they were made.
        decisions.sort_by_key(|decision| decision.at);
        let mut server = Replay::new(options);
        let differing = decisions
            .iter()
            .filter(|d| server.admits(&d.client, d.at) != d.outcome.is_ok())
            .count();
        let mut schedule = Replay::new(options);
        let admits =
            |arrival: &&Arrival| schedule.admits(&arrival.client_name(), start + arrival.at);
        let admitted_as_scheduled = arrivals.iter().filter(admits).count();
        Self {
            decisions: decisions.len(),
            differing,
            admitted_as_scheduled,
        }
    }
}

/// One bare mechanism for each client, made when the client is first seen.
struct Replay<'a> {
    options: &'a Options,
    clients: BTreeMap<String, Mechanism>,
}

impl<'a> Replay<'a> {
    fn new(options: &'a Options) -> Self {
        Self {
            options,
            clients: BTreeMap::new(),
        }
    }

    fn admits(&mut self, client: &str, at: Instant) -> bool {
        if !self.clients.contains_key(client) {
            self.clients
                .insert(client.to_owned(), Mechanism::new(self.options));
        }
        self.clients
            .get_mut(client)
            .is_some_and(|mechanism| mechanism.try_acquire(at, 1).is_ok())
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            decisions,
            differing,
            admitted_as_scheduled,
        } = self;
        writeln!(
            f,
            "model      decides {differing} of the server's {decisions} decisions differently, given the same times"
        )?;
        writeln!(
            f,
            "           admits {admitted_as_scheduled} if every request arrives when it is due"
        )
    }
}
