//! A scheduler with tasks of the reader's own: a mix by knobs, or a recorded run of tokio with the model's run beside it.

mod costs;
mod recording;
mod scene;
mod settings;

use core::time::Duration;
use std::sync::Arc;

use clock::Instant;
use schedulers::{Event as Told, What, Worker};
use sim::{Event, Histogram};

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::scheduling::Desk;
use crate::scheduling::words::{self, KINDS};
use crate::tape::Tape;

use recording::Recording;
use settings::{CHARTS, KNOBS, Params};

pub(crate) use settings::CHALLENGE;

/// Points of a chart's line at the most.
const POINTS: u32 = 1_000;
/// A turn that begins so much earlier or later than it did in the recording is another one.
const CLOSE: Duration = Duration::from_micros(100);

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct SchedulerPlayground {
    params: Params,
    desk: Desk,
    /// From start to end, in nanoseconds.
    times: Histogram,
    /// When each task was started, and how many turns it has had.
    born: Vec<(Instant, u32)>,
    steals: u32,
    turns: u32,
    /// Turns that began about when they did in the recording.
    close: u32,
    /// Those that did not, in order of time.
    odd: Vec<(Instant, u32)>,
    sampled: Option<Instant>,
}

impl Lab for SchedulerPlayground {
    type Params = Params;

    const ABOUT: About = About {
        id: "scheduler-playground",
        title: "Your tasks, your scheduler",
        summary: "A mix of tasks on a scheduler of your choice; or a recorded run of tokio, with the model's run of the same tasks beside it.",
        section: "2.1",
        subject: "Task",
        duration: Duration::from_secs(2),
        poster: Duration::from_millis(700),
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = &[];
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;
    const TAKES: Option<&'static str> =
        Some("a run recorded by scheduler trace, or the costs of scheduler calibrate");

    fn length(params: &Params) -> Duration {
        params.length(Self::ABOUT.duration)
    }

    fn new(params: &Params, seed: u64) -> Self {
        let workload = params.workload(seed, Self::ABOUT.duration);
        Self {
            desk: Desk::new(params.config(), workload, seed),
            params: params.clone(),
            times: Histogram::new(),
            born: Vec::new(),
            steals: 0,
            turns: 0,
            close: 0,
            odd: Vec::new(),
            sampled: None,
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
        let (now, apart) = (self.desk.machine.now(), Self::length(&self.params) / POINTS);
        if self.sampled.is_none_or(|last| now >= last + apart) {
            self.sampled = Some(now);
            self.sample(now, tape);
        }
    }

    fn act(&mut self, _now: Instant, _action: usize, _tape: &mut Tape) {}

    fn frame(&self, now: Instant, tape: &Tape) -> Frame {
        self.show(now, tape)
    }

    fn weight(&self) -> usize {
        let noted = self.born.len() + self.odd.len();
        self.desk.machine.weight() + noted * size_of::<(Instant, u32)>()
    }

    fn source(kind: u16) -> Option<&'static str> {
        words::source(kind)
    }

    fn load(params: &mut Params, text: &str) -> Result<String, String> {
        params.load(text)
    }

    fn describe(event: &Event) -> String {
        words::describe(event)
    }
}

impl SchedulerPlayground {
    fn recording(&self) -> Option<&Arc<Recording>> {
        self.params.recording.as_ref()
    }

    fn see(&mut self, event: &Told) {
        match event.what {
            What::Spawned => self.born.push((event.at, 0)),
            What::Ends => {
                let (born, _) = self.born[event.task as usize];
                self.times.record(event.at.since(born).as_nanos() as u64);
            }
            What::Steals => self.steals += 1,
            What::Runs(_) => self.turn(event),
            _ => {}
        }
    }

    /// A turn: was it there in the recording, at about this time?
    fn turn(&mut self, event: &Told) {
        self.turns += 1;
        let (_, nth) = &mut self.born[event.task as usize];
        let nth = core::mem::replace(nth, *nth + 1);
        let name = u32::from(self.desk.machine.tasks()[event.task as usize].program());
        let Some(recording) = &self.params.recording else {
            return;
        };
        let recorded = recording.poll(name, nth);
        if recorded
            .is_some_and(|poll| poll.from <= event.at + CLOSE && event.at <= poll.from + CLOSE)
        {
            self.close += 1;
            return;
        }
        self.odd.push((event.at, event.task));
    }

    /// So many of a hundred tasks were done within this time, in milliseconds.
    fn quantile(&self, quantile: f64) -> f64 {
        self.times.value_at_quantile(quantile) as f64 / 1e6
    }

    fn sample(&self, now: Instant, tape: &mut Tape) {
        let machine = &self.desk.machine;
        let own: usize = machine.workers().iter().map(Worker::waiting).sum();
        let lines = [
            own as f64,
            machine.shared().len() as f64,
            self.quantile(0.99),
            self.quantile(0.5),
        ];
        for (line, value) in lines.into_iter().enumerate() {
            tape.sample(line, now, value);
        }
    }
}
