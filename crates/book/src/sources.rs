//! The code behind the labs' decisions: `wasm/sources.json`, the text of every anchor that a lab names, for the page to show.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::include::position;

/// Text and first line by place, a place being `file:anchor`.
pub(crate) type Sources = BTreeMap<String, Value>;

/// The text of every place that a lab of the registry names; adds a sentence to `problems` for each that is not there.
///
/// A book without the workbook's crates around it, such as one in a test, has none.
pub(crate) fn of_labs(root: &Path, problems: &mut Vec<String>) -> Sources {
    let mut sources = Sources::new();
    if !root.join("crates").is_dir() {
        return sources;
    }
    for entry in labs::ALL {
        let run = entry.open(1);
        for kind in 0..run.kinds().len() {
            let Some(place) = u16::try_from(kind).ok().and_then(|kind| run.source(kind)) else {
                continue;
            };
            if sources.contains_key(place) {
                continue;
            }
            match text(root, place) {
                Ok(source) => _ = sources.insert(place.to_owned(), source),
                Err(wrong) => {
                    let problem = format!("the lab {} names its source {place}: {wrong}", entry.id);
                    if !problems.contains(&problem) {
                        problems.push(problem);
                    }
                }
            }
        }
    }
    sources
}

/// The lines of an anchor without what they have in common before them, and the number of the first.
pub(crate) fn text(root: &Path, place: &str) -> core::result::Result<Value, String> {
    let (file, anchor) = place
        .rsplit_once(':')
        .ok_or("it is not of the form file:anchor")?;
    let whole = std::fs::read_to_string(root.join(file))
        .map_err(|error| format!("{file} cannot be read: {error}"))?;
    let (Some(start), Some(end)) = (
        position(&whole, "ANCHOR:", anchor),
        position(&whole, "ANCHOR_END:", anchor),
    ) else {
        return Err(format!("{file} has no anchor {anchor}"));
    };
    let lines: Vec<&str> = (whole.lines().take(end).skip(start + 1))
        .filter(|line| !line.contains("ANCHOR:") && !line.contains("ANCHOR_END:"))
        .collect();
    let margin = |line: &&str| line.len() - line.trim_start().len();
    let margin = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(margin)
        .min();
    let Some(margin) = margin else {
        return Err(format!("the anchor {anchor} of {file} is empty"));
    };
    let text: Vec<&str> = lines
        .iter()
        .map(|line| line.get(margin..).unwrap_or(""))
        .collect();
    Ok(json!({ "line": start + 2, "text": text.join("\n") }))
}

/// Writes them where the page looks for them.
pub(crate) fn write(sources: &Sources, dest: &Path) -> Result<()> {
    if sources.is_empty() {
        return Ok(());
    }
    let path = dest.join("wasm/sources.json");
    std::fs::create_dir_all(dest.join("wasm"))
        .and_then(|()| std::fs::write(&path, json!(sources).to_string()))
        .with_context(|| format!("cannot write {}", path.display()))
}
