//! Listens to mdBook while it builds: what it only warns of is a mistake in the book, and fails the build.

use core::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Keeps warnings and errors, lets everything else pass.
#[derive(Clone, Default)]
struct Recorder {
    complaints: Arc<Mutex<Vec<String>>>,
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }

    fn event(&self, event: &Event<'_>) {
        let mut words = Words(String::new());
        event.record(&mut words);
        // A panic while holding the lock would leave a list that is still good.
        self.complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(words.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// The message of an event.
struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            write!(self.0, "{value:?}").expect("writing to a String cannot fail");
        }
    }
}

/// Does the work and returns what mdBook complained of meanwhile.
pub(crate) fn listening<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let recorder = Recorder::default();
    let complaints = Arc::clone(&recorder.complaints);
    let result = tracing::subscriber::with_default(recorder, work);
    let mut complaints = complaints.lock().unwrap_or_else(PoisonError::into_inner);
    (result, core::mem::take(&mut complaints))
}
