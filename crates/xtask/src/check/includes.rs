//! Every `{{#include file:anchor}}` of the book leads somewhere.
//!
//! mdBook only logs a missing file and leaves the directive in the page; a missing anchor gives an empty block.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::tidy::files_below;

/// One directive in a Markdown file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Include {
    /// Its line, from 1.
    pub(crate) line: usize,
    /// The file it names, as written.
    pub(crate) file: String,
    /// What of it.
    pub(crate) part: Part,
}

/// Which part of a file is included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// From this line, to that one if given; from 1.
    Lines(usize, Option<usize>),
    /// What stands between two comments.
    Anchor(String),
}

/// One line for each include below `src/` that leads nowhere.
pub(crate) fn findings(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for page in files_below(root, &root.join("src"))? {
        if page.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let file = root.join(&page);
        let markdown = std::fs::read_to_string(&file)
            .with_context(|| format!("cannot read {}", page.display()))?;
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        for include in parse(&markdown) {
            if let Some(problem) = problem(&folder, &include) {
                findings.push(format!("{}:{}: {problem}", page.display(), include.line));
            }
        }
    }
    Ok(findings)
}

fn problem(folder: &Path, include: &Include) -> Option<String> {
    let file: PathBuf = folder.join(&include.file);
    match std::fs::read_to_string(file) {
        Ok(text) => {
            lacks(&text, &include.part).map(|part| format!("{} has no {part}", include.file))
        }
        Err(error) => Some(format!("{} cannot be included: {error}", include.file)),
    }
}

/// The directives of a Markdown text, those escaped with a backslash left out.
pub(crate) fn parse(markdown: &str) -> Vec<Include> {
    let mut found = Vec::new();
    for (index, line) in markdown.lines().enumerate() {
        for (at, opening) in line.match_indices("{{#") {
            let directive = line[at + opening.len()..]
                .split_once("}}")
                .map(|(inside, _)| inside);
            let escaped = line[..at].ends_with('\\');
            if let Some(include) = directive
                .filter(|_| !escaped)
                .and_then(|inside| directive_at(index + 1, inside))
            {
                found.push(include);
            }
        }
    }
    found
}

/// Takes `include file:part` apart; other directives, like `title`, name no file.
fn directive_at(line: usize, inside: &str) -> Option<Include> {
    let (name, argument) = inside.trim().split_once(char::is_whitespace)?;
    if !["include", "rustdoc_include", "playground"].contains(&name) {
        return None;
    }
    // A playground may carry settings after the file.
    let argument = argument.split_whitespace().next()?;
    let (file, part) = argument.split_once(':').unwrap_or((argument, ""));
    Some(Include {
        line,
        file: file.to_owned(),
        part: part_of(part),
    })
}

/// Reads what stands after the file: nothing, `anchor`, `12`, `12:`, `12:20` or `:20`.
fn part_of(part: &str) -> Part {
    if part.is_empty() {
        return Part::Whole;
    }
    let (first, last) = match part.split_once(':') {
        Some((first, last)) => (first, Some(last)),
        None => (part, None),
    };
    match (first.parse::<usize>(), last) {
        (Ok(first), None) => Part::Lines(first, Some(first)),
        (Ok(first), Some(last)) => Part::Lines(first, last.parse().ok()),
        (Err(_), Some(last)) if first.is_empty() => Part::Lines(1, last.parse().ok()),
        (Err(_), _) => Part::Anchor(first.to_owned()),
    }
}

/// Names the part if the text has no such part.
pub(crate) fn lacks(text: &str, part: &Part) -> Option<String> {
    match part {
        Part::Whole => None,
        Part::Lines(first, last) => {
            let last = last.unwrap_or(*first);
            let lines = text.lines().count();
            (*first == 0 || last < *first || last > lines)
                .then(|| format!("lines {first} to {last}, only {lines}"))
        }
        Part::Anchor(name) => {
            let start = position(text, "ANCHOR:", name);
            let end = position(text, "ANCHOR_END:", name);
            let closed = matches!((start, end), (Some(start), Some(end)) if start + 1 < end);
            (!closed).then(|| format!("anchor `{name}` with something in it"))
        }
    }
}

/// The line on which `mark name` stands.
fn position(text: &str, mark: &str, name: &str) -> Option<usize> {
    text.lines().position(|line| {
        let named = line.split_once(mark).map(|(_, rest)| rest.trim_start());
        let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        named.is_some_and(|rest| rest.split(|c| !is_name(c)).next() == Some(name))
    })
}
