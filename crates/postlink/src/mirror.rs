//! Makes one folder hold exactly the files of another, touching only what differs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Makes `to` hold the files of `from`, byte for byte, and nothing else; files that are equal already are not written.
///
/// Returns how many files were written or removed.
pub(crate) fn mirror(from: &Path, to: &Path) -> Result<usize> {
    let wanted = files_below(from)?;
    let mut changes = 0;
    for name in &wanted {
        changes += usize::from(copy_if_different(&from.join(name), &to.join(name))?);
    }
    if to.is_dir() {
        for name in files_below(to)? {
            if !wanted.contains(&name) {
                let stale = to.join(&name);
                fs::remove_file(&stale)
                    .with_context(|| format!("cannot remove {}", stale.display()))?;
                changes += 1;
            }
        }
    }
    Ok(changes)
}

/// The files below `folder`, sorted, as paths relative to it.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(relative) = open.pop() {
        let here = folder.join(&relative);
        let entries =
            fs::read_dir(&here).with_context(|| format!("cannot read {}", here.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = relative.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                open.push(name);
            } else {
                found.push(name);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn copy_if_different(from: &Path, to: &Path) -> Result<bool> {
    let new = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    if fs::read(to).is_ok_and(|old| old == new) {
        return Ok(false);
    }
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    fs::write(to, new).with_context(|| format!("cannot write {}", to.display()))?;
    Ok(true)
}
