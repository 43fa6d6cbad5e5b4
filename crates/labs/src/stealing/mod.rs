//! Tasks arrive at several processors, each with a queue of its own; those without work may take from the others.

mod scene;
mod settings;

use core::time::Duration;

use clock::Instant;
use schedulers::{Event as Told, Stage, What, Worker};
use sim::{Event, Histogram};

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::scheduling::Desk;
use crate::scheduling::words::{self, KINDS};
use crate::tape::Tape;

use settings::{CHARTS, KNOBS, Params};

/// Shortest distance of two points of a chart.
const SAMPLE: Duration = Duration::from_millis(1);
/// A steal is in sight for so long.
const IN_SIGHT: Duration = Duration::from_micros(400);

/// Tasks that one worker took from another.
#[derive(Clone, Copy, Debug)]
struct Steal {
    at: Instant,
    from: u32,
    to: u32,
    count: u32,
}

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct Stealing {
    params: Params,
    desk: Desk,
    /// From arrival to end, in nanoseconds.
    times: Histogram,
    steals: u32,
    stolen: u32,
    /// The latest steals.
    latest: Vec<Steal>,
    /// Whether a processor sleeps while a task waits at another, and for how many nanoseconds that has been so.
    wasteful: bool,
    wasted: u64,
    /// When that was looked at, and when the charts got their last points.
    looked: Instant,
    sampled: Instant,
}

impl Lab for Stealing {
    type Params = Params;

    const ABOUT: About = About {
        id: "stealing",
        title: "Stealing",
        summary: "Tasks wait at one processor while another sleeps, until the sleeper takes half of the queue.",
        section: "2.1",
        subject: "Task",
        duration: Duration::from_millis(200),
        poster: Duration::from_millis(60),
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = &[];
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        let workload = params.workload(seed, Self::ABOUT.duration);
        Self {
            desk: Desk::new(params.config(), workload, seed),
            params: params.clone(),
            times: Histogram::new(),
            steals: 0,
            stolen: 0,
            latest: Vec::new(),
            wasteful: false,
            wasted: 0,
            looked: Instant::ZERO,
            sampled: Instant::ZERO,
        }
    }

    fn next_at(&self) -> Option<Instant> {
        self.desk.next_at()
    }

    fn step(&mut self, tape: &mut Tape) {
        let mut told = Vec::new();
        self.desk.step(tape, |event| told.push(*event));
        for event in &told {
            self.see(event);
        }
        self.look();
        let now = self.desk.machine.now();
        if now >= self.sampled + SAMPLE {
            self.sampled = now;
            self.sample(now, tape);
        }
    }

    fn act(&mut self, _now: Instant, _action: usize, _tape: &mut Tape) {}

    fn frame(&self, now: Instant, tape: &Tape) -> Frame {
        self.show(now, tape)
    }

    fn source(kind: u16) -> Option<&'static str> {
        words::source(kind)
    }

    fn describe(event: &Event) -> String {
        words::describe(event)
    }
}

impl Stealing {
    fn see(&mut self, event: &Told) {
        match event.what {
            What::Ends => {
                let (arrived, _) = self.desk.machine.workload().arrivals[event.task as usize];
                self.times.record(event.at.since(arrived).as_nanos() as u64);
            }
            What::Steals => {
                self.steals += 1;
                self.stolen += event.value;
                self.latest.retain(|steal| steal.at + IN_SIGHT >= event.at);
                self.latest.push(Steal {
                    at: event.at,
                    from: event.task,
                    to: event.worker,
                    count: event.value,
                });
            }
            _ => {}
        }
    }

    /// Counts the time in which a processor sleeps although somebody waits.
    fn look(&mut self) {
        let machine = &self.desk.machine;
        let now = machine.now();
        if self.wasteful {
            self.wasted += now.since(self.looked).as_nanos() as u64;
        }
        self.looked = now;
        let workers = machine.workers();
        let sleeps = |worker: &Worker| worker.stage() == Stage::Idle;
        self.wasteful = workers.iter().any(sleeps) && self.waiting() > 0;
    }

    /// Tasks that wait, at a processor or in the shared queue.
    fn waiting(&self) -> usize {
        let machine = &self.desk.machine;
        let own: usize = machine.workers().iter().map(Worker::waiting).sum();
        own + machine.shared().len()
    }

    /// So many of a hundred tasks were done within this time, in µs.
    fn quantile(&self, quantile: f64) -> f64 {
        self.times.value_at_quantile(quantile) as f64 / 1e3
    }

    fn sample(&self, now: Instant, tape: &mut Tape) {
        let workers = self.desk.machine.workers().iter();
        let longest = workers.map(Worker::waiting).max().unwrap_or_default();
        let lines = [
            self.waiting() as f64,
            longest as f64,
            self.quantile(0.99),
            self.quantile(0.5),
        ];
        for (line, value) in lines.into_iter().enumerate() {
            tape.sample(line, now, value);
        }
    }
}
