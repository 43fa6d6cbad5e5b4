//! Records a run: the decisions of the server's limiter, in the order and at the times in which they were made.
//!
//! The times are those the limiter read under its lock, to the nanosecond, so that a model can decide about the very same requests.

use std::fmt::Write;
use std::path::Path;

use anyhow::Context;

use crate::limiter::Decision;
use crate::options::Options;

/// Writes `decisions` to `path`.
///
/// # Errors
/// Fails if the file cannot be written.
pub(crate) fn write(
    options: &Options,
    decisions: Vec<Decision>,
    path: &Path,
) -> anyhow::Result<()> {
    std::fs::write(path, text(options, decisions))
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// A line on the limiter, the names of the columns, and a row for each decision.
fn text(options: &Options, mut decisions: Vec<Decision>) -> String {
    // Two threads may have written their decisions down in the other order; the times say in which they were made.
    decisions.sort_by_key(|decision| decision.at);
    let Options {
        algorithm,
        rate,
        burst,
        keys,
        ..
    } = options;
    let mut text = format!(
        "# headroom-trace 1 program=rate-limiting algorithm={algorithm} rate={rate} burst={burst} keys={keys}\n\
         seconds,key,admitted\n"
    );
    for decision in decisions {
        let nanos = decision.at.as_nanos();
        let (secs, nanos) = (nanos / clock::NANOS_PER_SEC, nanos % clock::NANOS_PER_SEC);
        let (client, admitted) = (cell(&decision.client), decision.outcome.is_ok());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{secs}.{nanos:09},{client},{admitted}");
    }
    text
}

/// A name as a CSV cell; whoever sends a request names himself.
fn cell(name: &str) -> String {
    if name.contains([',', '"', ';', '\t']) {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}
