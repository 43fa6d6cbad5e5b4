//! `<hd-value>`: a figure in the prose that a run gave; the build fails when the run gives another.

use labs::Answer;

use crate::element::{Element, Problem};
use crate::page::{Page, escaped};
use crate::situation::{self, Situation};

const ATTRIBUTES: [&str; 6] = ["lab", "seed", "seeds", "knobs", "ask", "is"];
/// The most seeds of one claim: a build is waiting.
const MOST_SEEDS: u64 = 1_000;

/// The figure, as part of a line of text.
///
/// # Errors
/// Everything that is wrong with it, with its line; above all that the engine answers otherwise.
pub fn render(element: &Element, page: &Page<'_>) -> Result<String, Vec<Problem>> {
    let mut wrong = situation::strangers(element, &ATTRIBUTES);
    let lab = element.get("lab").unwrap_or_default();
    let situation = Situation::read(lab, element, &mut wrong);
    let seeds = seeds(element, &mut wrong);
    for (name, meaning) in [("ask", "the question"), ("is", "the figure")] {
        if element.get(name).unwrap_or_default().trim().is_empty() {
            wrong.push(format!("<hd-value> has no {name}, {meaning}"));
        }
    }
    if !page.source[element.body.clone()].trim().is_empty() {
        wrong.push("<hd-value> shows its attribute is; it has no text of its own".to_owned());
    }
    let Some(situation) = situation.filter(|_| wrong.is_empty()) else {
        return Err(element.problems(wrong));
    };
    let (query, is) = (
        element.get("ask").unwrap_or_default(),
        element.get("is").unwrap_or_default(),
    );
    let (answer, of) =
        answer(&situation, query, seeds, page).map_err(|why| element.problems(vec![why]))?;
    let printed = printed_as(is, answer);
    let title = escaped(&format!("{}, {of}: {query}", situation.lab()));
    if printed == is {
        Ok(format!(
            "<span class=\"hd-value\" title=\"{title}\">{}</span>",
            escaped(is)
        ))
    } else {
        let message = format!(
            "the page says {is}, but {} with {of} answers {printed} to {query:?}",
            situation.lab()
        );
        Err(element.problems(vec![message]))
    }
}

/// The number of seeds a claim is about; `None` for a figure of one run.
fn seeds(element: &Element, wrong: &mut Vec<String>) -> Option<u64> {
    let text = element.get("seeds")?;
    if element.get("seed").is_some() {
        wrong.push(
            "seed is for the figure of one run, seeds for a count over many; give one of them"
                .to_owned(),
        );
    }
    match text.parse() {
        Ok(seeds) if (2..=MOST_SEEDS).contains(&seeds) => Some(seeds),
        _ => {
            wrong.push(format!(
                "seeds {text:?} is not a whole number from 2 to {MOST_SEEDS}"
            ));
            None
        }
    }
}

/// The engine's answer, and of which seeds it is.
fn answer(
    situation: &Situation,
    query: &str,
    seeds: Option<u64>,
    page: &Page<'_>,
) -> Result<(f64, String), String> {
    if let Some(seeds) = seeds {
        let held = page.answers.held(situation, query, seeds)?;
        return Ok((held as f64, format!("seeds 1 to {seeds}")));
    }
    match page.answers.ask(situation, query)? {
        Answer { holds: Some(_), .. } => Err(format!(
            "{query:?} is a yes or no; give seeds=\"100\" to count for how many seeds it holds, or leave the comparison out"
        )),
        Answer { value, .. } => Ok((value, format!("seed {}", situation.seed))),
    }
}

/// A number with as many decimals as the figure on the page, and with commas between thousands if that has them.
fn printed_as(figure: &str, value: f64) -> String {
    let decimals = figure.split_once('.').map_or(0, |(_, digits)| digits.len());
    let plain = format!("{value:.decimals$}");
    let plain = match plain.strip_prefix('-') {
        // Nobody writes -0.0.
        Some(zero) if zero.chars().all(|c| c == '0' || c == '.') => zero,
        _ => &plain,
    };
    if !figure.contains(',') {
        return plain.to_owned();
    }
    let whole = plain.find('.').unwrap_or(plain.len());
    let mut spaced = String::new();
    for (at, digit) in plain.char_indices() {
        let left = whole.saturating_sub(at);
        if at > 0 && left > 0 && left.is_multiple_of(3) && !spaced.ends_with('-') {
            spaced.push(',');
        }
        spaced.push(digit);
    }
    spaced
}
