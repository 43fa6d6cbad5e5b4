//! The stamp file: how a rebuild, or the reason there is none, reaches open pages through the dev server.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

/// Writes the stamp: a number that differs from the last, then the problem (empty if the build was good).
///
/// It is renamed into place, so that the dev server never reads half of it.
pub(crate) fn write(file: &Path, problem: &str) -> Result<()> {
    // Milliseconds since 1970: greater than any earlier stamp's, also one from another day.
    let number = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    let unfinished = file.with_extension("stamp.new");
    std::fs::write(&unfinished, format!("{number}\n{problem}\n"))
        .and_then(|()| std::fs::rename(&unfinished, file))
        .with_context(|| format!("cannot write {}", file.display()))
}
