//! Every `{{#include file:anchor}}` of a page leads somewhere.
//!
//! mdBook logs a missing file without a place, and turns a missing anchor into an empty block without a word.

use std::path::Path;

use crate::element::Problem;

/// What is wrong with the includes of a page that lies in `folder`.
pub(crate) fn problems(source: &str, folder: &Path) -> Vec<Problem> {
    let mut found = Vec::new();
    for (index, line) in source.lines().enumerate() {
        for (at, opening) in line.match_indices("{{#") {
            if line[..at].ends_with('\\') {
                continue;
            }
            let problem = match line[at + opening.len()..].split_once("}}") {
                Some((inside, _)) => problem(inside, folder),
                None => Some("{{# is not closed by }} on its line".to_owned()),
            };
            found.extend(problem.map(|message| Problem {
                line: index + 1,
                message,
            }));
        }
    }
    found
}

/// What is wrong with one directive, given without its braces.
fn problem(inside: &str, folder: &Path) -> Option<String> {
    let (name, argument) = inside.trim().split_once(char::is_whitespace)?;
    if !["include", "rustdoc_include", "playground"].contains(&name) {
        return (name != "title").then(|| format!("there is no directive {name}"));
    }
    let argument = argument.split_whitespace().next().unwrap_or_default();
    let (file, part) = argument.split_once(':').unwrap_or((argument, ""));
    let text = match std::fs::read_to_string(folder.join(file)) {
        Ok(text) => text,
        Err(error) => return Some(format!("{file} cannot be included: {error}")),
    };
    lacks(&text, part).map(|missing| format!("{file} has no {missing}"))
}

/// The part a text lacks: `anchor`, `12`, `12:`, `12:20` or `:20`; nothing means all of it.
fn lacks(text: &str, part: &str) -> Option<String> {
    if part.is_empty() {
        return None;
    }
    let (first, last) = part.split_once(':').unwrap_or((part, part));
    if first.is_empty() || first.parse::<usize>().is_ok() {
        let lines = text.lines().count();
        let first = first.parse().unwrap_or(1);
        let last = last.parse().unwrap_or(lines);
        let there = first >= 1 && first <= last && last <= lines;
        return (!there).then(|| format!("lines {part}, only {lines} lines"));
    }
    let start = position(text, "ANCHOR:", first);
    let end = position(text, "ANCHOR_END:", first);
    let filled = matches!((start, end), (Some(start), Some(end)) if start + 1 < end);
    (!filled).then(|| format!("anchor {first} with something in it"))
}

/// The line on which `mark name` stands.
pub(crate) fn position(text: &str, mark: &str, name: &str) -> Option<usize> {
    text.lines().position(|line| {
        let named = line.split_once(mark).map(|(_, rest)| rest.trim());
        named.is_some_and(|rest| rest.split_whitespace().next() == Some(name))
    })
}
