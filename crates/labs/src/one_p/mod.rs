//! One processor, and who runs next on it: every decision of Go's scheduler and of tokio's with its rule.

mod scene;
mod settings;

use core::time::Duration;

use clock::Instant;
use schedulers::{Event as Told, What};
use sim::Event;

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::scheduling::Desk;
use crate::scheduling::words::{self, KINDS};
use crate::tape::Tape;

use settings::{CHARTS, KNOBS, Params};

/// How many of those that ran are remembered by number.
const REMEMBERED: usize = 8;

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct OneP {
    params: Params,
    desk: Desk,
    /// Tasks in the order of their first turns, the first ones.
    first: Vec<u32>,
    /// The latest turns.
    latest: Vec<u32>,
    turns: u32,
    shared_first: u32,
    /// What the lines stand at.
    lines: [f64; 2],
}

impl Lab for OneP {
    type Params = Params;

    const ABOUT: About = About {
        id: "one-p",
        title: "One P, step by step",
        summary: "The goroutine started last runs first; the others follow in order, and every 61st time the shared queue has its turn.",
        section: "2.1",
        subject: "Task",
        duration: Duration::from_micros(400),
        poster: Duration::from_micros(130),
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = &[];
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        Self {
            desk: Desk::new(params.config(), params.workload(), seed),
            params: params.clone(),
            first: Vec::new(),
            latest: Vec::new(),
            turns: 0,
            shared_first: 0,
            lines: [-1.0; 2],
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
        self.sample(tape);
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

impl OneP {
    fn see(&mut self, event: &Told) {
        let What::Runs(rule) = event.what else { return };
        // The first task starts the others: it is no answer to who runs first.
        if event.task == 0 {
            return;
        }
        self.turns += 1;
        self.shared_first += u32::from(rule == schedulers::Rule::SharedFirst);
        if self.first.len() < REMEMBERED {
            self.first.push(event.task);
        }
        if self.latest.len() == REMEMBERED {
            self.latest.remove(0);
        }
        self.latest.push(event.task);
    }

    fn sample(&mut self, tape: &mut Tape) {
        let machine = &self.desk.machine;
        let values = [
            machine.workers()[0].waiting() as f64,
            machine.shared().len() as f64,
        ];
        for (line, (old, new)) in self.lines.iter_mut().zip(values).enumerate() {
            if *old != new {
                *old = new;
                tape.sample(line, machine.now(), new);
            }
        }
    }
}
