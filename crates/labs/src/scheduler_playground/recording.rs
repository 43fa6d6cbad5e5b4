//! Reads a recorded run of tokio: which task was polled when and on which worker, and when it was woken.
//!
//! ```text
//! # headroom-trace 1 program=scheduler runtime=tokio workers=2 workload=sleep tasks=1000 left_out=0
//! ns,event,task,worker,by
//! 5308,spawn,0,,
//! 85838,start,0,0,
//! ```
//! A file may hold anything: whatever is wrong with it is one sentence that names the line.

use core::time::Duration;

use clock::Instant;
use schedulers::{Op, Workload};

use crate::arrivals_file::refusal;

/// More tasks than this are left out, and more polls.
const TASKS_MAX: usize = 20_000;
const POLLS_MAX: usize = 200_000;
/// More workers than this are no recording of one process.
const WORKERS_MAX: u64 = 256;

/// One poll of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Poll {
    pub(super) task: u32,
    pub(super) worker: u32,
    pub(super) from: Instant,
    pub(super) to: Instant,
    /// When the task was woken for it.
    woken: Instant,
}

/// A recorded run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Recording {
    pub(super) workers: u32,
    /// In the order in which they began.
    pub(super) polls: Vec<Poll>,
    /// When each task was started; none for one that was started by a task of the recording.
    born: Vec<Option<Instant>>,
    /// Which tasks each task started, and when, in order.
    children: Vec<Vec<(Instant, u32)>>,
    /// The polls of each task, by their places in `polls`, in order.
    of_task: Vec<Vec<u32>>,
    /// Rows that were left out.
    pub(super) left_out: usize,
}

/// What is known of a task while the file is read.
#[derive(Clone, Copy, Default)]
struct Reading {
    started: Option<(Instant, u32)>,
    woken: Option<Instant>,
}

/// A piece of the file, and what is wrong with it.
type Wrong<'a> = (&'a str, &'static str);

/// Reads a file.
///
/// # Errors
/// One sentence on the first thing that cannot be understood, with its line.
pub(super) fn read(text: &str) -> Result<Recording, String> {
    let mut recording = Recording::default();
    let mut tasks: Vec<Reading> = Vec::new();
    let mut last = 0;
    for (nth, line) in text.lines().enumerate() {
        let done = match nth {
            0 => recording.header(line),
            _ if line.trim().is_empty() || line.starts_with("ns,") => Ok(()),
            _ => recording.row(line, &mut tasks, &mut last),
        };
        done.map_err(|(piece, what)| refusal(nth + 1, piece, what))?;
    }
    if recording.polls.is_empty() {
        return Err("There is no poll on a worker in this file.".to_owned());
    }
    recording.order();
    Ok(recording)
}

impl Recording {
    fn header<'a>(&mut self, line: &'a str) -> Result<(), Wrong<'a>> {
        if !line.starts_with("# headroom-trace 1 ") {
            return Err((line, "is not the first line of a recorded run"));
        }
        let word = |name: &str| line.split(' ').find_map(|word| word.strip_prefix(name));
        if word("program=") != Some("scheduler") {
            return Err((line, "is the trace of another program"));
        }
        let workers = word("workers=")
            .and_then(whole)
            .filter(|count| (1..=WORKERS_MAX).contains(count));
        self.workers = workers.ok_or((line, "does not say on how many workers"))? as u32;
        Ok(())
    }

    fn row<'a>(
        &mut self,
        line: &'a str,
        tasks: &mut Vec<Reading>,
        last: &mut u64,
    ) -> Result<(), Wrong<'a>> {
        let mut cells = line.split(',');
        let mut cell = || cells.next().unwrap_or_default().trim();
        let (ns, event, task, worker, by) = (cell(), cell(), cell(), cell(), cell());
        let at = whole(ns).ok_or((ns, "is no time in nanoseconds"))?;
        if at < *last {
            return Err((ns, "is earlier than the row before"));
        }
        *last = at;
        let at = Instant::from_nanos(at);
        let number = whole(task).ok_or((task, "is no number of a task"))? as usize;
        if number >= TASKS_MAX {
            self.left_out += 1;
            return Ok(());
        }
        if tasks.len() <= number {
            tasks.resize(number + 1, Reading::default());
            self.born.resize(number + 1, None);
            self.children.resize(number + 1, Vec::new());
        }
        if event == "spawn" {
            let parent = whole(by).unwrap_or(u64::MAX) as usize;
            let runs = (tasks.get(parent)).is_some_and(|parent| parent.started.is_some());
            if runs && parent != number {
                self.children[parent].push((at, number as u32));
            } else {
                self.born[number] = Some(at);
            }
            return Ok(());
        }
        let reading = &mut tasks[number];
        match event {
            "wake" => _ = reading.woken.get_or_insert(at),
            // The task that the program waits for runs on no worker.
            "start" if worker.is_empty() => {}
            "start" => {
                let worker = whole(worker).ok_or((line, "names no worker"))?;
                // Threads beside the workers do blocking calls.
                if worker < u64::from(self.workers) {
                    reading.started = Some((at, worker as u32));
                }
            }
            "end" | "done" => self.end(number as u32, reading, at),
            _ => return Err((event, "is no event that is known here")),
        }
        Ok(())
    }

    /// A poll is over, if one had begun on a worker.
    fn end(&mut self, task: u32, reading: &mut Reading, at: Instant) {
        let Some((from, worker)) = reading.started.take() else {
            return;
        };
        let woken = reading.woken.filter(|&woken| woken <= from);
        reading.woken = reading.woken.filter(|&woken| woken > from);
        if self.polls.len() == POLLS_MAX {
            self.left_out += 1;
            return;
        }
        self.polls.push(Poll {
            task,
            worker,
            from,
            to: at,
            woken: woken.unwrap_or(from),
        });
    }

    /// Polls end up in the order of their beginnings: those of one worker are in order already.
    fn order(&mut self) {
        let mut lanes: Vec<Vec<Poll>> = vec![Vec::new(); self.workers as usize];
        for poll in self.polls.drain(..) {
            lanes[poll.worker as usize].push(poll);
        }
        let mut next = vec![0; lanes.len()];
        loop {
            let heads = lanes.iter().zip(&next).enumerate();
            let heads =
                heads.filter_map(|(lane, (polls, &next))| Some((polls.get(next)?.from, lane)));
            let Some((_, lane)) = heads.min() else { break };
            self.polls.push(lanes[lane][next[lane]]);
            next[lane] += 1;
        }
        self.of_task = vec![Vec::new(); self.born.len()];
        for (place, poll) in self.polls.iter().enumerate() {
            self.of_task[poll.task as usize].push(place as u32);
        }
    }

    /// The poll of this task that comes after so many others.
    pub(super) fn poll(&self, task: u32, nth: u32) -> Option<&Poll> {
        let places = self.of_task.get(task as usize)?;
        Some(&self.polls[*places.get(nth as usize)? as usize])
    }

    /// The same tasks for a model: started when, or by whom, they were, computing for as long as their polls took, and waiting
    /// until they were woken. The program of a task is its number in the file.
    pub(super) fn workload(&self) -> Workload {
        let programs = (0..self.of_task.len())
            .map(|task| self.program(task))
            .collect();
        let mut arrivals: Vec<(Instant, u16)> = (self.born.iter().zip(0..))
            .filter_map(|(born, task)| Some(((*born)?, task)))
            .collect();
        arrivals.sort_unstable();
        Workload::arriving(programs, arrivals)
    }

    fn program(&self, task: usize) -> Vec<Op> {
        let mut program = Vec::new();
        let mut children = self.children[task].iter().peekable();
        let mut before: Option<&Poll> = None;
        for &place in &self.of_task[task] {
            let poll = &self.polls[place as usize];
            match before {
                Some(before) if poll.woken > before.to => {
                    program.push(Op::Sleep(poll.woken.since(before.to)));
                }
                Some(_) => program.push(Op::Yield),
                None => {}
            }
            let mut from = poll.from;
            while let Some((at, child)) = children.next_if(|(at, _)| *at <= poll.to) {
                program.push(Op::Run(at.since(from)));
                program.push(Op::Spawn {
                    program: *child as u16,
                    count: 1,
                });
                from = *at;
            }
            program.push(Op::Run(poll.to.since(from).max(Duration::from_nanos(1))));
            before = Some(poll);
        }
        program
    }
}

/// A whole number of at most fifteen digits.
pub(super) fn whole(text: &str) -> Option<u64> {
    let digits =
        !text.is_empty() && text.len() <= 15 && text.bytes().all(|sign| sign.is_ascii_digit());
    digits.then(|| {
        text.bytes()
            .fold(0, |number, sign| number * 10 + u64::from(sign - b'0'))
    })
}
