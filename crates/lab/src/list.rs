//! `lab list` and `lab challenge` without a name: what there is, with every knob and its range.

use core::fmt::Write as _;

use labs::{AnyRun, CHALLENGES, Challenge, Entry};

use crate::options::ChallengeOptions;
use crate::situation;
use crate::words::{range, table, value_name};

/// The labs with their knobs and actions; with a name only that one.
///
/// # Errors
/// One sentence if there is no lab of that name.
pub(crate) fn labs(only: Option<&str>) -> Result<String, String> {
    if let Some(id) = only {
        return Ok(lab(situation::lab(id)?));
    }
    let all: Vec<String> = labs::ALL.iter().map(lab).collect();
    Ok(all.join("\n"))
}

fn lab(entry: &Entry) -> String {
    let run = entry.open(1);
    let about = run.about();
    let mut text = format!(
        "{}: {} (section {}, {} s)\n",
        about.id,
        about.title,
        about.section,
        about.duration.as_secs_f64()
    );
    text.push_str(&knobs(&*run, |_| true));
    let actions: Vec<[String; 2]> = (run.actions().iter())
        .map(|action| {
            [
                format!("--act {}@SECONDS", action.id),
                action.help.to_owned(),
            ]
        })
        .collect();
    text.push_str(&table(&actions));
    if let Some(takes) = run.takes() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  --data FILE  {takes}");
    }
    text
}

/// A table of the knobs that are `wanted`: how they stand, what they are, what they take.
fn knobs(run: &dyn AnyRun, wanted: impl Fn(&str) -> bool) -> String {
    let rows: Vec<[String; 3]> = (run.knobs().into_iter())
        .filter(|(spec, _)| wanted(spec.id))
        .map(|(spec, value)| {
            [
                format!("--knob {}={value}", spec.id),
                spec.label.to_owned(),
                range(spec),
            ]
        })
        .collect();
    table(&rows)
}

/// The challenges with their tasks, knobs and goals.
///
/// # Errors
/// One sentence if knobs are given, which need a challenge.
pub(crate) fn challenges(options: &ChallengeOptions) -> Result<String, String> {
    if !options.knobs.is_empty() || options.json {
        let known: Vec<&str> = CHALLENGES.iter().map(|known| known.id).collect();
        return Err(format!(
            "which challenge is meant is not said; there are {}",
            known.join(", ")
        ));
    }
    let all: Vec<String> = CHALLENGES.iter().map(challenge).collect();
    Ok(all.join("\n"))
}

fn challenge(challenge: &Challenge) -> String {
    let run = challenge.open(&[], Challenge::seed(0));
    let mut text = format!(
        "{}: {} (lab {})\n{}\n",
        challenge.id, challenge.title, challenge.lab, challenge.task
    );
    text.push_str(&knobs(&*run, |id| challenge.knobs.contains(&id)));
    for (spec, value) in run.knobs() {
        if challenge.given.iter().any(|&(id, _)| id == spec.id) {
            let value = value_name(spec, value);
            let _ = writeln!(text, "  given: {} {value}", spec.label);
        }
    }
    for goal in challenge.goals {
        let _ = writeln!(text, "  goal: {}, {}", goal.label, goal.query);
    }
    let _ = writeln!(text, "  in {} of {} runs", challenge.needed, labs::SEEDS);
    text
}
