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
        let mut marks = self.pipes(now);
        marks.extend([
            self.callers(),
            Mark::Tank {
                at: GATE,
                width: 7.5,
                height: 6.6,
                level: tokens,
                capacity: self.params.burst,
                unit: "tokens",
                state: State::Selected,
            },
            Mark::Text {
                at: at(GATE.x, 0.6),
                text: format!(
                    "refill {}/s, holds {}",
                    short(self.params.rate),
                    short(self.params.burst)
                ),
                size: Size::Small,
                align: Align::Centre,
                state: State::Selected,
            },
            node(
                SERVICE,
                NodeKind::Server,
                String::new(),
                "service",
                State::Neutral,
            ),
            tray(at(0.66, 8.7), self.admitted, "admitted", State::Served),
            tray(at(0.04, 12.0), self.rejected, "rejected", State::Rejected),
        ]);
        marks
    }

    fn callers(&self) -> Mark {
        let label = format!("{}/s", short(self.params.offered));
        match self.outage {
            Some(_) => node(CALLERS, NodeKind::Client, label, "cut off", State::TimedOut),
            None => node(CALLERS, NodeKind::Client, label, "callers", State::Neutral),
        }
    }

    fn pipes(&self, now: Instant) -> Vec<Mark> {
        let approaching = self.approaching.iter().filter_map(|&(arrival, request)| {
            let left = arrival.since(now).as_secs_f64() / TRAVEL.as_secs_f64();
            (arrival > now && left <= 1.0).then(|| dot(1.0 - left, State::Neutral, request))
        });
        let return_from = at(GATE.x, RETURN);
        vec![
            // On a wide page the bucket does not reach the ends of the pipes that requests are drawn on.
            pipe(CALLERS, GATE, Vec::new()),
            pipe(GATE, SERVICE, Vec::new()),
            pipe(at(0.13, CALLERS.y), at(0.39, GATE.y), approaching.collect()),
            pipe(
                at(0.61, GATE.y),
                at(0.86, SERVICE.y),
                self.leaving(now, true),
            ),
            pipe(at(GATE.x, 7.6), return_from, Vec::new()),
            pipe(return_from, at(0.13, RETURN), self.leaving(now, false)),
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

fn pipe(from: At, to: At, dots: Vec<Dot>) -> Mark {
    Mark::Pipe { from, to, dots }
}

fn node(at: At, kind: NodeKind, label: String, caption: &str, state: State) -> Mark {
    Mark::Node {
        at,
        kind,
        radius: 1.5,
        label,
        caption: caption.into(),
        state,
    }
}

fn tray(at: At, count: u32, label: &'static str, state: State) -> Mark {
    Mark::Tray {
        at,
        count: u64::from(count),
        label,
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
