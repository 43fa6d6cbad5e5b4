//! `lab challenge`: judges settings over many seeds and hands back the run that missed by most.

use core::fmt::Write as _;

use labs::{Challenge, Judged, SEEDS, Verdict};
use serde_json::{Value, json};

use crate::Done;
use crate::options::ChallengeOptions;
use crate::situation;
use crate::words::number;

/// The verdict and how often each goal was met.
struct Account {
    challenge: &'static Challenge,
    settings: Vec<(String, f64)>,
    verdict: Verdict,
    /// For each goal the number of runs that met it.
    met: Vec<u64>,
}

/// Judges the settings of the command line; `progress` is told after each run how many of how many are done.
///
/// # Errors
/// One sentence on what is wrong with the name or a knob.
pub(crate) fn judge(
    name: &str,
    options: &ChallengeOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Done, String> {
    let challenge = situation::challenge(name)?;
    let run = challenge.open(&[], Challenge::seed(0));
    let turned = situation::knobs(&*run, &options.knobs, |id| challenge.knobs.contains(&id))?;
    let knobs = run.knobs();
    let named = |&(knob, value): &(usize, f64)| Some((knobs.get(knob)?.0.id.to_owned(), value));
    let mut account = Account {
        challenge,
        settings: turned.values.iter().filter_map(named).collect(),
        verdict: Verdict::default(),
        met: vec![0; challenge.goals.len()],
    };
    for nth in 0..options.seeds {
        account.add(challenge.judge(&account.settings, Challenge::seed(nth)));
        progress(nth + 1, options.seeds);
    }
    Ok(Done {
        text: if options.json {
            format!("{:#}\n", account.json())
        } else {
            account.text()
        },
        notes: turned.notes,
        met: account.is_met(),
    })
}

impl Account {
    fn add(&mut self, judged: Judged) {
        for (count, (_, met)) in self.met.iter_mut().zip(&judged.goals) {
            *count += u64::from(*met);
        }
        self.verdict.add(judged);
    }

    /// The runs that have to meet every goal: of fewer or more than a hundred runs the same share, rounded up.
    fn needed(&self) -> u64 {
        (self.challenge.needed * self.verdict.runs).div_ceil(SEEDS)
    }

    fn is_met(&self) -> bool {
        self.verdict.met >= self.needed()
    }

    /// The settings in force of the knobs that make the situation or may be turned, in the lab's order.
    fn in_force(&self) -> Vec<(&'static str, f64)> {
        let run = self.challenge.open(&self.settings, Challenge::seed(0));
        let matters = |id: &str| {
            self.challenge.knobs.contains(&id)
                || self.challenge.given.iter().any(|&(given, _)| given == id)
        };
        let knobs = run.knobs().into_iter();
        knobs
            .filter(|(spec, _)| matters(spec.id))
            .map(|(spec, value)| (spec.id, value))
            .collect()
    }

    /// The command that shows a run and asks it what it missed.
    fn command(&self, judged: &Judged) -> String {
        let mut line = format!(
            "cargo run -p lab -- run {} --seed {}",
            self.challenge.lab, judged.seed
        );
        for (id, value) in self.in_force() {
            // Writing to a String cannot fail.
            let _ = write!(line, " --knob {id}={value}");
        }
        for (goal, (_, met)) in self.challenge.goals.iter().zip(&judged.goals) {
            // A goal about what never happened in this run has no answer, and asking would be refused.
            let asked = goal_value(self.challenge, judged, goal.query).is_some_and(f64::is_finite);
            if !met && asked {
                let _ = write!(line, " --ask \"{}\"", goal.query);
            }
        }
        line
    }

    fn text(&self) -> String {
        let Verdict { met, runs, worst } = &self.verdict;
        let mut text = format!("{} ({})\n", self.challenge.title, self.challenge.id);
        for (id, value) in self.in_force() {
            let _ = writeln!(text, "  {id}={value}");
        }
        for (goal, met) in self.challenge.goals.iter().zip(&self.met) {
            let _ = writeln!(text, "{}: met in {met} of {runs}", goal.label);
        }
        let word = if self.is_met() { "met" } else { "not met" };
        let needed = self.needed();
        let _ = writeln!(
            text,
            "{word}: all goals in {met} of {runs}, needed {needed}"
        );
        if let Some(worst) = worst {
            let values: Vec<String> = (self.challenge.goals.iter().zip(&worst.goals))
                .filter(|(_, (_, met))| !met)
                .map(|(goal, (value, _))| format!("{} ({})", goal.label, number(*value)))
                .collect();
            let _ = writeln!(
                text,
                "worst: seed {}, missed {}\n{}",
                worst.seed,
                values.join(" and "),
                self.command(worst)
            );
        }
        text
    }

    fn json(&self) -> Value {
        let goals = self.challenge.goals.iter().zip(&self.met);
        let goals = goals
            .map(|(goal, met)| json!({ "label": goal.label, "query": goal.query, "met": met }));
        let knobs = self.in_force().into_iter();
        let worst = self.verdict.worst.as_ref().map(|worst| {
            let goals = worst.goals.iter();
            let goals = goals.map(|&(value, met)| json!({ "value": value, "met": met }));
            json!({
                "seed": worst.seed,
                "miss": worst.miss,
                "goals": goals.collect::<Vec<_>>(),
                "command": self.command(worst),
            })
        });
        json!({
            "challenge": self.challenge.id,
            "lab": self.challenge.lab,
            "knobs": knobs.map(|(id, value)| (id.to_owned(), json!(value))).collect::<serde_json::Map<_, _>>(),
            "runs": self.verdict.runs,
            "met": self.verdict.met,
            "needed": self.needed(),
            "is_met": self.is_met(),
            "goals": goals.collect::<Vec<_>>(),
            "worst": worst,
        })
    }
}

/// The value a run reached in the goal of this query.
fn goal_value(challenge: &Challenge, judged: &Judged, query: &str) -> Option<f64> {
    let nth = challenge
        .goals
        .iter()
        .position(|goal| goal.query == query)?;
    judged.goals.get(nth).map(|&(value, _)| value)
}
