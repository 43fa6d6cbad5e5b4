//! What a reader may turn in the lab on load shedding, its policies and its charts.

use core::time::Duration;

use clock::Instant;

use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Chart, Line, LineStyle};
use crate::overload::{Config, Guard, Link, Service, Turn};
use crate::scene::State;

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    /// Offered load at the end of the run, as so many times the capacity.
    pub(super) most: f64,
    /// How long a client waits, in milliseconds.
    pub(super) time_out: f64,
    /// Calls that may wait, where nothing else bounds them.
    pub(super) queue: f64,
    /// Attempts a client makes in all.
    pub(super) attempts: f64,
}

/// From a quiet hour to ten times what the service can do.
impl Default for Params {
    fn default() -> Self {
        Self {
            most: 10.0,
            time_out: 500.0,
            queue: 1_000.0,
            attempts: 1.0,
        }
    }
}

/// A service with 10 places and 50 ms of work.
pub(super) const CAPACITY: f64 = 200.0;
const PLACES: u32 = 10;
const WORK: Duration = Duration::from_millis(50);

pub(super) const DURATION: Duration = Duration::from_secs(40);
/// The load is raised so often.
pub(super) const STEP: Duration = Duration::from_secs(2);
const STEPS: u32 = 20;

/// What stands before each of the services.
pub(super) struct Policy {
    pub(super) name: &'static str,
    pub(super) guard: Guard,
    /// Calls that may wait; `None` for the knob's.
    pub(super) queue: Option<u32>,
    pub(super) state: State,
}

const fn policy(name: &'static str, guard: Guard, state: State) -> Policy {
    Policy {
        name,
        guard,
        queue: None,
        state,
    }
}

pub(super) const POLICIES: &[Policy] = &[
    policy("long queue", Guard::None, State::Rejected),
    Policy {
        queue: Some(20),
        ..policy("short queue", Guard::None, State::Muted)
    },
    policy("CoDel", Guard::CoDel, State::TimedOut),
    policy("queue delay", Guard::Delay, State::Served),
    policy("priority", Guard::Priority, State::Moved),
    policy("AIMD", Guard::Aimd, State::Retried),
    policy("Gradient2", Guard::Gradient2, State::Selected),
    policy("Vegas", Guard::Vegas, State::Waiting),
];

impl Params {
    /// Offered load in step number `nth`, as so many times the capacity.
    pub(super) fn load(&self, nth: u32) -> f64 {
        let share = f64::from(nth) / f64::from(STEPS - 1);
        0.5 + (self.most - 0.5) * share
    }

    /// The load at an instant.
    pub(super) fn load_at(&self, now: Instant) -> f64 {
        let nth = now.as_nanos() / STEP.as_nanos() as u64;
        self.load((nth as u32).min(STEPS - 1))
    }

    pub(super) fn config(&self, policy: &Policy) -> Config {
        let turns = (1..STEPS).map(|nth| Turn {
            from: Instant::ZERO + STEP * nth,
            rate: CAPACITY * self.load(nth),
        });
        Config {
            rate: CAPACITY * self.load(0),
            turns: turns.collect(),
            kinds: 1,
            services: vec![Service {
                places: PLACES,
                queue: policy.queue.unwrap_or(self.queue as u32),
                work: WORK,
                calls: &[],
                guard: policy.guard,
                last_first: false,
            }],
            links: vec![Link {
                attempts: self.attempts as u32,
                ..Link::bare(0, Duration::from_millis(self.time_out as u64))
            }],
            faults: Vec::new(),
        }
    }
}

const fn line(policy: usize) -> Line {
    Line::new(
        POLICIES[policy].name,
        POLICIES[policy].state,
        LineStyle::Line,
    )
}

pub(super) const CHARTS: &[Chart] = &[
    Chart {
        title: "Answered in time, in the last second",
        unit: "/s",
        top: 220.0,
        lines: &[
            Line::new("capacity", State::Neutral, LineStyle::Reference),
            line(0),
            line(1),
            line(2),
            line(3),
            line(4),
            line(5),
            line(6),
            line(7),
        ],
    },
    Chart {
        title: "Offered load",
        unit: "× capacity",
        top: 1.0,
        lines: &[Line::new("offered", State::Neutral, LineStyle::Step)],
    },
];

pub(super) const KNOBS: &[Knob<Params>] = &[
    Knob::new(
        KnobSpec::new(
            "most",
            "Load at the end",
            "×",
            Range::Linear {
                min: 1.0,
                max: 10.0,
                step: 0.5,
            },
            "Offered load at the end of the run; 1 is the 200 a second that a service can do.",
        ),
        |params| params.most,
        |params, value| params.most = value,
    ),
    Knob::new(
        KnobSpec::new(
            "timeout",
            "Time-out",
            "ms",
            Range::Log {
                min: 100.0,
                max: 10_000.0,
            },
            "How long a client waits; a later answer is worth nothing.",
        ),
        |params| params.time_out,
        |params, value| params.time_out = value,
    ),
    Knob::new(
        KnobSpec::new(
            "queue",
            "Long queue",
            "calls",
            Range::Log {
                min: 50.0,
                max: 5_000.0,
            },
            "Calls that may wait where nothing else bounds them; the short queue takes 20.",
        ),
        |params| params.queue,
        |params, value| params.queue = value,
    ),
    Knob::new(
        KnobSpec::new(
            "attempts",
            "Attempts",
            "",
            Range::Linear {
                min: 1.0,
                max: 4.0,
                step: 1.0,
            },
            "How often a client tries in all, at once after it was refused or timed out.",
        ),
        |params| params.attempts,
        |params, value| params.attempts = value,
    ),
];
