//! `<hd-seek>`: a phrase of the prose that takes a lab on its page to a moment and a setting.

use crate::element::{Element, Problem};
use crate::page::{Page, escaped};
use crate::situation::{self, Situation};

const ATTRIBUTES: [&str; 4] = ["for", "at", "seed", "knobs"];

/// The phrase, as part of a line of text; `theme/elements.js` makes a button of it.
///
/// # Errors
/// Everything that is wrong with it, with its line.
pub fn render(element: &Element, page: &Page<'_>) -> Result<String, Vec<Problem>> {
    let mut wrong = situation::strangers(element, &ATTRIBUTES);
    check(element, page, &mut wrong);
    let (phrase, inner) = page.filled(element.body.clone());
    if phrase.trim().is_empty() && inner.is_empty() {
        wrong.push("<hd-seek> has no phrase between its tags".to_owned());
    }
    if phrase.contains("\n\n") {
        wrong.push("the phrase of an <hd-seek> stands within one paragraph".to_owned());
    }
    let mut problems = element.problems(wrong);
    problems.extend(inner);
    if !problems.is_empty() {
        return Err(problems);
    }
    let attributes = element.attributes.iter();
    let attributes: String = attributes
        .map(|(name, value)| format!(" {name}=\"{}\"", escaped(value)))
        .collect();
    Ok(format!("<hd-seek{attributes}>{phrase}</hd-seek>"))
}

/// The lab it names is there and can stand so.
fn check(element: &Element, page: &Page<'_>, wrong: &mut Vec<String>) {
    let id = element.get("for").unwrap_or_default();
    let Some(lab) = page.named("hd-lab", id) else {
        let known = page.elements.iter().filter(|other| other.name == "hd-lab");
        let known: Vec<&str> = known.filter_map(|lab| lab.get("id")).collect();
        wrong.push(if known.is_empty() {
            format!("no <hd-lab> on this page has the id {id:?}; none has an id")
        } else {
            format!(
                "no <hd-lab> on this page has the id {id:?}; there are {}",
                known.join(", ")
            )
        });
        return;
    };
    if ["at", "seed", "knobs"]
        .iter()
        .all(|name| element.get(name).is_none())
    {
        wrong.push(
            "<hd-seek> has neither at nor seed nor knobs, so it would change nothing".to_owned(),
        );
    }
    // A lab that does not exist is told at its own line.
    let name = lab.get("lab").unwrap_or_default();
    if labs::find(name).is_none() {
        return;
    }
    let situation = Situation::read(name, element, wrong);
    if let (Some(situation), Some(at)) = (situation, element.get("at")) {
        situation::moment(at, situation.open().about(), wrong);
    }
}
