//! `cargo xtask bench`: the workbook's own code beside its peers, natively, in wasm and in a browser, in one run.

use std::process::ExitCode;

use anyhow::Result;

use crate::places::Places;
use crate::relay::{self, Arguments};
use crate::steps::Steps;
use crate::{packages, toolchain, wasm};

/// Runs the program `bench` with its WebAssembly leg; without arguments, the labs in a browser too.
pub(crate) fn bench(places: &Places, mut arguments: Arguments) -> Result<ExitCode> {
    let whole = arguments.rest.is_empty();
    if whole {
        match module(places) {
            Ok(module) => arguments.rest.extend(["--wasm".into(), module.into()]),
            Err(error) => eprintln!("The engine is not measured in wasm: {error:#}"),
        }
    }
    let code = relay::relay(places, &["--release", "-p", "bench"], &arguments)?;
    if whole && code == ExitCode::SUCCESS {
        in_browser(places)
    } else {
        Ok(code)
    }
}

/// The benchmark's own loops, linked for wasm32 under the profile that the native ones are measured under.
fn module(places: &Places) -> Result<std::path::PathBuf> {
    let steps = Steps::new();
    let toolchain = steps.run("toolchain", |step| {
        toolchain::choose(places, toolchain::Preference::Auto, step)
    })?;
    steps.run("bench for wasm", |step| {
        wasm::build(places, &toolchain, "bench", "release", step)
    })
}

/// The labs as a reader's browser runs them, from the site that is built.
fn in_browser(places: &Places) -> Result<ExitCode> {
    println!();
    if !places.book().join("index.html").is_file() {
        println!("The labs are not measured in a browser: run `cargo xtask build` first.");
        return Ok(ExitCode::SUCCESS);
    }
    if let Err(error) = packages::require(&[packages::CHROMIUM, packages::CHROMEDRIVER]) {
        println!("The labs are not measured in a browser: {error:#}");
        return Ok(ExitCode::SUCCESS);
    }
    let site = places.book().into_os_string();
    let rest = vec!["--measure".into(), "--site".into(), site];
    let built = places
        .cargo()
        .args(["build", "-q", "-p", "browser-tests", "-p", "devserver"])
        .status()?;
    if !built.success() {
        return Ok(ExitCode::FAILURE);
    }
    relay::relay(places, &["-p", "browser-tests"], &Arguments { rest })
}
