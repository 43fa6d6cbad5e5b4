//! Builds one package for WebAssembly.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;

use crate::places::Places;
use crate::process::{self, Lines};
use crate::steps::{Step, Steps};
use crate::toolchain::{self, Preference, Toolchain};

/// A cold build takes two minutes on two quiet cores.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// The profile of the published module.
const PUBLISHED: &str = "wasm";

/// What to build for WebAssembly.
#[derive(Args)]
pub(crate) struct Options {
    /// The package, one with a cdylib.
    #[arg(default_value = "simulator")]
    package: String,
    /// The profile: `wasm` as published, `wasm-dev` to have it soon.
    #[arg(long, default_value = "wasm")]
    profile: String,
    /// Which compiler may build it.
    #[arg(long, value_enum, default_value_t)]
    toolchain: Preference,
}

/// Builds, and prints the path of the linked file and nothing else on standard output.
pub(crate) fn command(places: &Places, options: &Options) -> Result<ExitCode> {
    let steps = Steps::new();
    let toolchain = steps.run("toolchain", |step| {
        toolchain::choose(places, options.toolchain, step)
    })?;
    let built = steps.run(&options.package, |step| {
        build(places, &toolchain, &options.package, &options.profile, step)
    })?;
    println!("{}", built.display());
    Ok(ExitCode::SUCCESS)
}

/// Builds `package` under `profile`; returns the linked file.
pub(crate) fn build(
    places: &Places,
    toolchain: &Toolchain,
    package: &str,
    profile: &str,
    step: &Step,
) -> Result<PathBuf> {
    let mut command = toolchain.cargo(places);
    command.args(["-p", package, "--lib", "--profile", profile]);
    if profile == PUBLISHED && toolchain.can_slim(places, step) {
        toolchain.slim(&mut command);
    }
    process::run(command, step, Lines::Compiling, LIMIT)?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    let built = toolchain
        .target_dir(places)
        .join(toolchain::TARGET)
        .join(profile)
        .join(file);
    if !built.is_file() {
        bail!("{package} has no cdylib: {} was not built", built.display());
    }
    Ok(built)
}
