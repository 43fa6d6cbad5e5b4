//! The static site: programs, simulator, post-link, book.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;

use crate::places::Places;
use crate::process::{self, Failure, Lines};
use crate::steps::{Step, Steps};
use crate::toolchain::{self, Preference, Toolchain};
use crate::wasm;

/// A cold native build takes two minutes on two quiet cores.
const COMPILE_LIMIT: Duration = Duration::from_secs(30 * 60);
/// The book itself is built in under a second.
const BOOK_LIMIT: Duration = Duration::from_secs(5 * 60);
/// What a visitor may have to download before the first lab lives, after brotli: 180 kB, so that a phone on a slow
/// network has it in a few seconds; all labs are in it, so whoever adds one pays out of what is left.
const BROTLI_LIMIT: &str = "245000";

/// How the site is written.
#[derive(Args)]
pub(crate) struct Options {
    /// The folder to write; `book`, or `book-offline`, if left out.
    #[arg(long)]
    dest: Option<PathBuf>,
    /// Write a folder that needs no server: its pages open from disk, with labs alive.
    #[arg(long)]
    offline: bool,
    /// Which compiler may build the simulator.
    #[arg(long, value_enum, default_value_t)]
    toolchain: Preference,
}

/// How the simulator is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Simulator {
    /// As published: small and fast.
    Published,
    /// Soon: for whoever is writing it.
    WhileWriting,
}

impl Simulator {
    fn profile(self) -> &'static str {
        match self {
            Self::Published => "wasm",
            Self::WhileWriting => "wasm-dev",
        }
    }
}

/// `cargo xtask build`
pub(crate) fn build(places: &Places, options: &Options) -> Result<ExitCode> {
    let steps = Steps::new();
    let here = std::env::current_dir().context("the current folder is gone")?;
    let usual = if options.offline {
        "book-offline"
    } else {
        "book"
    };
    let dest = here.join(options.dest.as_deref().unwrap_or(Path::new(usual)));
    let toolchain = steps.run("toolchain", |step| {
        toolchain::choose(places, options.toolchain, step)
    })?;
    if options.offline {
        offline(places, &steps, &toolchain, &dest)?;
    } else {
        for line in all(places, &steps, &toolchain, Simulator::Published, &dest)? {
            steps.say(&format!("  {line}"));
        }
    }
    println!("{}", dest.display());
    Ok(ExitCode::SUCCESS)
}

/// Builds the site that opens from disk: the same simulator, with glue that is a classic script.
pub(crate) fn offline(
    places: &Places,
    steps: &Steps,
    toolchain: &Toolchain,
    dest: &Path,
) -> Result<()> {
    let linked = compile(places, steps, toolchain, Simulator::Published)?;
    let glue = places.target.join("offline-glue");
    steps.run("offline post-link", |step| {
        let mut command = places.run("postlink");
        command.arg("--no-modules").arg(&linked).arg(&glue);
        process::run(command, step, Lines::WhenItFails, BOOK_LIMIT)
    })?;
    steps.run("offline book", |step| {
        let mut command = places.run("book");
        command
            .arg("build")
            .arg("--dest")
            .arg(dest)
            .arg("--offline")
            .arg(&glue);
        process::run(command, step, Lines::WhenItFails, BOOK_LIMIT)
    })?;
    Ok(())
}

/// Builds everything, the native programs beside the simulator; returns what post-link says of its sizes.
pub(crate) fn all(
    places: &Places,
    steps: &Steps,
    toolchain: &Toolchain,
    simulator: Simulator,
    dest: &Path,
) -> Result<Vec<String>> {
    let linked = compile(places, steps, toolchain, simulator)?;
    let sizes = steps.run("post-link", |step| {
        post_link(places, &linked, simulator, step)
    })?;
    steps.run("book", |step| book(places, dest, step))?;
    Ok(sizes)
}

/// Compiles the native programs and the simulator side by side; returns the linked simulator.
fn compile(
    places: &Places,
    steps: &Steps,
    toolchain: &Toolchain,
    simulator: Simulator,
) -> Result<PathBuf> {
    let (programs, linked) = std::thread::scope(|scope| {
        let programs = scope.spawn(|| steps.run("programs", |step| programs(places, step)));
        let profile = simulator.profile();
        let linked = steps.run("simulator", |step| {
            wasm::build(places, toolchain, "simulator", profile, step)
        });
        (
            programs
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            linked,
        )
    });
    // Both compile the same crates: a mistake in one of them is found twice and worth telling once.
    let told = linked.as_ref().err().map(printed).unwrap_or_default();
    let found = match &programs {
        Ok(warnings) => warnings.join("\n"),
        Err(error) => printed(error).to_owned(),
    };
    if linked.is_ok() || !same_first_error(told, &found) {
        found.lines().for_each(|line| steps.say(line));
    }
    let linked = linked?;
    programs?;
    Ok(linked)
}

/// What a failed program printed.
fn printed(error: &anyhow::Error) -> &str {
    error
        .downcast_ref::<Failure>()
        .map_or("", |failure| failure.output.as_str())
}

/// Whether two compilers stopped at the same error.
fn same_first_error(one: &str, other: &str) -> bool {
    let first = |output: &str| {
        output
            .lines()
            .find(|line| line.starts_with("error"))
            .map(str::to_owned)
    };
    first(one).is_some() && first(one) == first(other)
}

/// Builds the native programs that the site needs; returns the compiler's warnings.
fn programs(places: &Places, step: &Step) -> Result<Vec<String>> {
    let mut command = places.cargo();
    command.args(["build", "-p", "book", "-p", "devserver", "-p", "postlink"]);
    process::run(command, step, Lines::CompilingKeptBack, COMPILE_LIMIT)
}

/// Writes module and glue where mdBook copies them; files that do not change are not touched.
fn post_link(
    places: &Places,
    linked: &Path,
    simulator: Simulator,
    step: &Step,
) -> Result<Vec<String>> {
    let mut command = places.run("postlink");
    command.arg(linked).arg(places.wasm());
    if simulator == Simulator::Published {
        command.args(["--sizes", "--brotli-limit", BROTLI_LIMIT]);
    }
    process::run(command, step, Lines::WhenItFails, BOOK_LIMIT)
}

/// Builds the book with the program that is there; seconds count here, so cargo is not asked.
pub(crate) fn book(places: &Places, dest: &Path, step: &Step) -> Result<()> {
    let mut command = places.run("book");
    command.arg("build").arg("--dest").arg(dest);
    process::run(command, step, Lines::WhenItFails, BOOK_LIMIT).map(|_| ())
}
