//! Proves the exercises themselves: the starter is far from done, the solution is done, and every reference leads somewhere.

use anyhow::{Context, Result, bail};

use crate::files::{anchors, section};
use crate::program::{Counted, Source};
use crate::{EXERCISES, Exercise};

/// Proves all exercises; returns a sentence a piece.
pub(crate) fn all() -> Result<String> {
    let notes: Result<Vec<String>> = EXERCISES.into_iter().map(prove).collect();
    Ok(notes?.join("; "))
}

fn prove(exercise: Exercise) -> Result<String> {
    let name = exercise.name;
    let starter = exercise
        .count(Source::Starter)?
        .with_context(|| format!("{name}: the starter does not compile"))?;
    let solution = exercise
        .count(Source::Solution)?
        .with_context(|| format!("{name}: the solution does not compile"))?;
    let findings = findings(exercise, &starter, &solution)?;
    if !findings.is_empty() {
        bail!("{name}: {}", findings.join("; "));
    }
    let missed = starter.iter().filter(|check| !check.met).count();
    let total = solution.len();
    Ok(format!(
        "{name}: the solution passes {total} of {total} checks, the starter misses {missed}"
    ))
}

/// What is wrong with an exercise.
fn findings(exercise: Exercise, starter: &[Counted], solution: &[Counted]) -> Result<Vec<String>> {
    let folder = exercise.folder();
    let readme = folder.read("README.md")?;
    let hints = folder.read("hints.md")?;
    let page = exercise.book_page()?;
    let anchors = page.as_deref().map(anchors);
    let mut findings = verdicts(starter, solution);
    for check in solution {
        let Counted {
            name, step, anchor, ..
        } = check;
        if section(&hints, name).is_none() {
            findings.push(format!("hints.md has no hint for {name}"));
        }
        if section(&readme, step).is_none() {
            findings.push(format!(
                "README.md has no section \"{step}\", read at {name}"
            ));
        }
        if anchors.as_ref().is_some_and(|all| !all.contains(anchor)) {
            findings.push(format!("its page has no #{anchor}, read at {name}"));
        }
    }
    Ok(findings)
}

/// What the counts of starter and solution show that should not be.
pub(crate) fn verdicts(starter: &[Counted], solution: &[Counted]) -> Vec<String> {
    let mut findings = Vec::new();
    if starter.first().is_none_or(|first| first.met) {
        findings.push("the starter passes its first check".to_owned());
    }
    let missed = starter.iter().filter(|check| !check.met).count();
    if missed * 2 < starter.len() {
        findings.push(format!(
            "the starter misses only {missed} of {} checks",
            starter.len()
        ));
    }
    for check in solution.iter().filter(|check| !check.met) {
        findings.push(format!("the solution fails {}", check.name));
    }
    findings
}
