//! The whole site: sources checked, mdBook run with the elements filled in-process, every page finished.

use std::path::Path;

use anyhow::{Result, bail};
use mdbook_driver::MDBook;

use crate::sources::Sources;
use crate::{Elements, check, finish, log, offline, sources};

/// Builds the book at `root` into the folder `dest`, which it empties first.
///
/// # Errors
/// Everything that is wrong with the sources, a line each; or what mdBook stumbled over or only warned of.
pub fn build(root: &Path, dest: &Path) -> Result<()> {
    let sources = pages(root, dest)?;
    sources::write(&sources, dest)?;
    told(&finish::site(dest)?)
}

/// The same as a folder to be opened from disk; `glue` is a folder with the simulator, its glue made for classic scripts.
///
/// # Errors
/// As for [`build`]; or that the simulator is not there.
pub fn build_offline(root: &Path, glue: &Path, dest: &Path) -> Result<()> {
    let sources = pages(root, dest)?;
    told(&offline::site(glue, &sources, dest)?)
}

/// Checks the sources and has mdBook write the pages; returns the code behind the labs' decisions.
fn pages(root: &Path, dest: &Path) -> Result<Sources> {
    let mut problems = check::problems_beside_elements(root)?;
    let sources = sources::of_labs(root, &mut problems);
    told(&problems)?;
    let (result, complaints) = log::listening(|| {
        let mut book = MDBook::load(root)?;
        book.config.build.build_dir = dest.to_owned();
        book.with_preprocessor(Elements);
        book.build()
    });
    result?;
    told(&complaints)?;
    Ok(sources)
}

/// Fails with these problems, if there are any.
fn told(problems: &[String]) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{}", problems.join("\n"))
}
