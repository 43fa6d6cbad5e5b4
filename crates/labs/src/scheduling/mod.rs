//! What all labs about schedulers share: a machine whose decisions are written to the log, each with its rule and its cause.

pub(crate) mod beside;
pub(crate) mod picture;
pub(crate) mod words;

use clock::Instant;
use schedulers::{Config, Event as Told, Machine, NONE, What, Workload};
use sim::{Event, EventId};

use crate::tape::Tape;
use words::{kind_of, packed};

/// A scheduler with its log.
#[derive(Clone)]
pub(crate) struct Desk {
    /// The scheduler.
    pub(crate) machine: Machine,
    /// What of it is logged.
    logs: fn(&Told) -> bool,
    told: Vec<Told>,
    /// The entry that made each task what it is, by its number.
    causes: Vec<u32>,
}

impl Desk {
    /// A scheduler at time zero whose every decision is logged.
    pub(crate) fn new(config: Config, workload: Workload, seed: u64) -> Self {
        Self {
            machine: Machine::new(config, workload, seed),
            logs: |_| true,
            told: Vec::new(),
            causes: Vec::new(),
        }
    }

    /// The same, but only what `logs` says is logged: of a hundred thousand tasks nobody reads every step.
    pub(crate) fn logging(self, logs: fn(&Told) -> bool) -> Self {
        Self { logs, ..self }
    }

    /// When the next step is due.
    pub(crate) fn next_at(&self) -> Option<Instant> {
        self.machine.next_deadline()
    }

    /// Does one step of the machine; what it told is handed to `see`, after it was logged.
    pub(crate) fn step(&mut self, tape: &mut Tape, mut see: impl FnMut(&Told)) {
        self.machine.step(&mut self.told);
        self.log(tape, &mut see);
    }

    /// The reader hands a task to a worker that asks, by its place among those that can be chosen.
    pub(crate) fn choose(&mut self, worker: u32, place: usize, tape: &mut Tape) -> bool {
        let chosen = self.machine.choose(worker, place, &mut self.told);
        self.log(tape, &mut |_| {});
        chosen
    }

    fn log(&mut self, tape: &mut Tape, see: &mut dyn FnMut(&Told)) {
        let told = core::mem::take(&mut self.told);
        for told in &told {
            if (self.logs)(told) {
                self.write(told, tape);
            }
            see(told);
        }
        self.told = told;
        self.told.clear();
    }

    fn write(&mut self, told: &Told, tape: &mut Tape) {
        // What a task does follows from what was done to it last; what is done to it, from what the doer did last.
        let from = match told.what {
            What::Spawned | What::Ready => told.value,
            _ => told.task,
        };
        let cause = self
            .causes
            .get(from as usize)
            .copied()
            .filter(|&cause| cause != NONE);
        let entry = tape.event(Event {
            at: told.at,
            cause: cause.map(EventId),
            kind: kind_of(told.what),
            subject: told.task,
            value: packed(told),
        });
        let about_a_task = !matches!(told.what, What::Steals | What::Parks | What::Notes);
        if about_a_task && told.task != NONE {
            let task = told.task as usize;
            if self.causes.len() <= task {
                self.causes.resize(task + 1, NONE);
            }
            self.causes[task] = entry.0;
        }
    }
}
