//! The account of a comparison, as a table or as JSON.

use std::fmt;
use std::io::{self, ErrorKind, Write as _};

use crate::compare::{Column, Report};

/// Width of the names of the rows, characters.
const NAME: usize = 34;
/// Width of a column, characters.
const CELL: usize = 14;

impl Report {
    /// Writes the account to standard output, as JSON or as a table.
    ///
    /// # Errors
    /// Fails if standard output cannot be written.
    pub(crate) fn print(&self, json: bool) -> anyhow::Result<()> {
        let text = if json {
            serde_json::to_string_pretty(self)? + "\n"
        } else {
            self.to_string()
        };
        Ok(say(&text)?)
    }

    /// The columns there are, each with its name.
    pub(crate) fn columns(&self) -> Vec<(&'static str, Column)> {
        let mut columns = vec![("tokio tasks", self.tokio), ("OS threads", self.os_threads)];
        columns.extend(self.goroutines.map(|column| ("goroutines", column)));
        columns
    }

    fn row(
        &self,
        f: &mut fmt::Formatter<'_>,
        name: &str,
        cell: impl Fn(&Column) -> Option<String>,
    ) -> fmt::Result {
        write!(f, "{name:<NAME$}")?;
        for (_, column) in self.columns() {
            let cell = cell(&column).unwrap_or_else(|| "-".to_owned());
            write!(f, "{cell:>CELL$}")?;
        }
        writeln!(f)
    }
}

/// Writes to standard output; whoever closed it, as `head` does once it has its lines, wants no more.
///
/// # Errors
/// Fails if it cannot be written for any other reason.
pub(crate) fn say(text: &str) -> io::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// A number with a comma after every three digits: `1234567` is `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Nanoseconds as whole milliseconds, rounded: the table and the figure say the same.
pub(crate) fn millis(ns: u64) -> u64 {
    (ns + 500_000) / 1_000_000
}

fn whole(number: Option<u64>) -> Option<String> {
    number.map(grouped)
}

/// Bytes as megabytes of 1,000,000 bytes with one decimal.
fn megabytes(bytes: Option<u64>) -> Option<String> {
    bytes.map(|bytes| format!("{:.1}", bytes as f64 / 1e6))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cpus,
            rounds,
            stack_kib,
            ..
        } = self;
        let processors = if *cpus == 1 {
            "processor"
        } else {
            "processors"
        };
        writeln!(f, "machine    {cpus} {processors}")?;
        if let Some(limit) = self.limits.first() {
            writeln!(
                f,
                "threads    at most {} are safe here ({limit}); stacks of {} KiB",
                grouped(limit.threads),
                grouped(u64::from(*stack_kib))
            )?;
        }
        writeln!(f, "go         {}\n", self.go)?;
        write!(f, "{:<NAME$}", "")?;
        for (name, _) in self.columns() {
            write!(f, "{name:>CELL$}")?;
        }
        let runs = match rounds {
            1 => "one run".to_owned(),
            rounds => format!("median of {rounds} runs"),
        };
        writeln!(f)?;
        self.row(f, "started", |c| Some(grouped(c.started.into())))?;
        writeln!(f, "each sleeps 100 ms ({runs})")?;
        self.row(f, "  until all are done, ms", |c| {
            whole(c.wall_ns.map(millis))
        })?;
        self.row(f, "  processor time, ms", |c| whole(c.cpu_ns.map(millis)))?;
        self.row(f, "  peak resident memory, MB", |c| megabytes(c.peak_bytes))?;
        writeln!(f, "all alive at once, bytes each")?;
        self.row(f, "  resident", |c| whole(c.resident_bytes_each))?;
        self.row(f, "  stack in the kernel", |c| whole(c.kernel_bytes_each))?;
        self.row(f, "  address space", |c| whole(c.reserved_bytes_each))?;
        writeln!(f, "time of one, ns")?;
        self.row(f, "  start and end", |c| whole(c.create_ns))?;
        self.row(f, "  hand over, one processor", |c| whole(c.switch_ns))?;
        self.row(f, "  hand over, all processors", |c| whole(c.switch_all_ns))?;
        Ok(())
    }
}
