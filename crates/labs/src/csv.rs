//! The event log of a run as a table in text, for spreadsheets and programs.

use core::fmt::Write as _;

use clock::{Instant, NANOS_PER_SEC};

use crate::run::AnyRun;

/// A moment in seconds, to the nanosecond and without needless zeros: `4.5`, `0.000000001`.
#[must_use]
pub fn seconds(at: Instant) -> String {
    let (whole, part) = (at.as_nanos() / NANOS_PER_SEC, at.as_nanos() % NANOS_PER_SEC);
    let mut text = whole.to_string();
    if part > 0 {
        // Writing to a String cannot fail.
        let _ = write!(text, ".{part:09}");
        text.truncate(text.trim_end_matches('0').len());
    }
    text
}

/// The log up to the present, a header and then one line an entry: `seconds,kind,subject,value,cause,text`.
///
/// `cause` is the number of the entry that led to this one, counted from 1 below the header, and empty for what comes from outside.
#[must_use]
pub fn csv(run: &dyn AnyRun) -> String {
    let mut table = String::from("seconds,kind,subject,value,cause,text\n");
    for event in run.tape().events() {
        let kind = run.kinds().get(usize::from(event.kind));
        table.push_str(&seconds(event.at));
        table.push(',');
        push_quoted(&mut table, kind.map_or("", |kind| kind.name));
        // Writing to a String cannot fail.
        let _ = write!(table, ",{},{},", event.subject, event.value);
        if let Some(cause) = event.cause {
            table.push_str(&(u64::from(cause.0) + 1).to_string());
        }
        table.push(',');
        push_quoted(&mut table, &run.describe(event));
        table.push('\n');
    }
    table
}

/// Quotes what would otherwise be read as more than one field.
pub(crate) fn push_quoted(table: &mut String, field: &str) {
    if !field.contains([',', '"', '\n', '\r']) {
        table.push_str(field);
        return;
    }
    table.push('"');
    for letter in field.chars() {
        if letter == '"' {
            table.push('"');
        }
        table.push(letter);
    }
    table.push('"');
}
