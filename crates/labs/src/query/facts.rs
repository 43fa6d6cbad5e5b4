//! What a query asks a run for: numbers, entries and lines by their names.

use core::time::Duration;

use clock::Instant;

use super::{Stretch, short};
use crate::run::AnyRun;

/// A number beside the figure, at that second.
pub(super) fn counter(run: &mut dyn AnyRun, label: &str, secs: f64) -> Result<f64, String> {
    run.seek(Instant::from_secs_f64(secs));
    let counters = run.frame().counters;
    let found = counters.iter().find(|counter| counter.label == label);
    found.map(|counter| counter.value).ok_or_else(|| {
        let known: Vec<&str> = counters.iter().map(|counter| counter.label).collect();
        lacks(run, "counter", label, &known)
    })
}

/// When the entries of this kind are; kinds that share a name count together.
pub(super) fn times(run: &mut dyn AnyRun, name: &str) -> Result<Vec<Instant>, String> {
    let kinds = run.kinds();
    if !kinds.iter().any(|kind| kind.name == name) {
        let known: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
        return Err(lacks(run, "entries", name, &known));
    }
    run.finish();
    let events = run.tape().events().iter();
    let asked = events.filter(|event| {
        kinds
            .get(usize::from(event.kind))
            .is_some_and(|kind| kind.name == name)
    });
    Ok(asked.map(|event| event.at).collect())
}

/// The values of a line in a stretch.
pub(super) fn line(
    run: &mut dyn AnyRun,
    label: &str,
    stretch: Stretch,
) -> Result<Vec<f64>, String> {
    let mut known: Vec<&str> = Vec::new();
    for chart in run.charts() {
        known.extend(chart.lines.iter().map(|line| line.label));
    }
    let Some(nth) = known.iter().position(|known| *known == label) else {
        return Err(lacks(run, "line", label, &known));
    };
    run.finish();
    let points = run.tape().line(nth).iter();
    Ok(points
        .filter(|point| within(point.at, stretch))
        .map(|point| point.value)
        .collect())
}

/// The moment lies in the stretch.
pub(super) fn within(at: Instant, stretch: Stretch) -> bool {
    stretch.is_none_or(|(from, before)| (from..before).contains(&at.as_secs_f64()))
}

/// The most of these times, which are in order, that lie less than `secs` apart.
pub(super) fn busiest(times: &[Instant], secs: f64) -> usize {
    let stretch = Duration::from_secs_f64(secs);
    let mut first = 0;
    let counts = times.iter().enumerate().map(|(nth, &at)| {
        while at.since(times[first]) >= stretch {
            first += 1;
        }
        nth + 1 - first
    });
    counts.max().unwrap_or(0)
}

/// What a lab lacks, and what it has.
pub(super) fn lacks(run: &dyn AnyRun, what: &str, name: &str, known: &[&str]) -> String {
    let lab = run.about().id;
    [
        lab,
        " has no ",
        what,
        " “",
        short(name),
        "”; it has ",
        &known.join(", "),
    ]
    .concat()
}
