//! Notices edits: which files matter, and how much must be built anew.

use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// One save is several events: those that come within this time belong together.
const COLLECT: Duration = Duration::from_millis(200);

/// How much an edit asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// Nothing that is built depends on it.
    Nothing,
    /// A page, a picture, the theme: the book.
    Page,
    /// Code: the simulator, the programs, then the book.
    Code,
}

/// Watches the repository for edits.
pub(crate) struct Edits {
    root: PathBuf,
    events: Receiver<notify::Result<Event>>,
    /// Watching ends when it is dropped.
    _watcher: RecommendedWatcher,
}

impl Edits {
    /// Starts to watch what the site is made from; never the target folder, which is huge and always changing.
    pub(crate) fn start(root: &Path) -> Result<Self> {
        let (sender, events) = channel();
        let mut watcher =
            notify::recommended_watcher(sender).context("files cannot be watched here")?;
        for (folder, mode) in [
            ("", RecursiveMode::NonRecursive),
            ("src", RecursiveMode::Recursive),
            ("theme", RecursiveMode::Recursive),
            ("crates", RecursiveMode::Recursive),
            ("simulator", RecursiveMode::Recursive),
            ("examples", RecursiveMode::Recursive),
        ] {
            let path = root.join(folder);
            if path.is_dir() {
                watcher
                    .watch(&path, mode)
                    .with_context(|| format!("cannot watch {}", path.display()))?;
            }
        }
        Ok(Self {
            root: root.to_owned(),
            events,
            _watcher: watcher,
        })
    }

    /// Waits for the next edit, at most for `patience`, and for what belongs to it; `Nothing` if none came.
    pub(crate) fn next(&self, patience: Duration) -> Result<Change> {
        let first = self.receive(patience)?;
        if first == Change::Nothing {
            return Ok(first);
        }
        std::thread::sleep(COLLECT);
        let mut change = first;
        while let Ok(event) = self.events.try_recv() {
            change = change.max(self.weigh(&event));
        }
        Ok(change)
    }

    fn receive(&self, patience: Duration) -> Result<Change> {
        match self.events.recv_timeout(patience) {
            Ok(event) => Ok(self.weigh(&event)),
            Err(RecvTimeoutError::Timeout) => Ok(Change::Nothing),
            Err(RecvTimeoutError::Disconnected) => anyhow::bail!("files are not watched any more"),
        }
    }

    fn weigh(&self, event: &notify::Result<Event>) -> Change {
        match event {
            Ok(event) => of_event(&self.root, event),
            // Events were lost: better build too much than too little.
            Err(_) => Change::Code,
        }
    }
}

/// What an event asks for; reading a file is no edit.
pub(crate) fn of_event(root: &Path, event: &Event) -> Change {
    if event.need_rescan() {
        return Change::Code;
    }
    if matches!(event.kind, EventKind::Access(_)) {
        return Change::Nothing;
    }
    let relative = event
        .paths
        .iter()
        .filter_map(|path| path.strip_prefix(root).ok());
    relative.map(of_path).max().unwrap_or(Change::Nothing)
}

/// What an edit of this file, relative to the repository, asks for.
pub(crate) fn of_path(path: &Path) -> Change {
    let parts: Vec<&str> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    if parts.last().is_none_or(|name| is_editors_own(name)) {
        return Change::Nothing;
    }
    match parts[..] {
        ["src", "wasm", ..] => Change::Nothing,
        ["src" | "theme", ..] | ["book.toml"] => Change::Page,
        ["crates" | "simulator" | "examples", ..] if has_extension(path, "md") => Change::Page,
        ["crates" | "simulator" | "examples", ..] | ["Cargo.toml" | "Cargo.lock"] => Change::Code,
        _ => Change::Nothing,
    }
}

/// Files that editors write beside the one that is edited.
fn is_editors_own(name: &str) -> bool {
    let backup = name.ends_with('~') || name.starts_with(".#") || name.starts_with('#');
    let swap = [".swp", ".swx", ".swo", ".tmp"]
        .iter()
        .any(|ending| name.ends_with(ending));
    // Vim tries whether it can write with a file of this name.
    backup || swap || name == "4913"
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}
