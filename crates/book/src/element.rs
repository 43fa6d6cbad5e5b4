//! The workbook's own elements in a Markdown source: `<hd-lab …></hd-lab>` and its kin, each with its line.

use core::ops::Range;

use crate::markdown::{self, line_of};

/// Something wrong in a source, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line of the source, from 1.
    pub line: usize,
    /// One sentence.
    pub message: String,
}

/// An element as it stands in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name, such as `hd-lab`.
    pub name: String,
    /// Attributes in order; one without a value has an empty one.
    pub attributes: Vec<(String, String)>,
    /// Line of its opening tag, from 1.
    pub line: usize,
    /// Where it stands in the source, both tags included.
    pub range: Range<usize>,
    /// What stands between its tags.
    pub body: Range<usize>,
}

impl Element {
    /// The value of an attribute.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn problem(&self, message: String) -> Problem {
        Problem {
            line: self.line,
            message,
        }
    }

    /// Several sentences about the element, each at its line.
    pub(crate) fn problems(&self, messages: Vec<String>) -> Vec<Problem> {
        let problems = messages.into_iter();
        problems.map(|message| self.problem(message)).collect()
    }
}

/// Elements that stand within a line of text, and so within the body of others.
const INLINE: [&str; 2] = ["hd-value", "hd-seek"];
/// Elements whose body is not the writer's.
const CLOSED: [&str; 2] = ["hd-lab", "hd-value"];

/// Whether `inner` may stand in the body of `outer`; whatever else is met there shows that an end tag is missing.
fn may_hold(outer: &str, inner: &str) -> bool {
    INLINE.contains(&inner) && outer != inner && !CLOSED.contains(&outer)
}

/// All elements of a source in order of their opening tags, those in the body of another right behind it, and what is wrong with
/// their tags. Code and comments are left alone.
#[must_use]
pub fn find(source: &str) -> (Vec<Element>, Vec<Problem>) {
    let (mut elements, mut problems) = (Vec::new(), Vec::new());
    let code = markdown::read(source).quoted;
    for start in uses(source, 0..source.len(), &code) {
        match parse(source, start, &code) {
            Ok(element) => elements.push(element),
            Err(message) => problems.push(Problem {
                line: line_of(source, start),
                message,
            }),
        }
    }
    (elements, problems)
}

/// Where elements begin within a stretch of the source.
fn uses<'a>(
    source: &'a str,
    within: Range<usize>,
    code: &'a [Range<usize>],
) -> impl Iterator<Item = usize> + 'a {
    let found = source[within.clone()].match_indices("<hd-");
    found
        .map(move |(at, _)| within.start + at)
        .filter(|at| !code.iter().any(|range| range.contains(at)))
}

fn name(source: &str, start: usize) -> &str {
    let rest = &source[start + 1..];
    let length = rest
        .find(|c: char| !(c.is_ascii_lowercase() || c == '-'))
        .unwrap_or(rest.len());
    &rest[..length]
}

fn parse(source: &str, start: usize, code: &[Range<usize>]) -> Result<Element, String> {
    let name = name(source, start);
    let tag = start + 1 + name.len();
    let (attributes, open) = attributes(name, &source[tag..])?;
    let body = tag + open;
    let end_tag = format!("</{name}>");
    let end = source[body..]
        .match_indices(&end_tag)
        .map(|(at, _)| body + at)
        .find(|at| !code.iter().any(|range| range.contains(at)))
        .ok_or_else(|| format!("<{name}> has no end tag </{name}>"))?;
    if uses(source, body..end, code).any(|inner| !may_hold(name, self::name(source, inner))) {
        return Err(format!(
            "<{name}> has no end tag </{name}> before the next element"
        ));
    }
    Ok(Element {
        name: name.to_owned(),
        attributes,
        line: line_of(source, start),
        range: start..end + end_tag.len(),
        body: body..end,
    })
}

/// Attributes up to the `>` of the opening tag, and the length of what was read.
fn attributes(name: &str, tag: &str) -> Result<(Vec<(String, String)>, usize), String> {
    let mut list: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    loop {
        at += tag[at..].len() - tag[at..].trim_start().len();
        let rest = &tag[at..];
        if rest.starts_with('>') {
            return Ok((list, at + 1));
        }
        if rest.starts_with("/>") {
            return Err(format!(
                "<{name}/> swallows the rest of the page; write <{name} …></{name}>"
            ));
        }
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
            .unwrap_or(rest.len());
        if length == 0 {
            return Err(format!("the tag <{name} is not closed with >"));
        }
        let key = rest[..length].to_owned();
        at += length;
        let mut value = String::new();
        if let Some(quoted) = tag[at..].strip_prefix("=\"") {
            let end = quoted
                .find('"')
                .ok_or_else(|| format!("the value of {key} in <{name}> has no closing quote"))?;
            quoted[..end].clone_into(&mut value);
            at += end + 3;
        } else if tag[at..].starts_with('=') {
            return Err(format!(
                "the value of {key} in <{name}> needs double quotes"
            ));
        }
        if list.iter().any(|(known, _)| *known == key) {
            return Err(format!("<{name}> has {key} twice"));
        }
        list.push((key, value));
    }
}
