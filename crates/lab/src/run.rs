//! `lab run`: a lab up to a moment, its counters, answers to questions, files, and the fingerprint of the log.

use core::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use clock::Instant;
use draw::{Palette, figure_with};
use labs::{Answer, AnyRun, Frame, Query, csv, seconds};
use serde_json::{Value, json};

use crate::Done;
use crate::options::RunOptions;
use crate::situation;
use crate::words::{number, short, table};

/// Bytes of data a lab takes at most, the same as in the page.
const DATA_MAX: usize = 10_000_000;
/// Width of a figure, in CSS pixels.
const WIDTH: f32 = 750.0;

/// What a run came to.
struct Account<'a> {
    run: &'a dyn AnyRun,
    until: Instant,
    frame: Frame,
    answers: Vec<(&'a str, Answer)>,
    /// What was understood of the reader's own data.
    understood: Option<String>,
    hash: u64,
}

/// Runs a lab as the command line says.
///
/// # Errors
/// One sentence on what is wrong with the command line or a file.
pub(crate) fn run(options: &RunOptions) -> Result<Done, String> {
    let mut run = situation::lab(&options.lab)?.open(options.seed);
    // Everything that can be refused is refused before anything is written.
    let queries = queries(&options.asks)?;
    let understood = options.data.as_deref().map(|path| load(&mut *run, path));
    let understood = understood.transpose()?;
    let turned = situation::knobs(&*run, &options.knobs, |_| true)?;
    for &(knob, value) in &turned.values {
        run.set_knob(knob, value);
    }
    // Data and knobs may change how long the run is.
    let actions = situation::actions(&*run, &options.acts)?;
    let until = match &options.until {
        Some(text) => situation::instant(&*run, text)?,
        None => Instant::ZERO + run.length(),
    };
    for &(at, action) in &actions {
        run.seek(at);
        run.act(action);
    }
    run.seek(until);
    let (frame, hash) = (run.frame(), run.hash_here());
    let log = options.csv.as_deref().map(|path| (path, csv(&*run)));
    let figure = |path| (path, figure_with(&*run, WIDTH, &Palette::LIGHT) + "\n");
    let figure = options.svg.as_deref().map(figure);
    // Asking comes last: it sends the run to its end, and the figure would show what is still to come.
    let answers = ask(&mut *run, queries)?;
    for (flag, file) in [("--csv", log), ("--svg", figure)] {
        if let Some((path, text)) = file {
            write(flag, path, text)?;
        }
    }
    let account = Account {
        run: &*run,
        until,
        frame,
        answers,
        understood,
        hash,
    };
    Ok(Done {
        text: if options.json {
            format!("{:#}\n", account.json())
        } else {
            account.text()
        },
        notes: turned.notes,
        met: true,
    })
}

/// Reads all questions, so that a slip of the keyboard is told before the run.
fn queries(asks: &[String]) -> Result<Vec<(&str, Query)>, String> {
    let read = |text: &'_ String| Query::parse(text).map_err(|problem| unanswered(text, &problem));
    asks.iter()
        .map(|text| Ok((text.as_str(), read(text)?)))
        .collect()
}

fn ask<'a>(
    run: &mut dyn AnyRun,
    queries: Vec<(&'a str, Query)>,
) -> Result<Vec<(&'a str, Answer)>, String> {
    let mut answers = Vec::new();
    for (text, query) in queries {
        let answer = query.ask(run);
        answers.push((text, answer.map_err(|problem| unanswered(text, &problem))?));
    }
    Ok(answers)
}

fn unanswered(text: &str, problem: &str) -> String {
    format!("--ask “{}”: {problem}", short(text))
}

/// Hands a file to the lab; a sentence on what was understood.
fn load(run: &mut dyn AnyRun, path: &Path) -> Result<String, String> {
    let refused = |why: &str| format!("--data {}: {why}", path.display());
    if run.takes().is_none() {
        return Err(refused("this lab takes no data"));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path);
    // One byte more than allowed is enough to refuse; some files never end.
    let read = file.and_then(|file| file.take(DATA_MAX as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|error| refused(&reason(&error)))?;
    if bytes.len() > DATA_MAX {
        return Err(refused("it is more than 10 MB, the most a lab takes"));
    }
    let text = core::str::from_utf8(&bytes).ok();
    let text = text.filter(|text| !text.contains('\0'));
    // Spreadsheets put a mark before their text.
    let text = text
        .ok_or_else(|| refused("it is not text but a binary file"))?
        .trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(refused("there is no data in it"));
    }
    run.load(text).map_err(|problem| refused(&problem))
}

fn write(flag: &str, path: &Path, text: String) -> Result<(), String> {
    std::fs::write(path, text)
        .map_err(|error| format!("{flag} {}: {}", path.display(), reason(&error)))
}

/// What the system says, without its number and as the end of a sentence.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    text.to_lowercase()
}

impl Account<'_> {
    fn text(&self) -> String {
        let about = self.run.about();
        let mut text = format!(
            "{} ({}), seed {}, at {} s\n",
            about.title,
            about.id,
            self.run.seed(),
            seconds(self.until)
        );
        if let Some(understood) = &self.understood {
            text.push_str(understood);
            text.push('\n');
        }
        let rows: Vec<[String; 3]> = (self.frame.counters.iter())
            .map(|counter| {
                [
                    counter.label.to_owned(),
                    number(counter.value),
                    counter.unit.to_owned(),
                ]
            })
            .collect();
        text.push_str(&table(&rows));
        text.push_str(&self.frame.summary);
        text.push('\n');
        for (query, answer) in &self.answers {
            let verdict = match answer.holds {
                Some(true) => ", which holds",
                Some(false) => ", which does not hold",
                None => "",
            };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{query}: {answer}{verdict}");
        }
        let _ = writeln!(text, "log hash {:016x}", self.hash);
        text
    }

    fn json(&self) -> Value {
        let knobs = self.run.knobs();
        let knobs = knobs.iter().map(|(spec, value)| (spec.id, json!(value)));
        let counters = self.frame.counters.iter().map(|counter| {
            json!({ "label": counter.label, "value": counter.value, "unit": counter.unit })
        });
        let answers = self.answers.iter().map(|(query, answer)| {
            json!({ "query": query, "value": answer.value, "holds": answer.holds })
        });
        let acted = self.run.acted().iter().filter_map(|&(at, action)| {
            let action = self.run.actions().get(action)?;
            Some(json!({ "action": action.id, "at": seconds(at) }))
        });
        json!({
            "lab": self.run.about().id,
            "seed": self.run.seed(),
            "until": seconds(self.until),
            "knobs": knobs.map(|(id, value)| (id.to_owned(), value)).collect::<serde_json::Map<_, _>>(),
            "actions": acted.collect::<Vec<_>>(),
            "data": self.understood,
            "counters": counters.collect::<Vec<_>>(),
            "sentence": self.frame.summary,
            "answers": answers.collect::<Vec<_>>(),
            "log_hash": format!("{:016x}", self.hash),
        })
    }
}
