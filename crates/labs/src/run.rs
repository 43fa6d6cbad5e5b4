//! Any lab on a timeline: play, step, step back, seek, act. Written once for all labs.
//!
//! Going back works by checkpoints: copies of the lab's state at regular distances, from which the run is repeated.
//! Because a lab is deterministic, the repetition is exact, and the tape already holds what it would record.

mod any;

use clock::Instant;

use crate::lab::Lab;
use crate::tape::{Mark, Tape};

pub use any::AnyRun;

/// Checkpoints kept at most; when they are full every other one goes and the distance doubles, so that a seek repeats at most
/// one hundredth of a long run.
const CHECKPOINTS_MAX: usize = 192;
/// Events between the first checkpoints.
const SPACING_MIN: u64 = 256;

/// Everything needed to go on from a moment of a run.
#[derive(Clone)]
struct Checkpoint<L> {
    lab: L,
    now: Instant,
    /// Events and actions processed so far.
    steps: u64,
    /// Actions applied so far.
    acted: usize,
    mark: Mark,
}

/// A lab with its parameters, seed, actions and history, standing at a moment.
pub struct Run<L: Lab> {
    params: L::Params,
    seed: u64,
    actions: Vec<(Instant, usize)>,
    here: Checkpoint<L>,
    /// The furthest point that look-ahead has reached, if it lies beyond `here`.
    front: Option<Checkpoint<L>>,
    checkpoints: Vec<Checkpoint<L>>,
    spacing: u64,
    tape: Tape,
}

// ANCHOR: run_new
impl<L: Lab> Run<L> {
    /// A run at time zero.
    #[must_use]
    pub fn new(params: L::Params, seed: u64) -> Self {
        let tape = Tape::new(L::CHARTS.iter().map(|chart| chart.lines.len()).sum());
        let here = Checkpoint {
            lab: L::new(&params, seed),
            now: Instant::ZERO,
            steps: 0,
            acted: 0,
            mark: tape.mark(),
        };
        Self {
            params,
            seed,
            actions: Vec::new(),
            checkpoints: vec![here.clone()],
            here,
            front: None,
            spacing: SPACING_MIN,
            tape,
        }
    }

    /// The parameters in force.
    #[must_use]
    pub fn params(&self) -> &L::Params {
        &self.params
    }

    /// The lab's state at this moment.
    #[must_use]
    pub fn lab(&self) -> &L {
        &self.here.lab
    }

    /// What has been recorded.
    #[must_use]
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    fn end() -> Instant {
        Instant::ZERO + L::ABOUT.duration
    }
}
// ANCHOR_END: run_new

// ANCHOR: run_forward
impl<L: Lab> Run<L> {
    /// When the next event or action is due, if that is not later than `until`; an event goes before an action of the same instant.
    fn due(&self, until: Instant) -> Option<Instant> {
        let action = self.actions.get(self.here.acted).map(|&(at, _)| at);
        let event = self.here.lab.next_at();
        let next = match (event, action) {
            (Some(event), Some(action)) => event.min(action),
            (Some(at), None) | (None, Some(at)) => at,
            (None, None) => return None,
        };
        (next <= until).then_some(next)
    }

    /// Processes the one event or action that is due at `at`.
    fn process(&mut self, at: Instant) {
        let here = &mut self.here;
        here.now = at;
        match self.actions.get(here.acted) {
            Some(&(_, action)) if here.lab.next_at().is_none_or(|event| event > at) => {
                here.acted += 1;
                here.lab.act(at, action, &mut self.tape);
            }
            _ => here.lab.step(&mut self.tape),
        }
        here.steps += 1;
        if here.steps.is_multiple_of(self.spacing) {
            self.save();
        }
    }

    fn save(&mut self) {
        if self
            .checkpoints
            .last()
            .is_some_and(|last| last.steps >= self.here.steps)
        {
            return;
        }
        if self.checkpoints.len() == CHECKPOINTS_MAX {
            self.spacing *= 2;
            let spacing = self.spacing;
            self.checkpoints
                .retain(|checkpoint| checkpoint.steps.is_multiple_of(spacing));
            if !self.here.steps.is_multiple_of(spacing) {
                return;
            }
        }
        let mut checkpoint = self.here.clone();
        checkpoint.mark = self.tape.mark();
        self.checkpoints.push(checkpoint);
    }

    fn forward(&mut self, until: Instant) {
        while let Some(at) = self.due(until) {
            self.process(at);
        }
        self.here.now = until;
        self.tape.see(until);
    }
}
// ANCHOR_END: run_forward

// ANCHOR: run_back
impl<L: Lab> Run<L> {
    /// Goes back to (or ahead to) the best checkpoint that `fits`; the first one always does.
    fn restore(&mut self, fits: impl Fn(&Checkpoint<L>) -> bool) {
        let saved = self
            .checkpoints
            .iter()
            .rev()
            .find(|checkpoint| fits(checkpoint));
        let ahead = self.front.as_ref().filter(|front| fits(front));
        let best = match (saved, ahead) {
            (Some(saved), Some(ahead)) if ahead.steps > saved.steps => ahead,
            (Some(saved), _) => saved,
            (None, _) => &self.checkpoints[0],
        };
        self.here = best.clone();
        self.tape.rewind(&self.here.mark);
    }

    /// Stands at `to`, whether it lies behind or ahead.
    pub fn seek(&mut self, to: Instant) {
        let to = to.min(Self::end());
        self.keep_front();
        let ahead_of_here =
            |checkpoint: &Checkpoint<L>, steps| checkpoint.now <= to && checkpoint.steps > steps;
        let steps = self.here.steps;
        if to < self.here.now
            || self
                .checkpoints
                .iter()
                .rev()
                .any(|saved| ahead_of_here(saved, steps))
            || self
                .front
                .as_ref()
                .is_some_and(|front| ahead_of_here(front, steps))
        {
            self.restore(|checkpoint| checkpoint.now <= to);
        }
        self.forward(to);
    }

    /// Remembers the present as the furthest point, if it is.
    fn keep_front(&mut self) {
        if self
            .front
            .as_ref()
            .is_none_or(|front| front.steps < self.here.steps)
        {
            let mut front = self.here.clone();
            front.mark = self.tape.mark();
            self.front = Some(front);
        }
    }

    /// Processes up to the next entry of the log; `false` at the end of the run.
    pub fn step(&mut self) -> bool {
        let entries = self.tape.event_count();
        while let Some(at) = self.due(Self::end()) {
            self.process(at);
            if self.tape.event_count() > entries {
                self.tape.see(self.here.now);
                return true;
            }
        }
        self.forward(Self::end());
        false
    }

    /// Undoes the step that wrote the last entry of the log; `false` at the beginning.
    pub fn step_back(&mut self) -> bool {
        self.keep_front();
        let entries = self.tape.event_count();
        if entries == 0 {
            self.restore(|checkpoint| checkpoint.steps == 0);
            return false;
        }
        // First pass: which step wrote the entry before the last one's? A step may write several, so a checkpoint can lie right
        // behind that step and not see it; then the one before does.
        let mut bound = entries.saturating_sub(1);
        let target = loop {
            self.restore(|checkpoint| checkpoint.mark.events() < bound || checkpoint.steps == 0);
            let (start, written) = (self.here.steps, self.tape.event_count());
            if let Some(steps) = self.last_writer_before(entries) {
                break steps;
            }
            if start == 0 {
                break 0;
            }
            bound = written;
        };
        // Second pass: stand right behind it.
        self.restore(|checkpoint| checkpoint.steps <= target);
        while self.here.steps < target {
            let Some(at) = self.due(Self::end()) else {
                break;
            };
            self.process(at);
        }
        true
    }

    /// Goes on until the log has `entries` entries; the number of the last step before that which wrote any.
    fn last_writer_before(&mut self, entries: usize) -> Option<u64> {
        let mut written = self.tape.event_count();
        let mut last = None;
        while let Some(at) = self.due(Self::end()) {
            self.process(at);
            let now_written = self.tape.event_count();
            if now_written >= entries {
                break;
            }
            if now_written > written {
                (written, last) = (now_written, Some(self.here.steps));
            }
        }
        last
    }

    /// Runs ahead of the present by at most `steps` events, so that later seeks are quick; `false` when nothing is left to see.
    pub fn look_ahead(&mut self, steps: u64) -> bool {
        self.keep_front();
        let (here, mark) = (self.here.clone(), self.tape.mark());
        self.restore(|_| true);
        let mut left = steps;
        let more = loop {
            if left == 0 {
                break true;
            }
            let Some(at) = self.due(Self::end()) else {
                break false;
            };
            self.process(at);
            left -= 1;
        };
        self.keep_front();
        self.here = here;
        self.tape.rewind(&mark);
        more
    }
}
// ANCHOR_END: run_back
