//! Runs the checks of one exercise in order and reports the first that is not met.

use std::fmt::Display;
use std::io::Write;
use std::panic::{catch_unwind, set_hook};
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::commands::complain;
use crate::{Check, Exercise, Miss, find, tape};

/// A check takes milliseconds; whoever needs this long is in a loop.
const LIMIT: Duration = Duration::from_secs(10);

/// Where the latest panic was and what it said.
static PANIC: Mutex<String> = Mutex::new(String::new());

/// How one check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As it should be.
    Met,
    /// Something else came out.
    Missed(Miss),
    /// It did not come back; its thread may still be running, so no other check may start.
    Stuck(Miss),
}

/// The program of an exercise: a report, or with `--count` one line a check for the program `exercises`.
///
/// Exit code 0 if all checks are met, 1 if not, 2 if the arguments are wrong.
#[must_use]
pub fn main(name: &str, checks: &[Check]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(exercise) = find(name) else {
        complain(format_args!(
            "{name}: this exercise is not in the catalogue"
        ));
        return ExitCode::from(2);
    };
    remember_panics();
    let all_met = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => report(exercise, checks),
        ["--count"] => count(checks),
        _ => {
            complain(format_args!("{name}: takes no argument but --count"));
            return ExitCode::from(2);
        }
    };
    ExitCode::from(u8::from(!all_met))
}

/// A line on standard output; nobody may be reading, and the exit code is the verdict.
fn say(line: impl Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Keeps what a panic says instead of printing it.
fn remember_panics() {
    set_hook(Box::new(|info| {
        let message = info.payload_as_str().unwrap_or("no message");
        let place = info.location().map_or(String::new(), |at| {
            format!(" at {}:{}", at.file(), at.line())
        });
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) =
            format!("a panic{place}: {message}");
    }));
}

/// Runs one check in a thread of its own.
pub(crate) fn run(check: &Check, limit: Duration) -> Outcome {
    tape::clear();
    let (sender, receiver) = channel();
    let run = check.run;
    std::thread::spawn(move || {
        let outcome = match catch_unwind(run) {
            Ok(Ok(())) => Outcome::Met,
            Ok(Err(miss)) => Outcome::Missed(miss),
            Err(_) => Outcome::Missed(Miss {
                came_out: PANIC.lock().unwrap_or_else(PoisonError::into_inner).clone(),
                expected: "an answer without a panic".to_owned(),
            }),
        };
        // Nobody listens any more if it took too long.
        let _ = sender.send(outcome);
    });
    match receiver.recv_timeout(limit) {
        Ok(outcome) => outcome,
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Outcome::Stuck(Miss {
            came_out: format!("nothing within {} s", limit.as_secs_f64()),
            expected: "an answer at once: no loop should run as long as time passes".to_owned(),
        }),
    }
}

/// One line a check: `ok` or `no`, its name, its step and its anchor, between tabs.
fn count(checks: &[Check]) -> bool {
    let mut all_met = true;
    let mut stuck = false;
    for check in checks {
        let met = !stuck
            && match run(check, LIMIT) {
                Outcome::Met => true,
                Outcome::Missed(_) => false,
                Outcome::Stuck(_) => {
                    stuck = true;
                    false
                }
            };
        all_met &= met;
        let word = if met { "ok" } else { "no" };
        say(format_args!(
            "{word}\t{}\t{}\t{}",
            check.name, check.step, check.anchor
        ));
    }
    all_met
}

/// Says which checks are met, up to the first that is not, and what is wrong with that.
fn report(exercise: Exercise, checks: &[Check]) -> bool {
    let total = checks.len();
    let width = checks.iter().map(|check| check.name.len()).max();
    let width = width.unwrap_or_default();
    for (index, check) in checks.iter().enumerate() {
        let outcome = run(check, LIMIT);
        let word = if outcome == Outcome::Met { "ok" } else { "no" };
        say(format_args!(
            "  {word}  {:<width$}  {}",
            check.name, check.claim
        ));
        let (Outcome::Missed(miss) | Outcome::Stuck(miss)) = outcome else {
            continue;
        };
        say("");
        for line in story(exercise, check, &miss) {
            say(format_args!("  {line}"));
        }
        say("");
        say(format_args!(
            "{}: {index} of {total} checks passed",
            exercise.name
        ));
        return false;
    }
    say("");
    say(format_args!("{}: all {total} checks passed", exercise.name));
    true
}

/// What was tried, what came out, what should have, and where to read on.
pub(crate) fn story(exercise: Exercise, check: &Check, miss: &Miss) -> Vec<String> {
    let Exercise { name, page, .. } = exercise;
    let mut lines = Vec::new();
    let mut part = |title: &str, texts: Vec<String>| {
        for (index, text) in texts.into_iter().enumerate() {
            let title = if index == 0 { title } else { "" };
            lines.push(format!("{title:<10}{text}"));
        }
    };
    part("Tried", tape::lines());
    part("Came out", vec![miss.came_out.clone()]);
    part("Expected", vec![miss.expected.clone()]);
    let readme = format!("\"{}\" in examples/exercises/{name}/README.md", check.step);
    let in_book = page.map(|page| format!("{page}.html#{} in the book", check.anchor));
    part("Read", std::iter::once(readme).chain(in_book).collect());
    part("Hint", vec![format!("cargo xtask exercise {name} --hint")]);
    lines
}
