//! A task that computes and computes, beside many small ones.

mod settings;

use core::time::Duration;

use clock::Instant;
use sim::Event;

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::scheduling::beside::{Beside, CHARTS, LENGTH, workload};
use crate::scheduling::words::{self, KINDS};
use crate::tape::Tape;

use settings::{KNOBS, Params};

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct GreedyLoop {
    beside: Beside,
}

impl Lab for GreedyLoop {
    type Params = Params;

    const ABOUT: About = About {
        id: "greedy-loop",
        title: "A loop that does not stop",
        summary: "Go interrupts a loop after 10 to 20 ms; tokio cannot, and everybody else waits until it is over.",
        section: "2.1",
        subject: "Task",
        duration: LENGTH,
        poster: Duration::from_millis(60),
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = &[];
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        let workload = workload(params.large(), params.at_once(), seed);
        Self {
            beside: Beside::new(params.config(), workload, seed),
        }
    }

    fn next_at(&self) -> Option<Instant> {
        self.beside.desk.next_at()
    }

    fn step(&mut self, tape: &mut Tape) {
        self.beside.step(tape);
    }

    fn act(&mut self, _now: Instant, _action: usize, _tape: &mut Tape) {}

    fn frame(&self, now: Instant, tape: &Tape) -> Frame {
        self.beside.show(now, tape)
    }

    fn source(kind: u16) -> Option<&'static str> {
        words::source(kind)
    }

    fn describe(event: &Event) -> String {
        words::describe(event)
    }
}
