//! `<hd-lab>`: checked against the registry of labs, and filled with its static card.

use clock::Instant;
use labs::AnyRun;

use crate::element::{Element, Problem};
use crate::fallback::{fallback, locked};
use crate::page::Page;
use crate::situation::{self, Situation, list};

const ATTRIBUTES: [&str; 9] = [
    "lab", "seed", "at", "knobs", "show", "wide", "locked", "id", "class",
];

/// The element with its static card inside, as a block of HTML.
///
/// # Errors
/// Everything that is wrong with it, with its line.
pub fn render(element: &Element, _page: &Page<'_>) -> Result<String, Vec<Problem>> {
    let setup = setup(element).map_err(|messages| element.problems(messages))?;
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
    let mut wrong = situation::strangers(element, &ATTRIBUTES);
    let situation = Situation::read(element.get("lab").unwrap_or_default(), element, &mut wrong);
    let Some(mut run) = situation.map(|situation| situation.open()) else {
        return Err(wrong);
    };
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
    let moment = match at {
        None => Some(Instant::ZERO + run.about().poster),
        Some(at) => situation::moment(at, run.about(), wrong),
    };
    if let Some(moment) = moment {
        run.finish();
        run.seek(moment);
    }
}
