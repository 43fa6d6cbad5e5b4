//! The files of an exercise: begun once, never overwritten, set back with a copy kept.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};

/// The folder of one exercise.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at `path`.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The file the reader edits.
    pub(crate) fn exercise(&self) -> PathBuf {
        self.path.join("exercise.rs")
    }

    /// The text of one of its files.
    pub(crate) fn read(&self, name: &str) -> Result<String> {
        let path = self.path.join(name);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    }

    /// Whether the reader has a file to edit.
    pub(crate) fn is_begun(&self) -> bool {
        self.exercise().exists()
    }

    /// Gives the reader a copy of the starter unless there is one already; true if it is new.
    pub(crate) fn begin(&self) -> Result<bool> {
        let starter = self.read("starter.rs")?;
        let mut options = std::fs::OpenOptions::new();
        // `create_new` also refuses a file that appeared a moment ago.
        let file = options.write(true).create_new(true).open(self.exercise());
        match file {
            Ok(mut file) => {
                std::io::Write::write_all(&mut file, starter.as_bytes())?;
                Ok(true)
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => {
                Err(error).with_context(|| format!("cannot write {}", self.exercise().display()))
            }
        }
    }

    /// Puts the reader's file aside and begins anew; returns where the old one is, if there was one.
    pub(crate) fn reset(&self) -> Result<Option<PathBuf>> {
        let backup = if self.is_begun() {
            let backup = self.free_backup();
            std::fs::rename(self.exercise(), &backup)
                .with_context(|| format!("cannot write {}", backup.display()))?;
            Some(backup)
        } else {
            None
        };
        self.begin()?;
        Ok(backup)
    }

    /// `exercise.rs.bak`, or with the first number that is free: a backup is never overwritten either.
    fn free_backup(&self) -> PathBuf {
        let first = self.path.join("exercise.rs.bak");
        let numbered = (2u32..).map(|n| self.path.join(format!("exercise.rs.bak{n}")));
        std::iter::once(first.clone())
            .chain(numbered)
            .find(|path| !path.exists())
            .unwrap_or(first)
    }

    /// When the reader last saved, if the file is there.
    pub(crate) fn saved(&self) -> Option<SystemTime> {
        modified(&self.exercise())
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

/// What stands below the heading `## heading`, up to the next one.
pub(crate) fn section(markdown: &str, heading: &str) -> Option<String> {
    let mut lines = markdown.lines();
    lines.find(|line| line.strip_prefix("## ") == Some(heading))?;
    let text: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).collect();
    let text = text.join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// The anchors mdBook gives the headings of a page: lower case, blanks as dashes, punctuation left out.
pub(crate) fn anchors(markdown: &str) -> Vec<String> {
    markdown
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|heading| {
            heading
                .trim()
                .to_lowercase()
                .chars()
                .filter_map(|c| match c {
                    ' ' => Some('-'),
                    c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
                    _ => None,
                })
                .collect()
        })
        .collect()
}
