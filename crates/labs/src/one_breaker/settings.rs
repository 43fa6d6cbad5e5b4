//! What the reader may turn and do in this lab, and what it records.

use core::time::Duration;

use circuit_breaker::{
    AnyBreaker, Gobreaker, GobreakerConfig, Hystrix, HystrixConfig, ReadyToTrip, Resilience4j,
    Resilience4jConfig, SlidingWindow,
};
use clock::Instant;

use crate::breaking::words::{self, EACH, kind};
use crate::knob::{Knob, KnobSpec, Range};
use crate::lab::{Action, Chart, Kind, Line, LineStyle};
use crate::scene::State;

/// What shapes a run: times in seconds unless the name says otherwise, shares in per cent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Params {
    pub(super) policy: f64,
    pub(super) volume: f64,
    pub(super) percent: f64,
    pub(super) sleep: f64,
    pub(super) errors: f64,
    pub(super) begins: f64,
    pub(super) lasts: f64,
    pub(super) rate: f64,
    pub(super) latency_ms: f64,
    pub(super) time_out_ms: f64,
}

/// hystrix-go as it comes, in front of a backend that answers three calls in five with an error for eight seconds.
impl Default for Params {
    fn default() -> Self {
        Self {
            policy: 0.0,
            volume: 20.0,
            percent: 50.0,
            sleep: 5.0,
            errors: 60.0,
            begins: 5.0,
            lasts: 8.0,
            rate: 8.0,
            latency_ms: 200.0,
            time_out_ms: 1_000.0,
        }
    }
}

impl Params {
    /// How long a caller waits for an answer.
    pub(super) fn time_out(&self) -> Duration {
        Duration::from_secs_f64(self.time_out_ms / 1e3)
    }

    pub(super) fn sleep(&self) -> Duration {
        Duration::from_secs_f64(self.sleep)
    }

    // ANCHOR: breaker
    /// The breaker: each policy with the same thresholds over the same ten seconds.
    pub(super) fn breaker(&self) -> AnyBreaker {
        let volume = self.volume as u32;
        match self.policy as u32 {
            library @ (0 | 1) => Hystrix::new(HystrixConfig {
                time_out: self.time_out(),
                volume_threshold: volume.into(),
                sleep_window: self.sleep(),
                error_percent: self.percent as i64,
                clean_window: library == 1,
                ..HystrixConfig::default()
            })
            .into(),
            2 => {
                let config = GobreakerConfig {
                    interval: Duration::from_secs(10),
                    bucket_period: Duration::from_secs(1),
                    timeout: self.sleep(),
                    ready_to_trip: ReadyToTrip::FailureRatio {
                        min_requests: volume,
                        ratio: self.percent / 100.0,
                    },
                    ..GobreakerConfig::default()
                };
                Gobreaker::new(config, Instant::ZERO).into()
            }
            _ => Resilience4j::new(Resilience4jConfig {
                window: SlidingWindow::Seconds(10),
                minimum_calls: volume,
                failure_rate: self.percent as f32,
                wait_open: self.sleep(),
                permitted: 1,
                ..Resilience4jConfig::default()
            })
            .into(),
        }
    }
    // ANCHOR_END: breaker
}

/// What the reader may do.
pub(super) const ACTIONS: &[Action] = &[Action {
    id: "break",
    label: "Break the backend for 5 s",
    help: "For 5 s from now every call that reaches the backend fails.",
}];

/// The backend begins to fail; the subject is the share of errors in per cent, the value how long, in seconds.
pub(super) const FAILS: u16 = EACH as u16;
/// It is well again.
pub(super) const WELL: u16 = FAILS + 1;

/// What the log tells: the caller's entries first.
pub(super) const KINDS: &[Kind] = &{
    let own = words::kinds([
        "admitted",
        "succeeded",
        "failed",
        "timed out",
        "refused",
        "trial",
        "opens",
        "half-opens",
        "closes",
    ]);
    let mut all = [kind("backend fails", State::Rejected, true); EACH + 2];
    let mut nth = 0;
    while nth < EACH {
        all[nth] = own[nth];
        nth += 1;
    }
    all[EACH + 1] = kind("backend is well", State::Served, true);
    all
};

/// What is drawn over time.
pub(super) const CHARTS: &[Chart] = &[
    Chart {
        title: "Errors in the window",
        unit: "%",
        top: 100.0,
        lines: &[
            Line {
                label: "errors",
                state: State::Rejected,
                style: LineStyle::Area,
            },
            Line {
                label: "threshold",
                state: State::Selected,
                style: LineStyle::Reference,
            },
        ],
    },
    Chart {
        title: "Calls in the last second",
        unit: "/s",
        top: 10.0,
        lines: &[
            Line {
                label: "reach the backend",
                state: State::Neutral,
                style: LineStyle::Step,
            },
            Line {
                label: "refused",
                state: State::Rejected,
                style: LineStyle::Step,
            },
        ],
    },
];

const fn knob(
    id: &'static str,
    label: &'static str,
    unit: &'static str,
    help: &'static str,
    range: Range,
) -> KnobSpec {
    KnobSpec {
        id,
        label,
        unit,
        help,
        range,
    }
}

const fn linear(min: f64, max: f64, step: f64) -> Range {
    Range::Linear { min, max, step }
}

/// What the reader may turn.
pub(super) const KNOBS: &[Knob<Params>] = &[
    Knob {
        spec: knob(
            "errors",
            "Errors",
            "%",
            "Share of the calls that fail while the backend is in trouble.",
            linear(0.0, 100.0, 5.0),
        ),
        get: |params| params.errors,
        set: |params, value| params.errors = value,
    },
    Knob {
        spec: knob(
            "policy",
            "Policy",
            "",
            "Whose rules the breaker follows; a clean window is hystrix-go without its bug.",
            Range::Choice(&[
                "hystrix-go",
                "hystrix-go clean",
                "gobreaker",
                "resilience4j",
            ]),
        ),
        get: |params| params.policy,
        set: |params, value| params.policy = value,
    },
    Knob {
        spec: knob(
            "volume",
            // A narrow column may break the name here.
            "RequestVolume\u{200b}Threshold",
            "calls",
            "With fewer calls than this in the window the breaker never opens.",
            linear(1.0, 100.0, 1.0),
        ),
        get: |params| params.volume,
        set: |params, value| params.volume = value,
    },
    Knob {
        spec: knob(
            "percent",
            "ErrorPercent\u{200b}Threshold",
            "%",
            "So large a share of errors in the window opens the breaker.",
            linear(1.0, 100.0, 1.0),
        ),
        get: |params| params.percent,
        set: |params, value| params.percent = value,
    },
    Knob {
        spec: knob(
            "sleep",
            "SleepWindow",
            "s",
            "How long an open breaker refuses everybody before it lets a trial through.",
            linear(0.5, 15.0, 0.5),
        ),
        get: |params| params.sleep,
        set: |params, value| params.sleep = value,
    },
    Knob {
        spec: knob(
            "begins",
            "Trouble begins",
            "s",
            "When the backend begins to fail.",
            linear(0.0, 20.0, 1.0),
        ),
        get: |params| params.begins,
        set: |params, value| params.begins = value,
    },
    Knob {
        spec: knob(
            "lasts",
            "Trouble lasts",
            "s",
            "How long the backend fails.",
            linear(0.0, 30.0, 1.0),
        ),
        get: |params| params.lasts,
        set: |params, value| params.lasts = value,
    },
    Knob {
        spec: knob(
            "rate",
            "Calls",
            "/s",
            "Calls each second, at random as many independent users make them (Poisson).",
            Range::Log {
                min: 1.0,
                max: 200.0,
            },
        ),
        get: |params| params.rate,
        set: |params, value| params.rate = value,
    },
    Knob {
        spec: knob(
            "latency",
            "Latency",
            "ms",
            "What the backend takes on average; a single call takes half to one and a half times that.",
            Range::Log {
                min: 10.0,
                max: 5_000.0,
            },
        ),
        get: |params| params.latency_ms,
        set: |params, value| params.latency_ms = value,
    },
    Knob {
        spec: knob(
            "time-out",
            "Time-out",
            "ms",
            "How long a caller waits for an answer; giving up counts as an error.",
            Range::Log {
                min: 50.0,
                max: 10_000.0,
            },
        ),
        get: |params| params.time_out_ms,
        set: |params, value| params.time_out_ms = value,
    },
];
