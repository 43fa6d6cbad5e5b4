//! The choices of a prediction: a list whose every line carries the comparison that decides whether it comes true.

use core::ops::Range;

use crate::answers::not_compared;
use crate::element::{Element, Problem};
use crate::markdown::line_of;
use crate::page::Page;
use crate::situation::Situation;

/// Letters name the choices, and nobody reads more.
const MOST: usize = 6;

/// One choice; its text is a stretch of the source.
pub(crate) struct Choice {
    line: usize,
    pub(crate) text: Range<usize>,
    query: String,
}

impl Choice {
    fn problem(&self, message: String) -> Problem {
        Problem {
            line: self.line,
            message,
        }
    }
}

/// Where the question stands, and the choices behind it.
pub(crate) fn read(
    element: &Element,
    page: &Page<'_>,
) -> Result<(Range<usize>, Vec<Choice>), Vec<Problem>> {
    let (mut choices, mut problems) = (Vec::new(), Vec::new());
    let (mut at, mut question) = (element.body.start, element.body.clone());
    for text in page.source[element.body.clone()].split_inclusive('\n') {
        let line = line_of(page.source, at);
        if let Some(rest) = text.strip_prefix("- ") {
            if choices.is_empty() && problems.is_empty() {
                question.end = at;
            }
            match choice(rest.trim_end(), at + 2, line) {
                Ok(choice) => choices.push(choice),
                Err(message) => problems.push(Problem { line, message }),
            }
        } else if question.end <= at && !text.trim().is_empty() {
            let message = "a choice is one line, “- text {QUERY WITH COMPARISON}”".to_owned();
            problems.push(Problem { line, message });
        }
        at += text.len();
    }
    if problems.is_empty() && !(2..=MOST).contains(&choices.len()) {
        problems.push(element.problem(format!(
            "this <hd-predict> has {} choices; it takes 2 to {MOST}",
            choices.len()
        )));
    }
    if problems.is_empty() {
        Ok((question, choices))
    } else {
        Err(problems)
    }
}

fn choice(line: &str, start: usize, number: usize) -> Result<Choice, String> {
    let query = line
        .strip_suffix('}')
        .and_then(|line| line.rsplit_once('{'));
    let Some((text, query)) = query else {
        return Err("this choice does not end with its {QUERY WITH COMPARISON}".to_owned());
    };
    if text.trim().is_empty() {
        return Err("this choice says nothing before its {QUERY}".to_owned());
    }
    Ok(Choice {
        line: number,
        text: start..start + text.trim_end().len(),
        query: query.trim().to_owned(),
    })
}

/// The number of the one choice that comes true.
pub(crate) fn right(
    element: &Element,
    page: &Page<'_>,
    lab: &Situation,
    choices: &[Choice],
) -> Result<usize, Vec<Problem>> {
    let (mut right, mut problems) = (Vec::new(), Vec::new());
    for (nth, choice) in choices.iter().enumerate() {
        match page.answers.ask(lab, &choice.query) {
            Err(why) => problems.push(choice.problem(why)),
            Ok(answer) => match answer.holds {
                None => problems.push(choice.problem(not_compared(&choice.query))),
                Some(true) => right.push(nth),
                Some(false) => {}
            },
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    match right[..] {
        [one] => Ok(one),
        [] => Err(vec![element.problem(
            "none of these choices comes true in the run; exactly one has to".to_owned(),
        )]),
        [first, second, ..] => Err(vec![choices[second].problem(format!(
            "this choice comes true in the run, and so does that in line {}; exactly one has to",
            choices[first].line
        ))]),
    }
}
