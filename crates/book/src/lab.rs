//! `<hd-lab>`: checked against the registry of labs, and filled with its static card.

use clock::Instant;
use labs::AnyRun;

use crate::element::{Element, Problem};
use crate::fallback::{fallback, locked};

const ATTRIBUTES: [&str; 9] = [
    "lab", "seed", "at", "knobs", "show", "wide", "locked", "id", "class",
];

/// The element with its static card inside, as a block of HTML.
///
/// # Errors
/// Everything that is wrong with it, with its line.
pub fn render(element: &Element) -> Result<String, Vec<Problem>> {
    let setup = setup(element).map_err(|messages| {
        messages
            .into_iter()
            .map(|message| element.problem(message))
            .collect::<Vec<_>>()
    })?;
    let attributes: String = element
        .attributes
        .iter()
        .map(|(name, value)| format!(" {name}=\"{value}\""))
        .collect();
    let mut card = fallback(&*setup.run, &setup.shown);
    if let Some(reason) = element.get("locked") {
        let mut start = setup.run;
        // A run that begins anew has seen nothing.
        start.reseed(start.seed());
        let shut = locked(&*start, &setup.shown, reason);
        card =
            format!("<div class=\"hd-shut\">{shut}</div> <div class=\"hd-revealed\">{card}</div>");
    }
    Ok(format!("\n<hd-lab{attributes}>\n{card}\n</hd-lab>\n"))
}

struct Setup {
    run: Box<dyn AnyRun>,
    shown: Vec<usize>,
}

fn setup(element: &Element) -> Result<Setup, Vec<String>> {
    let mut wrong: Vec<String> = element
        .attributes
        .iter()
        .filter(|(name, _)| !ATTRIBUTES.contains(&name.as_str()))
        .map(|(name, _)| {
            format!(
                "<hd-lab> has no attribute {name}; it takes {}",
                ATTRIBUTES.join(", ")
            )
        })
        .collect();
    let known: Vec<&str> = labs::ALL.iter().map(|entry| entry.id).collect();
    let id = element.get("lab").unwrap_or_default();
    let Some(entry) = labs::find(id) else {
        wrong.push(format!(
            "there is no lab {id:?}; the labs are {}",
            known.join(", ")
        ));
        return Err(wrong);
    };
    let seed = element.get("seed").map_or(Ok(1), str::parse::<u64>);
    if seed.is_err() {
        wrong.push(format!(
            "seed {:?} is not a whole number",
            element.get("seed").unwrap_or_default()
        ));
    }
    let mut run = entry.open(seed.unwrap_or(1));
    for pair in list(element.get("knobs")) {
        if let Err(message) = turn(&mut *run, pair) {
            wrong.push(message);
        }
    }
    let shown = shown(&*run, element.get("show"), &mut wrong);
    stand(&mut *run, element.get("at"), &mut wrong);
    if element
        .get("locked")
        .is_some_and(|reason| reason.trim().is_empty())
    {
        wrong.push("locked needs a reason, which is shown in the card".to_owned());
    }
    if wrong.is_empty() {
        Ok(Setup { run, shown })
    } else {
        Err(wrong)
    }
}

fn list(value: Option<&str>) -> impl Iterator<Item = &str> {
    value
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn turn(run: &mut dyn AnyRun, pair: &str) -> Result<(), String> {
    let (id, value) = pair
        .split_once('=')
        .ok_or_else(|| format!("knob {pair:?} is not of the form name=value"))?;
    let knobs = run.knobs();
    let knob = knobs
        .iter()
        .position(|(spec, _)| spec.id == id)
        .ok_or_else(|| {
            let known: Vec<&str> = knobs.iter().map(|(spec, _)| spec.id).collect();
            format!(
                "{} has no knob {id:?}; it has {}",
                run.about().id,
                known.join(", ")
            )
        })?;
    let range = knobs[knob].0.range;
    let number: f64 = value
        .parse()
        .map_err(|_| format!("knob {id} is set to {value:?}, which is not a number"))?;
    if range.clamp(number) != number {
        return Err(format!(
            "knob {id} cannot be {value}; it goes from {} to {}",
            range.min(),
            range.max()
        ));
    }
    run.set_knob(knob, number);
    Ok(())
}

fn shown(run: &dyn AnyRun, show: Option<&str>, wrong: &mut Vec<String>) -> Vec<usize> {
    let knobs = run.knobs();
    if show.is_none() {
        return (0..knobs.len()).collect();
    }
    list(show)
        .filter_map(|id| {
            let found = knobs.iter().position(|(spec, _)| spec.id == id);
            if found.is_none() {
                wrong.push(format!(
                    "show names {id:?}, which is no knob of {}",
                    run.about().id
                ));
            }
            found
        })
        .collect()
}

/// The static card shows the run at the moment asked for, or at the lab's own best moment, with its future behind.
fn stand(run: &mut dyn AnyRun, at: Option<&str>, wrong: &mut Vec<String>) {
    let duration = run.about().duration;
    let moment = match at.map(str::parse::<f64>) {
        None => Instant::ZERO + run.about().poster,
        Some(Ok(secs)) if (0.0..=duration.as_secs_f64()).contains(&secs) => {
            Instant::from_secs_f64(secs)
        }
        Some(_) => {
            wrong.push(format!(
                "at {:?} is not between 0 and {} s",
                at.unwrap_or_default(),
                duration.as_secs_f64()
            ));
            return;
        }
    };
    run.finish();
    run.seek(moment);
}
