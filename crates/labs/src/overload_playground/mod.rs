//! A client, a gateway, a service and two backends, with every mechanism of the section to switch on, and faults to cause.

mod settings;

use core::time::Duration;

use clock::Instant;
use sim::Event;

use crate::challenge::{Challenge, Goal};
use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::overload::words::{self, KINDS};
use crate::overload::{Count, Desk, Fault, Trouble, counter};
use crate::scene::State;
use crate::tape::Tape;

use settings::{A, ACTIONS, B, CHARTS, GAUGES, HOUR, KNOBS, LAYOUT, Params, WHILE};

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct OverloadPlayground {
    params: Params,
    desk: Desk,
}

impl Lab for OverloadPlayground {
    type Params = Params;

    const ABOUT: About = About {
        id: "overload-playground",
        title: "Your service, your faults",
        summary: "A gateway, a service and two backends: cause a fault, and see which time-out, breaker, bulkhead, budget or limit keeps the rest alive.",
        section: "4.2b",
        subject: "Request",
        duration: Duration::from_secs(60),
        poster: Duration::from_secs(10),
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = ACTIONS;
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;

    fn length(params: &Params) -> Duration {
        if params.hour {
            HOUR
        } else {
            Self::ABOUT.duration
        }
    }

    fn new(params: &Params, seed: u64) -> Self {
        let desk = Desk::new(params.config(seed), GAUGES, seed);
        Self {
            // Of 108,000 requests an hour nobody reads those that went well.
            desk: if params.hour {
                desk.of_faults_only()
            } else {
                desk
            },
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
        let (service, what) = match action {
            0 => (A, Trouble::Slow(20.0)),
            1 => (A, Trouble::Errors(0.6)),
            2 => (A, Trouble::Crash),
            3 => (A, Trouble::Partition),
            _ => (B, Trouble::Slow(20.0)),
        };
        self.desk.strike(
            tape,
            Fault {
                service,
                from: now,
                lasts: WHILE,
                what,
            },
        );
    }

    fn frame(&self, now: Instant, _tape: &Tape) -> Frame {
        let desk = &self.desk;
        let total = |count| desk.total(count);
        let asked = total(Count::Asked);
        let sent = total(Count::Sent(A)) + total(Count::Sent(B));
        let rule = format!(
            "time-out {} ms; attempts at a backend: {}",
            self.params.time_out, self.params.attempts
        );
        Frame {
            scene: LAYOUT.scene(desk, now, rule),
            counters: vec![
                counter("asked", asked, "", State::Neutral),
                counter("succeeded", total(Count::Good), "", State::Served),
                counter("failed", total(Count::Bad), "", State::Rejected),
                counter(
                    "attempts a request",
                    sent / asked.max(1.0),
                    "",
                    State::Retried,
                ),
                counter(
                    "refused by callers",
                    total(Count::Refused(A)) + total(Count::Refused(B)),
                    "",
                    State::Rejected,
                ),
                counter(
                    "begun for nobody",
                    total(Count::Wasted(A)) + total(Count::Wasted(B)),
                    "",
                    State::TimedOut,
                ),
            ],
            summary: format!(
                "At {now}, {} of {asked} requests have succeeded and {} failed; the backends were sent {sent} attempts.",
                total(Count::Good),
                total(Count::Bad),
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

/// The hour of faults: no single measure reaches all three goals.
pub(crate) const CHALLENGE: Challenge = Challenge {
    id: "hour-of-faults",
    lab: "overload-playground",
    title: "An hour of faults",
    task: "For an hour one fault follows the other: backends get slow, fail, crash or are cut off, and nobody is awake. \
           Keep 80 % of the requests successful through each whole hour, send the backends no more than 0.9 attempts a request, and have them begin no more than 100 that nobody waits for.",
    knobs: &[
        "timeout", "attempts", "backoff", "budget", "breaker", "bulkhead", "guard", "cancels",
    ],
    given: &[("faults", 1.0)],
    goals: &[
        Goal {
            label: "80 % of the requests succeed",
            query: "counter(succeeded, 3600) / counter(asked, 3600) >= 0.8",
        },
        Goal {
            label: "at most 0.9 attempts a request",
            query: "counter(attempts a request, 3600) <= 0.9",
        },
        Goal {
            label: "at most 100 begun for nobody",
            query: "counter(begun for nobody, 3600) <= 100",
        },
    ],
    needed: 95,
};
