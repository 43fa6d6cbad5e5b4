//! `cargo xtask check`: what can be said about the code without running it.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::places::Places;
use crate::process::{self, Lines};
use crate::refusal::Refusal;
use crate::steps::{Step, Steps};

pub(crate) mod arrows;
pub(crate) mod includes;
pub(crate) mod tidy;
mod tree;

/// A cold clippy compiles every dependency.
const LIMIT: Duration = Duration::from_secs(20 * 60);

/// Which checks run.
#[derive(Args, Default)]
pub(crate) struct Options {
    /// Run only this check; may be given more than once.
    #[arg(long, value_name = "CHECK")]
    only: Vec<String>,
}

/// One check: its name and what does it.
type Check = (&'static str, fn(&Places, &Step) -> Result<()>);

/// All checks, the quick ones first.
const CHECKS: [Check; 6] = [
    ("format", format),
    ("tidy", tidy),
    ("includes", includes),
    ("arrows", arrows),
    ("lints", lints),
    ("elements", page_elements),
];

/// Runs the checks and says how many failed.
pub(crate) fn command(places: &Places, options: &Options) -> Result<ExitCode> {
    let names: Vec<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = options
        .only
        .iter()
        .find(|name| !names.contains(&name.as_str()))
    {
        return Err(Refusal(format!(
            "there is no check {unknown}; the checks are {}",
            names.join(", ")
        ))
        .into());
    }
    match run(places, &Steps::new(), options) {
        Ok(summary) => {
            eprintln!("{summary}");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("{error}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Runs every check.
pub(crate) fn all(places: &Places, steps: &Steps) -> Result<String> {
    run(places, steps, &Options::default())
}

/// Runs the chosen checks, also after one failed; the result says how many did.
fn run(places: &Places, steps: &Steps, options: &Options) -> Result<String> {
    let wanted =
        |name: &str| options.only.is_empty() || options.only.iter().any(|only| only == name);
    let (mut ran, mut failed) = (0, Vec::new());
    for (name, check) in CHECKS.into_iter().filter(|(name, _)| wanted(name)) {
        let outcome = steps.run(name, |step| {
            let outcome = check(places, step);
            if let Err(error) = &outcome {
                step.say(&format!("{error:#}"));
            }
            outcome
        });
        ran += 1;
        if outcome.is_err() {
            failed.push(name);
        }
    }
    if failed.is_empty() {
        return Ok(format!("{ran} checks passed"));
    }
    bail!(
        "{} of {ran} checks failed: {}",
        failed.len(),
        failed.join(", ")
    )
}

fn format(places: &Places, step: &Step) -> Result<()> {
    let mut command = places.cargo();
    // Names the files only: `cargo fmt` puts them right, nobody has to read how.
    command.args(["fmt", "--all", "--check", "--", "-l", "--color", "never"]);
    process::run(command, step, Lines::WhenItFails, LIMIT)
        .context("`cargo fmt` would change these files")
        .map(|_| ())
}

fn lints(places: &Places, step: &Step) -> Result<()> {
    let mut command = places.cargo();
    // The simulator too, natively: its own target would need the wasm32 standard library for no other finding.
    command.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--keep-going",
        "--",
        "-D",
        "warnings",
    ]);
    process::run(command, step, Lines::Compiling, LIMIT).map(|_| ())
}

fn page_elements(places: &Places, step: &Step) -> Result<()> {
    let mut command = places.cargo();
    command.args(["run", "-q", "-p", "book", "--", "check"]);
    process::run(command, step, Lines::WhenItFails, LIMIT).map(|_| ())
}

fn arrows(places: &Places, step: &Step) -> Result<()> {
    step.status("cargo metadata");
    let packages = arrows::read_workspace(places)?;
    let mut findings = arrows::forbidden_arrows(&packages);
    for package in packages
        .iter()
        .filter(|package| package.layer.is_below_draw())
    {
        step.status(&package.name);
        let tree = tree::packages(places, &package.name, None)?;
        findings.extend(arrows::forbidden_below_labs(&package.name, &tree));
    }
    step.status("simulator");
    let page = tree::packages(places, "simulator", Some(crate::toolchain::TARGET))?;
    findings.extend(arrows::forbidden_in_page(&page));
    fail_with(&findings)
}

fn includes(places: &Places, _step: &Step) -> Result<()> {
    fail_with(&includes::findings(&places.root)?)
}

fn tidy(places: &Places, _step: &Step) -> Result<()> {
    fail_with(&tidy::findings(&places.root)?)
}

/// Fails with one finding a line; passes without any.
fn fail_with(findings: &[String]) -> Result<()> {
    if findings.is_empty() {
        Ok(())
    } else {
        bail!("{}", findings.join("\n"))
    }
}
