//! Reads arrivals of the reader's own: a CSV with a column of times, or a trace with what a real limiter decided.
//!
//! ```text
//! # headroom-trace 1 program=rate-limiting algorithm=token-bucket rate=10 burst=50
//! seconds,key,admitted
//! 0.052113804,client-0,true
//! ```
//! The first line and the columns `key` and `admitted` may be missing; without a header the file is one column of seconds.
//! A file is the reader's and may be anything: every mistake is one sentence that names the line.

mod cells;

use core::time::Duration;
use std::borrow::Cow;
use std::collections::BTreeMap;

use clock::Instant;

use cells::{nanos, short, split};

/// More arrivals than this are left out: a run keeps all its decisions in memory.
pub(crate) const ARRIVALS_MAX: usize = 200_000;
/// Arrivals later than this after the origin are left out.
pub(crate) const SPAN_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// More keys than this do not get a limiter each.
pub(crate) const KEYS_MAX: usize = 50;
/// A first arrival later than this was counted from an epoch, such as 1970, and becomes the origin.
const EPOCH: Duration = Duration::from_secs(60);
/// How a trace begins.
const TRACE: &str = "# headroom-trace";
/// Columns that hold times, with the nanoseconds of their unit.
const TIMES: [(&str, u64); 4] = [
    ("seconds", 1_000_000_000),
    ("ms", 1_000_000),
    ("milliseconds", 1_000_000),
    ("timestamp_ms", 1_000_000),
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
    /// In order of time.
    pub(crate) arrivals: Vec<Arrival>,
    /// Who sends them; at least one if there are arrivals, and empty names if the file has none.
    pub(crate) keys: Vec<String>,
    /// Whether decisions were recorded.
    pub(crate) recorded: bool,
    /// The limiter that decided, in words; empty if unknown. Whoever reads the file fills it in.
    pub(crate) decided_by: String,
}

/// What the first line of a trace says of the limiter that decided; whatever is not said is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trace {
    /// Name of the algorithm, as programs spell it.
    pub(crate) algorithm: Option<String>,
    /// Requests a second, 0.001 to 1,000,000.
    pub(crate) rate: Option<f64>,
    /// Requests at once, 1 to 1,000,000.
    pub(crate) burst: Option<u32>,
    /// Keys with a limit of their own; 1 for one limit for everybody.
    pub(crate) keys: Option<u32>,
}

/// A file that was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Read {
    pub(crate) file: ArrivalsFile,
    /// There if the file is a trace.
    pub(crate) trace: Option<Trace>,
    /// What had to be changed or left out, in sentences; empty if nothing.
    pub(crate) notes: String,
}

/// Reads a file.
///
/// # Errors
/// One sentence on the first thing that cannot be understood, with its line.
// ANCHOR: read
pub(crate) fn read(text: &str) -> Result<Read, String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = Reader::default();
    for (nth, line) in text.lines().enumerate() {
        let read = reader.line(nth, line);
        read.map_err(|why| format!("Line {}: {why}.", nth + 1))?;
    }
    reader.finish()
}
// ANCHOR_END: read

/// What has been read so far.
#[derive(Default)]
struct Reader<'a> {
    columns: Option<Columns>,
    trace: Option<Trace>,
    arrivals: Vec<Arrival>,
    keys: BTreeMap<Cow<'a, str>, u16>,
    /// Rows beyond the most that are taken.
    left_out: usize,
}

/// Where in a row things are.
struct Columns {
    separator: char,
    time: usize,
    /// Nanoseconds of the unit of time.
    unit: u64,
    key: Option<usize>,
    admitted: Option<usize>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, nth: usize, line: &'a str) -> Result<(), String> {
        if line.contains('\0') {
            return Err("this is not text".into());
        }
        if nth == 0 && line.starts_with(TRACE) {
            self.trace = Some(Trace::read(&line[TRACE.len()..])?);
            return Ok(());
        }
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if self.arrivals.len() == ARRIVALS_MAX {
            self.left_out += 1;
            return Ok(());
        }
        match &self.columns {
            Some(columns) => {
                let (arrival, key) = columns.row(line)?;
                let key = self.number(key);
                self.arrivals.push(Arrival { key, ..arrival });
            }
            None => {
                let columns = Columns::find(line)?;
                if let Some(first) = columns.1 {
                    self.number(Cow::Borrowed(""));
                    self.arrivals.push(first);
                }
                self.columns = Some(columns.0);
            }
        }
        Ok(())
    }

    /// The number of a key, in the order in which they first appear.
    fn number(&mut self, key: Cow<'a, str>) -> u16 {
        if let Some(&number) = self.keys.get(&key) {
            return number;
        }
        if self.keys.len() == KEYS_MAX {
            return FURTHER;
        }
        let number = self.keys.len() as u16;
        self.keys.insert(key, number);
        number
    }

    fn finish(mut self) -> Result<Read, String> {
        let mut notes = String::new();
        if self.left_out > 0 {
            let (first, all) = (ARRIVALS_MAX, ARRIVALS_MAX + self.left_out);
            notes += &format!(" The first {first} of {all} rows are taken.");
        }
        self.too_many_keys(&mut notes);
        self.order(&mut notes);
        if self.arrivals.is_empty() {
            return Err("There are no arrivals in this file.".into());
        }
        let mut keys = vec![String::new(); self.keys.len()];
        for (name, number) in self.keys {
            keys[usize::from(number)] = short(&name);
        }
        let recorded = self.columns.is_some_and(|found| found.admitted.is_some());
        Ok(Read {
            file: ArrivalsFile {
                arrivals: self.arrivals,
                keys,
                recorded,
                decided_by: String::new(),
            },
            trace: self.trace,
            notes,
        })
    }

    /// Where each key had a limit of its own, those of the first keys stand for themselves; else it matters to nobody who sent what.
    fn too_many_keys(&mut self, notes: &mut String) {
        let before = self.arrivals.len();
        if self.arrivals.iter().all(|arrival| arrival.key != FURTHER) {
            return;
        }
        let trace = self.trace.as_ref();
        if trace
            .and_then(|trace| trace.keys)
            .is_some_and(|keys| keys > 1)
        {
            self.arrivals.retain(|arrival| arrival.key != FURTHER);
            let gone = before - self.arrivals.len();
            *notes += &format!(
                " Only the first {KEYS_MAX} keys are taken; {gone} arrivals of others are left out."
            );
        } else {
            self.arrivals.iter_mut().for_each(|arrival| arrival.key = 0);
            self.keys = BTreeMap::from([(Cow::Borrowed(""), 0)]);
            *notes += &format!(
                " There are more than {KEYS_MAX} keys, so all arrivals count as one key's."
            );
        }
    }

    /// Sorts, moves an epoch to the origin, and cuts what is too late.
    fn order(&mut self, notes: &mut String) {
        if !self.arrivals.is_sorted_by_key(|arrival| arrival.at) {
            self.arrivals.sort_by_key(|arrival| arrival.at);
            *notes += " The rows were not in order of time and have been sorted.";
        }
        let Some(&Arrival { at: first, .. }) = self.arrivals.first() else {
            return;
        };
        if first > Instant::ZERO + EPOCH {
            for arrival in &mut self.arrivals {
                arrival.at = Instant::ZERO + arrival.at.since(first);
            }
            *notes += " The first arrival has been moved to 0 s.";
        }
        let late = Instant::ZERO + SPAN_MAX;
        let within = self.arrivals.partition_point(|arrival| arrival.at <= late);
        let gone = self.arrivals.len() - within;
        if gone > 0 {
            self.arrivals.truncate(within);
            *notes += &format!(" {gone} arrivals after the first 24 hours are left out.");
        }
    }
}

impl Trace {
    /// Reads what follows the first words of the first line.
    fn read(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let version = words.next().unwrap_or_default();
        if version != "1" || !text.starts_with(' ') {
            return Err(format!(
                "this is a trace of version “{}”, and only version 1 is known",
                short(version)
            ));
        }
        let mut trace = Self::default();
        for (name, value) in words.filter_map(|word| word.split_once('=')) {
            let wrong = |_| format!("{name} cannot be “{}”", short(value));
            match name {
                "algorithm" => trace.algorithm = Some(short(value)),
                "rate" => {
                    let rate = value
                        .parse()
                        .ok()
                        .filter(|rate| (0.001..=1e6).contains(rate));
                    trace.rate = Some(rate.ok_or(()).map_err(wrong)?);
                }
                "burst" => trace.burst = Some(count(value).map_err(wrong)?),
                "keys" => trace.keys = Some(count(value).map_err(wrong)?),
                _ => {}
            }
        }
        Ok(trace)
    }
}

/// A whole number from 1 to 1,000,000.
fn count(text: &str) -> Result<u32, ()> {
    let number = text.parse().ok();
    number
        .filter(|number| (1..=1_000_000).contains(number))
        .ok_or(())
}

impl Columns {
    /// Understands the first row: the header, or the first time where there is none.
    fn find(line: &str) -> Result<(Self, Option<Arrival>), String> {
        let separator = ['\t', ';'].into_iter().find(|&sign| line.contains(sign));
        let mut columns = Self {
            separator: separator.unwrap_or(','),
            time: 0,
            unit: 0,
            key: None,
            admitted: None,
        };
        let mut first = Cow::Borrowed("");
        let cells = split(line, columns.separator, |nth, cell| {
            let name = cell.to_ascii_lowercase();
            let time = TIMES.iter().find(|(known, _)| *known == name);
            match (time, name.as_str()) {
                (Some(&(_, unit)), _) if columns.unit == 0 => {
                    (columns.time, columns.unit) = (nth, unit)
                }
                (_, "key") => columns.key = Some(nth),
                (_, "admitted") => columns.admitted = Some(nth),
                _ => {}
            }
            if nth == 0 {
                first = cell;
            }
        })?;
        if columns.unit > 0 {
            return Ok((columns, None));
        }
        let number = first.starts_with(|sign: char| sign.is_ascii_digit() || "+-.".contains(sign));
        if cells > 1 || !number {
            return Err("no column is named seconds, ms, milliseconds or timestamp_ms".into());
        }
        columns.unit = TIMES[0].1;
        let (arrival, _) = columns.row(line)?;
        Ok((columns, Some(arrival)))
    }

    /// One request, its key still by name.
    fn row<'a>(&self, line: &'a str) -> Result<(Arrival, Cow<'a, str>), String> {
        let [mut time, mut key, mut admitted] = [const { Cow::Borrowed("") }; 3];
        split(line, self.separator, |nth, cell| {
            if nth == self.time {
                time = cell;
            } else if Some(nth) == self.key {
                key = cell;
            } else if Some(nth) == self.admitted {
                admitted = cell;
            }
        })?;
        let admitted = match (self.admitted, admitted.to_ascii_lowercase().as_str()) {
            (None, _) | (_, "true" | "yes" | "1") => true,
            (_, "false" | "no" | "0") => false,
            (_, other) => {
                return Err(format!(
                    "admitted is “{}”, neither true nor false",
                    short(other)
                ));
            }
        };
        let at = Instant::from_nanos(nanos(&time, self.unit)?);
        let arrival = Arrival {
            at,
            key: 0,
            admitted,
        };
        Ok((arrival, key))
    }
}
