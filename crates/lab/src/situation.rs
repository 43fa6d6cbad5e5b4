//! Names, knobs, actions and moments of a command line, held against the lab they are about; a sentence for each mistake.

use core::fmt::Display;

use clock::Instant;
use labs::{AnyRun, Challenge, Entry, KnobSpec, seconds};

use crate::moment;
use crate::words::{self, short};

/// The lab of that name.
///
/// # Errors
/// One sentence that names those there are.
pub(crate) fn lab(id: &str) -> Result<&'static Entry, String> {
    labs::find(id).ok_or_else(|| {
        let known: Vec<&str> = labs::ALL.iter().map(|entry| entry.id).collect();
        format!(
            "there is no lab called “{}”; there are {}",
            short(id),
            known.join(", ")
        )
    })
}

/// The challenge of that name.
///
/// # Errors
/// One sentence that names those there are.
pub(crate) fn challenge(id: &str) -> Result<&'static Challenge, String> {
    labs::challenge(id).ok_or_else(|| {
        let known: Vec<&str> = labs::CHALLENGES.iter().map(|known| known.id).collect();
        format!(
            "there is no challenge called “{}”; there are {}",
            short(id),
            known.join(", ")
        )
    })
}

/// Knobs to turn: those that were given another value than they have.
pub(crate) struct Turned {
    /// Numbers and values, in the lab's order, as the page turns them.
    pub values: Vec<(usize, f64)>,
    /// A sentence for each value that lay between two of the knob's.
    pub notes: Vec<String>,
}

/// Reads `knob=value` for the knobs of `run` that are `allowed`.
///
/// # Errors
/// One sentence on the first that makes no sense.
pub(crate) fn knobs(
    run: &dyn AnyRun,
    given: &[String],
    allowed: impl Fn(&str) -> bool,
) -> Result<Turned, String> {
    let all = run.knobs();
    let mut turned = Turned {
        values: Vec::new(),
        notes: Vec::new(),
    };
    let mut seen = Vec::new();
    for text in given {
        let (id, value) = text
            .split_once('=')
            .ok_or_else(|| format!("“{}” is not of the form burst=20", short(text)))?;
        let place = all
            .iter()
            .position(|(spec, _)| spec.id == id && allowed(id));
        let place = place.ok_or_else(|| {
            let known = all.iter().map(|(spec, _)| spec.id).filter(|id| allowed(id));
            format!(
                "there is no knob “{}” to turn; there are {}",
                short(id),
                joined(known)
            )
        })?;
        if seen.contains(&place) {
            return Err(format!("the knob “{id}” is given twice"));
        }
        seen.push(place);
        let (spec, present) = all[place];
        // A trace may set what no slider can; the page names it all the same, and it stays.
        if value.parse() == Ok(present) {
            continue;
        }
        let written = value_of(spec, value)?;
        let stands = spec.range.clamp(written);
        if stands != written {
            turned.notes.push(format!(
                "the knob “{id}” stands at {stands}, the nearest to {written} that it can take"
            ));
        }
        turned.values.push((place, stands));
    }
    turned.values.sort_by_key(|&(place, _)| place);
    Ok(turned)
}

/// A value within the knob's range; a choice may be given by its name as well.
fn value_of(spec: &KnobSpec, text: &str) -> Result<f64, String> {
    let names = words::choices(&spec.range);
    if let Some(nth) = names
        .iter()
        .position(|name| name.eq_ignore_ascii_case(text))
    {
        return Ok(nth as f64);
    }
    let refused = || {
        format!(
            "“{}” is no value for the knob “{}”, which takes {}",
            short(text),
            spec.id,
            words::range(spec)
        )
    };
    let value: f64 = text.parse().map_err(|_| refused())?;
    let within = (spec.range.min()..=spec.range.max()).contains(&value);
    let whole = names.is_empty() || value.fract() == 0.0;
    if within && whole {
        Ok(value)
    } else {
        Err(refused())
    }
}

/// Reads `action@seconds`, in order of time; those of one instant stay in the order given.
///
/// # Errors
/// One sentence on the first that makes no sense.
pub(crate) fn actions(run: &dyn AnyRun, given: &[String]) -> Result<Vec<(Instant, usize)>, String> {
    let mut actions = Vec::new();
    for text in given {
        let (id, at) = text
            .split_once('@')
            .ok_or_else(|| format!("“{}” is not of the form burst@3.2", short(text)))?;
        let action = run.actions().iter().position(|action| action.id == id);
        let action = action.ok_or_else(|| {
            let id = short(id);
            match run.actions() {
                [] => format!("there is no action “{id}”; nothing can be done in this lab"),
                known => format!(
                    "there is no action “{id}”; there are {}",
                    joined(known.iter().map(|action| action.id))
                ),
            }
        })?;
        actions.push((instant(run, at)?, action));
    }
    actions.sort_by_key(|&(at, _)| at);
    Ok(actions)
}

/// Reads a moment that lies within the run.
///
/// # Errors
/// One sentence if it does not.
pub(crate) fn instant(run: &dyn AnyRun, text: &str) -> Result<Instant, String> {
    let at = moment::parse(text)?;
    let end = Instant::ZERO + run.length();
    if at <= end {
        Ok(at)
    } else {
        Err(format!(
            "{} s lies behind the end of the run at {} s",
            seconds(at),
            seconds(end)
        ))
    }
}

fn joined(names: impl Iterator<Item = impl Display>) -> String {
    let names: Vec<String> = names.map(|name| name.to_string()).collect();
    names.join(", ")
}
