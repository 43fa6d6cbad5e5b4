//! The account for people: a table with a part for each fault; and for programs, as JSON.

use std::fmt;
use std::io::{ErrorKind, Write};

use crate::account::{Account, Gateway, Tally};

/// The most parts the table shows; the JSON has them all.
const PARTS_MAX: usize = 20;

/// Writes the account to standard output, as JSON or as a table.
///
/// # Errors
/// Fails if standard output cannot be written.
pub(crate) fn print(account: &Account, json: bool) -> anyhow::Result<()> {
    let text = if json {
        serde_json::to_string_pretty(account)? + "\n"
    } else {
        account.to_string()
    };
    match std::io::stdout().write_all(text.as_bytes()) {
        // Whoever closed it, as `head` does once it has its lines, wants no more.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            policy,
            settings,
            rate_per_s,
            duration_s,
            seed,
            ..
        } = self;
        writeln!(
            f,
            "load      {rate_per_s}/s for {duration_s} s (seed {seed}), a quarter of it for the catalogue"
        )?;
        writeln!(
            f,
            "gateways  {} requests at once, {} s for the backend; clients wait {} s",
            self.places, self.time_out_s, self.patience_s
        )?;
        if self.runs.len() > 1 {
            writeln!(f, "breaker   {policy}: {settings}")?;
        }
        writeln!(f, "\n{}\n{}", HEAD[0], HEAD[1])?;
        let shown = self.runs.first().map_or(0, |run| run.phases.len());
        for phase in 0..shown.min(PARTS_MAX) {
            self.phase(f, phase)?;
        }
        if shown > PARTS_MAX {
            writeln!(f, "and {} more parts, see --json", shown - PARTS_MAX)?;
        }
        writeln!(f, "in all")?;
        for run in &self.runs {
            row(f, run.label, &run.total)?;
        }
        writeln!(f)?;
        for run in &self.runs {
            footer(f, run)?;
        }
        Ok(())
    }
}

/// Two lines: what some columns have in common, and the columns.
const HEAD: [&str; 2] = [
    "                                                                    time to answer, ms      catalogue",
    "                    sent  admitted  rejected    failed  timed out        p50       p99  admitted    p99 ms     calls",
];

impl Account {
    fn phase(&self, f: &mut fmt::Formatter<'_>, number: usize) -> fmt::Result {
        for (run, is_first) in self.runs.iter().zip([true, false]) {
            let part = &run.phases[number];
            if is_first {
                writeln!(
                    f,
                    "{} from {:.1} to {:.1} s",
                    part.words, part.from_s, part.until_s
                )?;
            }
            row(f, run.label, &part.tally)?;
        }
        Ok(())
    }
}

/// Shares of all requests; of the catalogue's, the share that was admitted.
fn row(f: &mut fmt::Formatter<'_>, label: &str, tally: &Tally) -> fmt::Result {
    let share = |part: usize, of: usize| match of {
        0 => "-".to_owned(),
        of => format!("{:.1}%", 100.0 * part as f64 / of as f64),
    };
    let of_sent = |part| share(part, tally.sent);
    writeln!(
        f,
        "  {label:<13} {:>8} {:>9} {:>9} {:>9} {:>10} {:>10.1} {:>9.1} {:>9} {:>9.1} {:>9}",
        tally.sent,
        of_sent(tally.admitted),
        of_sent(tally.rejected),
        of_sent(tally.failed),
        of_sent(tally.timed_out),
        tally.p50_ms,
        tally.p99_ms,
        share(tally.catalogue_admitted, tally.catalogue_sent),
        tally.catalogue_p99_ms,
        tally.backend_calls,
    )
}

/// The sum that every request is in, and how much it can be trusted.
fn footer(f: &mut fmt::Formatter<'_>, run: &Gateway) -> fmt::Result {
    let Tally {
        sent,
        admitted,
        rejected,
        failed,
        timed_out,
        ..
    } = run.total;
    write!(
        f,
        "{}: {admitted} admitted + {rejected} rejected + {failed} failed + {timed_out} timed out = {sent} sent",
        run.label
    )?;
    writeln!(
        f,
        "; 99 % were sent within {:.1} ms of being due",
        run.sent_late_p99_ms
    )
}
