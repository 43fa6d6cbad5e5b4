//! A chain of services with its log, and what its charts and counters say.

use core::time::Duration;

use clock::Instant;
use sim::{Event, EventId};

use super::call::NONE;
use super::config::{Config, Fault};
use super::model::Model;
use super::told::{Told, What};
use super::words;
use crate::lab::Counter;
use crate::scene::State;
use crate::tape::Tape;

/// How often the charts get a point.
pub(crate) const SAMPLE: Duration = Duration::from_millis(250);
/// Samples in a second: rates are those of the last second.
const BINS: usize = 4;
/// Links and services a lab may have.
const PLACES: usize = 6;

/// What is counted, over the last second and in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    /// Requests of clients.
    Asked,
    /// Those of the second kind.
    AskedOther,
    /// Requests that succeeded.
    Good,
    /// Those of the second kind.
    GoodOther,
    /// Requests that did not.
    Bad,
    /// Attempts by a link.
    Sent(usize),
    /// Attempts by a link that were not the first.
    Again(usize),
    /// Attempts that a link did not make.
    Refused(usize),
    /// Work that a service began for nobody: whoever asked had given up.
    Wasted(usize),
    /// Calls that a service turned away.
    Shed(usize),
}

/// Kinds of counts in all.
const COUNTS: usize = 5 + 5 * PLACES;

impl Count {
    const fn place(self) -> usize {
        match self {
            Self::Asked => 0,
            Self::AskedOther => 1,
            Self::Good => 2,
            Self::GoodOther => 3,
            Self::Bad => 4,
            Self::Sent(link) => 5 + link,
            Self::Again(link) => 5 + PLACES + link,
            Self::Refused(link) => 5 + 2 * PLACES + link,
            Self::Wasted(service) => 5 + 3 * PLACES + service,
            Self::Shed(service) => 5 + 4 * PLACES + service,
        }
    }
}

/// What a line of a chart shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gauge {
    /// A count over the last second.
    Rate(Count),
    /// Requests of the first kind that succeeded, over the last second.
    GoodFirst,
    /// Calls that wait in a service's queue.
    Queue(usize),
    /// A service's places that are taken.
    Busy(usize),
    /// All places of a service.
    Places(usize),
    /// Requests a second that a service's places can do.
    Capacity(usize),
    /// Mean time to success over the last second, in milliseconds.
    Time,
}

/// A chain of services with its log.
#[derive(Clone)]
pub(crate) struct Desk {
    /// The services.
    pub(crate) model: Model,
    gauges: &'static [Gauge],
    told: Vec<Told>,
    /// Requests that go well are not logged.
    quiet: bool,
    /// The latest entry about each request, by its number.
    causes: Vec<u32>,
    /// In this quarter of a second and the three before.
    bins: [[u32; COUNTS]; BINS],
    totals: [u32; COUNTS],
    /// Over the second before the last sample.
    second: [u32; COUNTS],
    /// Milliseconds to success, summed, by quarter.
    took: [f64; BINS],
    bin: usize,
    sample_at: Instant,
}

impl Desk {
    /// Services at time zero; the charts' lines in the order of `gauges`.
    pub(crate) fn new(config: Config, gauges: &'static [Gauge], seed: u64) -> Self {
        Self {
            model: Model::new(config, seed),
            gauges,
            told: Vec::new(),
            quiet: false,
            causes: Vec::new(),
            bins: [[0; COUNTS]; BINS],
            totals: [0; COUNTS],
            second: [0; COUNTS],
            took: [0.0; BINS],
            bin: 0,
            sample_at: Instant::ZERO,
        }
    }

    /// The same, but what goes well is not logged.
    pub(crate) fn of_faults_only(self) -> Self {
        Self {
            quiet: true,
            ..self
        }
    }

    /// When the next thing happens.
    pub(crate) fn next_at(&self) -> Option<Instant> {
        let next = self.model.next_at().unwrap_or(self.sample_at);
        Some(next.min(self.sample_at))
    }

    /// Does the next thing; what happened is handed to `see`, after it was logged.
    pub(crate) fn step(&mut self, tape: &mut Tape, mut see: impl FnMut(&Told)) {
        if (self.model.next_at()).is_none_or(|at| at >= self.sample_at) {
            return self.sample(tape);
        }
        self.with(tape, &mut see, Model::step);
    }

    /// Does something to the services, and logs what comes of it.
    pub(crate) fn with(
        &mut self,
        tape: &mut Tape,
        see: &mut dyn FnMut(&Told),
        what: impl FnOnce(&mut Model, &mut Vec<Told>),
    ) {
        let mut told = core::mem::take(&mut self.told);
        what(&mut self.model, &mut told);
        for told in &told {
            self.count(told);
            self.write(told, tape);
            see(told);
        }
        told.clear();
        self.told = told;
    }

    /// The reader makes something happen to a service, from `fault.from` on, which is now.
    pub(crate) fn strike(&mut self, tape: &mut Tape, fault: Fault) {
        self.with(tape, &mut |_| {}, |model, _| {
            model.strike(fault.from, fault)
        });
    }

    /// Since the beginning.
    pub(crate) fn total(&self, count: Count) -> f64 {
        f64::from(self.totals[count.place()])
    }

    /// Over the second before the last sample.
    pub(crate) fn rate(&self, count: Count) -> f64 {
        f64::from(self.second[count.place()])
    }

    /// About how many bytes a copy takes.
    pub(crate) fn weight(&self) -> usize {
        self.model.weight() + self.causes.len() * 4
    }

    fn count(&mut self, told: &Told) {
        let other = told.request != NONE && self.model.kind_of(told.request) == 1;
        let counts = match told.what {
            What::Arrives => [Some(Count::Asked), other.then_some(Count::AskedOther)],
            What::Succeeds(took) => {
                self.took[self.bin] += took.as_secs_f64() * 1e3;
                [Some(Count::Good), other.then_some(Count::GoodOther)]
            }
            What::Fails => [Some(Count::Bad), None],
            What::Sent(link, nth) => {
                let link = link as usize;
                [
                    Some(Count::Sent(link)),
                    (nth > 1).then_some(Count::Again(link)),
                ]
            }
            What::Refused(link, _) => [Some(Count::Refused(link as usize)), None],
            What::Starts(service, true) => [Some(Count::Wasted(service as usize)), None],
            What::Shed(service) | What::QueueFull(service) => {
                [Some(Count::Shed(service as usize)), None]
            }
            _ => return,
        };
        for count in counts.into_iter().flatten() {
            self.bins[self.bin][count.place()] += 1;
            self.totals[count.place()] += 1;
        }
    }

    fn write(&mut self, told: &Told, tape: &mut Tape) {
        let Some((kind, value)) = words::entry(told) else {
            return;
        };
        if self.quiet
            && matches!(
                told.what,
                What::Arrives | What::Sent(_, 1) | What::Succeeds(_)
            )
        {
            return;
        }
        let request = told.request as usize;
        let cause = (self.causes.get(request)).filter(|&&cause| cause != NONE);
        let entry = tape.event(Event {
            at: told.at,
            cause: cause.map(|&cause| EventId(cause)),
            kind,
            // The log counts requests from 1; what is about none stays so.
            subject: told.request.saturating_add(1),
            value,
        });
        if told.request == NONE {
            return;
        }
        if self.causes.len() <= request {
            self.causes.resize(request + 1, NONE);
        }
        self.causes[request] = entry.0;
    }

    fn sample(&mut self, tape: &mut Tape) {
        let now = self.sample_at;
        for (count, second) in self.second.iter_mut().enumerate() {
            *second = self.bins.iter().map(|bin| bin[count]).sum();
        }
        for (line, gauge) in self.gauges.iter().enumerate() {
            tape.sample(line, now, self.gauge(*gauge));
        }
        self.sample_at = now + SAMPLE;
        self.bin = (self.bin + 1) % BINS;
        self.bins[self.bin] = [0; COUNTS];
        self.took[self.bin] = 0.0;
    }

    pub(crate) fn gauge(&self, gauge: Gauge) -> f64 {
        match gauge {
            Gauge::Rate(count) => self.rate(count),
            Gauge::GoodFirst => self.rate(Count::Good) - self.rate(Count::GoodOther),
            Gauge::Queue(service) => self.model.servers()[service].queue.len() as f64,
            Gauge::Busy(service) => f64::from(self.model.servers()[service].busy),
            Gauge::Places(service) => f64::from(self.model.config().services[service].places),
            Gauge::Capacity(service) => self.model.config().services[service].capacity(),
            Gauge::Time => {
                let good = self.rate(Count::Good);
                self.took.iter().sum::<f64>() / good.max(1.0)
            }
        }
    }
}

/// A number beside the figure.
pub(crate) fn counter(
    label: &'static str,
    value: f64,
    unit: &'static str,
    state: State,
) -> Counter {
    Counter {
        label,
        value,
        unit,
        state,
    }
}
