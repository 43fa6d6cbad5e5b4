//! What one P shows at a moment: who runs, who waits where, and in which order they ran.

use clock::Instant;
use schedulers::Life;

use super::OneP;
use crate::lab::{Counter, Frame, Lab};
use crate::scene::{Align, Mark, Scene, State, at};
use crate::scheduling::picture::{at_work, count, lane, queue, state_of, turns, words};
use crate::tape::Tape;

/// Height of the figure, in rows.
const ROWS: f32 = 14.4;
/// Where names stand, and where what they name begins.
const NAMES: f32 = 0.0;
const THINGS: f32 = 0.27;
/// Places of a queue that are drawn.
const PLACES: u32 = 16;

impl OneP {
    pub(super) fn show(&self, now: Instant, tape: &Tape) -> Frame {
        Frame {
            scene: Scene {
                rows: ROWS,
                marks: self.marks(now, tape),
            },
            counters: self.counters(),
            summary: self.summary(),
        }
    }

    fn marks(&self, now: Instant, tape: &Tape) -> Vec<Mark> {
        let machine = &self.desk.machine;
        let worker = &machine.workers()[0];
        let go = self.params.is_go();
        let name = |y, text: &str| words(NAMES, y, text, Align::Left, State::Muted);
        let slot = if go { "runnext" } else { "LIFO slot" };
        let end = Instant::ZERO + Self::ABOUT.duration;
        let spans = turns(0, tape.events(), Instant::ZERO, now);
        let mut marks = vec![
            name(0.8, if go { "P 0" } else { "worker 0" }),
            words(THINGS, 0.8, at_work(worker), Align::Left, State::Served),
            words(1.0, 0.8, self.tick(), Align::Right, State::Muted),
            name(2.6, slot),
            queue(
                THINGS,
                2.6,
                0.2,
                1,
                worker.next().into_iter(),
                State::Waiting,
            ),
            name(4.6, "own queue"),
            queue(THINGS, 4.6, 0.66, PLACES, worker.queue(), State::Waiting),
            name(6.6, "shared queue"),
            queue(THINGS, 6.6, 0.66, PLACES, machine.shared(), State::Moved),
            name(9.0, "has run"),
            lane(THINGS, 9.0, 0.72, (Instant::ZERO, end, now), spans, true),
        ];
        let order: Vec<String> = self.latest.iter().map(u32::to_string).collect();
        marks.push(name(11.4, "order"));
        let dots = if self.turns as usize > self.latest.len() {
            "… "
        } else {
            ""
        };
        let order = [dots, &order.join(" ")].concat();
        marks.push(words(THINGS, 11.4, order, Align::Left, State::Neutral));
        marks.push(name(13.3, "all tasks"));
        marks.push(Mark::Cells {
            at: at(THINGS, 12.6),
            width: 0.72,
            height: 1.5,
            states: (machine.tasks().iter())
                .map(|task| state_of(task.life))
                .collect(),
            places: 0,
        });
        marks
    }

    fn tick(&self) -> String {
        let worker = &self.desk.machine.workers()[0];
        if self.params.is_go() {
            format!("tick {}, looks at 61", worker.tick() % 61)
        } else {
            format!("tick {}", worker.tick())
        }
    }

    fn counters(&self) -> Vec<Counter> {
        let counter = |label, value, state| Counter {
            label,
            value,
            unit: "",
            state,
        };
        let machine = &self.desk.machine;
        let mut counters = vec![
            counter("ready", count(machine, Life::Ready), State::Waiting),
            counter("ended", count(machine, Life::Ended), State::Muted),
            counter("turns", f64::from(self.turns), State::Served),
            counter("shared first", f64::from(self.shared_first), State::Moved),
        ];
        if let [first, ..] = self.first[..] {
            counters.push(counter("ran first", f64::from(first), State::Neutral));
        }
        if let [_, second, ..] = self.first[..] {
            counters.push(counter("ran second", f64::from(second), State::Neutral));
        }
        counters
    }

    fn summary(&self) -> String {
        let machine = &self.desk.machine;
        let worker = &machine.workers()[0];
        format!(
            "The processor {}; {} in its slot and queue, {} in the shared queue, {} have ended.",
            at_work(worker),
            worker.waiting(),
            machine.shared().len(),
            machine.count(Life::Ended)
        )
    }
}
