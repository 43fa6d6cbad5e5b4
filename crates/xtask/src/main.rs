//! `cargo xtask COMMAND`: builds, serves, checks and tests the workbook.
//!
//! It is a light conductor that starts at once. The work is done by other programs of this workspace (`book`,
//! `postlink`, `devserver`, `conform`, `bench`, `figures`, `lab`, `browser-tests`), which it builds and runs.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod bench;
mod check;
mod packages;
mod places;
mod process;
mod refusal;
mod relay;
mod serve;
mod site;
mod stamp;
mod steps;
mod suite;
#[cfg(test)]
mod tests;
mod toolchain;
mod wasm;
mod watch;

use places::Places;
use refusal::Refusal;

/// The workbook's commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build simulator, figures and book, and serve them on 127.0.0.1 with live reload.
    Serve(serve::Options),
    /// Write the static site, as it would be published.
    Build(site::Options),
    /// Run every check there is, installing what it needs first; this is what CI runs.
    Test(suite::Options),
    /// Check format, lints, dependency arrows, includes, page elements and tidiness.
    Check(check::Options),
    /// Measure the workbook's own code beside its peers; arguments go to the program `bench`.
    Bench(relay::Arguments),
    /// Replay recorded reference behaviour through a model: MODEL FILE.
    Conform(relay::Arguments),
    /// Write every lab's static figure as SVG.
    Figures(relay::Arguments),
    /// Write a mechanism yourself, with checks that say how far you are: EXERCISE, then --watch or --hint.
    Exercise(relay::Arguments),
    /// Run a lab natively, as the page's command lines do: list, run LAB.
    Lab(relay::Arguments),
    /// Judge settings of a challenge natively: NAME --knob KNOB=VALUE.
    Challenge(relay::Arguments),
    /// Build one package for WebAssembly and print the path of the linked file.
    Wasm(wasm::Options),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            if error.is::<Refusal>() {
                ExitCode::from(2)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let places = Places::find()?;
    match command {
        Command::Serve(options) => serve::serve(&places, &options),
        Command::Build(options) => site::build(&places, &options),
        Command::Test(options) => suite::test(&places, &options),
        Command::Check(options) => check::command(&places, &options),
        Command::Bench(arguments) => bench::bench(&places, arguments),
        Command::Conform(arguments) => relay::conform(&places, &arguments),
        Command::Figures(arguments) => relay::figures(&places, &arguments),
        Command::Exercise(arguments) => relay::exercise(&places, &arguments),
        Command::Lab(arguments) => relay::lab(&places, &arguments),
        Command::Challenge(arguments) => relay::challenge(&places, arguments),
        Command::Wasm(options) => wasm::command(&places, &options),
    }
}
