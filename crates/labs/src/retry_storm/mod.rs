//! Three layers that retry: how many attempts one request becomes at the last of them, and what waits and budgets do about it.

mod settings;

use core::time::Duration;

use clock::Instant;
use sim::Event;

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::overload::words::{self, KINDS};
use crate::overload::{Count, Desk, Fault, Trouble, counter};
use crate::scene::State;
use crate::tape::Tape;

use settings::{ACTIONS, CHARTS, DATABASE, GAUGES, KNOBS, LAYOUT, Params, WHILE};

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct RetryStorm {
    params: Params,
    desk: Desk,
}

impl Lab for RetryStorm {
    type Params = Params;

    const ABOUT: About = About {
        id: "retry-storm",
        title: "Three layers, three attempts",
        summary: "The database answers with errors for 8 s; every request becomes 27 attempts, and the database drowns in them.",
        section: "4.2b",
        subject: "Request",
        duration: Duration::from_secs(30),
        poster: Duration::from_secs(14),
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = ACTIONS;
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        Self {
            desk: Desk::new(params.config(), GAUGES, seed),
            params: params.clone(),
        }
    }

    fn next_at(&self) -> Option<Instant> {
        self.desk.next_at()
    }

    fn step(&mut self, tape: &mut Tape) {
        self.desk.step(tape, |_| {});
    }

    fn act(&mut self, now: Instant, action: usize, tape: &mut Tape) {
        let what = match action {
            0 => Trouble::Errors(self.params.errors / 100.0),
            _ => Trouble::Slow(10.0),
        };
        self.desk.strike(
            tape,
            Fault {
                service: DATABASE,
                from: now,
                lasts: WHILE,
                what,
            },
        );
    }

    fn frame(&self, now: Instant, _tape: &Tape) -> Frame {
        let desk = &self.desk;
        let who = if self.params.client_only {
            "the client alone"
        } else {
            "every layer"
        };
        let rule = format!("up to {} attempts by {who}", self.params.attempts);
        let each = desk.rate(Count::Sent(DATABASE)) / desk.rate(Count::Asked).max(1.0);
        let total = |count| desk.total(count);
        Frame {
            scene: LAYOUT.scene(desk, now, rule),
            counters: vec![
                counter("attempts a request now", each, "", State::Retried),
                counter("succeeded", total(Count::Good), "", State::Served),
                counter("failed", total(Count::Bad), "", State::Rejected),
                counter(
                    "at the database",
                    total(Count::Sent(DATABASE)),
                    "",
                    State::Retried,
                ),
                counter(
                    "begun for nobody",
                    total(Count::Wasted(DATABASE)),
                    "",
                    State::TimedOut,
                ),
            ],
            summary: format!(
                "At {now}, {} requests came in the last second, and {} attempts at the database. {} succeeded.",
                desk.rate(Count::Asked),
                desk.rate(Count::Sent(DATABASE)),
                desk.rate(Count::Good),
            ),
        }
    }

    fn weight(&self) -> usize {
        self.desk.weight()
    }

    fn source(kind: u16) -> Option<&'static str> {
        words::source(kind)
    }

    fn describe(event: &Event) -> String {
        words::describe(event, LAYOUT.names)
    }
}
