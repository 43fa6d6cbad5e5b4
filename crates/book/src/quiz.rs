//! `<hd-quiz>`: a question with choices, each of them explained; where the engine can tell which is right, the build holds it to that.
//!
//! ```text
//! - [x] 34 are rejected {counter(rejected, 1.08) = 34} :: Why this is so.
//! - [ ] 46 are rejected {counter(rejected, 1.08) = 46} :: What one has to believe to expect this.
//! ```

use core::ops::Range;

use crate::answers::not_compared;
use crate::element::{Element, Problem};
use crate::markdown::{self, line_of};
use crate::page::{Page, escaped};
use crate::situation::{self, Situation};

const ATTRIBUTES: [&str; 4] = ["id", "lab", "seed", "knobs"];
/// Signs a choice begins with.
const RIGHT: &str = "- [x] ";
const WRONG: &str = "- [ ] ";

/// One choice; all its parts are stretches of the source.
struct Choice {
    right: bool,
    start: usize,
    text: Range<usize>,
    query: Option<Range<usize>>,
    why: Range<usize>,
}

/// The question as a list of choices with the answers folded below it; `theme/elements.js` makes it answer by itself.
///
/// # Errors
/// Everything that is wrong with it, each at its line.
pub fn render(element: &Element, page: &Page<'_>) -> Result<String, Vec<Problem>> {
    let mut wrong = situation::strangers(element, &ATTRIBUTES);
    let id = element.get("id").unwrap_or_default();
    if id.is_empty()
        || !id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    {
        wrong.push(format!(
            "the id {id:?} of this <hd-quiz> has to be of small letters, digits and hyphens; answers are kept under it"
        ));
    }
    let before = wrong.len();
    let situation = element
        .get("lab")
        .map(|lab| Situation::read(lab, element, &mut wrong));
    // A key is not held against a situation that is wrong itself.
    let sound = wrong.len() == before;
    let (question, choices, mut problems) = parts(element, page);
    if page.source[question.clone()].trim().is_empty() {
        wrong.push("this <hd-quiz> asks no question before its choices".to_owned());
    }
    count(&choices, &mut wrong);
    problems.extend(element.problems(wrong));
    match situation {
        None => problems.extend(unasked(element, page, &choices)),
        Some(Some(situation)) if sound => {
            problems.extend(wrong_keys(element, page, &choices, &situation))
        }
        Some(_) => {}
    }
    let html = html(id, page, question, &choices, &mut problems);
    if problems.is_empty() {
        Ok(html)
    } else {
        Err(problems)
    }
}

/// A question has one answer, and something to choose from.
fn count(choices: &[Choice], wrong: &mut Vec<String>) {
    if choices.len() < 2 {
        wrong.push(format!(
            "this <hd-quiz> has fewer than two choices ({}); a choice is a line such as “{RIGHT}text :: explanation”",
            choices.len()
        ));
    }
    let right = choices.iter().filter(|choice| choice.right).count();
    if right != 1 && !choices.is_empty() {
        wrong.push(format!(
            "this <hd-quiz> has {right} right choices; exactly one begins with {}",
            RIGHT.trim()
        ));
    }
}

/// The question and the choices of a body, and what cannot be read.
fn parts(element: &Element, page: &Page<'_>) -> (Range<usize>, Vec<Choice>, Vec<Problem>) {
    let code = markdown::read(page.source).quoted;
    let mut starts = Vec::new();
    let mut problems = Vec::new();
    let mut at = element.body.start;
    for line in page.source[element.body.clone()].split_inclusive('\n') {
        let shown = code.iter().any(|range| range.contains(&at));
        if !shown && [RIGHT, WRONG].iter().any(|sign| line.starts_with(sign)) {
            starts.push(at);
        } else if !shown && !starts.is_empty() && !line.trim().is_empty() && !line.starts_with(' ')
        {
            problems.push(Problem {
                line: line_of(page.source, at),
                message: format!(
                    "a choice begins with “{RIGHT}” or “{WRONG}”, and what belongs to it is indented; “{}” is neither",
                    line.trim_end()
                ),
            });
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([element.body.end]);
    let mut choices = Vec::new();
    for (&start, end) in starts.iter().zip(ends) {
        match choice(page.source, start..end, &code) {
            Ok(choice) => choices.push(choice),
            Err(message) => problems.push(Problem {
                line: line_of(page.source, start),
                message,
            }),
        }
    }
    let question = element.body.start..starts.first().copied().unwrap_or(element.body.end);
    // A choice that could not be read would also be missed by the count.
    if choices.len() < starts.len() {
        choices.clear();
    }
    (question, choices, problems)
}

fn choice(source: &str, range: Range<usize>, code: &[Range<usize>]) -> Result<Choice, String> {
    let text = range.start + RIGHT.len();
    let mut marks = source[text..range.end]
        .match_indices("::")
        .map(|(at, _)| text + at);
    let spaced = |at: usize| {
        let before = source[..at].ends_with(char::is_whitespace);
        before && source[at + 2..].starts_with(char::is_whitespace)
    };
    let mark = marks.find(|&at| spaced(at) && !code.iter().any(|range| range.contains(&at)));
    let explained = mark.filter(|&at| !source[at + 2..range.end].trim().is_empty());
    let Some(mark) = explained else {
        return Err("this choice has no explanation; it follows “ :: ”".to_owned());
    };
    let mut choice = Choice {
        right: source[range.start..].starts_with(RIGHT),
        start: range.start,
        text: trimmed(source, text..mark),
        query: None,
        why: trimmed(source, mark + 2..range.end),
    };
    if source[choice.text.clone()].ends_with('}') {
        let open = source[choice.text.clone()]
            .rfind('{')
            .ok_or("the } of this choice closes no {")?;
        let open = choice.text.start + open;
        choice.query = Some(trimmed(source, open + 1..choice.text.end - 1));
        choice.text = trimmed(source, choice.text.start..open);
    }
    if choice.text.is_empty() {
        return Err("this choice says nothing before its “ :: ”".to_owned());
    }
    Ok(choice)
}

fn trimmed(source: &str, range: Range<usize>) -> Range<usize> {
    let text = &source[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    start..start + text.trim().len()
}

impl Choice {
    fn problem(&self, page: &Page<'_>, message: String) -> Problem {
        Problem {
            line: line_of(page.source, self.start),
            message,
        }
    }
}

/// Questions to the engine that name no lab.
fn unasked(element: &Element, page: &Page<'_>, choices: &[Choice]) -> Vec<Problem> {
    let asking = choices.iter().filter(|choice| choice.query.is_some());
    let mut problems: Vec<Problem> = asking
        .map(|choice| {
            let message = "this choice asks the engine, but its <hd-quiz> names no lab".to_owned();
            choice.problem(page, message)
        })
        .collect();
    let loose = ["seed", "knobs"]
        .into_iter()
        .filter(|name| element.get(name).is_some());
    problems.extend(loose.map(|name| element.problem(format!("<hd-quiz> has {name}, but no lab"))));
    problems
}

/// Choices that are marked otherwise than the engine answers.
fn wrong_keys(
    element: &Element,
    page: &Page<'_>,
    choices: &[Choice],
    situation: &Situation,
) -> Vec<Problem> {
    if !choices.is_empty() && choices.iter().all(|choice| choice.query.is_none()) {
        let message = "<hd-quiz> names a lab, but no choice asks it a {QUERY}".to_owned();
        return vec![element.problem(message)];
    }
    let wrong = choices.iter().filter_map(|choice| {
        let query = page.source[choice.query.clone()?].trim();
        let message = match page.answers.ask(situation, query) {
            Err(why) => why,
            Ok(answer) => match answer.holds {
                None => not_compared(query),
                Some(holds) if holds == choice.right => return None,
                Some(holds) => format!(
                    "this choice is marked {}, but {query:?} {}: {} with seed {} answers {}",
                    if choice.right { "right" } else { "wrong" },
                    if holds { "holds" } else { "does not hold" },
                    situation.lab(),
                    situation.seed,
                    answer.value
                ),
            },
        };
        Some(choice.problem(page, message))
    });
    wrong.collect()
}

fn html(
    id: &str,
    page: &Page<'_>,
    question: Range<usize>,
    choices: &[Choice],
    problems: &mut Vec<Problem>,
) -> String {
    let mut filled = |range: Range<usize>| {
        let (text, found) = page.filled(range);
        problems.extend(found);
        dedented(text.trim())
    };
    let question = filled(question);
    let (mut offered, mut answers) = (String::new(), String::new());
    let mut buttons = Vec::new();
    for choice in choices {
        if acts(page, &choice.text) {
            let message = "the text of a choice is itself a button; a link or an <hd-seek> belongs into the question or the explanation";
            buttons.push(choice.problem(page, message.to_owned()));
        }
        let (mark, word) = if choice.right {
            (" data-right", "Right.")
        } else {
            ("", "Not this one.")
        };
        offered += &format!("<li{mark}>\n\n{}\n\n</li>\n", filled(choice.text.clone()));
        answers += &format!(
            "<li>\n\n<strong class=\"hd-mark\">{word}</strong> {}\n\n</li>\n",
            filled(choice.why.clone())
        );
    }
    problems.extend(buttons);
    // Blank lines let mdBook read the texts as the Markdown they are.
    format!(
        "\n\n<hd-quiz id=\"{}\">\n<div class=\"hd-question\">\n\n{question}\n\n</div>\n\
         <ol class=\"hd-choices\" type=\"A\">\n{offered}</ol>\n\
         <details class=\"hd-answers\">\n<summary>The answer, and why</summary>\n<ol type=\"A\">\n{answers}</ol>\n</details>\n</hd-quiz>\n\n",
        escaped(id)
    )
}

/// Whether something in this stretch can be clicked.
fn acts(page: &Page<'_>, range: &Range<usize>) -> bool {
    let links = markdown::read(&page.source[range.clone()]).links;
    !links.is_empty() || page.within(range).any(|element| element.name == "hd-seek")
}

/// The lines that follow the first lose the indentation of the list.
fn dedented(text: &str) -> String {
    let mut lines = text.split('\n');
    let mut plain = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        plain.push('\n');
        plain.push_str(line.strip_prefix("  ").unwrap_or(line));
    }
    plain
}
