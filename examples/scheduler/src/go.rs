//! The same program in Go: built into a temporary folder where Go is on PATH, and measured as the others are.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use tempfile::TempDir;

use crate::measure::{Reading, reading_of};

/// The files of the Go program, which this one carries with it.
const FILES: [(&str, &str); 3] = [
    ("go.mod", include_str!("../go/go.mod")),
    ("main.go", include_str!("../go/main.go")),
    ("measure.go", include_str!("../go/measure.go")),
];

/// The built Go program; its folder goes when this goes.
#[derive(Debug)]
pub(crate) struct Go {
    folder: TempDir,
    /// As Go says it: `go1.19.8 linux/amd64`.
    pub(crate) version: String,
}

/// Why there is no Go program, as a sentence.
pub(crate) const MISSING: &str = "Go is not on PATH; on Debian `apt-get install golang-go` brings it, and the next run measures it, too.";
/// Why there is none if it was not wanted.
pub(crate) const LEFT_OUT: &str = "Go was left out with --no-go.";

impl Go {
    /// Builds the program; `None` if Go is not on PATH.
    ///
    /// # Errors
    /// Fails with what Go said if it cannot build it.
    pub(crate) fn build() -> anyhow::Result<Option<Self>> {
        let Some(version) = version() else {
            return Ok(None);
        };
        let folder = tempfile::tempdir().context("there is no place for temporary files")?;
        for (name, text) in FILES {
            std::fs::write(folder.path().join(name), text)?;
        }
        let output = command("go", folder.path())
            .args(["build", "-o", &program_name(), "."])
            .output()
            .context("Go cannot be started")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("Go cannot build the program: {}", said.trim());
        }
        Ok(Some(Self { folder, version }))
    }

    /// Measures: `sleep` or `hold` of so many, `spawn` or `switch`.
    ///
    /// # Errors
    /// Fails with what the program said.
    pub(crate) fn measure(
        &self,
        name: &str,
        count: Option<u32>,
        one_processor: bool,
    ) -> anyhow::Result<Reading> {
        let program: PathBuf = self.folder.path().join(program_name());
        let mut command = Command::new(program);
        command.arg(name).args(count.map(|count| count.to_string()));
        if one_processor {
            command.env("GOMAXPROCS", "1");
        }
        reading_of(&mut command, &format!("{name} in Go"))
    }
}

fn program_name() -> String {
    format!("goroutines{}", std::env::consts::EXE_SUFFIX)
}

/// A command that fetches nothing, in a folder.
fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    // A workspace or flags of the reader's own projects are none of this program's business.
    command
        .env("GOFLAGS", "")
        .env("GOWORK", "off")
        .env("GOPROXY", "off")
        .env("GOTOOLCHAIN", "local");
    command
}

/// What `go version` says after its first two words; `None` if there is no Go.
fn version() -> Option<String> {
    let output = command("go", Path::new(".")).arg("version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let version = text.trim().strip_prefix("go version ")?;
    output.status.success().then(|| version.to_owned())
}
