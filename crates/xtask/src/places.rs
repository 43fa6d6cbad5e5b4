//! Where things are: the repository, the built programs, the generated files.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The folders every command needs, all absolute.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// The repository.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever the environment put it.
    pub(crate) target: PathBuf,
    /// The folder of the natively built programs, this one among them.
    pub(crate) programs: PathBuf,
}

impl Places {
    /// Finds the repository this program was built from and the folder it was built into.
    pub(crate) fn find() -> Result<Self> {
        // Set by `cargo run`; the other one is for whoever starts the built program by hand.
        let manifest =
            std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).join("../..");
        let root = root
            .canonicalize()
            .context("the repository is not where it was when xtask was built")?;
        let myself = std::env::current_exe().context("this program does not know its own path")?;
        let programs = myself
            .parent()
            .context("this program has no folder")?
            .to_owned();
        let target = programs
            .parent()
            .context("this program is not in a target folder")?
            .to_owned();
        Ok(Self {
            root,
            target,
            programs,
        })
    }

    /// The file name of a built program of this workspace.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// A command that runs a built program of this workspace in the repository.
    pub(crate) fn run(&self, name: &str) -> Command {
        self.prepared(Command::new(self.program(name)))
    }

    /// A command that runs cargo, the one that started this program, in the repository.
    pub(crate) fn cargo(&self) -> Command {
        self.prepared(Command::new(
            std::env::var_os("CARGO").unwrap_or("cargo".into()),
        ))
    }

    /// A command that runs any other program in the repository.
    pub(crate) fn other(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        self.prepared(Command::new(program))
    }

    fn prepared(&self, mut command: Command) -> Command {
        command.current_dir(&self.root);
        // What `cargo run -p xtask` told xtask about itself would mislead a child that asks where it is.
        for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH"] {
            command.env_remove(name);
        }
        command
    }

    /// The site as `serve` and `build` write it.
    pub(crate) fn book(&self) -> PathBuf {
        self.root.join("book")
    }

    /// The site that opens from disk.
    pub(crate) fn book_offline(&self) -> PathBuf {
        self.root.join("book-offline")
    }

    /// Where the linked simulator goes, for mdBook to copy.
    pub(crate) fn wasm(&self) -> PathBuf {
        self.root.join("src").join("wasm")
    }

    /// The file that tells the dev server of a new build.
    pub(crate) fn stamp(&self) -> PathBuf {
        self.target.join("book.stamp")
    }
}
