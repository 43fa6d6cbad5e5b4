//! Small tasks that come by chance, and what a large one does to them: shared by the labs on blocking calls and on greedy loops.

use core::time::Duration;

use clock::Instant;
use schedulers::{Config, Event as Told, Life, Op, Policy, Program, What, Worker, Workload};
use sim::{Arrivals, Event, Histogram, Rng};

use super::Desk;
use super::picture::{lane, queue, turns, words};
use crate::lab::{Chart, Counter, Frame, Line, LineStyle};
use crate::scene::{Align, Mark, Scene, State};
use crate::tape::Tape;

/// How long a run is.
pub(crate) const LENGTH: Duration = Duration::from_millis(200);
/// When the large tasks come.
const LARGE_AT: [Instant; 2] = [Instant::from_millis(5), Instant::from_millis(105)];
/// What a small task computes on average, and how many come a second.
const SMALL: Duration = Duration::from_micros(50);
const SMALL_PER_SECOND: f64 = 1_000.0;
/// Their programs.
const SMALL_PROGRAM: u16 = 0;
const LARGE_PROGRAM: u16 = 1;
/// Height of the figure, in rows.
const ROWS: f32 = 10.2;
/// Rows that all lanes take together, and one lane at the most.
const LANES_ROWS: f32 = 6.0;
const EACH: f32 = 2.2;
/// Where lanes begin.
const LANES: f32 = 0.13;
/// Places of a queue that are drawn.
const PLACES: u32 = 24;

/// A scheduler with small tasks and large ones.
#[derive(Clone)]
pub(crate) struct Beside {
    pub(crate) desk: Desk,
    /// From being started to the first turn, of small tasks, in nanoseconds.
    waits: Histogram,
    longest: u64,
    /// When each task was started, and whether it has had a turn.
    born: Vec<(Instant, bool)>,
    interrupted: u32,
    /// What the lines of the charts stand at.
    lines: [f64; 3],
}

/// Small tasks all the time, and `at_once` large ones twice.
pub(crate) fn workload(large: Program, at_once: u32, seed: u64) -> Workload {
    let chance = Rng::stream(seed, "small tasks");
    let per_second = SMALL_PER_SECOND;
    let small = Arrivals::Poisson { per_second }.start(chance);
    let mut arrivals: Vec<(Instant, u16)> = small
        .take_while(|&at| at < Instant::ZERO + LENGTH)
        .map(|at| (at, SMALL_PROGRAM))
        .collect();
    for at in LARGE_AT {
        let place = arrivals.partition_point(|&(small, _)| small <= at);
        let large = (0..at_once).map(|_| (at, LARGE_PROGRAM));
        arrivals.splice(place..place, large);
    }
    // Room for all that a large task may send.
    Workload::arriving(vec![vec![Op::RunRandom(SMALL)], large], arrivals).with_channels(&[100_000])
}

impl Beside {
    pub(crate) fn new(config: Config, workload: Workload, seed: u64) -> Self {
        Self {
            desk: Desk::new(config, workload, seed),
            waits: Histogram::new(),
            longest: 0,
            born: Vec::new(),
            interrupted: 0,
            lines: [-1.0; 3],
        }
    }

    pub(crate) fn step(&mut self, tape: &mut Tape) {
        let mut told = Vec::new();
        self.desk.step(tape, |event| told.push(*event));
        for event in &told {
            self.see(event);
        }
        self.sample(tape);
    }

    fn see(&mut self, event: &Told) {
        match event.what {
            What::Spawned => self.born.push((event.at, false)),
            What::Preempted | What::OutOfBudget => self.interrupted += 1,
            What::Runs(_) if self.is_small(event.task) => {
                let (born, ran) = &mut self.born[event.task as usize];
                if !core::mem::replace(ran, true) {
                    let waited = event.at.since(*born).as_nanos() as u64;
                    self.waits.record(waited);
                    self.longest = self.longest.max(waited);
                }
            }
            _ => {}
        }
    }

    fn is_small(&self, task: u32) -> bool {
        self.desk.machine.tasks()[task as usize].program() == SMALL_PROGRAM
    }

    /// The longest that any small task has waited, those that still wait included, in milliseconds.
    fn longest_ms(&self, now: Instant) -> f64 {
        let waiting = (self.born.iter().enumerate())
            .filter(|&(task, &(_, ran))| !ran && self.is_small(task as u32))
            .map(|(_, &(born, _))| now.since(born).as_nanos() as u64);
        let longest = waiting.max().unwrap_or_default().max(self.longest);
        longest as f64 / 1e6
    }

    fn ready(&self) -> impl Iterator<Item = u32> + '_ {
        let machine = &self.desk.machine;
        let own = machine.workers().iter().flat_map(|worker: &Worker| {
            (worker.next().into_iter())
                .chain(worker.queue())
                .chain(worker.fair())
        });
        own.chain(machine.shared())
    }

    fn sample(&mut self, tape: &mut Tape) {
        let machine = &self.desk.machine;
        let now = machine.now();
        let lines = [
            f64::from(machine.count(Life::Ready)),
            self.longest_ms(now),
            self.threads(),
        ];
        for (line, value) in lines.into_iter().enumerate() {
            if core::mem::replace(&mut self.lines[line], value) != value {
                tape.sample(line, now, value);
            }
        }
    }

    /// Threads of the runtime; where every task is a thread, the tasks that are alive.
    fn threads(&self) -> f64 {
        let machine = &self.desk.machine;
        f64::from(match machine.config().policy {
            Policy::Threads => machine.alive(),
            _ => machine.threads(),
        })
    }

    pub(crate) fn show(&self, now: Instant, tape: &Tape) -> Frame {
        Frame {
            scene: Scene {
                rows: ROWS,
                marks: self.marks(now, tape.events()),
            },
            counters: self.counters(now),
            summary: format!(
                "{} tasks wait, the longest wait so far is {} ms.",
                self.desk.machine.count(Life::Ready),
                (self.longest_ms(now) * 1e3).round() / 1e3
            ),
        }
    }

    fn marks(&self, now: Instant, events: &[Event]) -> Vec<Mark> {
        let machine = &self.desk.machine;
        let name = |y, text: &str| words(0.0, y, text, Align::Left, State::Muted);
        let mut marks = Vec::new();
        let workers = machine.workers();
        let count = workers.len() as f32;
        let each = EACH.min(LANES_ROWS / count);
        let top = (LANES_ROWS - each * count) / 2.0;
        for nth in 0..workers.len() {
            let y = top + each * (nth as f32 + 0.5);
            marks.push(name(y, &format!("P {nth}")));
            let mut spans = turns(nth as u32, events, Instant::ZERO, now);
            for span in &mut spans {
                let large = span.subject.is_some_and(|task| !self.is_small(task));
                if large && span.state == State::Served {
                    span.state = State::Moved;
                }
            }
            let times = (Instant::ZERO, Instant::ZERO + LENGTH, now);
            let last = nth + 1 == workers.len();
            marks.push(lane(LANES, y, 1.0 - LANES, times, spans, last));
        }
        let in_calls = (machine.tasks().iter().zip(0..))
            .filter(|(task, _)| task.life == Life::InCall)
            .map(|(_, number)| number);
        let row = |y, text, tasks: &mut dyn Iterator<Item = u32>, state| {
            let drawn = tasks.take(PLACES as usize);
            [name(y, text), queue(LANES, y, 0.8, PLACES, drawn, state)]
        };
        marks.extend(row(7.6, "ready", &mut self.ready(), State::Waiting));
        marks.extend(row(
            9.3,
            "in calls",
            &mut in_calls.into_iter(),
            State::TimedOut,
        ));
        marks
    }

    fn counters(&self, now: Instant) -> Vec<Counter> {
        let machine = &self.desk.machine;
        let counter = |label, value: f64, unit, state| Counter {
            label,
            value: (value * 1e3).round() / 1e3,
            unit,
            state,
        };
        let p99 = self.waits.value_at_quantile(0.99) as f64 / 1e6;
        vec![
            counter(
                "ready",
                f64::from(machine.count(Life::Ready)),
                "",
                State::Waiting,
            ),
            counter("longest wait", self.longest_ms(now), "ms", State::Rejected),
            counter("99 of 100 waited", p99, "ms", State::Neutral),
            counter("threads", self.threads(), "", State::Selected),
            counter(
                "interrupted",
                f64::from(self.interrupted),
                "times",
                State::Moved,
            ),
        ]
    }
}

const fn chart(title: &'static str, unit: &'static str, top: f64, lines: &'static [Line]) -> Chart {
    Chart {
        title,
        unit,
        top,
        lines,
    }
}

const fn line(label: &'static str, state: State) -> Line {
    Line {
        label,
        state,
        style: LineStyle::Step,
    }
}

/// What is drawn over time.
pub(crate) const CHARTS: &[Chart] = &[
    chart(
        "Tasks that wait",
        "",
        10.0,
        &[line("ready", State::Waiting)],
    ),
    chart(
        "Longest wait so far",
        "ms",
        1.0,
        &[line("longest wait", State::Rejected)],
    ),
    chart("Threads", "", 4.0, &[line("threads", State::Selected)]),
];
