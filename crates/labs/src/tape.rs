//! What a run has recorded: the event log and the lines of the charts, written once and replayed.
//!
//! The future that has been seen stays on the tape when a reader goes back.
//! Re-running over it writes the same entries again, which costs nothing and is checked in debug builds.

use clock::Instant;
use sim::{Event, EventId, Log};

/// One point of a chart's line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When.
    pub at: Instant,
    /// The value, in the chart's unit.
    pub value: f64,
}

/// How far each part of a tape has been written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Mark {
    events: usize,
    lines: Vec<usize>,
}

/// The record of a run up to a cursor; see the module's text.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    log: Log,
    lines: Vec<Vec<Point>>,
    cursor: Mark,
    /// How far a reader has been; what lies beyond was computed ahead and stays out of sight.
    seen: Instant,
}

impl Tape {
    /// An empty tape for charts with so many lines in all.
    #[must_use]
    pub fn new(lines: usize) -> Self {
        Self {
            log: Log::new(),
            lines: vec![Vec::new(); lines],
            cursor: Mark {
                events: 0,
                lines: vec![0; lines],
            },
            seen: Instant::ZERO,
        }
    }

    /// Records an event and names it, so that later events can say it was their cause.
    pub fn event(&mut self, event: Event) -> EventId {
        let index = self.cursor.events;
        self.cursor.events += 1;
        if let Some(known) = self.log.events().get(index) {
            debug_assert_eq!(*known, event, "a replay must repeat the run");
            return EventId(index as u32);
        }
        self.log.push(event)
    }

    /// Records a point of a line; lines are numbered through all charts. Points come in order of time.
    pub fn sample(&mut self, line: usize, at: Instant, value: f64) {
        let (points, cursor) = (&mut self.lines[line], &mut self.cursor.lines[line]);
        if *cursor == points.len() {
            points.push(Point { at, value });
        }
        *cursor += 1;
    }

    /// The log up to the cursor.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.log.events()[..self.cursor.events]
    }

    /// The entry behind the cursor, if it has been computed.
    pub(crate) fn next_event(&self) -> Option<&Event> {
        self.log.events().get(self.cursor.events)
    }

    /// The log as far as a reader has seen it, whatever was computed ahead.
    #[must_use]
    pub fn seen_events(&self) -> &[Event] {
        let events = self.log.events();
        &events[..events.partition_point(|event| event.at <= self.seen)]
    }

    /// A line up to the cursor.
    #[must_use]
    pub fn line(&self, line: usize) -> &[Point] {
        &self.lines[line][..self.cursor.lines[line]]
    }

    /// A line as far as a reader has seen it, whatever was computed ahead.
    #[must_use]
    pub fn seen_line(&self, line: usize) -> &[Point] {
        let points = &self.lines[line];
        &points[..points.partition_point(|point| point.at <= self.seen)]
    }

    /// A line as far as it has been computed, to choose an axis that need not grow later.
    #[must_use]
    pub fn known_line(&self, line: usize) -> &[Point] {
        &self.lines[line]
    }

    /// How far a reader has been.
    pub(crate) fn seen(&self) -> Instant {
        self.seen
    }

    /// A reader stands at `now`.
    pub(crate) fn see(&mut self, now: Instant) {
        self.seen = self.seen.max(now);
    }

    /// Fingerprint of the whole log (FNV-1a, 64 bits); the same natively and in wasm.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.log.hash()
    }

    /// The same for the log up to the cursor.
    #[must_use]
    pub fn hash_here(&self) -> u64 {
        self.log.hash_first(self.cursor.events)
    }

    pub(crate) fn mark(&self) -> Mark {
        self.cursor.clone()
    }

    pub(crate) fn event_count(&self) -> usize {
        self.cursor.events
    }

    pub(crate) fn rewind(&mut self, mark: &Mark) {
        self.cursor.clone_from(mark);
    }

    /// An empty tape for the same charts.
    pub(crate) fn emptied(&self) -> Self {
        Self::new(self.lines.len())
    }

    /// Forgets what lies beyond the cursor: the reader has changed the future.
    pub(crate) fn cut(&mut self, now: Instant) {
        self.seen = now;
        self.log.truncate(self.cursor.events);
        for (points, &cursor) in self.lines.iter_mut().zip(&self.cursor.lines) {
            points.truncate(cursor);
        }
    }
}

impl Mark {
    pub(crate) fn events(&self) -> usize {
        self.events
    }
}
