//! Calls that block a thread, beside many small tasks.

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
pub(crate) struct BlockingCall {
    beside: Beside,
}

impl Lab for BlockingCall {
    type Params = Params;

    const ABOUT: About = About {
        id: "blocking-call",
        title: "A call that blocks",
        summary: "Go takes the processor from a thread that is stuck in a call; a worker of tokio is stuck itself.",
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
