//! The lab as a scene: a lane for each processor with what it has run, its queue, and a bow for each steal.

use core::time::Duration;

use clock::Instant;

use super::{IN_SIGHT, Stealing};
use crate::lab::{Counter, Frame};
use crate::scene::{Align, Mark, Scene, State, at};
use crate::scheduling::picture::{lane, queue, turns, words};
use crate::tape::Tape;

/// A lane shows so much of the past.
const WINDOW: Duration = Duration::from_millis(3);
/// Height of the figure, in rows, and of what is above the lanes.
const ROWS: f32 = 11.8;
const TOP: f32 = 1.4;
/// Rows a processor takes at the most.
const EACH: f32 = 1.9;
/// Where lanes and queues begin, and how wide they are.
const LANES: f32 = 0.08;
const LANE: f32 = 0.5;
const QUEUES: f32 = 0.62;
const QUEUE: f32 = 0.3;
/// Places of a queue that are drawn.
const PLACES: u32 = 8;
/// Entries of the log in which the turns in sight are looked for.
const RECENT: usize = 1_500;

impl Stealing {
    pub(super) fn show(&self, now: Instant, tape: &Tape) -> Frame {
        Frame {
            scene: Scene {
                rows: ROWS,
                marks: self.marks(now, tape),
            },
            counters: self.counters(now),
            summary: self.summary(now),
        }
    }

    fn marks(&self, now: Instant, tape: &Tape) -> Vec<Mark> {
        let start = Instant::from_nanos(now.as_nanos().saturating_sub(WINDOW.as_nanos() as u64));
        let events = tape.events();
        let events = &events[events.len().saturating_sub(RECENT)..];
        let name = |x, text: &str, align| words(x, 0.5, text, align, State::Muted);
        let mut marks = vec![
            name(LANES, "has run, in the last 3 ms", Align::Left),
            name(QUEUES, "waits", Align::Left),
        ];
        for (nth, worker) in self.desk.machine.workers().iter().enumerate() {
            let y = self.row(nth as u32);
            let label = format!("P {nth}");
            marks.push(words(0.0, y, label, Align::Left, State::Muted));
            let spans = turns(nth as u32, events, start, now);
            marks.push(lane(
                LANES,
                y,
                LANE,
                (start, start + WINDOW, now),
                spans,
                false,
            ));
            let waiting = worker.next().into_iter().chain(worker.queue());
            marks.push(queue(
                QUEUES,
                y,
                QUEUE,
                PLACES,
                waiting.take(PLACES as usize),
                State::Waiting,
            ));
            let count = worker.waiting().to_string();
            marks.push(words(1.0, y, count, Align::Right, State::Waiting));
        }
        self.bows(now, &mut marks);
        marks
    }

    /// What was stolen just now.
    fn bows(&self, now: Instant, marks: &mut Vec<Mark>) {
        for steal in self
            .latest
            .iter()
            .filter(|steal| steal.at + IN_SIGHT >= now)
        {
            let (from, to) = (self.row(steal.from), self.row(steal.to));
            let x = LANES + LANE + 0.02;
            marks.push(Mark::Bow {
                from: at(x, from),
                to: at(x, to),
                state: State::Moved,
            });
            if steal.count > 1 {
                let took = steal.count.to_string();
                let middle = (from + to) / 2.0;
                marks.push(words(x + 0.02, middle, took, Align::Left, State::Moved));
            }
        }
    }

    /// The middle of a processor's rows.
    fn row(&self, worker: u32) -> f32 {
        let each = EACH.min((ROWS - TOP) / self.params.processors as f32);
        TOP + each * (worker as f32 + 0.5)
    }

    fn counters(&self, now: Instant) -> Vec<Counter> {
        let counter = |label, value: f64, unit, state| Counter {
            label,
            value: (value * 10.0).round() / 10.0,
            unit,
            state,
        };
        let mean = self.times.mean() / 1e3;
        vec![
            counter("done", self.times.count() as f64, "", State::Served),
            counter("mean time", mean.round(), "µs", State::Neutral),
            counter(
                "99 of 100 within",
                self.quantile(0.99).round(),
                "µs",
                State::TimedOut,
            ),
            counter(
                "asleep beside a queue",
                self.wasted_percent(now),
                "%",
                State::Rejected,
            ),
            counter("steals", f64::from(self.steals), "", State::Moved),
            counter("stolen", f64::from(self.stolen), "tasks", State::Moved),
        ]
    }

    /// Of the time so far, the part in which a processor slept although a task waited.
    fn wasted_percent(&self, now: Instant) -> f64 {
        let since = if self.wasteful {
            now.since(self.looked).as_nanos() as u64
        } else {
            0
        };
        let share = (self.wasted + since) as f64 / now.as_nanos().max(1) as f64;
        100.0 * share
    }

    fn summary(&self, now: Instant) -> String {
        format!(
            "{} tasks are done and {} wait; for {} % of the time a processor slept beside a queue.",
            self.times.count(),
            self.waiting(),
            self.wasted_percent(now).round()
        )
    }
}
