//! Reads arrivals of the reader's own: a CSV with a column of times, or a trace with what a real limiter decided.
//!
//! ```text
//! # headroom-trace 1 program=rate-limiting algorithm=token-bucket rate=10 burst=50
//! seconds,key,admitted
//! 0.052113804,client-0,true
//! ```
//! The first line and the columns `key` and `admitted` may be missing; without a header the file is one column of seconds.
//! A file may hold anything: whatever is wrong with it is one sentence that names the line.
//! The code is plain on purpose, as every reader of the page downloads it: no float parser, no map, no general sort.

mod cells;

use clock::{Instant, NANOS_PER_SEC};

use cells::{nanos, number, short, split};

/// More arrivals than this are left out: a run keeps all its decisions in memory.
pub(crate) const ARRIVALS_MAX: usize = 200_000;
/// Arrivals later than this are left out: 24 hours.
pub(crate) const LAST: Instant = Instant::from_nanos(24 * 60 * 60 * NANOS_PER_SEC);
/// More keys than this do not get a limiter each.
pub(crate) const KEYS_MAX: usize = 50;
/// A first arrival later than this, a minute, was counted from an epoch such as 1970, and is moved to the origin.
const EPOCH: Instant = Instant::from_nanos(60 * NANOS_PER_SEC);
/// How a trace begins.
const TRACE: &str = "# headroom-trace";
/// Columns that hold times, and how many digits of their unit a nanosecond has.
const TIMES: [(&str, i32); 4] = [
    ("seconds", 9),
    ("ms", 6),
    ("milliseconds", 6),
    ("timestamp_ms", 6),
];
/// What a key's number is until it turns out that there are too many keys.
const FURTHER: u16 = u16::MAX;

/// One request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub(crate) at: Instant,
    /// Whose: an index into [`ArrivalsFile::keys`].
    pub(crate) key: u16,
    /// What was decided; true where nothing was recorded.
    pub(crate) admitted: bool,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ArrivalsFile {
    /// In order of time; at least one.
    pub(crate) arrivals: Vec<Arrival>,
    /// Who sends them; at least one, with an empty name if the file has no keys.
    pub(crate) keys: Vec<String>,
    /// Whether decisions were recorded.
    pub(crate) recorded: bool,
    /// The limiter that decided, in words; empty if unknown. Whoever reads the file fills it in.
    pub(crate) decided_by: String,
}

/// What the first line of a trace says of the limiter that decided; whatever is not said is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trace<'a> {
    /// Name of the algorithm, as programs spell it.
    pub(crate) algorithm: Option<&'a str>,
    /// Requests a second, 0.001 to 1,000,000.
    pub(crate) rate: Option<f64>,
    /// Requests at once, 1 to 1,000,000.
    pub(crate) burst: Option<u32>,
    /// Keys with a limit of their own, 1 to 1,000,000; 1 for one limit for everybody.
    pub(crate) keys: Option<u32>,
}

/// A file that was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Read<'a> {
    pub(crate) file: ArrivalsFile,
    pub(crate) trace: Trace<'a>,
    /// What had to be changed or left out, in sentences that each begin with a space; empty if nothing.
    pub(crate) notes: String,
}

/// A piece of the file, and what is wrong with it.
type Wrong<'a> = (&'a str, &'static str);

/// Reads a file.
///
/// # Errors
/// One sentence on the first thing that cannot be understood, with its line.
// ANCHOR: read
pub(crate) fn read(text: &str) -> Result<Read<'_>, String> {
    let mut reader = Reader::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (nth, line) in text.lines().enumerate() {
        if let Err((piece, what)) = reader.line(nth, line) {
            return Err(refusal(nth + 1, piece, what));
        }
    }
    reader.order();
    reader.finish()
}
// ANCHOR_END: read

/// The one sentence on what is wrong in a line.
pub(crate) fn refusal(line: usize, piece: &str, what: &str) -> String {
    format!("Line {line}: “{}” {what}.", short(piece))
}

/// What has been read so far.
#[derive(Default)]
struct Reader<'a> {
    columns: Option<Columns>,
    arrivals: Vec<Arrival>,
    keys: Vec<&'a str>,
    /// Rows beyond the most that are taken.
    left_out: usize,
    read: Read<'a>,
}

/// Where in a row things are; beyond every row if they are not there.
struct Columns {
    separator: u8,
    time: usize,
    key: usize,
    admitted: usize,
    /// How many digits of the unit of time a nanosecond has.
    digits: i32,
}

impl<'a> Reader<'a> {
    fn line(&mut self, nth: usize, line: &'a str) -> Result<(), Wrong<'a>> {
        if line.contains('\0') {
            return Err((line, "is not text"));
        }
        if nth == 0 && line.starts_with(TRACE) {
            return self.trace(line);
        }
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if self.arrivals.len() == ARRIVALS_MAX {
            self.left_out += 1;
            return Ok(());
        }
        if self.columns.is_none() {
            let columns = Columns::find(line)?;
            let header = columns.digits > 0;
            let digits = if header { columns.digits } else { TIMES[0].1 };
            self.columns = Some(Columns { digits, ..columns });
            if header {
                return Ok(());
            }
        }
        self.row(line)
    }

    /// Reads the first line.
    fn trace(&mut self, line: &'a str) -> Result<(), Wrong<'a>> {
        let trace = &mut self.read.trace;
        let version = line.split(' ').nth(2).unwrap_or_default();
        if version != "1" {
            return Err((version, "is no version of a trace that is known here"));
        }
        for word in line.split(' ') {
            let Some((name, value)) = word.split_once('=') else {
                continue;
            };
            let number = number(value);
            // A cast from a float saturates, and the range below is the same for all.
            let count = number.map(|number| number as u32);
            let good = match name {
                "rate" => {
                    trace.rate = number;
                    number.is_some_and(|rate| (0.001..=1e6).contains(&rate))
                }
                "burst" | "keys" => {
                    let field = if name == "burst" {
                        &mut trace.burst
                    } else {
                        &mut trace.keys
                    };
                    *field = count;
                    number
                        .is_some_and(|count| (1.0..=1e6).contains(&count) && count == count.floor())
                }
                "algorithm" => {
                    trace.algorithm = Some(value);
                    true
                }
                _ => true,
            };
            if !good {
                return Err((word, "is out of range"));
            }
        }
        Ok(())
    }

    /// Reads one request.
    fn row(&mut self, line: &'a str) -> Result<(), Wrong<'a>> {
        let Some(columns) = &self.columns else {
            return Ok(());
        };
        let [mut time, mut key, mut admitted] = ["", "", "1"];
        split(line, columns.separator, &mut |nth, cell| {
            if nth == columns.time {
                time = cell;
            } else if nth == columns.key {
                key = cell;
            } else if nth == columns.admitted {
                admitted = cell;
            }
        })?;
        let at = nanos(time, columns.digits).ok_or((time, "is no time of 0 or more"))?;
        let admitted = match admitted {
            "true" | "yes" | "1" => true,
            "false" | "no" | "0" => false,
            _ => return Err((admitted, "is neither true nor false")),
        };
        let known = self.keys.iter().position(|known| *known == key);
        let key = match known {
            Some(known) => known as u16,
            None if self.keys.len() == KEYS_MAX => FURTHER,
            None => {
                self.keys.push(key);
                self.keys.len() as u16 - 1
            }
        };
        self.arrivals.push(Arrival {
            at: Instant::from_nanos(at),
            key,
            admitted,
        });
        Ok(())
    }

    /// Sorts, moves an epoch to the origin, and cuts what is too late.
    fn order(&mut self) {
        let notes = &mut self.read.notes;
        note(
            notes,
            self.left_out,
            "rows beyond the first 200000 are left out.",
        );
        if !self.arrivals.is_sorted_by(|a, b| a.at <= b.at) {
            self.arrivals = sorted(core::mem::take(&mut self.arrivals));
            *notes += " The rows were not in order of time and have been sorted.";
        }
        let first = self
            .arrivals
            .first()
            .map_or(Instant::ZERO, |first| first.at);
        if first > EPOCH {
            for arrival in &mut self.arrivals {
                arrival.at = Instant::ZERO + arrival.at.since(first);
            }
            *notes += " The first arrival has been moved to 0 s.";
        }
        let all = self.arrivals.len();
        self.arrivals.retain(|arrival| arrival.at <= LAST);
        let late = all - self.arrivals.len();
        note(
            notes,
            late,
            "arrivals after the first 24 hours are left out.",
        );
    }

    fn finish(mut self) -> Result<Read<'a>, String> {
        let Read { file, trace, notes } = &mut self.read;
        let further = self
            .arrivals
            .iter()
            .filter(|arrival| arrival.key == FURTHER)
            .count();
        if further > 0 && trace.keys.is_some_and(|keys| keys > 1) {
            // Each key had a limit of its own, so those of the first keys stand for themselves.
            self.arrivals.retain(|arrival| arrival.key != FURTHER);
            note(
                notes,
                further,
                "arrivals of more than 50 keys are left out.",
            );
        } else if further > 0 {
            for arrival in &mut self.arrivals {
                arrival.key = 0;
            }
            self.keys = vec![""];
            *notes += " There are more than 50 keys, so all count as one.";
        }
        if self.arrivals.is_empty() {
            return Err("There are no arrivals in this file.".into());
        }
        file.arrivals = self.arrivals;
        file.keys = self.keys.iter().map(|key| short(key)).collect();
        file.recorded = self
            .columns
            .is_some_and(|found| found.admitted < usize::MAX);
        Ok(self.read)
    }
}

/// Says how many of something, if there are any.
fn note(notes: &mut String, count: usize, what: &str) {
    if count > 0 {
        *notes += &format!(" {count} {what}");
    }
}

/// The same in order of time, those of one instant in the order given: a merge sort.
fn sorted(mut given: Vec<Arrival>) -> Vec<Arrival> {
    let mut width = 1;
    while width < given.len() {
        let mut merged = Vec::with_capacity(given.len());
        for both in given.chunks(2 * width) {
            let (mut left, mut right) = both.split_at(width.min(both.len()));
            while let Some(next) = left.first().or(right.first()) {
                let earlier = right.first().filter(|right| right.at < next.at);
                merged.push(*earlier.unwrap_or(next));
                let side = if earlier.is_some() || left.is_empty() {
                    &mut right
                } else {
                    &mut left
                };
                *side = &side[1..];
            }
        }
        given = merged;
        width *= 2;
    }
    given
}

impl Columns {
    /// Understands the first row: the header, or the first time where there is none, and then there are no digits.
    fn find(line: &str) -> Result<Self, Wrong<'_>> {
        let signs = [b'\t', b';'].into_iter();
        let mut signs = signs.filter(|sign| line.as_bytes().contains(sign));
        let mut columns = Self {
            separator: signs.next().unwrap_or(b','),
            time: 0,
            key: usize::MAX,
            admitted: usize::MAX,
            digits: 0,
        };
        let separator = columns.separator;
        let cells = split(line, separator, &mut |nth, cell| {
            let is = |name: &str| cell.eq_ignore_ascii_case(name);
            if is("key") {
                columns.key = nth;
            } else if is("admitted") {
                columns.admitted = nth;
            } else if columns.digits == 0 {
                for (name, digits) in TIMES {
                    if is(name) {
                        (columns.time, columns.digits) = (nth, digits);
                    }
                }
            }
        })?;
        // What begins like a number is taken for one, so that it is the number that gets refused.
        let number = matches!(line.as_bytes(), [b'0'..=b'9' | b'-' | b'.' | b'"', ..]);
        if columns.digits == 0 && (cells > 1 || !number) {
            let what = "names no column seconds, ms, milliseconds or timestamp_ms";
            return Err((line, what));
        }
        Ok(columns)
    }
}
