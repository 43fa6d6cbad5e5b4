//! A station driven by an event queue: requests come, are served for a drawn time, and leave.

use clock::Instant;

use crate::arrivals::ArrivalStream;
use crate::closed_loop::ClosedLoop;
use crate::distribution::Distribution;
use crate::log::{Event, EventId, Log};
use crate::queue::EventQueue;
use crate::rng::Rng;
use crate::station::{Admission, Station, StationConfig, Visit};

/// Kind of log entry: a request came; the value is the number inside it found.
pub const ARRIVED: u16 = 0;
/// Kind of log entry: a request found the station full; the value is the number inside.
pub const REFUSED: u16 = 1;
/// Kind of log entry: a service began; the value is the wait before it, in seconds.
///
/// Its cause is the request's arrival if a server was free, else the departure that freed one.
pub const STARTED: u16 = 2;
/// Kind of log entry: a request left; the value is its response time, in seconds.
pub const DEPARTED: u16 = 3;

/// What one step of a run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A request came.
    Arrived {
        /// Its number.
        job: u32,
        /// What became of it.
        admission: Admission,
    },
    /// This request was served and left.
    Departed(Visit),
}

/// What the event queue holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    /// A request comes; in a closed loop it has its client's number, else a new one.
    Arrival { client: u32 },
    /// A server is done.
    Finish { server: u32 },
}

/// Where requests come from.
#[derive(Clone, Debug, PartialEq)]
enum Source {
    Open(ArrivalStream),
    Closed {
        clients: ClosedLoop,
        rng: Rng,
    },
    /// Nobody comes any more.
    Ended,
}

/// Entries of the log that later ones will name as their cause.
#[derive(Clone, Debug)]
struct Notes {
    log: Log,
    /// For each server, the entry that began the service it is at.
    started: Vec<EventId>,
}

/// A run of one station; clone it for a checkpoint.
#[derive(Clone, Debug)]
pub struct StationRun {
    station: Station,
    queue: EventQueue<Due>,
    source: Source,
    service: Distribution,
    service_rng: Rng,
    now: Instant,
    next_job: u32,
    notes: Option<Notes>,
}

impl StationRun {
    /// A run with open-loop arrivals; service times in seconds come from the stream `"service"`.
    ///
    /// # Panics
    /// If [`Station::new`] does.
    #[must_use]
    pub fn open(
        config: StationConfig,
        arrivals: ArrivalStream,
        service: Distribution,
        seed: u64,
    ) -> Self {
        let mut run = Self::empty(config, Source::Open(arrivals), service, seed);
        run.plan_open_arrival();
        run
    }

    /// A run with closed-loop clients, whose think times come from the stream `"think"`.
    ///
    /// # Panics
    /// If [`Station::new`] does.
    #[must_use]
    pub fn closed(
        config: StationConfig,
        clients: ClosedLoop,
        service: Distribution,
        seed: u64,
    ) -> Self {
        let mut rng = Rng::stream(seed, "think");
        let mut queue = EventQueue::new();
        for (client, at) in clients.first_requests(&mut rng) {
            queue.push(at, Due::Arrival { client });
        }
        let mut run = Self::empty(config, Source::Closed { clients, rng }, service, seed);
        run.queue = queue;
        run
    }

    fn empty(config: StationConfig, source: Source, service: Distribution, seed: u64) -> Self {
        Self {
            station: Station::new(config),
            queue: EventQueue::new(),
            source,
            service,
            service_rng: Rng::stream(seed, "service"),
            now: Instant::ZERO,
            next_job: 0,
            notes: None,
        }
    }

    /// The same run with an event log; without, a step costs less.
    #[must_use]
    pub fn with_log(mut self) -> Self {
        self.notes = Some(Notes {
            log: Log::new(),
            started: vec![EventId(0); self.station.config().servers as usize],
        });
        self
    }

    /// Does what is due next; none when nothing will ever happen again.
    #[inline]
    pub fn step(&mut self) -> Option<Step> {
        let (at, due) = self.queue.pop()?;
        self.now = at;
        Some(match due {
            Due::Arrival { client } => self.arrive(client),
            Due::Finish { server } => self.finish(server),
        })
    }

    /// Does everything due up to and including `until`, and moves the clock there.
    pub fn run_until(&mut self, until: Instant) {
        while self.queue.next_at().is_some_and(|at| at <= until) {
            self.step();
        }
        self.now = self.now.max(until);
    }

    /// Lets nobody in any more, serves everybody inside, and stops when the last one has left.
    pub fn drain(&mut self) {
        let mut inside = EventQueue::new();
        while let Some((at, due)) = self.queue.pop() {
            if matches!(due, Due::Finish { .. }) {
                inside.push(at, due);
            }
        }
        self.queue = inside;
        self.source = Source::Ended;
        while self.step().is_some() {}
    }

    /// The instant reached.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// When something happens next.
    #[must_use]
    pub fn next_at(&self) -> Option<Instant> {
        self.queue.next_at()
    }

    /// The station and what it has measured.
    #[must_use]
    pub fn station(&self) -> &Station {
        &self.station
    }

    /// The event log, if the run keeps one.
    #[must_use]
    pub fn log(&self) -> Option<&Log> {
        self.notes.as_ref().map(|notes| &notes.log)
    }

    #[inline]
    fn arrive(&mut self, client: u32) -> Step {
        let job = if matches!(self.source, Source::Open(_)) {
            self.plan_open_arrival();
            self.next_job = self.next_job.wrapping_add(1);
            self.next_job.wrapping_sub(1)
        } else {
            client
        };
        let found = self.station.in_system();
        let admission = self.station.arrive(self.now, job);
        match admission {
            Admission::Starts { server } => self.plan_finish(server),
            Admission::Refused => self.plan_closed_arrival(job),
            Admission::Waits { .. } => {}
        }
        if let Some(notes) = &mut self.notes {
            notes.arrival(self.now, job, found, admission);
        }
        Step::Arrived { job, admission }
    }

    #[inline]
    fn finish(&mut self, server: u32) -> Step {
        let (left, next) = self.station.finish(self.now, server);
        let left = left.expect("a finish is planned only when a service begins");
        if next.is_some() {
            self.plan_finish(server);
        }
        self.plan_closed_arrival(left.job);
        if let Some(notes) = &mut self.notes {
            notes.departure(self.now, server, left, next);
        }
        Step::Departed(left)
    }

    #[inline]
    fn plan_finish(&mut self, server: u32) {
        let nanos = self.service.sample_nanos(&mut self.service_rng);
        self.queue
            .push(self.now.plus_nanos(nanos), Due::Finish { server });
    }

    #[inline]
    fn plan_open_arrival(&mut self) {
        if let Source::Open(arrivals) = &mut self.source
            && let Some(at) = arrivals.next()
        {
            self.queue.push(at, Due::Arrival { client: 0 });
        }
    }

    #[inline]
    fn plan_closed_arrival(&mut self, client: u32) {
        if let Source::Closed { clients, rng } = &mut self.source {
            let at = clients.next_request(self.now, rng);
            self.queue.push(at, Due::Arrival { client });
        }
    }
}

impl Notes {
    fn arrival(&mut self, at: Instant, job: u32, found: u32, admission: Admission) {
        let entry = |cause, kind, value| Event {
            at,
            cause,
            kind,
            subject: job,
            value,
        };
        let arrived = self.log.push(entry(None, ARRIVED, f64::from(found)));
        match admission {
            Admission::Starts { server } => {
                let started = self.log.push(entry(Some(arrived), STARTED, 0.0));
                self.started[server as usize] = started;
            }
            Admission::Refused => {
                self.log
                    .push(entry(Some(arrived), REFUSED, f64::from(found)));
            }
            Admission::Waits { .. } => {}
        }
    }

    fn departure(&mut self, at: Instant, server: u32, left: Visit, next: Option<Visit>) {
        let server = server as usize;
        let departed = self.log.push(Event {
            at,
            cause: Some(self.started[server]),
            kind: DEPARTED,
            subject: left.job,
            value: at.since(left.arrived).as_secs_f64(),
        });
        if let Some(next) = next {
            self.started[server] = self.log.push(Event {
                at,
                cause: Some(departed),
                kind: STARTED,
                subject: next.job,
                value: at.since(next.arrived).as_secs_f64(),
            });
        }
    }
}
