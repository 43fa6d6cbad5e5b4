//! A lab on a timeline, whichever lab it is: forward, back, ahead, act. Compiled once for all labs.
//!
//! Going back works by checkpoints: copies of the lab's state at regular distances, from which the run is repeated.
//! Because a lab is deterministic, the repetition is exact, and the tape already holds what it would record.

mod changes;

use core::time::Duration;

use clock::Instant;
use sim::EventId;

use crate::lab::Frame;
use crate::moving::Moving;
use crate::tape::{Mark, Tape};

/// Checkpoints kept at most; when they are full every other one goes and the distance doubles, so that a seek repeats at most
/// one hundredth of a long run.
const CHECKPOINTS_MAX: usize = 192;
/// The same of a lab whose copies are large, and how many bytes all copies may take together before that is so.
const CHECKPOINTS_MIN: usize = 12;
const CHECKPOINT_BYTES: usize = 128 << 20;
/// Events between the first checkpoints.
const SPACING_MIN: u64 = 256;

/// Everything needed to go on from a moment of a run.
struct Checkpoint {
    lab: Box<dyn Moving>,
    now: Instant,
    /// Events and actions processed so far.
    steps: u64,
    /// Actions applied so far.
    acted: usize,
    mark: Mark,
}

impl Clone for Checkpoint {
    fn clone(&self) -> Self {
        Self {
            lab: self.lab.copy(),
            mark: self.mark.clone(),
            ..*self
        }
    }
}

/// A lab with its actions and history, standing at a moment.
pub(crate) struct Timeline {
    /// When the run ends.
    end: Instant,
    actions: Vec<(Instant, usize)>,
    here: Checkpoint,
    /// The furthest point that look-ahead has reached, if it lies beyond `here`.
    front: Option<Checkpoint>,
    checkpoints: Vec<Checkpoint>,
    spacing: u64,
    tape: Tape,
}

// ANCHOR: run_new
impl Timeline {
    /// At time zero with these actions ahead of it; `tape` is empty.
    pub(crate) fn new(
        lab: Box<dyn Moving>,
        end: Instant,
        tape: Tape,
        actions: Vec<(Instant, usize)>,
    ) -> Self {
        let here = Checkpoint {
            lab,
            now: Instant::ZERO,
            steps: 0,
            acted: 0,
            mark: tape.mark(),
        };
        Self {
            end,
            actions,
            checkpoints: vec![here.clone()],
            here,
            front: None,
            spacing: SPACING_MIN,
            tape,
        }
    }

    /// Another end, for what is put on the timeline next.
    pub(crate) fn ends_at(&mut self, end: Instant) {
        self.end = end;
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Instant {
        self.here.now
    }

    /// What has been recorded.
    pub(crate) fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The actions done, in order of time.
    pub(crate) fn actions(&self) -> &[(Instant, usize)] {
        &self.actions
    }

    /// The lab as it is now.
    pub(crate) fn lab(&self) -> &dyn Moving {
        &*self.here.lab
    }

    /// What to show now.
    pub(crate) fn frame(&self) -> Frame {
        self.here.lab.frame(self.here.now, &self.tape)
    }
}
// ANCHOR_END: run_new

// ANCHOR: run_forward
impl Timeline {
    /// The lab waits for its reader, and the clock stands.
    fn waits(&self) -> bool {
        self.here.lab.choices().is_some_and(|choices| choices != 0)
    }

    /// When the next event or action is due, if that is not later than `until`; an event goes before an action of the same instant.
    fn due(&self, until: Instant) -> Option<Instant> {
        let action = self.actions.get(self.here.acted).map(|&(at, _)| at);
        let until = if self.waits() { self.here.now } else { until };
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

    fn checkpoints_max(&self) -> usize {
        let fit = CHECKPOINT_BYTES / self.here.lab.weight().max(1);
        fit.clamp(CHECKPOINTS_MIN, CHECKPOINTS_MAX)
    }

    fn save(&mut self) {
        if self
            .checkpoints
            .last()
            .is_some_and(|last| last.steps >= self.here.steps)
        {
            return;
        }
        if self.checkpoints.len() >= self.checkpoints_max() {
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

    pub(crate) fn forward(&mut self, until: Instant) {
        while let Some(at) = self.due(until) {
            self.process(at);
        }
        if !self.waits() {
            self.here.now = until;
        }
        self.tape.see(self.here.now);
    }
}
// ANCHOR_END: run_forward

// ANCHOR: run_back
impl Timeline {
    /// Goes back to (or ahead to) the best checkpoint that `fits`; the first one always does.
    fn restore(&mut self, fits: &dyn Fn(&Checkpoint) -> bool) {
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
    pub(crate) fn seek(&mut self, to: Instant) {
        let to = to.min(self.end);
        self.keep_front();
        let ahead_of_here =
            |checkpoint: &Checkpoint, steps| checkpoint.now <= to && checkpoint.steps > steps;
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
            self.restore(&|checkpoint| checkpoint.now <= to);
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
    pub(crate) fn step(&mut self) -> bool {
        let entries = self.tape.event_count();
        while let Some(at) = self.due(self.end) {
            self.process(at);
            if self.tape.event_count() > entries {
                self.tape.see(self.here.now);
                return true;
            }
        }
        self.forward(self.end);
        false
    }

    /// Undoes the step that wrote the last entry of the log; `false` at the beginning.
    pub(crate) fn step_back(&mut self) -> bool {
        self.keep_front();
        let entries = self.tape.event_count();
        if entries == 0 {
            self.restore(&|checkpoint| checkpoint.steps == 0);
            return false;
        }
        // First pass: which step wrote the entry before the last one's? A step may write several, so a checkpoint can lie right
        // behind that step and not see it; then the one before does.
        let mut bound = entries.saturating_sub(1);
        let target = loop {
            self.restore(&|checkpoint| checkpoint.mark.events() < bound || checkpoint.steps == 0);
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
        self.restore(&|checkpoint| checkpoint.steps <= target);
        while self.here.steps < target {
            let Some(at) = self.due(self.end) else {
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
        while let Some(at) = self.due(self.end) {
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
    pub(crate) fn look_ahead(&mut self, steps: u64) -> bool {
        self.keep_front();
        // The furthest state itself goes on, and the present is put aside: a copy of a large one would cost more than a slice of steps.
        let Some(front) = self.front.take() else {
            return false;
        };
        let mark = self.tape.mark();
        self.tape.rewind(&front.mark);
        let here = core::mem::replace(&mut self.here, front);
        let mut left = steps;
        let more = loop {
            if left == 0 {
                break true;
            }
            let Some(at) = self.due(self.end) else {
                break false;
            };
            self.process(at);
            left -= 1;
        };
        let mut front = core::mem::replace(&mut self.here, here);
        front.mark = self.tape.mark();
        self.front = Some(front);
        self.tape.rewind(&mark);
        more
    }
}
// ANCHOR_END: run_back

impl Timeline {
    /// When the next entry of the log is, beyond those already written at this moment; `None` if there is none.
    pub(crate) fn next_entry(&mut self) -> Option<Instant> {
        loop {
            if let Some(next) = self.tape.next_event() {
                return Some(next.at);
            }
            if !self.look_ahead(SPACING_MIN) {
                return self.tape.next_event().map(|next| next.at);
            }
        }
    }

    /// Moves on by `by`, stopping at the end.
    pub(crate) fn advance(&mut self, by: Duration) {
        self.forward((self.here.now + by).min(self.end));
    }

    /// Runs to the end and gives the fingerprint of the log.
    pub(crate) fn finish(&mut self) -> u64 {
        self.forward(self.end);
        self.tape.hash()
    }

    /// The fingerprint of the log up to and including the present instant.
    pub(crate) fn hash_here(&mut self) -> u64 {
        self.keep_front();
        // Stepping stops within an instant: what is still due in it belongs to the fingerprint, and not yet to the present.
        let (here, mark) = (self.here.clone(), self.tape.mark());
        while let Some(at) = self.due(self.here.now) {
            self.process(at);
        }
        let hash = self.tape.hash_here();
        self.here = here;
        self.tape.rewind(&mark);
        hash
    }

    /// The entry and its causes, nearest first.
    pub(crate) fn chain(&self, id: EventId) -> Vec<EventId> {
        let events = self.tape.seen_events();
        let mut chain = vec![id];
        while let Some(cause) = chain.last().and_then(|id| events.get(id.0 as usize)?.cause) {
            chain.push(cause);
        }
        chain
    }
}
