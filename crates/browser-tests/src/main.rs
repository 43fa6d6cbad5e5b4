//! Opens the built book in a real browser and does what a reader does, by mouse, by keyboard and on a phone.
//!
//! `browser-tests [--site DIR] [--offline DIR] [--axe FILE] [FILTER]` prints a line for each check and, last, how many passed;
//! `--firefox GECKODRIVER` does those that need nothing of Chromium's own in Firefox;
//! `--measure` prints instead how fast the labs are in this browser.

#![expect(
    clippy::disallowed_types,
    reason = "says how long a check took, not simulated time"
)]

mod browser;
mod checks;
mod firefox;
mod measure;
mod site;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use browser::Driver;
use checks::Check;
use site::Site;

const USAGE: &str = "browser-tests [--site DIR] [--offline DIR] [--axe FILE] [--firefox GECKODRIVER | --measure] [FILTER]";

/// What the command line asks for.
struct Options {
    site: PathBuf,
    offline: PathBuf,
    axe: Option<PathBuf>,
    firefox: Option<PathBuf>,
    filter: String,
    measure: bool,
}

/// Everything a check may use.
pub(crate) struct World {
    driver: Driver,
    site: Site,
    /// The folder of the site that opens from disk.
    offline: PathBuf,
    /// The source of axe-core, if it was given.
    axe: Option<String>,
}

fn options() -> Result<Options> {
    let mut options = Options {
        site: PathBuf::from("book"),
        offline: PathBuf::from("book-offline"),
        axe: None,
        firefox: None,
        filter: String::new(),
        measure: false,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--site" => options.site = args.next().context("--site needs a folder")?.into(),
            "--offline" => {
                options.offline = args.next().context("--offline needs a folder")?.into();
            }
            "--axe" => options.axe = Some(args.next().context("--axe needs a file")?.into()),
            "--firefox" => {
                let path = args
                    .next()
                    .context("--firefox needs the path of geckodriver")?;
                options.firefox = Some(path.into());
            }
            "--measure" => options.measure = true,
            "--help" | "-h" => {
                println!("{USAGE}");
                std::process::exit(0);
            }
            _ if arg.starts_with('-') => bail!("unknown option {arg}"),
            _ => options.filter = arg,
        }
    }
    Ok(options)
}

async fn run(options: Options) -> Result<bool> {
    if !options.site.join("index.html").is_file() {
        bail!(
            "{} holds no book; run `cargo xtask build` first",
            options.site.display()
        );
    }
    let axe = options
        .axe
        .map(std::fs::read_to_string)
        .transpose()
        .context("cannot read axe-core")?;
    // A prefix proves that no page relies on being at the root of its host.
    let site = Site::serve(&options.site, "/team/headroom/").await?;
    let world = World {
        driver: match &options.firefox {
            Some(geckodriver) => Driver::firefox(geckodriver)?,
            None => Driver::start().await?,
        },
        site,
        offline: options.offline,
        axe,
    };
    if options.measure {
        measure::all(&world).await?;
        return Ok(true);
    }
    let (prefix, checks) = match options.firefox {
        Some(_) => ("firefox ", checks::in_firefox()),
        None => ("", checks::all()),
    };
    Ok(judge(&world, &checks, prefix, &options.filter).await)
}

/// Runs the checks whose names contain `filter`, a line for each that begins with `prefix`; true if all passed, and there was one.
///
/// A browser on a machine that has other things to do misses a deadline now and then.
/// So what fails is tried once more when all others are through, and its line says which try it was.
async fn judge(world: &World, checks: &[Check], prefix: &str, filter: &str) -> bool {
    let chosen = checks.iter().filter(|check| check.name.contains(filter));
    let (mut passed, mut again) = (0, Vec::new());
    for check in chosen {
        match tried(world, check, prefix, "").await {
            Ok(()) => passed += 1,
            Err(_) => again.push(check),
        }
    }
    let mut failed = Vec::new();
    for check in again {
        match tried(world, check, prefix, ", second try").await {
            Ok(()) => passed += 1,
            Err(_) => failed.push(check.name),
        }
    }
    println!(
        "{prefix}{passed} passed, {} failed{}",
        failed.len(),
        failed
            .iter()
            .map(|name| format!(" {name}"))
            .collect::<String>()
    );
    failed.is_empty() && passed > 0
}

/// Runs one check and prints its line.
async fn tried(world: &World, check: &Check, prefix: &str, which: &str) -> Result<()> {
    let start = Instant::now();
    let outcome = (check.run)(world).await;
    let seconds = start.elapsed().as_secs_f64();
    let word = if outcome.is_ok() { "ok" } else { "FAILED" };
    println!(
        "{prefix}{word:<7} {:<60} {seconds:5.1} s{which}",
        check.name
    );
    if let Err(error) = &outcome {
        println!("        {error:#}");
    }
    outcome
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match options() {
        Ok(options) => run(options).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("browser-tests: {error:#}");
            ExitCode::from(2)
        }
    }
}
