//! The whole site: sources checked, mdBook run with the elements filled in-process, every page finished.

use std::path::Path;

use anyhow::{Result, bail};
use mdbook_driver::MDBook;

use crate::{Elements, check, finish, log, sources};

/// Builds the book at `root` into the folder `dest`, which it empties first.
///
/// # Errors
/// Everything that is wrong with the sources, a line each; or what mdBook stumbled over or only warned of.
pub fn build(root: &Path, dest: &Path) -> Result<()> {
    let mut problems = check::problems_beside_elements(root)?;
    let sources = sources::of_labs(root, &mut problems);
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    let (result, complaints) = log::listening(|| {
        let mut book = MDBook::load(root)?;
        book.config.build.build_dir = dest.to_owned();
        book.with_preprocessor(Elements);
        book.build()
    });
    result?;
    if !complaints.is_empty() {
        bail!("{}", complaints.join("\n"));
    }
    sources::write(&sources, dest)?;
    let wrong = finish::site(dest)?;
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(())
}
