//! Any lab on a timeline: its parameters, knobs and words, around the one [`Timeline`] that all labs share.

use core::time::Duration;

use clock::Instant;
use sim::{Event, EventId};

use crate::knob::KnobSpec;
use crate::lab::{About, Action, Chart, Frame, Kind, Lab};
use crate::moving::Moving;
use crate::tape::Tape;
use crate::timeline::Timeline;

/// A lab with its parameters, seed, actions and history, standing at a moment.
///
/// Here stands only what needs the lab's type: whatever does not would be compiled again for every lab.
pub struct Run<L: Lab> {
    params: L::Params,
    seed: u64,
    line: Timeline,
}

impl<L: Lab> Run<L> {
    /// A run at time zero.
    #[must_use]
    pub fn new(params: L::Params, seed: u64) -> Self {
        let lines = L::CHARTS.iter().map(|chart| chart.lines.len()).sum();
        let end = Instant::ZERO + L::length(&params);
        let lab = Box::new(L::new(&params, seed));
        Self {
            params,
            seed,
            line: Timeline::new(lab, end, Tape::new(lines), Vec::new()),
        }
    }

    /// The parameters in force.
    #[must_use]
    pub fn params(&self) -> &L::Params {
        &self.params
    }

    /// The lab at time zero.
    fn lab(&self) -> Box<dyn Moving> {
        Box::new(L::new(&self.params, self.seed))
    }
}

/// A [`Run`] whose lab's type has been forgotten: what a page, a figure or a test needs of any lab.
pub trait AnyRun {
    /// Title and section; and how long a run is with the settings it opens with.
    fn about(&self) -> &'static About;
    /// How long this run is, data of the reader's own considered.
    fn length(&self) -> Duration;
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
    /// Takes the last action back and stands where it was done; `false` if none was done up to the present.
    fn undo(&mut self) -> bool;
    /// See [`Lab::choices`].
    fn choices(&self) -> Option<u32>;
    /// See [`Lab::test`].
    fn test(&self) -> Option<String>;
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

    fn length(&self) -> Duration {
        L::length(&self.params)
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
        self.line.now()
    }

    fn seen(&self) -> Instant {
        self.line.tape().seen()
    }

    fn tape(&self) -> &Tape {
        self.line.tape()
    }

    fn frame(&self) -> Frame {
        self.line.frame()
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
        self.params = params;
        self.line.ends_at(Instant::ZERO + self.length());
        self.line.restart(self.lab());
        Ok(understood)
    }

    fn advance(&mut self, by: Duration) {
        self.line.advance(by);
    }

    fn seek(&mut self, to: Instant) {
        self.line.seek(to);
    }

    fn step(&mut self) -> bool {
        self.line.step()
    }

    fn step_back(&mut self) -> bool {
        self.line.step_back()
    }

    fn act(&mut self, action: usize) {
        if action < L::ACTIONS.len() {
            self.line.act(action);
        }
    }

    fn undo(&mut self) -> bool {
        self.line.undo()
    }

    fn choices(&self) -> Option<u32> {
        self.line.lab().choices()
    }

    fn test(&self) -> Option<String> {
        self.line.lab().test()
    }

    fn acted(&self) -> &[(Instant, usize)] {
        self.line.actions()
    }

    fn set_knob(&mut self, knob: usize, value: f64) {
        let Some(knob) = L::KNOBS.get(knob) else {
            return;
        };
        let mut params = self.params.clone();
        (knob.set)(&mut params, knob.spec.range.clamp(value));
        if params != self.params {
            self.params = params;
            self.line.ends_at(Instant::ZERO + self.length());
            self.line.replace(self.lab());
        }
    }

    fn reseed(&mut self, seed: u64) {
        self.seed = seed;
        self.line.restart(self.lab());
    }

    fn twin(&self) -> Box<dyn AnyRun> {
        Box::new(Self {
            params: self.params.clone(),
            seed: self.seed,
            line: self.line.twin(self.lab()),
        })
    }

    fn next_entry(&mut self) -> Option<Instant> {
        self.line.next_entry()
    }

    fn look_ahead(&mut self, steps: u64) -> bool {
        self.line.look_ahead(steps)
    }

    fn finish(&mut self) -> u64 {
        self.line.finish()
    }

    fn hash_here(&mut self) -> u64 {
        self.line.hash_here()
    }

    fn chain(&self, id: EventId) -> Vec<EventId> {
        self.line.chain(id)
    }
}
