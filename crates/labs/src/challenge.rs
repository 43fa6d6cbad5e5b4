//! Challenges: a goal, a budget, and a judge that runs the reader's settings on seeds nobody has seen.
//!
//! The judge is the same in the page and natively; the page calls it seed by seed, so that it can show progress and be stopped.

use crate::query::Query;
use crate::registry::find;
use crate::run::AnyRun;

/// The first of the seeds a judge uses: far from those that pages open with.
const FIRST_SEED: u64 = 1_000_001;
/// Seeds of a full verdict.
pub const SEEDS: u64 = 100;

/// A task for the reader: settings of a lab that reach every goal.
#[derive(Clone, Copy, Debug)]
pub struct Challenge {
    /// Name in pages and on the command line, kebab-case and stable.
    pub id: &'static str,
    /// The lab it is played in.
    pub lab: &'static str,
    /// What the reader sees as its name.
    pub title: &'static str,
    /// The situation and the task, in two or three sentences with numbers.
    pub task: &'static str,
    /// The knobs the reader may turn, by id.
    pub knobs: &'static [&'static str],
    /// Settings of other knobs that make the situation, by id.
    pub given: &'static [(&'static str, f64)],
    /// What has to hold at the end of a run; all of them.
    pub goals: &'static [Goal],
    /// In at least so many of [`SEEDS`] runs.
    pub needed: u64,
}

/// One thing that has to hold.
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    /// In words, with the number.
    pub label: &'static str,
    /// The same as a [`Query`] with a comparison.
    pub query: &'static str,
}

/// How one run went.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The seed of the run.
    pub seed: u64,
    /// For every goal the value reached, and whether the goal was met.
    pub goals: Vec<(f64, bool)>,
    /// How far the goals were missed in all, each as a share of its bound; 0 if all were met.
    pub miss: f64,
}

impl Judged {
    /// Every goal was met.
    #[must_use]
    pub fn met(&self) -> bool {
        self.goals.iter().all(|&(_, met)| met)
    }
}

/// The judge's sum over several runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Runs that met every goal.
    pub met: u64,
    /// Runs judged.
    pub runs: u64,
    /// The run that missed by most.
    pub worst: Option<Judged>,
}

// ANCHOR: judge
impl Challenge {
    /// The lab in the challenge's situation, with the reader's settings; those of knobs that may not be turned are ignored.
    ///
    /// # Panics
    /// If the challenge names a lab or a knob that does not exist; a test walks all challenges.
    #[must_use]
    pub fn open(&self, settings: &[(String, f64)], seed: u64) -> Box<dyn AnyRun> {
        let mut run = find(self.lab)
            .expect("a challenge names a lab of the registry")
            .open(seed);
        let knobs = run.knobs();
        let place = |id: &str| knobs.iter().position(|(spec, _)| spec.id == id);
        for &(id, value) in self.given {
            run.set_knob(
                place(id).expect("a challenge names knobs of its lab"),
                value,
            );
        }
        for (id, value) in settings
            .iter()
            .filter(|(id, _)| self.knobs.contains(&id.as_str()))
        {
            run.set_knob(
                place(id).expect("a challenge names knobs of its lab"),
                *value,
            );
        }
        run
    }

    /// The seed of the judge's run number `nth`, counted from 0.
    #[must_use]
    pub fn seed(nth: u64) -> u64 {
        FIRST_SEED + nth
    }

    /// Judges one run to its end.
    #[must_use]
    pub fn judge(&self, settings: &[(String, f64)], seed: u64) -> Judged {
        let mut run = self.open(settings, seed);
        let mut judged = Judged {
            seed,
            goals: Vec::new(),
            miss: 0.0,
        };
        for goal in self.goals {
            // A goal about something that never happens in this run is missed altogether.
            let answer = Query::parse(goal.query).and_then(|query| query.ask(&mut *run));
            match answer {
                Ok(answer) => {
                    judged
                        .goals
                        .push((answer.value, answer.holds == Some(true)));
                    judged.miss += answer.miss;
                }
                Err(_) => {
                    judged.goals.push((f64::NAN, false));
                    judged.miss += 1.0;
                }
            }
        }
        judged
    }
}

impl Verdict {
    /// Adds a run.
    pub fn add(&mut self, judged: Judged) {
        self.runs += 1;
        self.met += u64::from(judged.met());
        let worse = self
            .worst
            .as_ref()
            .is_none_or(|worst| judged.miss > worst.miss);
        if !judged.met() && worse {
            self.worst = Some(judged);
        }
    }
}
// ANCHOR_END: judge

/// Every challenge, in the order of the book.
pub static CHALLENGES: &[Challenge] = &[
    crate::scheduler_playground::CHALLENGE,
    crate::one_bucket::CHALLENGE,
    crate::overload_playground::CHALLENGE,
];

/// The challenge with this id.
#[must_use]
pub fn challenge(id: &str) -> Option<&'static Challenge> {
    CHALLENGES.iter().find(|challenge| challenge.id == id)
}
