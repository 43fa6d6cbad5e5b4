//! Three libraries see the very same calls: when each opens and closes, and on which calls they decide differently.

mod scene;
mod script;
mod settings;

use core::time::Duration;

use clock::Instant;
use sim::{Event, EventQueue};

use crate::breaking::words::{self, ADMITTED, EACH};
use crate::breaking::{Call, Caller};
use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::tape::Tape;

use settings::{CALL, CHARTS, DIFFER, DIFFER_FIRST, KINDS, KNOBS, LANES, NAMES, Params};

/// The charts get a point this often.
const SAMPLE: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug)]
enum Due {
    /// The next call of the script is wanted.
    Call,
    /// A lane's answer to a call is there, or its time is up.
    Answer(u8, u32),
    /// The charts get a point.
    Sample,
}

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct ThreeBreakers {
    /// How much time the figure shows at once.
    view: Duration,
    calls: Vec<Call>,
    /// Calls of the script that were made.
    made: u32,
    lanes: [Caller; NAMES.len()],
    queue: EventQueue<Due>,
    /// Calls on which the lanes differed; and whether the latest is one of them.
    differed: u32,
    differ: bool,
}

impl Lab for ThreeBreakers {
    type Params = Params;

    const ABOUT: About = About {
        id: "three-breakers",
        title: "Three libraries, same traffic",
        summary: "The same calls, the same thresholds, and three breakers that open, wait and close at different moments.",
        section: "4.2b",
        subject: "Call",
        duration: Duration::from_secs(14),
        poster: Duration::from_millis(7_500),
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = &[];
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        let lane = |index: usize| {
            let first = LANES + (index * EACH) as u16;
            Caller::new(params.breaker(index), first, None)
        };
        let calls = script::script(params, seed);
        let mut queue = EventQueue::new();
        if let Some(call) = calls.first() {
            queue.push(call.at, Due::Call);
        }
        queue.push(Instant::ZERO + SAMPLE, Due::Sample);
        Self {
            view: params.view(),
            calls,
            made: 0,
            lanes: core::array::from_fn(lane),
            queue,
            differed: 0,
            differ: false,
        }
    }

    fn next_at(&self) -> Option<Instant> {
        self.queue.next_at()
    }

    fn step(&mut self, tape: &mut Tape) {
        let Some((now, due)) = self.queue.pop() else {
            return;
        };
        match due {
            Due::Call => self.call(tape),
            Due::Answer(lane, call) => self.lanes[usize::from(lane)].answer(now, call, tape),
            Due::Sample => {
                for (line, lane) in self.lanes.iter().enumerate() {
                    tape.sample(line, now, f64::from(lane.count(ADMITTED)));
                }
                tape.sample(self.lanes.len(), now, f64::from(self.differed));
                self.queue.push(now + SAMPLE, Due::Sample);
            }
        }
    }

    fn act(&mut self, _now: Instant, _action: usize, _tape: &mut Tape) {}

    fn frame(&self, now: Instant, tape: &Tape) -> Frame {
        self.show(now, tape)
    }

    fn source(kind: u16) -> Option<&'static str> {
        Some(match of_lane(kind) {
            None if kind == CALL => "crates/labs/src/three_breakers/script.rs:script",
            None => "crates/labs/src/three_breakers/mod.rs:call",
            Some((_, kind)) => words::source(kind),
        })
    }

    fn describe(event: &Event) -> String {
        let (call, value) = (event.subject, event.value);
        match of_lane(event.kind) {
            Some((lane, kind)) => {
                let told = words::describe(kind, call, value);
                [NAMES[lane], ": ", &told].concat()
            }
            None if event.kind == CALL => {
                let fate = if value < 0.0 { "fail" } else { "succeed" };
                let takes = value.abs();
                format!("call {call} is wanted; it would {fate} after {takes:.2} s")
            }
            None => {
                let who = |passes: bool| {
                    let lane = |&lane: &usize| (value as u32 >> lane & 1 == 1) == passes;
                    let names: Vec<&str> = (0..NAMES.len())
                        .filter(lane)
                        .map(|lane| NAMES[lane])
                        .collect();
                    names.join(" and ")
                };
                let (passed, refused) = (who(true), who(false));
                format!("call {call}: let through by {passed}, refused by {refused}")
            }
        }
    }
}

impl ThreeBreakers {
    // ANCHOR: call
    /// All three are asked about the same call at the same instant.
    fn call(&mut self, tape: &mut Tape) {
        let Some(&call) = self.calls.get(self.made as usize) else {
            return;
        };
        self.made += 1;
        let takes = call.takes.as_secs_f64();
        let fate = if call.good { takes } else { -takes };
        let entry = note(tape, &call, None, CALL, fate);
        let mut passes = 0_u8;
        for (index, lane) in self.lanes.iter_mut().enumerate() {
            if let Some(due) = lane.ask(call, Some(entry), tape) {
                passes |= 1 << index;
                self.queue.push(due, Due::Answer(index as u8, call.number));
            }
        }
        let differ = passes != 0 && passes != 7;
        if differ {
            self.differed += 1;
            let kind = if self.differ { DIFFER } else { DIFFER_FIRST };
            note(tape, &call, Some(entry), kind, passes.into());
        }
        self.differ = differ;
        // Behind the answers that are due at the same instant.
        if let Some(next) = self.calls.get(self.made as usize) {
            self.queue.push(next.at, Due::Call);
        }
    }
    // ANCHOR_END: call
}

/// The lane that a kind is about, and which of its kinds it is.
fn of_lane(kind: u16) -> Option<(usize, u16)> {
    let nth = usize::from(kind.checked_sub(LANES)?);
    Some((nth / EACH, (nth % EACH) as u16))
}

fn note(
    tape: &mut Tape,
    call: &Call,
    cause: Option<sim::EventId>,
    kind: u16,
    value: f64,
) -> sim::EventId {
    tape.event(Event {
        at: call.at,
        cause,
        kind,
        subject: call.number,
        value,
    })
}
