//! Any run, whatever its lab: what a page, a figure or a test needs of it.

use core::time::Duration;

use clock::Instant;
use sim::{Event, EventId};

use super::{Run, SPACING_MIN};
use crate::knob::KnobSpec;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::tape::Tape;

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
