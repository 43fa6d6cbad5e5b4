//! The event log: what happened, when, and because of what.

use clock::Instant;

use crate::hash::Fnv64;

/// The number of a log entry: its place in the log, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u32);

/// One entry of a log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// When it happened.
    pub at: Instant,
    /// The earlier entry that made it happen; none for what comes from outside.
    pub cause: Option<EventId>,
    /// What happened: an index into the model's list of kinds.
    pub kind: u16,
    /// To whom, such as a request's number.
    pub subject: u32,
    /// The number that decided, in the unit its kind says.
    pub value: f64,
}

/// An append-only list of events.
#[derive(Clone, Debug, Default)]
pub struct Log {
    events: Vec<Event>,
}

impl Log {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends an entry and returns its number, for later entries to name as their cause.
    pub fn push(&mut self, event: Event) -> EventId {
        let id = u32::try_from(self.events.len()).expect("4 billion entries would fill 160 GB");
        self.events.push(event);
        EventId(id)
    }

    /// All entries, oldest first.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The entry with this number.
    #[must_use]
    pub fn get(&self, id: EventId) -> Option<&Event> {
        self.events.get(id.0 as usize)
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether nothing has happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Keeps the first `len` entries, as stepping back does.
    pub fn truncate(&mut self, len: usize) {
        self.events.truncate(len);
    }

    /// The entry and its causes, nearest first: the answer to "why did this happen?".
    ///
    /// Ends at an entry without a cause, or at one that wrongly names itself or a later one.
    pub fn chain(&self, id: EventId) -> impl Iterator<Item = (EventId, &Event)> {
        let mut next = Some(id);
        core::iter::from_fn(move || {
            let id = next?;
            let event = self.get(id)?;
            next = event.cause.filter(|&cause| cause < id);
            Some((id, event))
        })
    }

    /// Fingerprint of all entries: the same natively and in a page, or the two runs differ.
    ///
    /// FNV-1a over time, cause (`u32::MAX` for none), kind, subject and the bits of the value.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash_first(self.events.len())
    }

    /// The same for the first `len` entries; for all of them when there are fewer.
    #[must_use]
    pub fn hash_first(&self, len: usize) -> u64 {
        let mut hash = Fnv64::new();
        for event in self.events.iter().take(len) {
            hash.write_u64(event.at.as_nanos());
            hash.write_u32(event.cause.map_or(u32::MAX, |cause| cause.0));
            hash.write_u16(event.kind);
            hash.write_u32(event.subject);
            hash.write_f64(event.value);
        }
        hash.finish()
    }
}
