//! `<hd-next>`: who is next at every decision of a lab, asked before it is made.
//!
//! ```text
//! <hd-next for="one" kind="runs" at="0.000005">Before each decision: who runs next, and by which rule?</hd-next>
//! ```
//! `theme/next.js` makes it ask, and reads the answer off the lab's log; here is checked that there is something to ask.

use clock::Instant;

use crate::element::{Element, Problem};
use crate::page::{Page, escaped};
use crate::situation::{self, Situation};

const ATTRIBUTES: [&str; 3] = ["for", "kind", "at"];

/// The question; without a script and on paper it is the text between the tags alone.
///
/// # Errors
/// Everything that is wrong with it, with its line.
pub fn render(element: &Element, page: &Page<'_>) -> Result<String, Vec<Problem>> {
    let mut wrong = situation::strangers(element, &ATTRIBUTES);
    if let Some(lab) = lab(element, page, &mut wrong) {
        decisions(element, &lab, &mut wrong);
    }
    let (question, inner) = page.filled(element.body.clone());
    if question.trim().is_empty() && inner.is_empty() {
        wrong.push("this <hd-next> asks no question".to_owned());
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
    // Blank lines let mdBook read the question as the Markdown it is.
    Ok(format!(
        "\n\n<hd-next{attributes}>\n<div class=\"hd-question\">\n\n{}\n\n</div>\n</hd-next>\n\n",
        question.trim()
    ))
}

/// The lab it names, as the page sets it.
fn lab(element: &Element, page: &Page<'_>, wrong: &mut Vec<String>) -> Option<Situation> {
    let id = element.get("for").unwrap_or_default();
    let Some(lab) = page.named("hd-lab", id) else {
        wrong.push(format!("no <hd-lab> on this page has the id {id:?}"));
        return None;
    };
    // What is wrong with the lab is told at its own line.
    Situation::read(lab.get("lab").unwrap_or_default(), lab, &mut Vec::new())
}

/// The kind is one of the lab's, and one of its entries follows upon the moment the first question is asked at.
fn decisions(element: &Element, lab: &Situation, wrong: &mut Vec<String>) {
    let mut run = lab.open();
    let kind = element.get("kind").unwrap_or_default();
    let kinds = run.kinds();
    if !kinds.iter().any(|it| belongs(it.name, kind)) {
        let known: Vec<&str> = kinds.iter().map(|it| it.name).collect();
        wrong.push(format!(
            "kind {kind:?} is none of {}'s log; it has {}",
            lab.lab(),
            known.join(", ")
        ));
        return;
    }
    let at = match element.get("at") {
        Some(at) => situation::moment(at, run.about(), wrong),
        None => Some(Instant::ZERO),
    };
    let Some(at) = at else { return };
    run.finish();
    let mut later = run.tape().seen_events().iter().filter(|it| it.at > at);
    if !later.any(|it| belongs(kinds[usize::from(it.kind)].name, kind)) {
        wrong.push(format!(
            "nothing of kind {kind:?} follows upon {} s in the run of {}, so there is nothing to ask",
            at.as_secs_f64(),
            lab.lab()
        ));
    }
}

/// Whether a kind of a log is this one, or one of several that are told apart behind a colon: `runs: slot` is one of `runs`.
fn belongs(name: &str, kind: &str) -> bool {
    let rest = name.strip_prefix(kind);
    !kind.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}
