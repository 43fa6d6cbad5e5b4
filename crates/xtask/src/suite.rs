//! `cargo xtask test`: every check there is, in groups, with one line for each at the end.

#![expect(
    clippy::disallowed_types,
    reason = "measures how long checks take, not simulated time"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::check;
use crate::packages::{self, CHROMEDRIVER, CHROMIUM, GO, NPM, REDIS};
use crate::places::Places;
use crate::process::{self, Failure, Lines};
use crate::refusal::Refusal;
use crate::site::{self, Simulator};
use crate::steps::Steps;
use crate::toolchain::{self, Preference};

mod axe;
pub(crate) mod firefox;
mod go;

/// No group takes half of this, cold, on two cores; a test that hangs must not hang CI.
const LIMIT: Duration = Duration::from_secs(25 * 60);

/// Which groups run.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only this group; may be given more than once.
    #[arg(long, value_name = "GROUP")]
    only: Vec<String>,
    /// Which compiler may build the simulator.
    #[arg(long, value_enum, default_value_t)]
    toolchain: Preference,
}

/// What a group is given.
pub(crate) struct Bench<'a> {
    places: &'a Places,
    steps: &'a Steps,
    toolchain: Preference,
}

/// A group: its name, and what runs it and returns a note for its line.
type Group = (&'static str, fn(&Bench) -> Result<String>);

/// All groups, those that fail soonest first; `browser` needs the site that `site` builds.
const GROUPS: [Group; 10] = [
    ("check", |bench| check::all(bench.places, bench.steps)),
    ("unit", unit),
    ("examples", examples),
    ("doctest", doctests),
    ("conform", conform),
    ("exercises", exercises),
    ("docs", docs),
    ("go", go::group),
    ("site", build_site),
    ("browser", browser),
];

/// What one group came to.
struct Verdict {
    name: &'static str,
    seconds: f64,
    outcome: Result<String>,
}

/// Runs the groups, also after one failed, and prints a line for each; the last line is the count.
pub(crate) fn test(places: &Places, options: &Options) -> Result<ExitCode> {
    let groups = chosen(&options.only)?;
    let steps = Steps::new();
    let needs = [CHROMIUM, CHROMEDRIVER, REDIS, GO, NPM];
    let provided = steps.run("packages", |step| packages::provide(places, &needs, step));
    if let Err(error) = provided {
        // Not the end: the groups that need none of it still run, and those that do say what they lack.
        steps.say(&format!("  {error}"));
    }
    let bench = Bench {
        places,
        steps: &steps,
        toolchain: options.toolchain,
    };
    let verdicts: Vec<Verdict> = groups
        .into_iter()
        .map(|group| judge(&bench, group))
        .collect();
    println!();
    for verdict in &verdicts {
        println!("{}", verdict.line());
    }
    let failed = verdicts
        .iter()
        .filter(|verdict| verdict.outcome.is_err())
        .count();
    println!("{} passed, {failed} failed", verdicts.len() - failed);
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn chosen(only: &[String]) -> Result<Vec<Group>> {
    let names: Vec<&str> = GROUPS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = only.iter().find(|name| !names.contains(&name.as_str())) {
        return Err(Refusal(format!(
            "there is no group {unknown}; the groups are {}",
            names.join(", ")
        ))
        .into());
    }
    let wanted = |(name, _): &Group| only.is_empty() || only.iter().any(|only| only == name);
    Ok(GROUPS.into_iter().filter(wanted).collect())
}

fn judge(bench: &Bench, (name, run): Group) -> Verdict {
    bench.steps.say(&format!("{name}:"));
    let started = Instant::now();
    let outcome = run(bench);
    if let Err(error) = &outcome {
        bench.steps.say(&format!("{error:#}"));
    }
    Verdict {
        name,
        seconds: started.elapsed().as_secs_f64(),
        outcome,
    }
}

impl Verdict {
    fn line(&self) -> String {
        let (word, note) = match &self.outcome {
            Ok(note) => ("ok    ", note.clone()),
            Err(error) => ("FAILED", reason(error)),
        };
        format!("{word}  {:<10} {:>7.1} s  {note}", self.name, self.seconds)
    }
}

/// Why a group failed, in one line: the sentence, and the count the failing program ended with.
fn reason(error: &anyhow::Error) -> String {
    let sentence = error
        .to_string()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned();
    let output = error
        .downcast_ref::<Failure>()
        .map_or("", |failure| failure.output.as_str());
    match output
        .lines()
        .rev()
        .find(|line| line.contains(" passed") && line.contains(" failed"))
    {
        Some(count) => format!("{sentence}: {count}"),
        None => sentence,
    }
}

impl Bench<'_> {
    /// Runs cargo as one step; what it prints is shown if it fails.
    fn cargo(&self, step: &str, arguments: &[&str]) -> Result<Vec<String>> {
        let mut command = self.places.cargo();
        command.args(arguments);
        self.steps.run(step, |step| {
            process::run(command, step, Lines::WhenItFails, LIMIT)
        })
    }

    /// Builds everything once, with the features the tests use too, so that nothing is compiled twice.
    fn compile(&self) -> Result<()> {
        let mut command = self.places.cargo();
        command.args(["build", "--workspace", "--all-targets"]);
        self.steps
            .run("compile", |step| {
                process::run(command, step, Lines::Compiling, LIMIT)
            })
            .map(|_| ())
    }
}

fn unit(bench: &Bench) -> Result<String> {
    bench.compile()?;
    counted(&bench.cargo(
        "unit tests",
        &["test", "--no-fail-fast", "--workspace", "--lib", "--bins"],
    )?)
}

fn examples(bench: &Bench) -> Result<String> {
    packages::require(&[REDIS])?;
    bench.compile()?;
    counted(&bench.cargo(
        "integration tests",
        &["test", "--no-fail-fast", "--workspace", "--test", "*"],
    )?)
}

fn doctests(bench: &Bench) -> Result<String> {
    counted(&bench.cargo(
        "doc tests",
        &["test", "--no-fail-fast", "--workspace", "--doc"],
    )?)
}

fn docs(bench: &Bench) -> Result<String> {
    let mut command = bench.places.cargo();
    command
        .args(["doc", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    bench.steps.run("cargo doc", |step| {
        process::run(command, step, Lines::Compiling, LIMIT)
    })?;
    Ok("no warnings".to_owned())
}

/// Replays each recorded reference through its model.
fn conform(bench: &Bench) -> Result<String> {
    let mut notes = Vec::new();
    for (model, mechanism, file) in [
        ("token-bucket", "rate-limiter", "token_bucket_xtimerate"),
        (
            "token-bucket-wait",
            "rate-limiter",
            "token_bucket_xtimerate_wait",
        ),
        ("gcra", "rate-limiter", "gcra_governor"),
        ("hystrix", "circuit-breaker", "breaker_hystrix_go"),
        ("gobreaker", "circuit-breaker", "breaker_gobreaker_v2"),
        ("resilience4j", "circuit-breaker", "breaker_resilience4j"),
        (
            "concurrency-limits",
            "concurrency-limit",
            "concurrency_limits",
        ),
        ("backoff", "retry", "backoff_and_throttling"),
        ("go-scheduler", "schedulers", "go_scheduler_order"),
        ("tokio-scheduler", "schedulers", "tokio_scheduler_order"),
    ] {
        let file = format!("crates/{mechanism}/tests/data/{file}.json");
        let file = bench.places.root.join(file).to_string_lossy().into_owned();
        let lines = bench.cargo(model, &["run", "-q", "-p", "conform", "--", model, &file])?;
        let last = lines.iter().rev().find(|line| !line.is_empty());
        notes.push(format!(
            "{model} {}",
            last.map_or("said nothing", String::as_str)
        ));
    }
    Ok(notes.join("; "))
}

/// Holds every exercise's starter and solution against its checks.
fn exercises(bench: &Bench) -> Result<String> {
    // The other lints see the starter only.
    bench.cargo(
        "lints",
        &[
            "clippy",
            "-q",
            "-p",
            "exercises",
            "--features",
            "solution",
            "--",
            "-D",
            "warnings",
        ],
    )?;
    let lines = bench.cargo("prove", &["run", "-q", "-p", "exercises", "--", "--prove"])?;
    Ok(lines.last().cloned().unwrap_or_default())
}

fn build_site(bench: &Bench) -> Result<String> {
    let Bench {
        places,
        steps,
        toolchain,
    } = *bench;
    let toolchain = steps.run("toolchain", |step| {
        toolchain::choose(places, toolchain, step)
    })?;
    let sizes = site::all(
        places,
        steps,
        &toolchain,
        Simulator::Published,
        &places.book(),
    )?;
    site::offline(places, steps, &toolchain, &places.book_offline())?;
    Ok(sizes.last().cloned().unwrap_or_default())
}

/// Drives the built site in Chromium and, as far as that can be had, in Firefox.
fn browser(bench: &Bench) -> Result<String> {
    packages::require(&[CHROMIUM, CHROMEDRIVER, NPM])?;
    bench.cargo(
        "compile",
        &["build", "-p", "browser-tests", "-p", "devserver"],
    )?;
    // What fails in one of them is worth knowing of the other.
    let chromium = chromium(bench);
    let firefox = firefox::tests(bench);
    Ok(format!("{}; {}", chromium?, firefox?))
}

fn chromium(bench: &Bench) -> Result<String> {
    let places = bench.places;
    let axe = bench
        .steps
        .run("axe-core", |step| axe::provide(places, step))?;
    let mut command = places.run("browser-tests");
    command
        .arg("--site")
        .arg(places.book())
        .arg("--offline")
        .arg(places.book_offline())
        .arg("--axe")
        .arg(axe);
    let lines = bench.steps.run("chromium tests", |step| {
        process::run(command, step, Lines::WhenItFails, LIMIT)
    })?;
    Ok(lines.last().cloned().unwrap_or_default())
}

/// Adds up the `test result:` lines; fails if there was no test at all.
fn counted(lines: &[String]) -> Result<String> {
    let passed: usize = lines.iter().filter_map(|line| passed(line)).sum();
    if passed == 0 {
        bail!("no test ran");
    }
    Ok(format!("{passed} tests"))
}

/// How many tests passed, from a line like `test result: ok. 12 passed; 0 failed; …`.
pub(crate) fn passed(line: &str) -> Option<usize> {
    line.strip_prefix("test result: ok. ")?
        .split(' ')
        .next()?
        .parse()
        .ok()
}
