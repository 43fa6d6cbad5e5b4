//! Commands that are other programs of the workspace: built, run, and their exit code passed on.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::places::Places;

/// What the other program is given, untouched.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    /// Arguments of the program; `--help` lists them.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENTS"
    )]
    pub(crate) rest: Vec<OsString>,
}

/// `cargo xtask conform MODEL FILE`
pub(crate) fn conform(places: &Places, arguments: &Arguments) -> Result<ExitCode> {
    relay(places, &["-p", "conform"], arguments)
}

/// `cargo xtask figures --out DIR`
pub(crate) fn figures(places: &Places, arguments: &Arguments) -> Result<ExitCode> {
    relay(places, &["-p", "figures"], arguments)
}

/// `cargo xtask exercise token-bucket`
pub(crate) fn exercise(places: &Places, arguments: &Arguments) -> Result<ExitCode> {
    relay(places, &["-p", "exercises"], arguments)
}

/// `cargo xtask lab run LAB …`
pub(crate) fn lab(places: &Places, arguments: &Arguments) -> Result<ExitCode> {
    relay(places, &["-p", "lab"], arguments)
}

/// `cargo xtask challenge NAME …`, which is `cargo xtask lab challenge NAME …`
pub(crate) fn challenge(places: &Places, mut arguments: Arguments) -> Result<ExitCode> {
    arguments.rest.insert(0, "challenge".into());
    lab(places, &arguments)
}

pub(crate) fn relay(places: &Places, package: &[&str], arguments: &Arguments) -> Result<ExitCode> {
    let mut command = places.cargo();
    // Paths in the arguments are meant from where the person is.
    command.current_dir(std::env::current_dir().context("the current folder is gone")?);
    command
        .arg("run")
        .arg("-q")
        .arg("--manifest-path")
        .arg(places.root.join("Cargo.toml"));
    let status = command
        .args(package)
        .arg("--")
        .args(&arguments.rest)
        .status()
        .context("cannot run cargo")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
