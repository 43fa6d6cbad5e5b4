//! `<hd-predict>`: what the reader expects before a lab may run; the engine's answer is asked here, so that nobody types it.
//!
//! ```text
//! <hd-predict id="passed" for="newsletter" kind="number" ask="count(admitted, 1..1.08)" at="1.08" unit="requests" from="0" to="80">
//! <hd-predict id="worst" for="newsletter" kind="choice">   and a list of choices: - more than 10 {busiest(admitted, 1) > 10}
//! <hd-predict id="tokens" for="newsletter" kind="curve" line="tokens">
//! ```
//! `theme/predict.js` makes it ask; `at` is the second by which the run has answered, its end if left out.

use crate::curve;
use crate::element::{Element, Problem};
use crate::options::{self, Choice};
use crate::page::{Page, escaped};
use crate::situation::{self, Situation};

const COMMON: [&str; 4] = ["id", "for", "kind", "at"];
const NUMBER: [&str; 5] = ["ask", "unit", "from", "to", "step"];
const CURVE: [&str; 1] = ["line"];
/// Values a slider may have between its ends; more could not be told apart.
const MOST_STEPS: f64 = 10_000.0;
/// Why a lab does not run yet, as its card says.
const LOCKED: &str =
    "First commit to a prediction above, or say that you do not know; then the lab opens.";

/// What is written into the page: attributes for the script, what stands below the question, and the answer in words.
struct Asked {
    data: String,
    below: String,
    answer: String,
}

/// The question with its answer folded below it, and the result as data for the script.
///
/// # Errors
/// Everything that is wrong with it, with its line; above all that the engine cannot be asked.
pub fn render(element: &Element, page: &Page<'_>) -> Result<String, Vec<Problem>> {
    let kind = element.get("kind").unwrap_or_default();
    let own: &[&str] = match kind {
        "number" => &NUMBER,
        "choice" => &[],
        "curve" => &CURVE,
        _ => {
            let message = format!("kind {kind:?} is none of number, choice, curve");
            return Err(vec![element.problem(message)]);
        }
    };
    let mut wrong = situation::strangers(element, &[&COMMON, own].concat());
    named(element, &mut wrong);
    let lab = lab(element, page, &mut wrong);
    let at = lab
        .as_ref()
        .and_then(|lab| moment(element, lab, &mut wrong));
    let (question, choices) = if kind == "choice" {
        options::read(element, page)?
    } else {
        (element.body.clone(), Vec::new())
    };
    if page.source[question.clone()].trim().is_empty() {
        wrong.push("this <hd-predict> asks no question".to_owned());
    }
    let Some((lab, at)) = lab.zip(at).filter(|_| wrong.is_empty()) else {
        return Err(element.problems(wrong));
    };
    let asked = match kind {
        "number" => number(element, page, &lab),
        "choice" => choice(element, page, &lab, &choices)?,
        _ => drawn(element, &lab),
    };
    let asked = asked.map_err(|messages| element.problems(messages))?;
    let (question, problems) = page.filled(question);
    if problems.is_empty() {
        Ok(html(element, &lab, at, question.trim(), &asked))
    } else {
        Err(problems)
    }
}

/// Locks every lab that waits for a prediction on its page, as if its attribute had been written there.
pub(crate) fn lock(elements: &mut [Element]) {
    let predictions = elements.iter().filter(|it| it.name == "hd-predict");
    let waiting: Vec<String> = predictions
        .filter_map(|it| it.get("for").map(str::to_owned))
        .collect();
    let labs = elements.iter_mut().filter(|it| it.name == "hd-lab");
    for lab in labs.filter(|it| it.get("locked").is_none()) {
        if waiting.iter().any(|id| lab.get("id") == Some(id)) {
            lab.attributes
                .push(("locked".to_owned(), LOCKED.to_owned()));
        }
    }
}

fn named(element: &Element, wrong: &mut Vec<String>) {
    let id = element.get("id").unwrap_or_default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || !id.chars().all(plain) {
        wrong.push(format!(
            "the id {id:?} of this <hd-predict> has to be of small letters, digits and hyphens; the prediction is kept under it"
        ));
    }
}

/// The situation of the lab that waits: it has to follow, and to wait for this prediction alone.
fn lab(element: &Element, page: &Page<'_>, wrong: &mut Vec<String>) -> Option<Situation> {
    let id = element.get("for").unwrap_or_default();
    let Some(lab) = page.named("hd-lab", id) else {
        wrong.push(format!("no <hd-lab> on this page has the id {id:?}"));
        return None;
    };
    if lab.line < element.line {
        wrong.push(format!(
            "the lab {id:?} stands in line {}, before its prediction",
            lab.line
        ));
    }
    let first = page
        .elements
        .iter()
        .find(|other| other.name == "hd-predict" && other.get("for") == Some(id));
    if let Some(first) = first.filter(|first| first.range != element.range) {
        wrong.push(format!(
            "the lab {id:?} already waits for the prediction in line {}",
            first.line
        ));
    }
    // What is wrong with the lab is told at its own line.
    let mut elsewhere = Vec::new();
    let situation = Situation::read(lab.get("lab").unwrap_or_default(), lab, &mut elsewhere);
    if !elsewhere.is_empty() {
        wrong.push(format!("the lab {id:?} cannot be asked: {}", elsewhere[0]));
    }
    situation
}

/// The second by which the run has answered.
fn moment(element: &Element, lab: &Situation, wrong: &mut Vec<String>) -> Option<f64> {
    let run = lab.open();
    let about = run.about();
    let Some(at) = element.get("at") else {
        return Some(about.duration.as_secs_f64());
    };
    situation::moment(at, about, wrong).map(clock::Instant::as_secs_f64)
}

fn number(element: &Element, page: &Page<'_>, lab: &Situation) -> Result<Asked, Vec<String>> {
    let mut wrong = Vec::new();
    let mut read = |name: &str, default: Option<&str>| {
        let text = element.get(name).or(default).unwrap_or_default();
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        if value.is_none() {
            wrong.push(format!("{name} {text:?} is not a number"));
        }
        value
    };
    let (from, to, step) = (
        read("from", None),
        read("to", None),
        read("step", Some("1")),
    );
    let (Some(from), Some(to), Some(step)) = (from, to, step) else {
        return Err(wrong);
    };
    if from >= to || step <= 0.0 || (to - from) / step > MOST_STEPS {
        return Err(vec![format!(
            "from {from} to {to} in steps of {step} is no slider; it takes 1 to {MOST_STEPS} steps upwards"
        )]);
    }
    let query = element.get("ask").unwrap_or_default();
    let answer = page.answers.ask(lab, query).map_err(|why| vec![why])?;
    if answer.holds.is_some() {
        return Err(vec![format!(
            "{query:?} is a yes or no; leave the comparison out"
        )]);
    }
    if !(from..=to).contains(&answer.value) {
        return Err(vec![format!(
            "the run answers {}, which is not between {from} and {to}: nobody could predict it",
            answer.value
        )]);
    }
    let step_text = element.get("step").unwrap_or("1");
    let decimals = step_text.split_once('.').map_or(0, |(_, it)| it.len());
    let (value, unit) = (format!("{:.decimals$}", answer.value), unit(element));
    Ok(Asked {
        data: format!(" data-step=\"{step_text}\" data-result=\"{value}\""),
        below: String::new(),
        answer: format!("{value}{unit}"),
    })
}

/// The unit behind a number, ready for HTML.
fn unit(element: &Element) -> String {
    let unit = element.get("unit").unwrap_or_default();
    let space = if unit.is_empty() { "" } else { " " };
    format!("{space}{}", escaped(unit))
}

type Outcome = Result<Result<Asked, Vec<String>>, Vec<Problem>>;

fn choice(element: &Element, page: &Page<'_>, lab: &Situation, choices: &[Choice]) -> Outcome {
    let right = options::right(element, page, lab, choices)?;
    let mut list = String::new();
    for choice in choices {
        let (text, problems) = page.filled(choice.text.clone());
        if !problems.is_empty() {
            return Err(problems);
        }
        list += &format!("<li>\n\n{}\n\n</li>\n", text.trim());
    }
    let letter = char::from(b'A' + right as u8);
    Ok(Ok(Asked {
        data: format!(" data-result=\"{right}\""),
        below: format!("<ol class=\"hd-options\" type=\"A\">\n{list}</ol>\n"),
        answer: format!("{letter}"),
    }))
}

fn drawn(element: &Element, lab: &Situation) -> Result<Asked, Vec<String>> {
    let label = element.get("line").unwrap_or_default();
    let curve = curve::of(&mut *lab.open(), label).map_err(|why| vec![why])?;
    Ok(Asked {
        data: curve.data(),
        below: String::new(),
        answer: escaped(&curve.words()),
    })
}

fn html(element: &Element, lab: &Situation, at: f64, question: &str, asked: &Asked) -> String {
    let kept = ["id", "for", "kind", "unit", "from", "to"];
    let kept = kept
        .iter()
        .filter_map(|name| Some((name, element.get(name)?)));
    let kept: String = kept
        .map(|(name, value)| format!(" {name}=\"{}\"", escaped(value)))
        .collect();
    // Blank lines let mdBook read the question as the Markdown it is.
    format!(
        "\n\n<hd-predict{kept} data-at=\"{at}\" data-seed=\"{seed}\"{data}>\n<div class=\"hd-question\">\n\n{question}\n\n</div>\n{below}\
         <details class=\"hd-answers\">\n<summary>What the run shows</summary>\n<p>{answer}, with seed {seed}.</p>\n</details>\n</hd-predict>\n\n",
        seed = lab.seed,
        data = asked.data,
        below = asked.below,
        answer = asked.answer,
    )
}
