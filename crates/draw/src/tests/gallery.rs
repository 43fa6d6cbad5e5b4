//! Scenes with every mark in them, so that drawing can be tested without any real lab.

use clock::Instant;
use labs::scene::{Align, At, Dot, Mark, NodeKind, Size, Slot, Span, Wedge, at};
use labs::{Scene, State};

use crate::STATES;

/// Dots spread evenly over the pipe, of the given states in turn.
pub(super) fn dots(count: u32, states: &[State]) -> Vec<Dot> {
    let dot = |nth: u32| Dot {
        progress: (nth as f32 + 0.5) / count as f32,
        state: states[nth as usize % states.len()],
        subject: nth,
    };
    (0..count).map(dot).collect()
}

fn words(x: f32, y: f32, text: &str, size: Size, align: Align, state: State) -> Mark {
    Mark::Text {
        at: at(x, y),
        text: text.into(),
        size,
        align,
        state,
    }
}

/// A pipe on the level.
pub(super) fn pipe(from: f32, to: f32, y: f32, dots: Vec<Dot>) -> Mark {
    Mark::Pipe {
        from: at(from, y),
        to: at(to, y),
        dots,
    }
}

/// A pipe with nothing around it.
pub(super) fn alone(to: f32, dots: Vec<Dot>) -> Scene {
    Scene {
        rows: 4.0,
        marks: vec![pipe(0.0, to, 2.0, dots)],
    }
}

/// A tank of blue tokens.
pub(super) fn tank(place: At, (width, height): (f32, f32), level: f64, capacity: f64) -> Mark {
    let (unit, state) = ("tokens", State::Selected);
    Mark::Tank {
        at: place,
        width,
        height,
        level,
        capacity,
        unit,
        state,
    }
}

/// A ring of pieces that are three quarters full, one for each state, with the present at a quarter past.
pub(super) fn ring(place: At, radius: f32) -> Mark {
    let piece = |(nth, state): (usize, State)| Wedge {
        from: nth as f32 / STATES.len() as f32,
        to: (nth + 1) as f32 / STATES.len() as f32,
        inner: 0.0,
        outer: 0.75,
        state,
    };
    Mark::Ring {
        at: place,
        radius,
        wedges: STATES.into_iter().enumerate().map(piece).collect(),
        now: 0.25,
    }
}

/// A node without anything special.
pub(super) fn node(place: At, kind: NodeKind, label: &str, caption: &str, state: State) -> Mark {
    let (label, caption) = (label.into(), caption.into());
    Mark::Node {
        at: place,
        kind,
        radius: 1.5,
        label,
        caption,
        state,
    }
}

/// A counted tray.
pub(super) fn tray(place: At, count: u64, label: &'static str, state: State) -> Mark {
    Mark::Tray {
        at: place,
        count,
        label,
        state,
    }
}

/// The flow of one bucket, as a lab would show it.
pub(super) fn flow(level: f64) -> Scene {
    let falling = dots(7, &[State::Rejected]).into_iter().map(|dot| Dot {
        subject: dot.subject + 100,
        ..dot
    });
    let marks = vec![
        pipe(0.13, 0.39, 4.6, dots(9, &[State::Neutral])),
        pipe(0.61, 0.86, 4.6, dots(5, &[State::Served])),
        pipe(0.45, 0.13, 11.0, falling.collect()),
        node(
            at(0.08, 4.6),
            NodeKind::Client,
            "12/s",
            "callers",
            State::Neutral,
        ),
        node(
            at(0.92, 4.6),
            NodeKind::Server,
            "service",
            "7 ms a call",
            State::Neutral,
        ),
        tank(at(0.5, 4.6), (7.5, 6.6), level, 50.0),
        words(
            0.5,
            0.6,
            "refill 10/s",
            Size::Small,
            Align::Centre,
            State::Selected,
        ),
        tray(at(0.66, 8.7), 188, "admitted", State::Served),
        tray(at(0.04, 12.8), 231, "rejected", State::Rejected),
    ];
    Scene { rows: 13.5, marks }
}

fn queues() -> Vec<Mark> {
    let occupants = |count: u32, states: &[State], left: f32| -> Vec<Slot> {
        let slot = |nth: u32| Slot {
            state: states[nth as usize % states.len()],
            left: (left + nth as f32 * 0.13) % 1.01,
            subject: 500 + nth,
        };
        (0..count).map(slot).collect()
    };
    vec![
        words(0.0, 1.0, "queue", Size::Body, Align::Left, State::Neutral),
        Mark::Slots {
            at: at(0.16, 1.0),
            width: 0.6,
            places: 16,
            occupants: occupants(9, &STATES, 1.0),
            numbered: false,
        },
        words(0.0, 3.0, "at work", Size::Body, Align::Left, State::Neutral),
        Mark::Slots {
            at: at(0.16, 3.0),
            width: 0.6,
            places: 12,
            occupants: occupants(20, &[State::Waiting, State::Served, State::TimedOut], 0.1),
            numbered: true,
        },
        words(0.0, 5.0, "backlog", Size::Body, Align::Left, State::Neutral),
        Mark::Slots {
            at: at(0.16, 5.0),
            width: 0.7,
            places: 256,
            occupants: occupants(170, &[State::Waiting], 1.0),
            numbered: false,
        },
        Mark::Bow {
            from: at(0.7, 3.7),
            to: at(0.6, 5.0),
            state: State::Moved,
        },
    ]
}

fn span(from: u64, to: u64, state: State, height: f32) -> Span {
    Span {
        from: Instant::from_millis(from),
        to: Instant::from_millis(to),
        state,
        height,
        subject: None,
    }
}

fn lane(y: f32, spans: Vec<Span>) -> Mark {
    Mark::Track {
        at: at(0.1, y),
        width: 0.88,
        height: 1.0,
        from: Instant::ZERO,
        to: Instant::from_millis(30_000),
        now: Instant::from_millis(21_300),
        spans,
        labelled: y > 10.0,
    }
}

fn tracks() -> Vec<Mark> {
    let at_work = vec![
        span(0, 4_000, State::Served, 0.0),
        Span {
            subject: Some(17),
            ..span(4_000, 9_000, State::Waiting, 0.0)
        },
        span(9_000, 9_100, State::Retried, 0.0),
        span(9_500, 15_000, State::Served, 0.0),
        span(16_000, 21_300, State::TimedOut, 0.0),
    ];
    let tick = |nth: u64| match nth % 3 {
        0 => span(nth * 100, nth * 100, State::Rejected, -0.9),
        _ => span(nth * 100, nth * 100, State::Served, 0.9),
    };
    vec![
        words(0.0, 8.6, "P0", Size::Small, Align::Left, State::Muted),
        lane(8.6, at_work),
        words(
            0.0,
            10.6,
            "arrivals",
            Size::Small,
            Align::Left,
            State::Muted,
        ),
        lane(10.6, (0..200).map(tick).collect()),
    ]
}

fn crowds() -> Vec<Mark> {
    let wave = |nth: u32| Dot {
        progress: ((nth as f32 * 0.618_034) % 1.0) * ((nth as f32 * 0.414_214) % 1.0),
        state: [
            State::Waiting,
            State::Waiting,
            State::Served,
            State::Rejected,
        ][(nth % 4) as usize],
        subject: nth,
    };
    let cells = |nth: usize| {
        if nth % 97 < 60 {
            State::Served
        } else {
            State::Waiting
        }
    };
    vec![
        Mark::Pipe {
            from: at(0.0, 14.0),
            to: at(0.48, 14.0),
            dots: (0..10_000).map(wave).collect(),
        },
        Mark::Pipe {
            from: at(0.52, 13.4),
            to: at(1.0, 14.8),
            dots: dots(400, &[State::Waiting, State::Served]),
        },
        Mark::Cells {
            at: at(0.0, 15.4),
            width: 0.3,
            height: 5.0,
            states: (0..400).map(cells).collect(),
            places: 0,
        },
        Mark::Cells {
            at: at(0.34, 15.4),
            width: 0.3,
            height: 5.0,
            states: (0..2_500).map(cells).collect(),
            places: 0,
        },
        Mark::Cells {
            at: at(0.68, 15.4),
            width: 0.3,
            height: 5.0,
            states: (0..100_000).map(cells).collect(),
            places: 0,
        },
    ]
}

fn states() -> Vec<Mark> {
    let mut marks = Vec::new();
    for (nth, state) in STATES.into_iter().enumerate() {
        let place = at(
            0.02 + 0.33 * (nth % 3) as f32,
            22.0 + 1.3 * (nth / 3) as f32,
        );
        marks.push(tray(
            place,
            1_200 * nth as u64 * nth as u64,
            "requests",
            state,
        ));
    }
    let bar = |x, share, state| Mark::Bar {
        at: at(x, 26.0),
        width: 0.3,
        share,
        state,
    };
    marks.extend([
        bar(0.02, 0.66, State::Selected),
        bar(0.35, 0.005, State::Rejected),
        words(0.98, 26.0, "58 %", Size::Big, Align::Right, State::Rejected),
        node(
            at(0.1, 29.5),
            NodeKind::Store,
            "redis",
            "caption",
            State::Neutral,
        ),
        node(
            at(0.35, 29.5),
            NodeKind::Server,
            "open",
            "caption",
            State::Rejected,
        ),
        node(
            at(0.6, 29.5),
            NodeKind::Client,
            "mobile app",
            "caption",
            State::Waiting,
        ),
        tank(at(0.85, 29.7), (6.0, 5.0), -12.5, 20.0),
        ring(at(0.48, 29.5), 2.0),
    ]);
    marks
}

/// Every kind of mark, every state, both sides of every limit.
pub(super) fn everything() -> Scene {
    let marks = [queues(), tracks(), crowds(), states()].concat();
    Scene { rows: 33.0, marks }
}
