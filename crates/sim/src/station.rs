//! A queueing station: servers that work in parallel on one line, first come, first served.
//!
//! In Kendall's notation a G/G/c/K queue.
//! It knows no clock, no queue of events and no randomness: whoever drives it says what happens
//! when ([`StationRun`](crate::StationRun) does so from distributions).

use core::time::Duration;
use std::collections::VecDeque;

use clock::Instant;

use crate::totals::Totals;

/// Size of a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StationConfig {
    /// Requests served at the same time (Kendall's c), at least 1.
    pub servers: u32,
    /// Most requests inside at the same time, waiting or in service (Kendall's K); `u32::MAX` for a
    /// line without bound.
    pub capacity: u32,
}

impl StationConfig {
    /// This many servers and a line without bound.
    #[must_use]
    pub fn unbounded(servers: u32) -> Self {
        Self {
            servers,
            capacity: u32::MAX,
        }
    }
}

/// A request inside a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Number of the request, as its driver gave it.
    pub job: u32,
    /// When it came.
    pub arrived: Instant,
    /// When its service began; while it waits, when it came.
    pub started: Instant,
}

impl Visit {
    /// From its arrival to the start of its service; zero while it waits.
    #[must_use]
    pub fn wait(&self) -> Duration {
        self.started.since(self.arrived)
    }

    /// From its arrival to `now`: its response time, if it leaves now.
    #[must_use]
    pub fn age(&self, now: Instant) -> Duration {
        now.since(self.arrived)
    }
}

/// What became of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Its service begins at once, on this server (from 0).
    Starts {
        /// Number of the server.
        server: u32,
    },
    /// It stands in line.
    Waits {
        /// Requests in the line before it.
        ahead: u32,
    },
    /// The station is full.
    Refused,
}

/// Servers, a line, and what has been measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    config: StationConfig,
    /// Who is being served, by server.
    serving: Vec<Option<Visit>>,
    /// Servers with nothing to do; the one freed last is taken first.
    idle: Vec<u32>,
    line: VecDeque<Visit>,
    totals: Totals,
    /// The instant up to which the totals are complete.
    last: Instant,
}

impl Station {
    /// An empty station at the origin of time.
    ///
    /// # Panics
    /// Without servers, or with a capacity below the number of servers.
    #[must_use]
    pub fn new(config: StationConfig) -> Self {
        assert!(
            config.servers > 0 && config.capacity >= config.servers,
            "a station has at least one server, and room for a request on each"
        );
        Self {
            config,
            serving: vec![None; config.servers as usize],
            idle: (0..config.servers).rev().collect(),
            line: VecDeque::new(),
            totals: Totals::default(),
            last: Instant::ZERO,
        }
    }

    /// A request comes.
    #[inline]
    pub fn arrive(&mut self, now: Instant, job: u32) -> Admission {
        self.pass_time(now);
        self.totals.arrived += 1;
        if self.in_system() >= self.config.capacity {
            self.totals.refused += 1;
            return Admission::Refused;
        }
        let visit = Visit {
            job,
            arrived: now,
            started: now,
        };
        if let Some(server) = self.idle.pop() {
            self.totals.started += 1;
            self.serving[server as usize] = Some(visit);
            return Admission::Starts { server };
        }
        self.line.push_back(visit);
        Admission::Waits {
            ahead: self.waiting() - 1,
        }
    }

    /// A server is done: returns who leaves, and who starts on that server now.
    ///
    /// Neither, and nothing happens, if that server was not busy.
    #[inline]
    pub fn finish(&mut self, now: Instant, server: u32) -> (Option<Visit>, Option<Visit>) {
        self.pass_time(now);
        let Some(slot) = self.serving.get_mut(server as usize) else {
            return (None, None);
        };
        let Some(left) = slot.take() else {
            return (None, None);
        };
        self.totals.departed += 1;
        self.totals.sojourn_ns += u128::from(nanos_between(left.arrived, now));
        let Some(mut next) = self.line.pop_front() else {
            self.idle.push(server);
            return (Some(left), None);
        };
        next.started = now;
        self.totals.started += 1;
        self.totals.waited += 1;
        self.totals.wait_ns += u128::from(nanos_between(next.arrived, now));
        *slot = Some(next);
        (Some(left), Some(next))
    }

    /// Requests inside, waiting or in service.
    #[inline]
    #[must_use]
    pub fn in_system(&self) -> u32 {
        self.busy() + self.waiting()
    }

    /// Busy servers.
    #[inline]
    #[must_use]
    pub fn busy(&self) -> u32 {
        self.config.servers - self.idle.len() as u32
    }

    /// Requests in line.
    #[inline]
    #[must_use]
    pub fn waiting(&self) -> u32 {
        self.line.len() as u32
    }

    /// Its size.
    #[must_use]
    pub fn config(&self) -> StationConfig {
        self.config
    }

    /// Who is being served, by server; an idle server has none.
    #[must_use]
    pub fn serving(&self) -> &[Option<Visit>] {
        &self.serving
    }

    /// Who stands in line, the next one first.
    pub fn line(&self) -> impl ExactSizeIterator<Item = &Visit> {
        self.line.iter()
    }

    /// What has been measured up to `now`.
    #[must_use]
    pub fn totals(&self, now: Instant) -> Totals {
        let mut totals = self.totals;
        totals.pass_time(nanos_between(self.last, now), self.in_system(), self.busy());
        totals.elapsed = now.since(Instant::ZERO);
        totals
    }

    /// Time that those still inside have spent here so far, in requests × ns.
    ///
    /// Little's law at any instant, exactly:
    /// `totals.in_system_ns == totals.sojourn_ns + station.sojourn_so_far_ns(now)`.
    #[must_use]
    pub fn sojourn_so_far_ns(&self, now: Instant) -> u128 {
        let served = self.serving.iter().flatten();
        served
            .chain(&self.line)
            .map(|visit| u128::from(nanos_between(visit.arrived, now)))
            .sum()
    }

    #[inline]
    fn pass_time(&mut self, now: Instant) {
        let (inside, busy) = (self.in_system(), self.busy());
        self.totals
            .pass_time(nanos_between(self.last, now), inside, busy);
        self.last = self.last.max(now);
    }
}

/// Nanoseconds from one instant to a later one.
#[inline]
fn nanos_between(earlier: Instant, later: Instant) -> u64 {
    later.as_nanos().saturating_sub(earlier.as_nanos())
}
