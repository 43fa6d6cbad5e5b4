//! A hundred thousand tasks that sleep, on a few processors: as goroutines, as tasks of tokio, and as threads of the kernel.

mod scene;
mod settings;

use core::time::Duration;

use clock::Instant;
use schedulers::{Event as Told, Life, What};
use sim::Event;

use crate::knob::Knob;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::scheduling::Desk;
use crate::scheduling::words::{self, KINDS};
use crate::tape::Tape;

use settings::{CHARTS, KNOBS, Params};

/// Where there are more tasks than this, only the steps of every so many are logged.
const EVERY: u32 = 1_000;
/// Shortest distance of two points of a chart.
const SAMPLE: Duration = Duration::from_millis(2);

/// The lab; see the module's text.
#[derive(Clone)]
pub(crate) struct HundredThousand {
    desk: Desk,
    /// Tasks there will be.
    all: u32,
    /// When the charts got their last points.
    sampled: Option<Instant>,
    /// When the last task ended.
    done: Option<Instant>,
}

impl Lab for HundredThousand {
    type Params = Params;

    const ABOUT: About = About {
        id: "hundred-thousand",
        title: "Five workers, then 100,000",
        summary: "All sleep as long, as goroutines, tasks of tokio or threads; what differs is the cost of being many.",
        section: "2.1",
        subject: "Task",
        duration: Duration::from_secs(6),
        poster: Duration::from_secs(3),
    };
    const KNOBS: &'static [Knob<Params>] = KNOBS;
    const ACTIONS: &'static [Action] = &[];
    const KINDS: &'static [Kind] = KINDS;
    const CHARTS: &'static [Chart] = CHARTS;

    fn new(params: &Params, seed: u64) -> Self {
        Self {
            desk: Desk::new(params.config(), params.workload(), seed).logging(
                if params.tasks > f64::from(EVERY) {
                    |told| is_about_a_task(told) && told.task.is_multiple_of(EVERY)
                } else {
                    is_about_a_task
                },
            ),
            all: params.tasks as u32,
            sampled: None,
            done: None,
        }
    }

    fn next_at(&self) -> Option<Instant> {
        self.desk.next_at()
    }

    fn step(&mut self, tape: &mut Tape) {
        self.desk.step(tape, |_| {});
        let machine = &self.desk.machine;
        let (now, done) = (machine.now(), machine.alive() == 0);
        if done {
            self.done.get_or_insert(now);
        }
        if done || self.sampled.is_none_or(|last| now >= last + SAMPLE) {
            self.sampled = Some(now);
            self.sample(now, tape);
        }
    }

    fn act(&mut self, _now: Instant, _action: usize, _tape: &mut Tape) {}

    fn frame(&self, now: Instant, _tape: &Tape) -> Frame {
        self.show(now)
    }

    fn weight(&self) -> usize {
        self.desk.machine.weight()
    }

    fn source(kind: u16) -> Option<&'static str> {
        words::source(kind)
    }

    fn describe(event: &Event) -> String {
        words::describe(event)
    }
}

/// It is about a task, and not the one that starts the others; what workers do among themselves names a worker instead.
fn is_about_a_task(told: &Told) -> bool {
    let about_workers = matches!(told.what, What::Steals | What::Parks | What::Notes);
    !about_workers && told.task > 0
}

impl HundredThousand {
    fn sample(&self, now: Instant, tape: &mut Tape) {
        let lines = [
            self.count(Life::Waiting),
            self.count(Life::Ready),
            self.count(Life::Ended),
            self.megabytes(),
        ];
        for (line, value) in lines.into_iter().enumerate() {
            tape.sample(line, now, value);
        }
    }

    /// How many tasks fare so; the one that started the others is none of them.
    fn count(&self, life: Life) -> f64 {
        let machine = &self.desk.machine;
        let first = machine.tasks()[0].life == life;
        f64::from(machine.count(life) - u32::from(first))
    }

    /// Memory resident at the most so far.
    fn megabytes(&self) -> f64 {
        self.desk.machine.resident_bytes() as f64 / 1e6
    }
}
