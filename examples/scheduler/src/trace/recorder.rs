//! Where events go: a buffer of its own for each thread, so that recording takes no lock and no allocation.

#![expect(
    clippy::disallowed_types,
    reason = "records a real run, not a simulated one"
)]

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::slices::Slices;

/// The most events a file holds; a thread keeps no more either, so memory is bounded by this for each thread.
pub(crate) const ROWS_MAX: usize = 200_000;
/// Room a thread has from its first event on.
const ROOM: usize = 4096;

/// What happened to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It was handed to the runtime.
    Spawn,
    /// A poll begins.
    Start,
    /// A poll ends and the task waits.
    End,
    /// A poll ends and so does the task.
    Done,
    /// It can go on.
    Wake,
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// Since the recording began, nanoseconds.
    pub(crate) ns: u64,
    pub(crate) kind: Kind,
    /// Which task, from 0.
    pub(crate) task: u32,
    /// Which thread, from 0; none for one that is not the runtime's.
    pub(crate) worker: Option<u16>,
    /// The task that ran on this thread.
    pub(crate) by: Option<u32>,
}

/// What a thread is to the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It waits for the runtime.
    Outside,
    /// It polls tasks, or drives timers while there are none.
    Worker,
    /// It makes blocking calls.
    Blocking,
}

/// What one thread has recorded.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) role: Role,
    /// In order; their `worker` is not known yet.
    pub(crate) events: Vec<Event>,
    /// Events that were not kept.
    pub(crate) dropped: usize,
}

/// What a thread has recorded and not handed over.
struct Buffer {
    blocking: bool,
    running: Option<u32>,
    events: Vec<Event>,
    dropped: usize,
}

thread_local! {
    static BUFFER: RefCell<Buffer> = const {
        RefCell::new(Buffer { blocking: false, running: None, events: Vec::new(), dropped: 0 })
    };
}

/// Where threads hand over what they have recorded.
pub(crate) type Shelf = Arc<Mutex<Vec<Part>>>;

/// The beginning of a recording; whoever has it can record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recorder {
    began: Instant,
}

impl Recorder {
    /// Begins now.
    pub(crate) fn begin() -> Self {
        Self {
            began: Instant::now(),
        }
    }

    /// Something happens to `task` on this thread.
    pub(crate) fn record(self, kind: Kind, task: u32) {
        let ns = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        BUFFER.with_borrow_mut(|buffer| buffer.push(ns, kind, task));
    }

    /// A poll of `task` begins on this thread.
    pub(crate) fn start(self, task: u32) {
        self.record(Kind::Start, task);
        BUFFER.with_borrow_mut(|buffer| buffer.running = Some(task));
    }

    /// A blocking call that counts as `task` begins on this thread.
    pub(crate) fn block(self, task: u32) {
        BUFFER.with_borrow_mut(|buffer| buffer.blocking = true);
        self.start(task);
    }

    /// The poll of `task` is over.
    pub(crate) fn stop(self, kind: Kind, task: u32) {
        BUFFER.with_borrow_mut(|buffer| buffer.running = None);
        self.record(kind, task);
    }
}

impl Buffer {
    fn push(&mut self, ns: u64, kind: Kind, task: u32) {
        if self.events.len() == ROWS_MAX {
            self.dropped += 1;
            return;
        }
        if self.events.is_empty() {
            self.events.reserve(ROOM);
        }
        self.events.push(Event {
            ns,
            kind,
            task,
            worker: None,
            by: self.running,
        });
    }
}

/// Hands over what this thread has recorded; `role` is what it is if it made no blocking call.
pub(crate) fn hand_over(shelf: &Shelf, role: Role) {
    let part = BUFFER.with_borrow_mut(|buffer| Part {
        role: if buffer.blocking {
            Role::Blocking
        } else {
            role
        },
        events: std::mem::take(&mut buffer.events),
        dropped: std::mem::take(&mut buffer.dropped),
    });
    if !part.events.is_empty() {
        shelf
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(part);
    }
}

/// The events of all threads with the numbers of these: workers from 0, then those for blocking calls from `workers` on,
/// in the order of their first events.
pub(crate) fn numbered(mut parts: Vec<Part>, workers: u16) -> Vec<Event> {
    parts.sort_by_key(|part| part.events.first().map_or(0, |event| event.ns));
    let (mut next_worker, mut next_blocking) = (0, workers);
    let mut all = Vec::new();
    for part in parts {
        let next = match part.role {
            Role::Outside => None,
            Role::Worker => Some(&mut next_worker),
            Role::Blocking => Some(&mut next_blocking),
        };
        let worker = next.map(|next| {
            *next += 1;
            *next - 1
        });
        all.extend(
            part.events
                .into_iter()
                .map(|event| Event { worker, ..event }),
        );
    }
    all
}

/// What it costs to record an event, nanoseconds: a loop that does nothing else, in a thread of its own.
pub(crate) fn cost_of_an_event() -> u64 {
    let measuring = std::thread::spawn(|| {
        let recorder = Recorder::begin();
        let mut slices = Slices::begin();
        while slices.go_on() {
            for task in 0..1000 {
                recorder.record(Kind::Wake, task);
            }
            BUFFER.with_borrow_mut(|buffer| buffer.events.clear());
            slices.add(1000);
        }
        slices.median_ns()
    });
    measuring.join().ok().flatten().unwrap_or(0)
}
