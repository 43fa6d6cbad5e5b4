//! Compiles the checks with one of three sources, and runs them.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::Exercise;
use crate::files::Folder;

/// What is compiled with the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Where the reader begins.
    Starter,
    /// The reader's own file.
    Exercise,
    /// One way to do it.
    Solution,
}

/// How the reader's program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// All checks are met.
    Done,
    /// At least one is not.
    NotYet,
    /// The compiler refused it.
    NotCompiled,
}

/// One line of the count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    /// Whether the check is met.
    pub(crate) met: bool,
    /// Its name.
    pub(crate) name: String,
    /// The heading it refers to.
    pub(crate) step: String,
    /// The anchor it refers to.
    pub(crate) anchor: String,
}

/// The folder of this package.
fn package() -> PathBuf {
    // Set by `cargo run`; the other one is for whoever starts the built program by hand.
    std::env::var_os("CARGO_MANIFEST_DIR")
        .unwrap_or(env!("CARGO_MANIFEST_DIR").into())
        .into()
}

impl Exercise {
    /// Its folder.
    pub(crate) fn folder(self) -> Folder {
        Folder::new(package().join(self.name))
    }

    /// The text of its page of the book.
    pub(crate) fn book_page(self) -> Result<Option<String>> {
        let Some(page) = self.page else {
            return Ok(None);
        };
        let path = package().join(format!("../../src/{page}.md"));
        let text = std::fs::read_to_string(&path);
        text.map(Some)
            .with_context(|| format!("cannot read {}", path.display()))
    }

    fn cargo(self, source: Source) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        command
            .args(["run", "-q", "--manifest-path"])
            .arg(package().join("Cargo.toml"))
            .args(["--bin", &format!("exercise-{}", self.name)])
            .stdin(Stdio::null());
        match source {
            Source::Starter => {}
            Source::Exercise => {
                command.args(["--features", "exercise"]);
            }
            Source::Solution => {
                command.args(["--features", "solution"]);
            }
        }
        command
    }

    /// Compiles and runs the checks of the reader's file; the reader sees what compiler and checks say.
    pub(crate) fn run(self) -> Result<Ended> {
        let status = self.cargo(Source::Exercise).status();
        Ok(match status.context("cannot run cargo")?.code() {
            Some(0) => Ended::Done,
            Some(1) => Ended::NotYet,
            _ => Ended::NotCompiled,
        })
    }

    /// Runs every check, also after one is missed; `None` if the source does not compile.
    pub(crate) fn count(self, source: Source) -> Result<Option<Vec<Counted>>> {
        let mut command = self.cargo(source);
        command.args(["--", "--count"]);
        let output = command.output().context("cannot run cargo")?;
        if !matches!(output.status.code(), Some(0 | 1)) {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let counted: Option<Vec<Counted>> = text.lines().map(counted).collect();
        match counted {
            Some(counted) if !counted.is_empty() => Ok(Some(counted)),
            _ => bail!("the checks of {} did not say what they found", self.name),
        }
    }
}

/// Reads a line of the count.
pub(crate) fn counted(line: &str) -> Option<Counted> {
    let mut parts = line.split('\t');
    let met = match parts.next()? {
        "ok" => true,
        "no" => false,
        _ => return None,
    };
    Some(Counted {
        met,
        name: parts.next()?.to_owned(),
        step: parts.next()?.to_owned(),
        anchor: parts.next()?.to_owned(),
    })
}

/// How many checks are met before the first that is not.
pub(crate) fn reached(counted: &[Counted]) -> usize {
    counted.iter().take_while(|check| check.met).count()
}
