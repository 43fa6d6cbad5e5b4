//! The book's Go: every module is vetted, compiled and, where it has tests, tested; from the standard library alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::{Bench, LIMIT};
use crate::check::tidy::files_below;
use crate::packages::{self, GO};
use crate::places::Places;
use crate::process::{self, Lines};

/// Vets, compiles and tests each Go module; fails if a Go file belongs to none.
pub(crate) fn group(bench: &Bench) -> Result<String> {
    packages::require(&[GO])?;
    let files = go_files(&bench.places.root)?;
    let modules = modules(&bench.places.root, &files)?;
    let out = bench.places.target.join("go");
    std::fs::create_dir_all(&out)?;
    for module in &modules {
        let name = module
            .strip_prefix(&bench.places.root)
            .unwrap_or(module)
            .display()
            .to_string();
        bench.steps.run(&name, |step| -> Result<()> {
            let out = format!("{}/", out.display());
            for arguments in [
                &["vet", "./..."][..],
                &["build", "-o", &out, "./..."],
                &["test", "./..."],
            ] {
                process::run(
                    go(bench.places, module, arguments),
                    step,
                    Lines::WhenItFails,
                    LIMIT,
                )?;
            }
            Ok(())
        })?;
    }
    Ok(format!(
        "{} files in {} modules compiled",
        files.len(),
        modules.len()
    ))
}

/// The Go files of the book and the examples.
fn go_files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in ["src", "examples", "crates"] {
        files.extend(files_below(root, &root.join(folder))?);
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "go"));
    if files.is_empty() {
        bail!("there is no Go in src, examples or crates");
    }
    Ok(files)
}

/// The folders with a `go.mod` at or above the files, each once.
fn modules(root: &Path, files: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut modules = Vec::new();
    for file in files {
        let above = file.ancestors().skip(1).map(|folder| root.join(folder));
        match above
            .into_iter()
            .find(|folder| folder.join("go.mod").is_file())
        {
            Some(module) => modules.push(module),
            None => bail!(
                "{} is in no Go module: no go.mod is at or above it",
                file.display()
            ),
        }
    }
    modules.sort();
    modules.dedup();
    Ok(modules)
}

/// A go command that can fetch nothing.
fn go(places: &Places, module: &Path, arguments: &[&str]) -> Command {
    let mut command = places.other("go");
    command.args(arguments).current_dir(module);
    command
        .env("GOFLAGS", "-mod=mod")
        .env("GOPROXY", "off")
        .env("GOTOOLCHAIN", "local");
    command
}
