//! Programs that are not Rust: found on PATH, or installed from Debian's packages by root.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::places::Places;
use crate::process::{self, Lines};
use crate::steps::Step;

/// The package lists are a few megabytes.
const UPDATE_LIMIT: Duration = Duration::from_secs(180);
/// Chromium with its libraries is some 100 MB.
const INSTALL_LIMIT: Duration = Duration::from_secs(900);

/// A program some check needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// Any of these on PATH will do.
    pub(crate) programs: &'static [&'static str],
    /// The Debian package that has it.
    pub(crate) package: &'static str,
}

/// A browser.
pub(crate) const CHROMIUM: Need = Need {
    programs: &["chromium", "chromium-browser", "google-chrome"],
    package: "chromium",
};
/// What drives the browser.
pub(crate) const CHROMEDRIVER: Need = Need {
    programs: &["chromedriver"],
    package: "chromium-driver",
};
/// The server that a shared rate limiter keeps its state in.
pub(crate) const REDIS: Need = Need {
    programs: &["redis-server"],
    package: "redis-server",
};
/// Compiles the book's Go.
pub(crate) const GO: Need = Need {
    programs: &["go"],
    package: "golang-go",
};
/// Fetches axe-core, the accessibility checker, as a test file.
pub(crate) const NPM: Need = Need {
    programs: &["npm"],
    package: "npm",
};

/// Those of `needs` that no program on PATH meets.
pub(crate) fn missing(needs: &[Need], on_path: impl Fn(&str) -> bool) -> Vec<Need> {
    needs
        .iter()
        .copied()
        .filter(|need| !need.programs.iter().any(|program| on_path(program)))
        .collect()
}

/// Installs what is missing if this user may; what is still missing afterwards, the checks say themselves.
pub(crate) fn provide(places: &Places, needs: &[Need], step: &Step) -> Result<()> {
    let missing = missing(needs, on_path);
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if !may_install() {
        bail!(
            "not installed: {}; as root on Debian, `apt-get install {}`",
            packages.join(", "),
            packages.join(" ")
        );
    }
    install(places, &packages, step)
}

/// Fails with one sentence that says what to install, if one of `needs` is missing.
pub(crate) fn require(needs: &[Need]) -> Result<()> {
    match missing(needs, on_path).first() {
        None => Ok(()),
        Some(need) => bail!(
            "{} is not on PATH; on Debian it is in the package {}",
            need.programs[0],
            need.package
        ),
    }
}

/// Installs Debian packages; only for a user who may.
pub(crate) fn install(places: &Places, packages: &[&str], step: &Step) -> Result<()> {
    step.say(&format!(
        "  Installing Debian packages: {}",
        packages.join(" ")
    ));
    step.status("apt-get update");
    // An unreachable list of some other source is no reason to stop: the install says what it lacks.
    if let Err(error) = process::run(
        apt_get(places, &["update"]),
        step,
        Lines::WhenItFails,
        UPDATE_LIMIT,
    ) {
        step.say(&format!("  {error}"));
    }
    step.status("apt-get install");
    let mut command = apt_get(places, &["install", "-y", "--no-install-recommends"]);
    command.args(packages);
    process::run(command, step, Lines::WhenItFails, INSTALL_LIMIT).map(|_| ())
}

fn apt_get(places: &Places, arguments: &[&str]) -> Command {
    let mut command = places.other("apt-get");
    command
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Whether this user may install Debian packages: root, where there is apt-get.
pub(crate) fn may_install() -> bool {
    let id = Command::new("id").arg("-u").output();
    on_path("apt-get") && id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Whether PATH has a program of this name.
pub(crate) fn on_path(program: &str) -> bool {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(&file).is_file())
}
