//! What a lab keeps until its reader returns: seed, moment, knobs and actions, in one short line of text.

use clock::Instant;

use crate::numbers::decimal;

/// Where a reader left a lab.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Memory {
    /// The seed.
    pub seed: u64,
    /// The moment.
    pub now: Instant,
    /// Knobs that were turned, by id.
    pub knobs: Vec<(String, f64)>,
    /// Actions done, in order of time.
    pub actions: Vec<(Instant, usize)>,
    /// Knobs of the second run of a comparison that were turned; `None` when nothing was compared.
    pub twin: Option<Vec<(String, f64)>>,
}

/// Version of the line's format; lines of another version are forgotten.
const VERSION: &str = "1";

impl Memory {
    /// The line: `1;seed;nanoseconds;knob=value,…;nanoseconds:action,…`, and in a comparison `;knob=value,…` of the second run.
    pub(crate) fn to_line(&self) -> String {
        let actions: Vec<String> = (self.actions.iter())
            .map(|(at, action)| format!("{}:{action}", at.as_nanos()))
            .collect();
        let mut line = format!(
            "{VERSION};{};{};{};{}",
            self.seed,
            self.now.as_nanos(),
            pairs(&self.knobs),
            actions.join(",")
        );
        if let Some(twin) = &self.twin {
            line.push(';');
            line.push_str(&pairs(twin));
        }
        line
    }

    /// Reads a line; `None` if it is not one of ours.
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let mut parts = line.split(';');
        if parts.next()? != VERSION {
            return None;
        }
        let seed = parts.next()?.parse().ok()?;
        let now = Instant::from_nanos(parts.next()?.parse().ok()?);
        let knobs = list(parts.next()?, knob)?;
        let actions = list(parts.next()?, |entry| {
            let (at, action) = entry.split_once(':')?;
            Some((Instant::from_nanos(at.parse().ok()?), action.parse().ok()?))
        })?;
        let twin = match parts.next() {
            Some(text) => Some(list(text, knob)?),
            None => None,
        };
        Some(Self {
            seed,
            now,
            knobs,
            actions,
            twin,
        })
    }
}

/// Reads one `id=value`.
pub(crate) fn knob(entry: &str) -> Option<(String, f64)> {
    let (id, value) = entry.split_once('=')?;
    Some((id.to_owned(), decimal(value)?))
}

/// Knobs as `id=value,…`; ids and numbers only, so nothing has to be escaped.
pub(crate) fn pairs(knobs: &[(String, f64)]) -> String {
    let pairs: Vec<String> = (knobs.iter())
        .map(|(id, value)| format!("{id}={value}"))
        .collect();
    pairs.join(",")
}

/// Reads entries with commas between them; `None` if one of them cannot be read.
pub(crate) fn list<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    text.split(',')
        .filter(|entry| !entry.is_empty())
        .map(read)
        .collect()
}
