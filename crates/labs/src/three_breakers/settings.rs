//! What the reader may turn in this lab, the settings of the three libraries, and what it records.

use core::time::Duration;

use circuit_breaker::{
    AnyBreaker, Gobreaker, GobreakerConfig, Hystrix, HystrixConfig, ReadyToTrip, Resilience4j,
    Resilience4jConfig, SlidingWindow,
};
use clock::Instant;

use super::script::Situation;
use crate::breaking::words::{self, EACH, kind};
use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Chart, Kind, Line, LineStyle};
use crate::scene::State;

/// The libraries, in the order of the lanes.
pub(super) const NAMES: [&str; 3] = ["hystrix-go", "gobreaker", "resilience4j"];

/// What shapes a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    pub(super) situation: f64,
    /// 0: as alike as the libraries can be set; 1: each as it comes.
    pub(super) settings: f64,
    /// In seconds.
    pub(super) wait: f64,
    pub(super) trials: f64,
}

/// 20 failures, and settings as alike as can be.
impl Default for Params {
    fn default() -> Self {
        Self {
            situation: 0.0,
            settings: 0.0,
            wait: 2.0,
            trials: 1.0,
        }
    }
}

impl Params {
    pub(super) fn situation(&self) -> Situation {
        Situation::of(self.situation)
    }

    /// How much time the figure shows at once: all that the situation is about.
    pub(super) fn view(&self) -> Duration {
        Duration::from_secs(match self.situation() {
            Situation::StaleErrors => 14,
            Situation::SlowTrial => 12,
            _ => 10,
        })
    }

    // ANCHOR: alike
    /// The breaker of a lane. Alike means: 20 calls in ten seconds, 50 % of them errors, the same wait and as many trials.
    pub(super) fn breaker(&self, lane: usize) -> AnyBreaker {
        let alike = self.settings < 0.5;
        match lane {
            0 => Hystrix::new(self.hystrix(alike)).into(),
            1 => Gobreaker::new(self.gobreaker(alike), Instant::ZERO).into(),
            _ => Resilience4j::new(self.resilience4j(alike)).into(),
        }
    }

    fn hystrix(&self, alike: bool) -> HystrixConfig {
        let mut config = HystrixConfig::default();
        if alike {
            config.sleep_window = self.wait();
        }
        if self.situation() == Situation::SlowTrial {
            // With the second it has by default, no trial would last longer than the wait.
            config.time_out = Duration::from_secs(30);
        }
        config
    }

    fn gobreaker(&self, alike: bool) -> GobreakerConfig {
        if !alike {
            return GobreakerConfig::default();
        }
        GobreakerConfig {
            max_requests: self.trials(),
            interval: Duration::from_secs(10),
            bucket_period: Duration::from_secs(1),
            timeout: self.wait(),
            ready_to_trip: ReadyToTrip::FailureRatio {
                min_requests: 20,
                ratio: 0.5,
            },
            ..GobreakerConfig::default()
        }
    }

    fn resilience4j(&self, alike: bool) -> Resilience4jConfig {
        if !alike {
            return Resilience4jConfig::default();
        }
        Resilience4jConfig {
            window: SlidingWindow::Seconds(10),
            minimum_calls: 20,
            slow_call: Duration::from_millis(500),
            wait_open: self.wait(),
            permitted: self.trials(),
            ..Resilience4jConfig::default()
        }
    }
    // ANCHOR_END: alike

    fn wait(&self) -> Duration {
        Duration::from_secs_f64(self.wait)
    }

    fn trials(&self) -> u32 {
        let least = match self.situation() {
            Situation::BadTrial => 3,
            _ => 1,
        };
        (self.trials as u32).max(least)
    }
}

/// A call is wanted; the subject is its number, the value how long the backend takes in seconds, negative if it fails.
pub(super) const CALL: u16 = 0;
/// The libraries decide on it differently; the value says who lets it through, bit by bit.
pub(super) const DIFFER: u16 = 1;
/// The same for the first after one on which they agreed.
pub(super) const DIFFER_FIRST: u16 = 2;
/// The kinds of lane `n` begin at `LANES + n * EACH`.
pub(super) const LANES: u16 = 3;

const ALL: usize = LANES as usize + NAMES.len() * EACH;

macro_rules! lane {
    ($name:literal) => {
        words::kinds([
            concat!($name, " admits"),
            concat!($name, " succeeds"),
            concat!($name, " fails"),
            concat!($name, " gives up"),
            concat!($name, " refuses"),
            concat!($name, " trial"),
            concat!($name, " opens"),
            concat!($name, " half-opens"),
            concat!($name, " closes"),
        ])
    };
}

/// What the log tells.
pub(super) const KINDS: &[Kind] = &{
    let lanes = [
        lane!("hystrix-go"),
        lane!("gobreaker"),
        lane!("resilience4j"),
    ];
    let mut all = [kind("call", State::Neutral, false); ALL];
    all[DIFFER as usize] = kind("differ", State::Moved, false);
    all[DIFFER_FIRST as usize] = kind("differ", State::Moved, true);
    let mut nth = 0;
    while nth < NAMES.len() * EACH {
        all[LANES as usize + nth] = lanes[nth / EACH][nth % EACH];
        nth += 1;
    }
    all
};

const fn line(label: &'static str, state: State) -> Line {
    Line {
        label,
        state,
        style: LineStyle::Step,
    }
}

/// What is drawn over time.
pub(super) const CHARTS: &[Chart] = &[
    Chart {
        title: "Calls that reached the backend",
        unit: "",
        top: 20.0,
        lines: &[
            line("hystrix-go", State::Selected),
            line("gobreaker", State::Retried),
            line("resilience4j", State::TimedOut),
        ],
    },
    Chart {
        title: "Decisions on which they differ",
        unit: "",
        top: 5.0,
        lines: &[line("differ", State::Moved)],
    },
];

/// What the reader may turn.
pub(super) const KNOBS: &[Knob<Params>] = &[
    Knob {
        spec: KnobSpec {
            id: "situation",
            label: "Situation",
            unit: "",
            help: "What happens to the backend; each shows one point on which the libraries differ.",
            range: Range::Choice(&[
                "20 failures",
                "late success",
                "slow calls",
                "slow trial",
                "end of the wait",
                "stale errors",
                "one bad trial of 3",
            ]),
        },
        get: |params| params.situation,
        set: |params, value| params.situation = value,
    },
    Knob {
        spec: KnobSpec {
            id: "settings",
            label: "Settings",
            unit: "",
            help: "Alike: 20 calls in 10 s, 50 % errors, the same wait; or each library as it comes.",
            range: Range::Choice(&["alike", "defaults"]),
        },
        get: |params| params.settings,
        set: |params, value| params.settings = value,
    },
    Knob {
        spec: KnobSpec {
            id: "wait",
            label: "Wait",
            unit: "s",
            help: "How long an open breaker refuses everybody, where the settings are alike.",
            range: Range::Linear {
                min: 0.5,
                max: 5.0,
                step: 0.5,
            },
        },
        get: |params| params.wait,
        set: |params, value| params.wait = value,
    },
    Knob {
        spec: KnobSpec {
            id: "trials",
            label: "Trials",
            unit: "",
            help: "MaxRequests of gobreaker and permitted calls of resilience4j, where the settings are alike; 3 at least with one bad trial of 3.",
            range: Range::Linear {
                min: 1.0,
                max: 10.0,
                step: 1.0,
            },
        },
        get: |params| params.trials,
        set: |params, value| params.trials = value,
    },
];
