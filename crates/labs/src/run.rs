//! Any lab on a timeline: play, step, step back, seek, act. Written once for all labs.
//!
//! Going back works by checkpoints: copies of the lab's state at regular distances, from which the run is repeated.
//! Because a lab is deterministic, the repetition is exact, and the tape already holds what it would record.

use core::time::Duration;

use clock::Instant;
use sim::{Event, EventId};

use crate::knob::KnobSpec;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::tape::{Mark, Tape};

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

/// A [`Run`] whose lab's type has been forgotten: what a page, a figure or a test needs of any lab.
pub trait AnyRun {
    /// Title, section and length.
    fn about(&self) -> &'static About;
    /// Knobs with their present values, in the order shown.
    fn knobs(&self) -> Vec<(&'static KnobSpec, f64)>;
    /// What the reader may do.
    fn actions(&self) -> &'static [Action];
    /// The kinds of log entries.
    fn kinds(&self) -> &'static [Kind];
    /// The charts.
    fn charts(&self) -> &'static [Chart];
    /// The seed.
    fn seed(&self) -> u64;
    /// The present moment.
    fn now(&self) -> Instant;
    /// The furthest moment a reader has seen.
    fn seen(&self) -> Instant;
    /// What has been recorded.
    fn tape(&self) -> &Tape;
    /// What to show now.
    fn frame(&self) -> Frame;
    /// An entry of the log in words.
    fn describe(&self, event: &Event) -> String;
    /// The lines of code that decide entries of this kind, as `file:anchor` from the root of the repository.
    fn source(&self, kind: u16) -> Option<&'static str>;
    /// What data of the reader's own the lab takes, in a few words; `None` if none.
    fn takes(&self) -> Option<&'static str>;
    /// Takes the reader's own data and starts again at time zero without actions; a sentence on what was understood.
    ///
    /// # Errors
    /// One sentence on what is wrong with the data; the run is then as it was.
    fn load(&mut self, text: &str) -> Result<String, String>;
    /// Moves on by `by`, stopping at the end.
    fn advance(&mut self, by: Duration);
    /// Stands at `to`.
    fn seek(&mut self, to: Instant);
    /// Processes up to the next entry of the log; `false` at the end.
    fn step(&mut self) -> bool;
    /// Undoes the last entry; `false` at the beginning.
    fn step_back(&mut self) -> bool;
    /// Does action number `action` now; what lay ahead is forgotten.
    fn act(&mut self, action: usize);
    /// The actions done, in order of time.
    fn acted(&self) -> &[(Instant, usize)];
    /// Sets knob number `knob` (clamped to its range) and runs again up to the present, on the same arrivals.
    fn set_knob(&mut self, knob: usize, value: f64);
    /// Starts again with this seed, at time zero and without actions.
    fn reseed(&mut self, seed: u64);
    /// Another run with the same settings, data, seed and actions, standing at the same moment; each goes its own way from there.
    fn twin(&self) -> Box<dyn AnyRun>;
    /// When the next entry of the log is; computed unseen if need be. `None` when there will be no more.
    fn next_entry(&mut self) -> Option<Instant>;
    /// Runs ahead unseen by at most `steps` events; `false` when nothing is left.
    fn look_ahead(&mut self, steps: u64) -> bool;
    /// Runs to the end and gives the fingerprint of the log.
    fn finish(&mut self) -> u64;
    /// The fingerprint of the log up to and including the present instant: the same however a reader came to stand here, and what
    /// a run from the start to this moment gives.
    fn hash_here(&mut self) -> u64;
    /// The entry and its causes, nearest first.
    fn chain(&self, id: EventId) -> Vec<EventId>;
}

impl<L: Lab> AnyRun for Run<L> {
    fn about(&self) -> &'static About {
        const { &L::ABOUT }
    }

    fn knobs(&self) -> Vec<(&'static KnobSpec, f64)> {
        L::KNOBS
            .iter()
            .map(|knob| (&knob.spec, (knob.get)(&self.params)))
            .collect()
    }

    fn actions(&self) -> &'static [Action] {
        L::ACTIONS
    }

    fn kinds(&self) -> &'static [Kind] {
        L::KINDS
    }

    fn charts(&self) -> &'static [Chart] {
        L::CHARTS
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn now(&self) -> Instant {
        self.here.now
    }

    fn seen(&self) -> Instant {
        self.tape.seen()
    }

    fn tape(&self) -> &Tape {
        &self.tape
    }

    fn frame(&self) -> Frame {
        self.here.lab.frame(self.here.now, &self.tape)
    }

    fn describe(&self, event: &Event) -> String {
        L::describe(event)
    }

    fn source(&self, kind: u16) -> Option<&'static str> {
        L::source(kind)
    }

    fn takes(&self) -> Option<&'static str> {
        L::TAKES
    }

    fn load(&mut self, text: &str) -> Result<String, String> {
        let mut params = self.params.clone();
        let understood = L::load(&mut params, text)?;
        *self = Self::new(params, self.seed);
        Ok(understood)
    }

    fn advance(&mut self, by: Duration) {
        let until = (self.here.now + by).min(Self::end());
        self.forward(until);
    }

    fn seek(&mut self, to: Instant) {
        Self::seek(self, to);
    }

    fn step(&mut self) -> bool {
        Self::step(self)
    }

    fn step_back(&mut self) -> bool {
        Self::step_back(self)
    }

    fn act(&mut self, action: usize) {
        if action >= L::ACTIONS.len() {
            return;
        }
        // An action follows all events of its instant, so that it falls in the same place when the run is repeated.
        let now = self.here.now;
        self.actions.truncate(self.here.acted);
        self.forward(now);
        self.tape.cut(now);
        self.front = None;
        let steps = self.here.steps;
        self.checkpoints
            .retain(|checkpoint| checkpoint.steps <= steps);
        self.actions.push((now, action));
        self.forward(now);
    }

    fn acted(&self) -> &[(Instant, usize)] {
        &self.actions
    }

    fn set_knob(&mut self, knob: usize, value: f64) {
        let Some(knob) = L::KNOBS.get(knob) else {
            return;
        };
        let mut params = self.params.clone();
        (knob.set)(&mut params, knob.spec.range.clamp(value));
        if params == self.params {
            return;
        }
        let (now, seen) = (self.here.now, self.tape.seen());
        let actions = core::mem::take(&mut self.actions);
        *self = Self::new(params, self.seed);
        self.actions = actions;
        self.forward(now);
        self.tape.see(seen);
    }

    fn reseed(&mut self, seed: u64) {
        *self = Self::new(self.params.clone(), seed);
    }

    fn twin(&self) -> Box<dyn AnyRun> {
        let mut twin = Self::new(self.params.clone(), self.seed);
        twin.actions.clone_from(&self.actions);
        twin.forward(self.here.now);
        twin.tape.see(self.tape.seen());
        Box::new(twin)
    }

    fn next_entry(&mut self) -> Option<Instant> {
        loop {
            if let Some(next) = self.tape.next_event() {
                return Some(next.at);
            }
            if !Self::look_ahead(self, SPACING_MIN) {
                return self.tape.next_event().map(|next| next.at);
            }
        }
    }

    fn look_ahead(&mut self, steps: u64) -> bool {
        Self::look_ahead(self, steps)
    }

    fn finish(&mut self) -> u64 {
        self.forward(Self::end());
        self.tape.hash()
    }

    fn hash_here(&mut self) -> u64 {
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

    fn chain(&self, id: EventId) -> Vec<EventId> {
        let events = self.tape.seen_events();
        let mut chain = vec![id];
        while let Some(cause) = chain.last().and_then(|id| events.get(id.0 as usize)?.cause) {
            chain.push(cause);
        }
        chain
    }
}
