//! The built book, served on localhost.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running server of the built book.
pub(crate) struct Site {
    /// Address of the book's root, with a slash at the end.
    pub(crate) url: String,
    _child: Child,
}

impl Site {
    /// Serves `dir` under `prefix` on a free port.
    pub(crate) async fn serve(dir: &Path, prefix: &str) -> Result<Self> {
        let server = std::env::current_exe()?.with_file_name("devserver");
        if !server.is_file() {
            bail!(
                "{} is missing; build it with `cargo build -p devserver`",
                server.display()
            );
        }
        let mut child = Command::new(server)
            .arg("--dir")
            .arg(dir)
            .args(["--port", "0", "--prefix", prefix])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot start the server")?;
        let stdout = child.stdout.take().context("the server has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some(start) = line.find("http://") {
                let url = line[start..].split_whitespace().next().unwrap_or_default();
                return Ok(Self {
                    url: format!("{}/", url.trim_end_matches('/')),
                    _child: child,
                });
            }
        }
        bail!("the server ended without saying where it listens")
    }
}
