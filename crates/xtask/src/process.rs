//! Runs a program line by line, under a time limit, and keeps what it said for when it fails.

#![expect(
    clippy::disallowed_types,
    reason = "limits how long a real program may run"
)]

use std::fmt;
use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::steps::Step;

/// What becomes of the lines a program prints.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// Cargo's progress becomes the status; warnings and errors are printed as they come.
    Compiling,
    /// The same, but warnings and errors are kept back; the caller prints them.
    CompilingKeptBack,
    /// Nothing is printed unless the program fails; then everything is.
    WhenItFails,
}

/// A program that failed, with what it said.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What happened, as a sentence without its full stop.
    pub(crate) sentence: String,
    /// The lines it printed, without colours.
    pub(crate) output: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Failure {}

/// Runs the command to its end; returns the lines it printed, or a [`Failure`].
///
/// It gets no standard input, so it can never wait for an answer, and is killed at `limit`.
pub(crate) fn run(
    mut command: Command,
    step: &Step,
    lines: Lines,
    limit: Duration,
) -> Result<Vec<String>> {
    if lines == Lines::Compiling && std::io::stderr().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let name = command.get_program().to_string_lossy().into_owned();
    let name = name.rsplit('/').next().unwrap_or(&name).to_owned();
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    let printed = forward(&mut child);
    let deadline = Instant::now() + limit;
    let mut kept = Vec::new();
    let ended = listen(&printed, deadline, |line| {
        let plain = without_colours(&line);
        match (lines, cargo_progress(&plain)) {
            (Lines::Compiling | Lines::CompilingKeptBack, Some(progress)) => step.status(progress),
            (Lines::Compiling, None) => {
                step.say(&line);
                kept.push(plain);
            }
            (Lines::CompilingKeptBack, None) | (Lines::WhenItFails, _) => kept.push(plain),
        }
    });
    let status = if ended {
        wait(&mut child, deadline)?
    } else {
        None
    };
    let sentence = match status {
        Some(status) if status.success() => return Ok(kept),
        Some(status) => format!("{name} failed ({status})"),
        None => {
            // Already gone is as good as killed.
            let _ = child.kill();
            let _ = child.wait();
            format!("{name} was stopped after {} s", limit.as_secs())
        }
    };
    if lines == Lines::WhenItFails {
        kept.iter().for_each(|line| step.say(line));
    }
    Err(Failure {
        sentence,
        output: kept.join("\n"),
    }
    .into())
}

/// Sends every line of both outputs on, each as it comes.
fn forward(child: &mut Child) -> Receiver<String> {
    fn read(output: Option<impl Read + Send + 'static>, lines: Sender<String>) {
        let Some(output) = output else { return };
        std::thread::spawn(move || {
            for line in BufReader::new(output).split(b'\n') {
                let Ok(line) = line else { return };
                if lines
                    .send(String::from_utf8_lossy(&line).trim_end().to_owned())
                    .is_err()
                {
                    return;
                }
            }
        });
    }
    let (sender, receiver) = channel();
    read(child.stdout.take(), sender.clone());
    read(child.stderr.take(), sender);
    receiver
}

/// Hands on lines until both outputs are closed; false if the deadline came first.
fn listen(lines: &Receiver<String>, deadline: Instant, mut hear: impl FnMut(String)) -> bool {
    loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => hear(line),
            Err(RecvTimeoutError::Disconnected) => return true,
            Err(RecvTimeoutError::Timeout) => return false,
        }
    }
}

/// A program may close its outputs and live on: waits for its end, or for the deadline.
fn wait(child: &mut Child, deadline: Instant) -> Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The progress cargo reports in this line, if it is only that: `Compiling yew v0.23.0` gives `yew`.
pub(crate) fn cargo_progress(line: &str) -> Option<&str> {
    const VERBS: [&str; 14] = [
        "Adding",
        "Blocking",
        "Checking",
        "Compiling",
        "Documenting",
        "Downloaded",
        "Downloading",
        "Finished",
        "Fresh",
        "Generated",
        "Locking",
        "Removed",
        "Running",
        "Updating",
    ];
    let (verb, rest) = line.trim_start().split_once(' ')?;
    // Cargo indents its verbs to column 12; the compiler's own messages start at the margin.
    let indented = line.starts_with(' ') || verb.len() >= 11;
    (indented && VERBS.contains(&verb)).then(|| rest.split(' ').next().unwrap_or(rest))
}

/// The line without terminal colour codes.
pub(crate) fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("\x1b[") {
        plain.push_str(&rest[..at]);
        let code = &rest[at + 2..];
        let end = code
            .find(|c: char| c.is_ascii_alphabetic())
            .map_or(code.len(), |end| end + 1);
        rest = &code[end..];
    }
    plain.push_str(rest);
    plain
}
