//! `cargo run --release -p bench`: the workbook's own code beside its peers, in one run, as ratios.

mod breaker_table;
mod breakers;
mod contest;
mod engine_table;
mod limiter_table;
mod limiters;
mod measure;
mod scheduler_table;
mod table;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
Measures the workbook's own code beside its peers, in one run, as ratios.

Usage: cargo run --release -p bench -- [PART] [--wasm FILE.wasm] [--rounds N]

  PART              engine, limiters, breakers or schedulers; all if not given
  --wasm FILE.wasm  time the engine's loops in Node too, from this crate's library built for wasm32:
                    cargo build -p bench --lib --release --target wasm32-unknown-unknown
  --rounds N        rounds that count, after a warm-up round that does not (1 to 1000, default 9)
  --help            print this

Contestants run in turn, round after round, so that a slow moment of the machine meets all of them.
Absolute figures are this machine's; the ratios carry over.";

/// Which tables to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Engine,
    Limiters,
    Breakers,
    Schedulers,
    All,
}

/// What the command line says.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    part: Part,
    rounds: u32,
    module: Option<PathBuf>,
    help: bool,
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            part: Part::All,
            rounds: 9,
            module: None,
            help: false,
        };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "engine" => options.part = Part::Engine,
                "limiters" => options.part = Part::Limiters,
                "breakers" => options.part = Part::Breakers,
                "schedulers" => options.part = Part::Schedulers,
                "--help" | "-h" => options.help = true,
                "--wasm" => {
                    let file = arguments.next().ok_or("--wasm needs a file")?;
                    options.module = Some(PathBuf::from(file));
                }
                "--rounds" => {
                    let number = arguments.next().and_then(|text| text.parse().ok());
                    options.rounds = number
                        .filter(|rounds| (1..=1000).contains(rounds))
                        .ok_or("--rounds needs a number from 1 to 1000")?;
                }
                other => return Err(format!("unknown argument `{other}`; try --help")),
            }
        }
        if let Some(module) = &options.module {
            let content = std::fs::read(module)
                .map_err(|error| format!("cannot read {}: {error}", module.display()))?;
            if !content.starts_with(b"\0asm") {
                return Err(format!("{} is no WebAssembly module", module.display()));
            }
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("bench: {why}");
            return ExitCode::from(2);
        }
    };
    if options.help {
        println!("{HELP}");
        return ExitCode::SUCCESS;
    }
    println!("{}", machine());
    if cfg!(debug_assertions) {
        println!("This is a debug build: its figures mean nothing; add --release.");
    }
    if let Err(error) = measure_all(&options) {
        eprintln!("bench: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn measure_all(options: &Options) -> anyhow::Result<()> {
    let wanted = |part| options.part == part || options.part == Part::All;
    if wanted(Part::Engine) {
        engine_table::run(options.rounds, options.module.as_deref())?;
    }
    if wanted(Part::Limiters) {
        limiter_table::run(options.rounds);
    }
    if wanted(Part::Breakers) {
        breaker_table::run(options.rounds);
    }
    if wanted(Part::Schedulers) {
        scheduler_table::run(options.rounds);
    }
    Ok(())
}

/// Cores, processor and compiler: what absolute figures depend on.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processor = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(": ")?.1.trim().to_owned())
        })
        .unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    format!("Machine: {cores} cores, {processor}; {}", env!("COMPILER"))
}

#[cfg(test)]
mod tests;
