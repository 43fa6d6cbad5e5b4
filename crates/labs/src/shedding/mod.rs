//! Eight services of the same size and the same growing load, each with another way to turn calls away: what they still get done.

mod settings;

use core::time::Duration;

use clock::Instant;
use sim::Event;

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Counter, Frame, Kind, Lab};
use crate::overload::picture::small;
use crate::overload::{Model, NONE, Told, What, counter};
use crate::scene::{Align, Mark, Scene, State, at};
use crate::tape::Tape;

use settings::{CAPACITY, CHARTS, DURATION, KNOBS, POLICIES, Params, STEP};

/// How often the charts get a point, and how many of them make up a second.
const SAMPLE: Duration = Duration::from_millis(250);
const BINS: usize = 4;

const KINDS: &[Kind] = &[
    Kind {
        name: "load",
        state: State::Neutral,
        landmark: false,
    },
    Kind {
        name: "goodput",
        state: State::Served,
        landmark: false,
    },
    Kind {
        name: "below half",
        state: State::Rejected,
        landmark: true,
    },
];

/// One service, and what came of its calls.
#[derive(Clone)]
struct Rival {
    model: Model,
    /// Requests that succeeded, by quarter of a second, and in all.
    good: [u32; BINS],
    total: u32,
    /// Succeeded in the second before the last sample.
    second: f64,
    /// It has got less than half of its capacity done.
    collapsed: bool,
}

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct Shedding {
    params: Params,
    rivals: Vec<Rival>,
    told: Vec<Told>,
    bin: usize,
    sample_at: Instant,
}

impl Lab for Shedding {
    type Params = Params;

    const ABOUT: About = About {
        id: "shedding",
        title: "Ten times too much",
        summary: "Load grows to ten times the capacity: with a long queue nobody is served in time, and who turns calls away helps the rest.",
        section: "4.2b",
        subject: "Request",
        duration: DURATION,
        poster: Duration::from_secs(30),
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = &[];
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        let rival = |policy| Rival {
            model: Model::new(params.config(policy), seed),
            good: [0; BINS],
            total: 0,
            second: 0.0,
            collapsed: false,
        };
        Self {
            rivals: POLICIES.iter().map(rival).collect(),
            params: params.clone(),
            told: Vec::new(),
            bin: 0,
            sample_at: Instant::ZERO,
        }
    }

    fn next_at(&self) -> Option<Instant> {
        let next = self.rivals.iter().filter_map(|rival| rival.model.next_at());
        Some(next.fold(self.sample_at, Instant::min))
    }

    fn step(&mut self, tape: &mut Tape) {
        let due = self.next_at();
        let next = (self.rivals.iter_mut()).find(|rival| rival.model.next_at() == due);
        match next {
            Some(rival) if due < Some(self.sample_at) => {
                rival.model.step(&mut self.told);
                let good = |told: &&Told| matches!(told.what, What::Succeeds(_));
                let good = self.told.iter().filter(good).count() as u32;
                rival.good[self.bin] += good;
                rival.total += good;
                self.told.clear();
            }
            _ => self.sample(tape),
        }
    }

    fn act(&mut self, _now: Instant, _action: usize, _tape: &mut Tape) {}

    fn frame(&self, now: Instant, _tape: &Tape) -> Frame {
        let load = self.params.load_at(now);
        let mut words = format!(
            "At {now}, {load:.1} times the capacity is offered. Answered in time in the last second:"
        );
        for (policy, rival) in POLICIES.iter().zip(&self.rivals) {
            words += &format!(" {} {},", policy.name, rival.second);
        }
        words.pop();
        words.push('.');
        let total = |(policy, rival): (&settings::Policy, &Rival)| -> Counter {
            counter(policy.name, f64::from(rival.total), "", policy.state)
        };
        Frame {
            scene: self.scene(load),
            counters: POLICIES.iter().zip(&self.rivals).map(total).collect(),
            summary: words,
        }
    }

    fn weight(&self) -> usize {
        self.rivals.iter().map(|rival| rival.model.weight()).sum()
    }

    fn source(kind: u16) -> Option<&'static str> {
        (kind == 2).then_some("crates/labs/src/overload/served.rs:deliver")
    }

    fn describe(event: &Event) -> String {
        let name = (POLICIES.get(event.subject as usize)).map_or("", |policy| policy.name);
        match event.kind {
            0 => format!("{:.1} times the capacity is offered.", event.value),
            1 => format!(
                "{name}: {} answered in time in the last second.",
                event.value
            ),
            _ => format!("{name}: less than half of its capacity is answered in time."),
        }
    }
}

impl Shedding {
    fn sample(&mut self, tape: &mut Tape) {
        let now = self.sample_at;
        let step = now.as_nanos().is_multiple_of(STEP.as_nanos() as u64);
        let load = self.params.load_at(now);
        let lines = POLICIES.len();
        tape.sample(0, now, CAPACITY);
        tape.sample(lines + 1, now, load);
        let mut note = |kind, subject, value| {
            tape.event(Event {
                at: now,
                cause: None,
                kind,
                subject,
                value,
            });
        };
        if step {
            note(0, NONE, load);
        }
        let next = (self.bin + 1) % BINS;
        for (number, rival) in self.rivals.iter_mut().enumerate() {
            rival.second = f64::from(rival.good.iter().sum::<u32>());
            rival.good[next] = 0;
            if step {
                note(1, number as u32, rival.second);
            }
            let low = load > 1.0 && rival.second < CAPACITY / 2.0;
            if low && !rival.collapsed {
                rival.collapsed = true;
                note(2, number as u32, rival.second);
            }
        }
        for (number, rival) in self.rivals.iter().enumerate() {
            tape.sample(1 + number, now, rival.second);
        }
        self.bin = next;
        self.sample_at = now + SAMPLE;
    }

    /// A bar for each service: what of its capacity is answered in time.
    fn scene(&self, load: f64) -> Scene {
        let rows = POLICIES.len() as f32 * 1.5 + 1.8;
        let heading = format!("offered {load:.1} × capacity; answered in time, and waiting");
        let mut marks = vec![small(at(0.0, 0.6), Align::Left, heading, State::Muted)];
        for (number, (policy, rival)) in POLICIES.iter().zip(&self.rivals).enumerate() {
            let y = 2.0 + 1.5 * number as f32;
            let name = policy.name.to_owned();
            marks.push(small(at(0.0, y), Align::Left, name, policy.state));
            marks.push(Mark::Bar {
                at: at(0.27, y),
                width: 0.4,
                share: (rival.second / CAPACITY).min(1.0) as f32,
                state: policy.state,
            });
            let done = format!("{}/s", rival.second);
            marks.push(small(at(0.8, y), Align::Right, done, State::Neutral));
            let waiting = rival.model.servers()[0].queue.len().to_string();
            marks.push(small(at(0.97, y), Align::Right, waiting, State::Muted));
        }
        Scene { rows, marks }
    }
}
