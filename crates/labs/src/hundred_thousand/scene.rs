//! The lab as a scene: a cell for every task, and one for every processor.

use clock::Instant;
use schedulers::{Life, Stage, Worker};

use super::HundredThousand;
use crate::lab::{Counter, Frame};
use crate::scene::{Align, Mark, Scene, State, at};
use crate::scheduling::picture::{state_of, words};

/// Height of the figure, in rows.
const ROWS: f32 = 15.0;

impl HundredThousand {
    pub(super) fn show(&self, _now: Instant) -> Frame {
        Frame {
            scene: Scene {
                rows: ROWS,
                marks: self.marks(),
            },
            counters: self.counters(),
            summary: self.summary(),
        }
    }

    fn marks(&self) -> Vec<Mark> {
        let machine = &self.desk.machine;
        let name = |y, text: &str| words(0.0, y, text, Align::Left, State::Muted);
        let cells = |y, width, height, states, places| Mark::Cells {
            at: at(0.0, y),
            width,
            height,
            states,
            places,
        };
        // The first task starts the others and is none of them.
        let tasks = machine.tasks().iter().skip(1);
        let workers = machine.workers();
        vec![
            name(0.6, "tasks"),
            cells(
                1.4,
                1.0,
                10.2,
                tasks.map(|task| state_of(task.life)).collect(),
                self.all,
            ),
            name(12.4, "processors"),
            cells(
                13.2,
                0.06 * workers.len() as f32,
                1.2,
                workers.iter().map(at_work).collect(),
                0,
            ),
            words(1.0, 12.4, self.queues(), Align::Right, State::Muted),
        ]
    }

    /// What waits where, in words.
    fn queues(&self) -> String {
        let machine = &self.desk.machine;
        let own: usize = machine.workers().iter().map(Worker::waiting).sum();
        let shared = machine.shared().len();
        format!("{own} wait at a processor, {shared} in the shared queue")
    }

    fn counters(&self) -> Vec<Counter> {
        let machine = &self.desk.machine;
        let counter = |label, value, unit, state| Counter {
            label,
            value,
            unit,
            state,
        };
        let plain = |label, life, state| counter(label, self.count(life), "", state);
        let done = (self.done).map_or(f64::INFINITY, |done| {
            (done.as_secs_f64() * 1e3).round() / 1e3
        });
        vec![
            plain("asleep", Life::Waiting, State::Neutral),
            plain("ready", Life::Ready, State::Waiting),
            plain("running", Life::Running, State::Served),
            plain("done", Life::Ended, State::Muted),
            counter("in memory", self.megabytes().round(), "MB", State::Selected),
            counter(
                "address space",
                (machine.reserved_bytes() as f64 / 1e8).round() / 10.0,
                "GB",
                State::Neutral,
            ),
            // No number until then; the counter keeps its place, so that nothing below it jumps.
            counter("all done after", done, "s", State::Served),
        ]
    }

    fn summary(&self) -> String {
        format!(
            "{} tasks sleep, {} are ready, {} are done; {} MB in use.",
            self.count(Life::Waiting),
            self.count(Life::Ready),
            self.count(Life::Ended),
            self.megabytes().round()
        )
    }
}

/// Colour and shape of what a processor is at.
fn at_work(worker: &Worker) -> State {
    match worker.stage() {
        Stage::Running => State::Served,
        Stage::InCall => State::TimedOut,
        Stage::Deciding | Stage::Asking => State::Waiting,
        Stage::Idle => State::Muted,
    }
}
