//! What the one-bucket lab shows at a moment.

use clock::Instant;

use super::{OneBucket, TRAVEL};
use crate::lab::{Counter, Frame};
use crate::scene::{Align, At, Dot, Mark, NodeKind, Scene, Size, State, at};

const ROWS: f32 = 13.0;
const CALLERS: At = at(0.08, 4.6);
const GATE: At = at(0.5, 4.6);
const SERVICE: At = at(0.92, 4.6);
/// Rejected requests fall out of the bucket's foot and run back along this height.
const RETURN: f32 = 10.2;

impl OneBucket {
    pub(super) fn show(&self, now: Instant) -> Frame {
        let tokens = self.bucket.tokens_at(now);
        Frame {
            scene: Scene {
                rows: ROWS,
                marks: self.marks(now, tokens),
            },
            counters: vec![
                Counter {
                    label: "admitted",
                    value: f64::from(self.admitted),
                    unit: "",
                    state: State::Served,
                },
                Counter {
                    label: "rejected",
                    value: f64::from(self.rejected),
                    unit: "",
                    state: State::Rejected,
                },
                Counter {
                    label: "in the bucket",
                    value: tokens,
                    unit: "tokens",
                    state: State::Selected,
                },
            ],
            summary: format!(
                "At {now}: {tokens:.1} of {} tokens in the bucket; {} requests admitted, {} rejected.",
                self.params.burst, self.admitted, self.rejected
            ),
        }
    }

    fn marks(&self, now: Instant, tokens: f64) -> Vec<Mark> {
        let approaching = self.approaching.iter().filter_map(|&(arrival, request)| {
            let left = arrival.since(now).as_secs_f64() / TRAVEL.as_secs_f64();
            (arrival > now && left <= 1.0).then(|| dot(1.0 - left, State::Neutral, request))
        });
        vec![
            Mark::Pipe {
                from: at(0.13, CALLERS.y),
                to: at(0.39, GATE.y),
                dots: approaching.collect(),
            },
            Mark::Pipe {
                from: at(0.61, GATE.y),
                to: at(0.86, SERVICE.y),
                dots: self.leaving(now, true),
            },
            Mark::Pipe { from: at(GATE.x, 7.6), to: at(GATE.x, RETURN), dots: Vec::new() },
            Mark::Pipe {
                from: at(GATE.x, RETURN),
                to: at(0.13, RETURN),
                dots: self.leaving(now, false),
            },
            Mark::Node {
                at: CALLERS,
                kind: NodeKind::Client,
                radius: 1.5,
                label: format!("{}/s", short(self.params.offered)),
                caption: if self.outage.is_some() {
                    "cut off"
                } else {
                    "callers"
                }
                .into(),
                state: if self.outage.is_some() {
                    State::TimedOut
                } else {
                    State::Neutral
                },
            },
            Mark::Tank {
                at: GATE,
                width: 7.5,
                height: 6.6,
                level: tokens,
                capacity: self.params.burst,
                unit: "tokens",
                state: State::Selected,
            },
            words(
                at(GATE.x, 0.6),
                format!("refill {}/s, holds {}", short(self.params.rate), short(self.params.burst)),
                State::Selected,
            ),
            Mark::Node {
                at: SERVICE,
                kind: NodeKind::Server,
                radius: 1.5,
                label: String::new(),
                caption: "service".into(),
                state: State::Neutral,
            },
            Mark::Tray {
                at: at(0.66, 8.7),
                count: u64::from(self.admitted),
                label: "admitted",
                state: State::Served,
            },
            Mark::Tray {
                at: at(0.04, 12.0),
                count: u64::from(self.rejected),
                label: "rejected",
                state: State::Rejected,
            },
        ]
    }

    fn leaving(&self, now: Instant, admitted: bool) -> Vec<Dot> {
        let state = if admitted {
            State::Served
        } else {
            State::Rejected
        };
        self.decided
            .iter()
            .filter(|verdict| verdict.admitted == admitted)
            .map(|verdict| {
                (
                    now.since(verdict.at).as_secs_f64() / TRAVEL.as_secs_f64(),
                    verdict.request,
                )
            })
            .filter(|&(progress, _)| progress <= 1.0)
            .map(|(progress, request)| dot(progress, state, request))
            .collect()
    }
}

fn dot(progress: f64, state: State, subject: u32) -> Dot {
    Dot {
        progress: progress as f32,
        state,
        subject,
    }
}

fn words(place: At, text: String, state: State) -> Mark {
    Mark::Text {
        at: place,
        text,
        size: Size::Small,
        align: Align::Centre,
        state,
    }
}

/// A number without needless decimals: `10`, `0.5`, `20k`.
fn short(value: f64) -> String {
    if value >= 10_000.0 {
        format!("{}k", value / 1_000.0)
    } else {
        format!("{value}")
    }
}
