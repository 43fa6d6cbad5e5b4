//! What `cargo xtask exercise` does: list, run, watch, hint, solution, start again.

use std::ffi::OsString;
use std::fmt::{self, Display};
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Parser;

use crate::files::section;
use crate::program::{Ended, Source, reached};
use crate::{EXERCISES, Exercise, find, prove};

/// How often a save is looked for.
const POLL: Duration = Duration::from_millis(300);

/// Write a mechanism yourself; checks say how far you are. Without a name, lists the exercises and where you stand.
#[derive(Parser)]
#[command(name = "cargo xtask exercise", bin_name = "cargo xtask exercise")]
struct Cli {
    /// Which exercise; a first run gives you a file to edit.
    #[arg(value_name = "EXERCISE")]
    name: Option<String>,
    #[command(flatten)]
    way: Way,
}

/// What to do instead of one run of the checks.
#[derive(clap::Args)]
#[group(multiple = false)]
struct Way {
    /// Print a hint for the first check that is not met.
    #[arg(long, requires = "name")]
    hint: bool,
    /// Print one way to do it.
    #[arg(long, requires = "name")]
    solution: bool,
    /// Run the checks again whenever you save.
    #[arg(long, requires = "name")]
    watch: bool,
    /// Start again from the starter; your file is kept as exercise.rs.bak.
    #[arg(long, requires = "name")]
    reset: bool,
    /// Prove that starter and solution of every exercise are what they should be.
    #[arg(long, conflicts_with = "name")]
    prove: bool,
}

/// The person who typed the command can put it right; carries the sentence that says how.
#[derive(Debug)]
pub struct Refusal(String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

/// Does what the arguments say; the first of them is the program's name.
///
/// # Errors
/// [`Refusal`] if there is no such exercise; anything else is a file or a program that does not do its part.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<ExitCode> {
    // Wrong flags end the program here, with clap's sentence and exit code 2.
    let Cli { name, way } = Cli::parse_from(arguments);
    if way.prove {
        say(prove::all()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(name) = name else {
        list()?;
        return Ok(ExitCode::SUCCESS);
    };
    let exercise = chosen(&name)?;
    if way.solution {
        say(exercise.folder().read("solution.rs")?.trim_end())?;
        Ok(ExitCode::SUCCESS)
    } else if way.reset {
        reset(exercise)
    } else if way.hint {
        hint(exercise)
    } else if way.watch {
        watch(exercise)
    } else {
        Ok(code(once(exercise)?))
    }
}

/// A line on standard output.
///
/// # Errors
/// Fails if it cannot be written; [`run`] then has nothing more to do, and whoever watches has gone.
fn say(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}

/// A line on standard error, which nobody may be reading.
pub fn complain(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// The exercise of this name, or a sentence that lists them all.
pub(crate) fn chosen(name: &str) -> Result<Exercise> {
    let Some(exercise) = find(name) else {
        let names: Vec<&str> = EXERCISES.iter().map(|exercise| exercise.name).collect();
        bail!(Refusal(format!(
            "there is no exercise {name}; the exercises are: {}",
            names.join(", ")
        )));
    };
    Ok(exercise)
}

fn code(ended: Ended) -> ExitCode {
    ExitCode::from(u8::from(ended != Ended::Done))
}

/// The path as a reader at the root of the repository types it.
fn path(exercise: Exercise) -> String {
    format!("examples/exercises/{}/exercise.rs", exercise.name)
}

fn list() -> Result<()> {
    let width = EXERCISES.iter().map(|exercise| exercise.name.len()).max();
    let width = width.unwrap_or_default();
    for exercise in EXERCISES {
        let state = state(exercise)?;
        say(format_args!(
            "{:<width$}  {state:<22}  {}",
            exercise.name, exercise.title
        ))?;
    }
    Ok(())
}

/// How far the reader is, in a few words.
fn state(exercise: Exercise) -> Result<String> {
    if !exercise.folder().is_begun() {
        return Ok("not begun".to_owned());
    }
    let Some(counted) = exercise.count(Source::Exercise)? else {
        return Ok("does not compile yet".to_owned());
    };
    let (reached, total) = (reached(&counted), counted.len());
    Ok(if reached == total {
        format!("done, {total} checks")
    } else {
        format!("{reached} of {total} checks")
    })
}

/// Gives the reader a file to edit if there is none, and says so.
fn begin(exercise: Exercise) -> Result<()> {
    if exercise.folder().begin()? {
        say(format_args!(
            "{} is yours to edit; examples/exercises/{}/README.md says what it should do.\n",
            path(exercise),
            exercise.name
        ))?;
    }
    Ok(())
}

/// Runs the checks, after giving the reader a file if there is none.
fn once(exercise: Exercise) -> Result<Ended> {
    begin(exercise)?;
    let ended = exercise.run()?;
    if ended == Ended::NotCompiled {
        complain(format_args!(
            "{} does not compile yet; the compiler's message is above.",
            path(exercise)
        ));
    }
    Ok(ended)
}

/// Runs the checks now and after every save, until the reader stops it.
fn watch(exercise: Exercise) -> Result<ExitCode> {
    let folder = exercise.folder();
    begin(exercise)?;
    loop {
        // Read before the run: a save during the run counts.
        let saved = folder.saved();
        once(exercise)?;
        say(format_args!(
            "Waiting for a save of {}; Ctrl-C stops.",
            path(exercise)
        ))?;
        while folder.saved() == saved || folder.saved().is_none() {
            std::thread::sleep(POLL);
        }
        say("")?;
    }
}

fn hint(exercise: Exercise) -> Result<ExitCode> {
    let folder = exercise.folder();
    begin(exercise)?;
    let Some(counted) = exercise.count(Source::Exercise)? else {
        say(format_args!(
            "{} does not compile yet, so no check can say where you are; run `cargo xtask exercise {}` for the compiler's message.",
            path(exercise),
            exercise.name
        ))?;
        return Ok(ExitCode::FAILURE);
    };
    let Some(next) = counted.iter().find(|check| !check.met) else {
        say(format_args!(
            "All {} checks pass; there is no hint left.",
            counted.len()
        ))?;
        return Ok(ExitCode::SUCCESS);
    };
    let Some(text) = section(&folder.read("hints.md")?, &next.name) else {
        bail!("hints.md has no hint for {}", next.name);
    };
    say(format_args!("{}\n\n{text}", next.name))?;
    Ok(ExitCode::SUCCESS)
}

fn reset(exercise: Exercise) -> Result<ExitCode> {
    match exercise.folder().reset()? {
        Some(backup) => {
            let backup = backup.file_name().unwrap_or_default().display().to_string();
            say(format_args!(
                "{} is the starter again; what you had is beside it as {backup}.",
                path(exercise)
            ))?;
        }
        None => say(format_args!("{} is yours to edit.", path(exercise)))?,
    }
    Ok(ExitCode::SUCCESS)
}
