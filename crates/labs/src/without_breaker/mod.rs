//! A shop with two services behind it, one of which gets slow: what becomes of those who need only the other, with a breaker and without.

mod settings;

use core::time::Duration;

use clock::Instant;
use sim::Event;

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Counter, Frame, Kind, Lab};
use crate::overload::words::{self, KINDS};
use crate::overload::{Count, Desk, Fault, Trouble, counter};
use crate::scene::State;
use crate::tape::Tape;

use settings::{ACTIONS, CHARTS, GAUGES, KNOBS, LAYOUT, PAYMENTS, Params, WHILE};

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct WithoutBreaker {
    params: Params,
    desk: Desk,
}

impl Lab for WithoutBreaker {
    type Params = Params;

    const ABOUT: About = About {
        id: "without-breaker",
        title: "One slow backend",
        summary: "Payments get slow; the shop's places fill with calls that wait for them, until nobody is served, not even those who only look.",
        section: "4.2b",
        subject: "Request",
        duration: Duration::from_secs(30),
        poster: Duration::from_millis(14_000),
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
            0 => Trouble::Slow(self.params.slow),
            _ => Trouble::Crash,
        };
        let fault = Fault {
            service: PAYMENTS,
            from: now,
            lasts: WHILE,
            what,
        };
        self.desk.strike(tape, fault);
    }

    fn frame(&self, now: Instant, _tape: &Tape) -> Frame {
        let rule = format!(
            "half need payments, half the catalogue; time-out {} ms",
            self.params.time_out
        );
        let other = self.desk.total(Count::GoodOther);
        let first = self.desk.total(Count::Good) - other;
        let shop = &self.desk.model.servers()[0];
        Frame {
            scene: LAYOUT.scene(&self.desk, now, rule),
            counters: self.counters(first, other),
            summary: format!(
                "At {now}, {first} requests that need payments and {other} that need the catalogue have succeeded. \
                 The shop holds {} requests, and {} wait before it.",
                shop.busy,
                shop.queue.len(),
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

impl WithoutBreaker {
    fn counters(&self, first: f64, other: f64) -> Vec<Counter> {
        let counter = |label, value, state| counter(label, value, "", state);
        let desk = &self.desk;
        vec![
            counter("payments served", first, State::Selected),
            counter("catalogue served", other, State::Served),
            counter("failed", desk.total(Count::Bad), State::Rejected),
            counter(
                "sent to payments",
                desk.total(Count::Sent(PAYMENTS)),
                State::Waiting,
            ),
            counter(
                "refused by caller",
                desk.total(Count::Refused(PAYMENTS)),
                State::Rejected,
            ),
        ]
    }
}
