//! Runs two workers in every order of their steps that a few interruptions can make, or in random ones.
//!
//! A step is one access to a [`Word`], or whatever else calls [`step`].
//! Only one worker runs at a time, and before each of its steps it may be interrupted in favour of the other, so that a
//! run is decided by where the interruptions are and can be repeated.
//! Steps are seen by both workers in one order, which is what `SeqCst` promises; weaker orderings are not tried.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use sim::Rng;

use crate::{Miss, tape};

mod word;

pub use word::{Access, How, Word, accesses, of_worker};

/// No run is longer unless a worker waits for ever.
const STEPS_MAX: usize = 5000;

thread_local! {
    static ME: RefCell<Option<Me>> = const { RefCell::new(None) };
}

/// Something a worker did.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which worker, 0 or 1.
    pub worker: usize,
    /// The access to a word, if it was one.
    pub access: Option<Access>,
    /// What reports say of it.
    pub told: String,
}

/// A worker under way.
struct Me {
    worker: usize,
    baton: Arc<Baton>,
}

/// Who may run; the other one waits.
struct Baton {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    running: usize,
    finished: [bool; 2],
    plan: Plan,
    steps: usize,
    /// Why the run cannot go on.
    broken: Option<Box<dyn Any + Send>>,
    log: Vec<Step>,
}

/// What ends a worker whose run is broken; the panic hook does not see it.
struct Abandoned;
/// A run that does not end.
struct Endless;

/// Where the interruptions are.
#[derive(Clone, Debug)]
enum Plan {
    /// As `begin` says, then without; at most `left` more.
    Systematic {
        begin: Vec<bool>,
        taken: Vec<bool>,
        left: u32,
    },
    /// Before every fourth step on average.
    Random(Rng),
}

impl Plan {
    fn interrupt(&mut self) -> bool {
        match self {
            Self::Systematic { left: 0, .. } => false,
            Self::Systematic { begin, taken, left } => {
                let interrupt = begin.get(taken.len()).copied().unwrap_or(false);
                taken.push(interrupt);
                *left -= u32::from(interrupt);
                interrupt
            }
            Self::Random(rng) => rng.below(4) == 0,
        }
    }

    /// Which worker begins; no interruption is needed for either.
    fn first(&mut self) -> usize {
        match self {
            Self::Systematic { begin, taken, .. } => {
                let second = begin.first().copied().unwrap_or(false);
                taken.push(second);
                usize::from(second)
            }
            Self::Random(rng) => rng.below(2) as usize,
        }
    }
}

/// The next plan after one whose decisions were these: the last *no* becomes a *yes*.
fn after(mut taken: Vec<bool>) -> Option<Vec<bool>> {
    while let Some(last) = taken.pop() {
        if !last {
            taken.push(true);
            return Some(taken);
        }
    }
    None
}

impl Baton {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is this worker's turn.
    fn wait<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        worker: usize,
    ) -> MutexGuard<'a, State> {
        while state.running != worker && state.broken.is_none() {
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
        state
    }

    fn pass<'a>(&'a self, mut state: MutexGuard<'a, State>, to: usize) -> MutexGuard<'a, State> {
        state.running = to;
        self.changed.notify_all();
        state
    }

    fn break_off(&self, why: Box<dyn Any + Send>) {
        let mut state = self.state();
        state.broken.get_or_insert(why);
        self.changed.notify_all();
    }

    /// Before a step of this worker.
    fn step(&self, worker: usize) {
        let mut state = self.state();
        state.steps += 1;
        if state.steps > STEPS_MAX && state.broken.is_none() {
            state.broken = Some(Box::new(Endless));
            self.changed.notify_all();
        }
        let other = 1 - worker;
        if state.broken.is_none() && !state.finished[other] && state.plan.interrupt() {
            state = self.pass(state, other);
            state = self.wait(state, worker);
        }
        let broken = state.broken.is_some();
        drop(state);
        if broken {
            resume_unwind(Box::new(Abandoned));
        }
    }

    /// One worker from its first turn to its end.
    fn work(self: &Arc<Self>, worker: usize, body: impl FnOnce()) {
        drop(self.wait(self.state(), worker));
        let baton = Arc::clone(self);
        ME.set(Some(Me { worker, baton }));
        let ended = catch_unwind(AssertUnwindSafe(body));
        ME.set(None);
        match ended {
            Err(payload) if !payload.is::<Abandoned>() => self.break_off(payload),
            _ => {}
        }
        let mut state = self.state();
        state.finished[worker] = true;
        drop(self.pass(state, 1 - worker));
    }
}

/// The other worker may come now; does nothing outside of a run.
pub fn step() {
    let me = ME.with_borrow(|me| {
        let me = me.as_ref()?;
        Some((me.worker, Arc::clone(&me.baton)))
    });
    if let Some((worker, baton)) = me {
        baton.step(worker);
    }
}

/// Puts what this worker does into the run's report; does nothing outside of a run.
pub fn note(line: impl FnOnce() -> String) {
    keep(|| (None, line()));
}

/// Keeps what this worker does, with the access it is, if it is one; does nothing outside of a run.
fn keep(step: impl FnOnce() -> (Option<Access>, String)) {
    ME.with_borrow(|me| {
        if let Some(Me { worker, baton }) = me {
            let (access, told) = step();
            let worker = *worker;
            baton.state().log.push(Step {
                worker,
                access,
                told,
            });
        }
    });
}

/// What two workers do together: how it begins, what each does, and whether it went well.
pub trait Scene: Sync {
    /// What they share.
    type Shared: Sync;

    /// Makes what they share.
    fn begin(&self) -> Self::Shared;

    /// What the worker of this number, 0 or 1, does.
    fn work(&self, worker: usize, shared: &Self::Shared);

    /// Looks at what they leave.
    ///
    /// # Errors
    /// What is not as it should be.
    fn judge(&self, shared: &Self::Shared) -> Result<(), Miss>;

    /// Looks at how they came there, if all is well with what they leave.
    ///
    /// # Errors
    /// What was not done as it should be.
    fn judge_steps(&self, _steps: &[Step]) -> Result<(), Miss> {
        Ok(())
    }
}

/// Tries every order of steps that so many interruptions can make; the number of them if all went well.
///
/// # Errors
/// The first miss; what led to it is on the tape.
pub fn every_order(scene: &impl Scene, interruptions: u32) -> Result<u32, Miss> {
    let mut runs = 0;
    let mut next = Some(Vec::new());
    while let Some(begin) = next {
        runs += 1;
        let plan = Plan::Systematic {
            begin,
            taken: Vec::new(),
            left: interruptions,
        };
        next = match run(scene, plan)? {
            Plan::Systematic { taken, .. } => after(taken),
            Plan::Random(_) => None,
        };
    }
    Ok(runs)
}

/// Tries a random order of steps.
///
/// # Errors
/// The miss; what led to it is on the tape.
pub fn random_order(scene: &impl Scene, seed: u64) -> Result<(), Miss> {
    let rng = Rng::stream(seed, "interleave");
    run(scene, Plan::Random(rng)).map(drop)
}

/// One run; gives the plan back with what was decided.
fn run(scene: &impl Scene, mut plan: Plan) -> Result<Plan, Miss> {
    let shared = scene.begin();
    let state = State {
        running: plan.first(),
        finished: [false; 2],
        plan,
        steps: 0,
        broken: None,
        log: Vec::new(),
    };
    let baton = Arc::new(Baton {
        state: Mutex::new(state),
        changed: Condvar::new(),
    });
    let body = |worker| baton.work(worker, || scene.work(worker, &shared));
    std::thread::scope(|scope| {
        scope.spawn(|| body(1));
        body(0);
    });
    let mut state = baton.state();
    let log = std::mem::take(&mut state.log);
    if let Some(why) = state.broken.take() {
        put_on_tape(&log);
        if !why.is::<Endless>() {
            // The panic of a worker is a panic of the check, with the message it had.
            resume_unwind(why);
        }
        return Err(Miss {
            came_out: format!("{STEPS_MAX} steps, and still no end"),
            expected:
                "an end: a loop may go round again only if the other worker has changed something"
                    .to_owned(),
        });
    }
    scene
        .judge(&shared)
        .and_then(|()| scene.judge_steps(&log))
        .inspect_err(|_| put_on_tape(&log))?;
    Ok(state.plan.clone())
}

/// A line for each stretch in which one worker was not interrupted.
fn put_on_tape(log: &[Step]) {
    tape::clear();
    for stretch in log.chunk_by(|a, b| a.worker == b.worker) {
        let steps: Vec<&str> = stretch.iter().map(|step| step.told.as_str()).collect();
        let worker = stretch.first().map_or(0, |step| step.worker);
        tape::call(format!("worker {worker}: {}", steps.join(", ")));
    }
}
