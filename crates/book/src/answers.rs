//! What the engine answers to the questions of the pages: every run is made once in a build, however many elements ask it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use labs::{Answer, AnyRun, Query};

use crate::situation::{Key, Situation};

/// The runs made so far, and the counts over many seeds.
#[derive(Default)]
pub struct Answers {
    runs: RefCell<BTreeMap<Key, Box<dyn AnyRun>>>,
    held: RefCell<BTreeMap<Claim, Result<u64, String>>>,
}

/// A situation, how many seeds, and the question.
type Claim = (Key, u64, String);

impl Answers {
    /// What the run of this situation answers.
    ///
    /// # Errors
    /// One sentence on why the question cannot be asked.
    pub fn ask(&self, situation: &Situation, query: &str) -> Result<Answer, String> {
        let parsed = Query::parse(query).map_err(|why| refused(query, &why))?;
        let mut runs = self.runs.borrow_mut();
        let run = runs
            .entry(situation.key())
            .or_insert_with(|| situation.open());
        parsed.ask(&mut **run).map_err(|why| refused(query, &why))
    }

    /// For how many of the seeds from 1 to `seeds` a question with a comparison holds.
    /// Where a run has no answer, because what is asked for never happens in it, the comparison does not hold.
    ///
    /// # Errors
    /// One sentence on why the question cannot be asked, or that no run has an answer.
    pub fn held(&self, situation: &Situation, query: &str, seeds: u64) -> Result<u64, String> {
        let key = (situation.key(), seeds, query.to_owned());
        if let Some(known) = self.held.borrow().get(&key) {
            return known.clone();
        }
        let counted = count(situation, query, seeds);
        self.held.borrow_mut().insert(key, counted.clone());
        counted
    }
}

fn count(situation: &Situation, query: &str, seeds: u64) -> Result<u64, String> {
    let parsed = Query::parse(query).map_err(|why| refused(query, &why))?;
    let (mut held, mut answered, mut refusal) = (0, false, String::new());
    for seed in 1..=seeds {
        match parsed.ask(&mut *situation.open_with(seed)) {
            Ok(Answer { holds: None, .. }) => return Err(not_compared(query)),
            Ok(answer) => {
                answered = true;
                held += u64::from(answer.holds == Some(true));
            }
            Err(why) => refusal = why,
        }
    }
    if answered {
        Ok(held)
    } else {
        Err(refused(query, &refusal))
    }
}

/// A question that has to be answered with yes or no is not one.
pub(crate) fn not_compared(query: &str) -> String {
    format!("{query:?} holds nothing against a number; end it with a comparison such as <= 0.05")
}

fn refused(query: &str, why: &str) -> String {
    format!("{query:?} cannot be asked: {why}")
}
