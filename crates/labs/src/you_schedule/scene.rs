//! What the reader sees: the question, what both workers ran, each task's program with the line it stands at, and who holds what.

use clock::Instant;
use schedulers::{Life, Op};

use super::puzzle::TASKS;
use super::{Goal, Verdict, YouSchedule};
use crate::lab::{Counter, Frame};
use crate::scene::{Align, Mark, Scene, Size, State, at};
use crate::scheduling::picture::{count, lane, queue, state_of, turns, words};
use crate::tape::Tape;

/// Height of the figure, in rows.
const ROWS: f32 = 19.6;
/// The locks of the first goal.
const LOCKS: [&str; 2] = ["A", "B"];
/// Where lanes begin, names of tasks, and their steps; and how wide a stretch of work, another step, and the arrow are.
const LANES: f32 = 0.19;
const NAMES: f32 = 0.085;
const STEPS: f32 = 0.265;
const RUN: f32 = 0.105;
const STEP: f32 = 0.13;
const ARROW: f32 = 0.04;
/// The first task's row, and the distance to the next.
const FIRST: f32 = 9.3;
const NEXT: f32 = 1.6;
/// The lanes reach so far.
const SHOWN: Instant = Instant::from_millis(30);

impl YouSchedule {
    pub(super) fn show(&self, now: Instant, tape: &Tape) -> Frame {
        let (verdict, state) = self.told();
        Frame {
            scene: Scene {
                rows: ROWS,
                marks: self.marks(now, tape, &verdict, state),
            },
            counters: self.counters(),
            summary: format!("{} {verdict} {}", self.question(), self.held().join(". ")),
        }
    }

    fn marks(&self, now: Instant, tape: &Tape, verdict: &str, state: State) -> Vec<Mark> {
        let asks = self.asks();
        let mut marks = vec![
            Mark::Text {
                at: at(0.0, 0.9),
                text: self.question(),
                size: Size::Body,
                align: Align::Left,
                state: if asks.is_some() {
                    State::Selected
                } else {
                    State::Muted
                },
            },
            words(0.0, 2.4, verdict, Align::Left, state),
        ];
        for worker in 0..2 {
            let y = 4.3 + 1.7 * worker as f32;
            let state = if asks == Some(worker) {
                State::Selected
            } else {
                State::Muted
            };
            marks.push(words(
                0.0,
                y,
                format!("worker {worker}"),
                Align::Left,
                state,
            ));
            let spans = turns(worker, tape.events(), Instant::ZERO, now);
            let range = (Instant::ZERO, SHOWN, now);
            marks.push(lane(LANES, y, 1.0 - LANES, range, spans, worker == 1));
        }
        for task in 0..self.desk.machine.tasks().len() {
            self.program_of(task, &mut marks);
        }
        let last = FIRST + NEXT * TASKS as f32;
        for (line, text) in self.held().into_iter().enumerate() {
            let y = last + 0.2 + 1.3 * line as f32;
            marks.push(words(0.0, y, text, Align::Left, State::Neutral));
        }
        marks
    }

    /// A task's number, name and steps, of which the present one has an arrow.
    fn program_of(&self, task: usize, marks: &mut Vec<Mark>) {
        let of = &self.desk.machine.tasks()[task];
        let y = FIRST + NEXT * task as f32;
        let state = state_of(of.life);
        let (here, _) = of.place();
        marks.push(queue(0.0, y, 0.065, 1, [task as u32].into_iter(), state));
        let mut word = |x, text: String, state| marks.push(words(x, y, text, Align::Left, state));
        word(NAMES, self.puzzle.names[task].to_owned(), state);
        let (mut x, ops) = (STEPS, &self.puzzle.programs[task]);
        for (nth, op) in ops.iter().enumerate() {
            // Whatever is freed is freed at once.
            if matches!(op, Op::Receive(_)) && nth + 1 < ops.len() {
                continue;
            }
            if nth == usize::from(here) {
                word(x, ["→", &worded(op)].concat(), state);
                x += ARROW;
            } else {
                word(x, worded(op), State::Muted);
            }
            x += match op {
                Op::Run(_) => RUN,
                _ => STEP,
            };
        }
    }

    /// What is to be done now.
    fn question(&self) -> String {
        match self.asks() {
            Some(worker) => format!("Worker {worker} asks: pick its next task by number."),
            None if self.desk.next_at().is_some() => {
                "The clock runs until a worker asks.".to_owned()
            }
            None => "Nothing can run any more.".to_owned(),
        }
    }

    /// How it stands, in words and a colour.
    fn told(&self) -> (String, State) {
        let [.., best, _, _] = self.puzzle.bounds;
        let millis = self.desk.machine.now().as_nanos() / 1_000_000;
        let text = match (self.verdict(), self.goal) {
            (Verdict::Open, Goal::Deadlock) => "Goal: a deadlock. Not yet.".to_owned(),
            (Verdict::Open, Goal::LostWakeUp) => "Goal: a lost wake-up. Not yet.".to_owned(),
            (Verdict::Open, Goal::Makespan) => {
                format!("Goal: all jobs done after {best} ms. Not yet.")
            }
            (Verdict::Reached, Goal::Deadlock) => {
                "Deadlock: tasks 0 and 1 wait for each other.".to_owned()
            }
            (Verdict::Reached, Goal::LostWakeUp) => {
                "Lost wake-up: task 0 sleeps, and the signal is over.".to_owned()
            }
            (Verdict::Reached, Goal::Makespan) => {
                format!("All jobs done after {millis} ms: no order is faster.")
            }
            (Verdict::Missed, Goal::Makespan) => {
                format!("All jobs done after {millis} ms; {best} ms is possible.")
            }
            (Verdict::Missed, _) => "Every task has ended: nothing went wrong. Undo.".to_owned(),
        };
        let state = match self.verdict() {
            Verdict::Open => State::Neutral,
            Verdict::Reached => State::Served,
            Verdict::Missed => State::Rejected,
        };
        (text, state)
    }

    /// Two lines: who holds what, or what is known of the lengths.
    fn held(&self) -> [String; 2] {
        match self.goal {
            Goal::Deadlock => [0, 1].map(|lock| self.lock(lock)),
            Goal::LostWakeUp => [
                match self.signalled() {
                    true => "signal: given",
                    false => "signal: not given",
                },
                match self.waits_at(0) {
                    Some(_) => "asleep until the next signal: task 0",
                    None => "asleep: nobody",
                },
            ]
            .map(str::to_owned),
            Goal::Makespan => {
                let [least, best, worst, longest] = self.puzzle.bounds;
                [
                    format!("lower bound {least} ms: half of all work, or the longest job"),
                    format!("best order {best} ms, longest first {longest} ms, worst {worst} ms"),
                ]
            }
        }
    }

    fn lock(&self, lock: u16) -> String {
        let mut text = ["lock ", LOCKS[usize::from(lock)], ": "].concat();
        match self.holder(lock) {
            Some(task) => text += &format!("held by task {task}"),
            None => text += "free",
        }
        for task in (0..TASKS).filter(|&task| self.wants(task, lock)) {
            text += &format!(", task {task} waits");
        }
        text
    }

    fn counters(&self) -> Vec<Counter> {
        let machine = &self.desk.machine;
        let counter = |label, value, state| Counter {
            label,
            value,
            unit: "",
            state,
        };
        vec![
            counter("ready", count(machine, Life::Ready), State::Waiting),
            counter("running", count(machine, Life::Running), State::Served),
            counter("blocked", count(machine, Life::Waiting), State::Neutral),
            counter("ended", count(machine, Life::Ended), State::Muted),
            counter("choices", self.chosen.len() as f64, State::Selected),
        ]
    }
}

/// An operation in a word or two.
fn worded(op: &Op) -> String {
    match op {
        Op::Run(time) => format!("{} ms", time.as_millis()),
        Op::Send { channel, .. } => ["lock ", LOCKS[usize::from(*channel)]].concat(),
        Op::Receive(_) => "free".to_owned(),
        Op::ReadFlag(_) => "check".to_owned(),
        Op::WaitFlag(_) => "sleep".to_owned(),
        _ => "signal".to_owned(),
    }
}
