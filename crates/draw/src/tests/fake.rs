//! A lab that only shows the gallery, so that charts and figures can be tested without any real lab.

use core::time::Duration;

use clock::Instant;
use labs::{
    About, Action, Chart, Counter, Event, Frame, Kind, Knob, Lab, Line, LineStyle, State, Tape,
};

use super::gallery::flow;

/// A lab without a mechanism: thirty seconds of samples and one event a second.
#[derive(Clone)]
pub(super) struct Gallery {
    ticks: u64,
}

/// Its samples are this far apart.
const SAMPLE: Duration = Duration::from_millis(100);

impl Lab for Gallery {
    type Params = ();

    const ABOUT: About = About {
        id: "gallery",
        title: "All marks <& colours>",
        summary: "Every mark there is.",
        section: "0",
        subject: "Request",
        duration: Duration::from_secs(30),
        poster: Duration::from_millis(17_400),
    };
    const KNOBS: &'static [Knob<()>] = &[];
    const ACTIONS: &'static [Action] = &[];
    const KINDS: &'static [Kind] = &[Kind {
        name: "tick",
        state: State::Neutral,
        landmark: false,
    }];
    const CHARTS: &'static [Chart] = CHARTS;

    fn new((): &(), _seed: u64) -> Self {
        Self { ticks: 1 }
    }

    fn next_at(&self) -> Option<Instant> {
        Some(Instant::ZERO + SAMPLE * self.ticks as u32)
    }

    fn step(&mut self, tape: &mut Tape) {
        let now = Instant::ZERO + SAMPLE * self.ticks as u32;
        let t = now.as_secs_f64();
        let wave = |speed: f64, nth: f64| libm::sin(t * speed + nth);
        let served = if t < 4.0 {
            39.0
        } else {
            (39.0 - (t - 4.0) * 12.0).max(2.0)
        };
        tape.sample(0, now, 40.0 + 2.0 * wave(2.0, 0.0));
        tape.sample(1, now, served + wave(3.0, 1.0));
        tape.sample(2, now, if t > 7.0 { 38.0 + wave(5.0, 2.0) } else { 0.0 });
        tape.sample(3, now, 30.0);
        tape.sample(4, now, 20.0 * wave(0.5, 0.0) + 12.0);
        tape.sample(5, now, libm::floor(t / 3.0) * 3.0);
        self.ticks += 1;
    }

    fn act(&mut self, _now: Instant, _action: usize, _tape: &mut Tape) {}

    fn frame(&self, now: Instant, _tape: &Tape) -> Frame {
        let counter = Counter {
            label: "time",
            value: now.as_secs_f64(),
            unit: "s",
            state: State::Neutral,
        };
        Frame {
            scene: flow(12.4),
            counters: vec![counter],
            summary: format!("At {now}: 1 < 2 & all is well."),
        }
    }

    fn describe(_event: &Event) -> String {
        "a tick".into()
    }
}

const CHARTS: &[Chart] = &[
    Chart {
        title: "Requests in the last second",
        unit: "/s",
        top: 40.0,
        lines: &[
            Line {
                label: "offered",
                state: State::Muted,
                style: LineStyle::Broad,
            },
            Line {
                label: "served",
                state: State::Served,
                style: LineStyle::Line,
            },
            Line {
                label: "rejected",
                state: State::Rejected,
                style: LineStyle::Line,
            },
            Line {
                label: "limit",
                state: State::Selected,
                style: LineStyle::Reference,
            },
        ],
    },
    Chart {
        title: "Tokens in the bucket",
        unit: "tokens",
        top: 10.0,
        lines: &[
            Line {
                label: "tokens",
                state: State::Selected,
                style: LineStyle::Area,
            },
            Line {
                label: "queue",
                state: State::Waiting,
                style: LineStyle::Step,
            },
        ],
    },
];
