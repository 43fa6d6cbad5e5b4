//! Rules about the files themselves: how they open, what they must not name, and that the map is true.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders that are made, not written.
const GENERATED: [&str; 6] = [
    "target",
    "book",
    "book-offline",
    ".git",
    "node_modules",
    "src/wasm",
];
/// Nothing in the repository may name a place outside it; put together here so that this file does not.
const BANNED: [&str; 2] = [concat!("/wo", "rk/"), concat!("../sh", "ared")];
/// The map of the repository.
const MAP: &str = "ARCHITECTURE.md";

/// One line for each file that breaks a rule.
pub(crate) fn findings(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for path in files_below(root, root)? {
        if is_readers_own(&path) {
            continue;
        }
        let bytes = std::fs::read(root.join(&path))
            .with_context(|| format!("cannot read {}", path.display()))?;
        // Pictures and fonts have no words.
        if let Ok(text) = String::from_utf8(bytes) {
            findings.extend(about(&path, &text));
        }
    }
    let map =
        std::fs::read_to_string(root.join(MAP)).with_context(|| format!("{MAP} is missing"))?;
    for (line, path) in named_paths(&map) {
        if !root.join(&path).exists() {
            findings.push(format!("{MAP}:{line}: there is no {path}"));
        }
    }
    Ok(findings)
}

/// Whether this is what a reader has written in an exercise, or a backup of it: no rule is theirs, and git ignores it.
pub(crate) fn is_readers_own(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.starts_with("examples/exercises") && name.starts_with("exercise.rs")
}

/// What is wrong with one file.
pub(crate) fn about(path: &Path, text: &str) -> Vec<String> {
    let shown = path.display();
    let mut findings = Vec::new();
    if path.extension().is_some_and(|extension| extension == "rs") && !text.starts_with("//!") {
        findings.push(format!(
            "{shown}:1: the file does not open with `//!` and what it is"
        ));
    }
    for (index, line) in text.lines().enumerate() {
        for banned in BANNED.iter().filter(|banned| line.contains(**banned)) {
            findings.push(format!(
                "{shown}:{}: names {banned}, a place outside the repository",
                index + 1
            ));
        }
    }
    findings
}

/// The paths a Markdown text names between backticks, each with its line.
///
/// A path is a word with a slash, or a file at the root, of letters, digits, `.`, `-`, `_`; `<name>` makes it a
/// pattern, which is no path.
pub(crate) fn named_paths(markdown: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, line) in markdown.lines().enumerate() {
        // Every second part of a line cut at backticks is code.
        for word in line.split('`').skip(1).step_by(2) {
            if is_path(word) {
                found.push((index + 1, word.to_owned()));
            }
        }
    }
    found
}

fn is_path(word: &str) -> bool {
    let plain = !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "./-_".contains(c));
    let root_file =
        [".md", ".toml"].iter().any(|ending| word.ends_with(ending)) && !word.contains('/');
    let below = [
        "crates/",
        "examples/",
        "simulator/",
        "src/",
        "theme/",
        ".ci/",
        ".cargo/",
    ];
    plain && (root_file || below.iter().any(|folder| word.starts_with(folder)))
}

/// The written files below `folder`, relative to `root`, sorted.
pub(crate) fn files_below(root: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(here) = open.pop() {
        let entries =
            std::fs::read_dir(&here).with_context(|| format!("cannot read {}", here.display()))?;
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            let relative = path.strip_prefix(root).unwrap_or(&path).to_owned();
            if GENERATED
                .iter()
                .any(|generated| relative == Path::new(generated))
            {
                continue;
            }
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else {
                found.push(relative);
            }
        }
    }
    found.sort();
    Ok(found)
}
