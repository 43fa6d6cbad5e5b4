//! A short trigger, and a service that stays down long after it: retries keep it busy with work that nobody waits for.

mod settings;

use core::time::Duration;

use clock::Instant;
use sim::Event;

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Counter, Frame, Kind, Lab};
use crate::overload::recovery::{NoReturn, no_return, recovers};
use crate::overload::words::{self, KINDS, OWN};
use crate::overload::{Count, Desk, Fault, Model, NONE, Trouble, What, counter};
use crate::scene::{Align, State, at};
use crate::tape::Tape;

use settings::{ACTIONS, CHARTS, GAUGES, KNOBS, LAYOUT, NO_RETURN, Params};

/// How long a restart takes, and how long clients are turned away.
const RESTART: Duration = Duration::from_secs(1);
const DRAIN: Duration = Duration::from_secs(3);

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct Metastable {
    params: Params,
    desk: Desk,
    /// The services as the trigger began.
    before: Option<Box<Model>>,
    no_return: Option<NoReturn>,
}

impl Lab for Metastable {
    type Params = Params;

    const ABOUT: About = About {
        id: "metastable",
        title: "Two seconds, and it stays down",
        summary: "A service is slow for two seconds and then as fast as ever; it never serves anybody again.",
        section: "4.2b",
        subject: "Request",
        duration: Duration::from_secs(40),
        poster: Duration::from_secs(24),
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = ACTIONS;
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        Self {
            desk: Desk::new(params.config(), GAUGES, seed),
            params: params.clone(),
            before: None,
            no_return: None,
        }
    }

    fn next_at(&self) -> Option<Instant> {
        self.desk.next_at()
    }

    fn step(&mut self, tape: &mut Tape) {
        let (mut begins, mut ends) = (false, false);
        self.desk.step(tape, |told| {
            begins |= matches!(told.what, What::Begins(_, Trouble::Slow(_)));
            ends |= matches!(told.what, What::Ends(_));
        });
        if begins {
            self.before = Some(Box::new(self.desk.model.clone()));
        }
        if ends {
            self.judge(tape);
        }
    }

    fn act(&mut self, now: Instant, action: usize, tape: &mut Tape) {
        let restart = Fault {
            service: 0,
            from: now,
            lasts: RESTART,
            what: Trouble::Crash,
        };
        self.desk.with(tape, &mut |_| {}, |model, _| match action {
            0 => model.shut(now + DRAIN),
            _ => model.strike(now, restart),
        });
    }

    fn frame(&self, now: Instant, _tape: &Tape) -> Frame {
        let rule = format!(
            "time-out {} ms, attempts: {}; the shop can do {} a second",
            self.params.time_out,
            self.params.attempts,
            self.desk.model.config().services[0].capacity(),
        );
        let mut scene = LAYOUT.scene(&self.desk, now, rule);
        let verdict = self.verdict();
        let place = at(0.0, scene.rows + 0.3);
        scene.rows += 0.9;
        let words =
            crate::overload::picture::small(place, Align::Left, verdict.clone(), State::Rejected);
        scene.marks.push(words);
        let rate = self.desk.rate(Count::Asked);
        let good = self.desk.rate(Count::Good);
        Frame {
            scene,
            counters: self.counters(),
            summary: format!(
                "At {now}, {good} of {rate} requests in the last second succeeded, and {} wait. {verdict}",
                self.desk.model.servers()[0].queue.len()
            ),
        }
    }

    fn weight(&self) -> usize {
        self.desk.weight() + self.before.as_ref().map_or(0, |model| model.weight())
    }

    fn source(kind: u16) -> Option<&'static str> {
        match kind {
            OWN => Some("crates/labs/src/overload/recovery.rs:no-return"),
            _ => words::source(kind),
        }
    }

    fn describe(event: &Event) -> String {
        if event.kind == OWN {
            return format!(
                "It will not get well by itself. At {:.3} s it still would have, had the trigger ended there.",
                event.value
            );
        }
        words::describe(event, LAYOUT.names)
    }
}

impl Metastable {
    /// The trigger is over: was it over in time?
    fn judge(&mut self, tape: &mut Tape) {
        let Some(before) = self.before.take() else {
            return;
        };
        let model = &self.desk.model;
        if recovers(model) || !recovers(&before) {
            return;
        }
        let found = no_return(&before, model);
        self.no_return = Some(found);
        tape.event(Event {
            at: model.now(),
            cause: None,
            kind: OWN,
            subject: NONE,
            value: found.at.as_secs_f64(),
        });
        tape.sample(NO_RETURN, model.now(), f64::from(found.queued));
    }

    fn verdict(&self) -> String {
        match self.no_return {
            None => String::new(),
            Some(NoReturn { at, queued }) => format!(
                "no way back after {:.2} s, with {queued} queued",
                at.as_secs_f64()
            ),
        }
    }

    fn counters(&self) -> Vec<Counter> {
        let desk = &self.desk;
        let asked = desk.rate(Count::Asked).max(1.0);
        let served = 100.0 * desk.rate(Count::Good) / asked;
        let no_return = self.no_return.map_or(0.0, |found| found.at.as_secs_f64());
        vec![
            counter("succeed now", served.min(100.0).round(), "%", State::Served),
            counter("succeeded", desk.total(Count::Good), "", State::Served),
            counter("failed", desk.total(Count::Bad), "", State::Rejected),
            counter("attempts", desk.total(Count::Sent(0)), "", State::Retried),
            counter(
                "begun for nobody",
                desk.total(Count::Wasted(0)),
                "",
                State::TimedOut,
            ),
            counter("no way back after", no_return, "s", State::Rejected),
        ]
    }
}
