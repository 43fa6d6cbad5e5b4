//! Firefox for the browser tests: Debian's package, and geckodriver, which Debian does not have, built once by cargo.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::{Bench, LIMIT};
use crate::packages::{self, Need};
use crate::places::Places;
use crate::process::{self, Failure, Lines};
use crate::steps::Step;

/// The other browser.
const FIREFOX: Need = Need {
    programs: &["firefox-esr", "firefox"],
    package: "firefox-esr",
};
/// The version of geckodriver, so that a new one does not change what the tests see.
const VERSION: &str = "0.37.1";
/// It has 200 dependencies; without optimisation they take two minutes on two busy cores.
const BUILD_LIMIT: Duration = Duration::from_secs(15 * 60);

/// Runs the checks that need nothing of Chromium's own; returns their count, or a sentence on why there was no Firefox.
///
/// CI must have one, unless it is the network that is missing.
pub(crate) fn tests(bench: &Bench) -> Result<String> {
    let places = bench.places;
    let had = bench.steps.run("geckodriver", |step| provide(places, step));
    let geckodriver = match had {
        Ok(path) => path,
        Err(error) => {
            let printed = printed(&error).unwrap_or_default();
            let offline = about_the_network(printed);
            if !offline {
                printed.lines().for_each(|line| bench.steps.say(line));
            }
            let sentence = lacking(&error.to_string(), offline);
            if std::env::var_os("CI").is_some() && !offline {
                bail!("{sentence}");
            }
            bench.steps.say(&format!("  {sentence}"));
            return Ok(sentence);
        }
    };
    let mut command = places.run("browser-tests");
    command
        .arg("--site")
        .arg(places.book())
        .arg("--offline")
        .arg(places.book_offline())
        .arg("--firefox")
        .arg(geckodriver);
    let lines = bench.steps.run("firefox tests", |step| {
        process::run(command, step, Lines::WhenItFails, LIMIT)
    })?;
    Ok(lines.last().cloned().unwrap_or_default())
}

/// The path of geckodriver, built the first time; Firefox is there, too, if this succeeds.
fn provide(places: &Places, step: &Step) -> Result<PathBuf> {
    packages::provide(places, &[FIREFOX], step)?;
    packages::require(&[FIREFOX])?;
    let folder = places.target.join(format!("geckodriver-{VERSION}"));
    let program = folder
        .join("bin")
        .join(format!("geckodriver{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(program);
    }
    step.status("building it, once");
    let mut command = places.cargo();
    command
        .args([
            "install",
            "geckodriver",
            "--version",
            VERSION,
            "--locked",
            "--debug",
            "--root",
        ])
        .arg(&folder);
    process::run(command, step, Lines::CompilingKeptBack, BUILD_LIMIT)
        .context("cargo could not build geckodriver, which Debian does not have")?;
    if !program.is_file() {
        bail!("geckodriver {VERSION} installs no geckodriver");
    }
    Ok(program)
}

/// What the program that failed had printed.
fn printed(error: &anyhow::Error) -> Option<&str> {
    error
        .downcast_ref::<Failure>()
        .map(|failure| failure.output.as_str())
}

/// The sentence on why Firefox was not tried.
pub(crate) fn lacking(why: &str, offline: bool) -> String {
    let network = if offline {
        ", because the network cannot be reached"
    } else {
        ""
    };
    format!("firefox was not tried: {why}{network}")
}

/// Whether cargo or apt-get failed because they could not reach what they wanted to fetch.
pub(crate) fn about_the_network(output: &str) -> bool {
    const SIGNS: [&str; 8] = [
        "could not resolve",
        "could not connect",
        "couldn't connect",
        "connection refused",
        "connection timed out",
        "network is unreachable",
        "network failure",
        "temporary failure",
    ];
    let output = output.to_lowercase();
    SIGNS.iter().any(|sign| output.contains(sign))
}
