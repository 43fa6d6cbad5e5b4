//! A recording as text; the format is described in the module above.

use std::fmt::Write;
use std::path::Path;

use anyhow::Context;

use super::recorder::{Event, Kind, ROWS_MAX};
use crate::options::Workload;

/// What is written to a file.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    /// The whole file.
    pub(crate) text: String,
    /// Events that are not in it.
    pub(crate) left_out: usize,
    rows: usize,
}

impl Recording {
    /// The recording of a run; `events` are in the order of each thread, and `dropped` more happened after them.
    pub(crate) fn new(
        workload: Workload,
        tasks: u32,
        workers: u16,
        mut events: Vec<Event>,
        dropped: usize,
    ) -> Self {
        // Stable, so that what one thread did in the same nanosecond keeps its order.
        events.sort_by_key(|event| event.ns);
        // A thread without room had filled a whole file, and all it left out comes after that: no gap is left.
        let left_out = dropped + events.len().saturating_sub(ROWS_MAX);
        events.truncate(ROWS_MAX);
        let first = format!(
            "program=scheduler runtime=tokio workers={workers} workload={} tasks={tasks} left_out={left_out}",
            workload.name()
        );
        Self {
            text: text(&first, &events),
            left_out,
            rows: events.len(),
        }
    }

    /// How many events it holds.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Writes it.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        std::fs::write(path, &self.text)
            .with_context(|| format!("{} cannot be written", path.display()))
    }
}

/// The first line, the names of the columns, and a row for each event.
fn text(first: &str, events: &[Event]) -> String {
    let mut text = format!("# headroom-trace 1 {first}\nns,event,task,worker,by\n");
    for event in events {
        let kind = match event.kind {
            Kind::Spawn => "spawn",
            Kind::Start => "start",
            Kind::End => "end",
            Kind::Done => "done",
            Kind::Wake => "wake",
        };
        // Writing to a string cannot fail.
        let _ = write!(text, "{},{kind},{},", event.ns, event.task);
        if let Some(worker) = event.worker {
            let _ = write!(text, "{worker}");
        }
        text.push(',');
        if let Some(by) = event.by {
            let _ = write!(text, "{by}");
        }
        text.push('\n');
    }
    text
}
