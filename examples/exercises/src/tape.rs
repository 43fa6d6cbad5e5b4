//! What the running check has called so far, so that a miss, a panic or an endless loop can be shown with it.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A call with its result, and how many times in a row it was the same.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    line: String,
    times: u32,
}

/// Only one check runs at a time, but the one who reports may be another thread.
static TAPE: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// How many entries a report shows.
const SHOWN: usize = 8;

fn tape() -> MutexGuard<'static, Vec<Entry>> {
    // A panic of the reader's code never happens under this lock.
    TAPE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets everything; a new check begins.
pub(crate) fn clear() {
    tape().clear();
}

/// A call is about to be made.
pub fn call(line: String) {
    tape().push(Entry { line, times: 1 });
}

/// The latest call has come back with this.
pub fn gave(result: &str) {
    let mut tape = tape();
    let Some(mut latest) = tape.pop() else {
        return;
    };
    latest.line.push_str(" -> ");
    latest.line.push_str(result);
    match tape.last_mut() {
        Some(before) if before.line == latest.line => before.times += 1,
        _ => tape.push(latest),
    }
}

/// The latest entries, one a line, with a line for those left out.
pub(crate) fn lines() -> Vec<String> {
    let tape = tape();
    let skipped = tape.len().saturating_sub(SHOWN);
    let mut lines = Vec::new();
    if skipped > 0 {
        let calls: u32 = tape.iter().take(skipped).map(|entry| entry.times).sum();
        lines.push(format!("({calls} calls before these)"));
    }
    lines.extend(tape.iter().skip(skipped).map(|entry| {
        if entry.times == 1 {
            entry.line.clone()
        } else {
            format!("{}, {} times", entry.line, entry.times)
        }
    }));
    lines
}
