//! What goes wrong with the backend, and when: read from a file and checked, or a bad minute compressed into the run.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

/// The most entries of one file.
const ENTRIES_MAX: usize = 200;
/// The longest file, bytes; that many entries need less.
const BYTES_MAX: u64 = 256 * 1024;
/// The latest moment an entry may name, seconds; beyond it nothing runs.
const MOMENT_MAX_S: f64 = 86_400.0;
/// The longest a slow call may take, milliseconds.
const LATENCY_MAX_MS: f64 = 60_000.0;
/// The share of calls that fail, if an entry does not say.
const SHARE: f64 = 0.6;
/// How long slow calls take, milliseconds, if an entry does not say.
const LATENCY_MS: f64 = 800.0;

/// What is wrong with the backend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// This share of the calls is answered with status 500; above 0, at most 1.
    Errors {
        /// Of all calls.
        share: f64,
    },
    /// Every call takes this long.
    Slow {
        /// From the request to the answer.
        latency: Duration,
    },
    /// No call is ever answered.
    Hang,
    /// No connection is accepted, and open ones are broken off.
    Refuse,
}

/// Something that goes wrong for a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fault {
    /// When it begins, since the start of the run.
    pub from: Duration,
    /// When it is over.
    pub until: Duration,
    /// What it is.
    pub kind: Kind,
}

/// A part of the run in which the backend stays the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Phase {
    /// When it begins, since the start of the run.
    pub from: Duration,
    /// When it is over.
    pub until: Duration,
    /// What is wrong, if anything.
    pub kind: Option<Kind>,
}

/// All faults of a run, in the order of time; no two at once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Faults(Vec<Fault>);

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    from_s: f64,
    lasts_s: f64,
    kind: Name,
    share: Option<f64>,
    latency_ms: Option<f64>,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Name {
    Errors,
    Slow,
    Hang,
    Refuse,
}

impl Kind {
    /// One word, as files and figures write it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Errors { .. } => "errors",
            Self::Slow { .. } => "slow",
            Self::Hang => "hang",
            Self::Refuse => "refuse",
        }
    }

    /// A few words, as the table writes it.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Errors { share } => format!("{:.0} % errors", 100.0 * share),
            Self::Slow { latency } => format!("slow, {} ms", latency.as_millis()),
            Self::Hang => "hangs".to_owned(),
            Self::Refuse => "refuses calls".to_owned(),
        }
    }
}

impl Faults {
    /// Errors, slowness, silence and refusal, one after the other, with a rest after each.
    pub(crate) fn of_a_bad_minute(duration: Duration) -> Self {
        let latency = Duration::from_secs_f64(LATENCY_MS / 1e3);
        let script = [
            (0.100, 0.275, Kind::Errors { share: SHARE }),
            (0.325, 0.450, Kind::Slow { latency }),
            (0.500, 0.725, Kind::Hang),
            (0.800, 0.900, Kind::Refuse),
        ];
        let fault = |(from, until, kind)| Fault {
            from: duration.mul_f64(from),
            until: duration.mul_f64(until),
            kind,
        };
        Self(script.map(fault).to_vec())
    }

    /// Reads the file at `path` for a run of `duration`.
    ///
    /// # Errors
    /// One sentence on the first thing that is wrong with it, with the number of the entry.
    pub(crate) fn read(path: &Path, duration: Duration) -> Result<Self, String> {
        let about = |what: String| format!("--faults {}: {what}", path.display());
        let text = text(path).map_err(about)?;
        Self::parse(&text, duration).map_err(about)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn parse(text: &str, duration: Duration) -> Result<Self, String> {
        let entries: Value =
            serde_json::from_str(text).map_err(|error| format!("this is not JSON: {error}"))?;
        let Value::Array(entries) = entries else {
            return Err("a list of entries is needed, in square brackets".to_owned());
        };
        if entries.len() > ENTRIES_MAX {
            let count = entries.len();
            return Err(format!(
                "{count} entries are too many; {ENTRIES_MAX} may be"
            ));
        }
        let mut faults = Vec::new();
        for (entry, number) in entries.into_iter().zip(1..) {
            let fault = fault(entry, duration).map_err(|what| format!("entry {number}: {what}"))?;
            faults.push((fault, number));
        }
        faults.sort_by_key(|(fault, _)| fault.from);
        for pair in faults.windows(2) {
            let [(first, one), (second, other)] = pair else {
                continue;
            };
            if second.from < first.until {
                let (from_s, until_s) = (second.from.as_secs_f64(), first.until.as_secs_f64());
                return Err(format!(
                    "entry {other}: it begins at {from_s} s, and entry {one} lasts until {until_s} s; one at a time"
                ));
            }
        }
        Ok(Self(faults.into_iter().map(|(fault, _)| fault).collect()))
    }

    /// The faults in the order of time.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// What is wrong at `moment`, since the start of the run.
    pub(crate) fn at(&self, moment: Duration) -> Option<Kind> {
        let fault = self
            .iter()
            .find(|fault| (fault.from..fault.until).contains(&moment))?;
        Some(fault.kind)
    }

    /// The run of `duration` in parts, well and unwell in turn.
    pub(crate) fn phases(&self, duration: Duration) -> Vec<Phase> {
        let mut phases = Vec::new();
        let mut from = Duration::ZERO;
        let mut add = |from: Duration, until: Duration, kind| {
            if from < until {
                phases.push(Phase { from, until, kind });
            }
        };
        for fault in self.iter() {
            let until = fault.until.min(duration);
            add(from, fault.from, None);
            add(fault.from, until, Some(fault.kind));
            from = until;
        }
        add(from, duration, None);
        phases
    }
}

fn text(path: &Path) -> Result<String, String> {
    let unreadable = |error| format!("it cannot be read: {error}");
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut text = String::new();
    file.take(BYTES_MAX + 1)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    if text.len() as u64 > BYTES_MAX {
        return Err(format!("it is longer than {BYTES_MAX} bytes"));
    }
    Ok(text)
}

/// One entry, checked for itself.
fn fault(entry: Value, duration: Duration) -> Result<Fault, String> {
    let entry: Entry = serde_json::from_value(entry).map_err(|error| error.to_string())?;
    let Entry {
        from_s, lasts_s, ..
    } = entry;
    let end_s = duration.as_secs_f64();
    if !(0.0..MOMENT_MAX_S).contains(&from_s) {
        return Err(format!("from_s is {from_s}; a fault begins at 0 or later"));
    }
    if from_s >= end_s {
        return Err(format!(
            "it begins at {from_s} s, and the run ends at {end_s} s"
        ));
    }
    if !(0.001..=MOMENT_MAX_S).contains(&lasts_s) {
        return Err(format!(
            "lasts_s is {lasts_s}; a fault lasts between 0.001 and {MOMENT_MAX_S} s"
        ));
    }
    let from = Duration::from_secs_f64(from_s);
    Ok(Fault {
        from,
        until: from + Duration::from_secs_f64(lasts_s),
        kind: kind(&entry)?,
    })
}

/// What an entry says is wrong, if it says nothing that does not belong to that.
fn kind(entry: &Entry) -> Result<Kind, String> {
    if entry.share.is_some() && entry.kind != Name::Errors {
        return Err("share belongs to errors only".to_owned());
    }
    if entry.latency_ms.is_some() && entry.kind != Name::Slow {
        return Err("latency_ms belongs to slow only".to_owned());
    }
    match entry.kind {
        Name::Hang => Ok(Kind::Hang),
        Name::Refuse => Ok(Kind::Refuse),
        Name::Errors => {
            let share = entry.share.unwrap_or(SHARE);
            if share > 0.0 && share <= 1.0 {
                Ok(Kind::Errors { share })
            } else {
                Err(format!("share is {share}; it is above 0 and at most 1"))
            }
        }
        Name::Slow => {
            let latency_ms = entry.latency_ms.unwrap_or(LATENCY_MS);
            if (1.0..=LATENCY_MAX_MS).contains(&latency_ms) {
                let latency = Duration::from_secs_f64(latency_ms / 1e3);
                Ok(Kind::Slow { latency })
            } else {
                Err(format!(
                    "latency_ms is {latency_ms}; it is between 1 and {LATENCY_MAX_MS}"
                ))
            }
        }
    }
}
