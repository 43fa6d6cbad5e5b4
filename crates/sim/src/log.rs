//! The event log: what happened, when, and because of what.

use clock::Instant;

use crate::hash::Fnv64;

/// The number of a log entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u32);

/// One entry of a log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// When it happened.
    pub at: Instant,
    /// The earlier entry that made it happen.
    pub cause: Option<EventId>,
    /// What happened: an index into the model's list of kinds.
    pub kind: u16,
    /// To whom, such as a request's number.
    pub subject: u32,
    /// The number that decided.
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

    /// Appends an entry.
    pub fn push(&mut self, event: Event) -> EventId {
        self.events.push(event);
        EventId((self.events.len() - 1) as u32)
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

    /// Keeps the first `len` entries.
    pub fn truncate(&mut self, len: usize) {
        self.events.truncate(len);
    }

    /// The entry and its causes, nearest first.
    pub fn chain(&self, id: EventId) -> impl Iterator<Item = (EventId, &Event)> {
        let mut next = Some(id);
        core::iter::from_fn(move || {
            let id = next?;
            let event = self.get(id)?;
            next = event.cause;
            Some((id, event))
        })
    }

    /// Fingerprint of all entries.
    #[must_use]
    pub fn hash(&self) -> u64 {
        let mut hash = Fnv64::new();
        for event in &self.events {
            hash.write(&event.at.as_nanos().to_le_bytes());
            hash.write(&event.cause.map_or(u32::MAX, |cause| cause.0).to_le_bytes());
            hash.write(&event.kind.to_le_bytes());
            hash.write(&event.subject.to_le_bytes());
            hash.write(&event.value.to_bits().to_le_bytes());
        }
        hash.finish()
    }
}
