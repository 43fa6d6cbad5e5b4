//! Runs a lab or judges a challenge natively.
//!
//! Run it:
//!
//! ```text
//! cargo run -p lab -- list
//! cargo run -p lab -- run one-bucket --seed 7 --knob burst=20 --act burst@3.2 --until 4.5
//! cargo run -p lab -- challenge newsletter --knob rate=9 --knob burst=60
//! ```
//!
//! The second prints the lab's counters at 4.5 s and the fingerprint of its log, which the page shows for the same run; the third
//! says in how many of 100 runs each goal was met. It ends with 0 if all is well, 1 if a challenge was not met, and 2 if the
//! command line or a file makes no sense.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

/// Exit code for a challenge that was not met.
const NOT_MET: u8 = 1;
/// Exit code for a name, a value or a file that the reader gave and that does not work.
const BAD_INPUT: u8 = 2;
/// A judge who is quicker than this says nothing before the verdict.
const PATIENCE: Duration = Duration::from_secs(2);
/// Time between two lines of progress.
const PERIOD: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let mut progress = Progress::new();
    match lab::answer(std::env::args_os(), &mut |done, all| {
        progress.judged(done, all)
    }) {
        Ok(done) => {
            progress.clear();
            for note in &done.notes {
                say(note);
            }
            // Somebody who reads the first lines only, as `head` does, closes the pipe early.
            let _ = std::io::stdout().write_all(done.text.as_bytes());
            ExitCode::from(if done.met { 0 } else { NOT_MET })
        }
        Err(sentence) => {
            say(&sentence);
            ExitCode::from(BAD_INPUT)
        }
    }
}

/// A sentence on standard error, which nobody may be reading.
fn say(sentence: &str) {
    let _ = writeln!(std::io::stderr(), "lab: {sentence}");
}

/// The line that says how far the judge is, on standard error, so that standard output holds nothing but the verdict.
#[allow(
    clippy::disallowed_types,
    reason = "it waits for a reader, not a model"
)]
struct Progress {
    due: std::time::Instant,
    shown: bool,
}

#[allow(
    clippy::disallowed_types,
    reason = "it waits for a reader, not a model"
)]
impl Progress {
    fn new() -> Self {
        Self {
            due: std::time::Instant::now() + PATIENCE,
            shown: false,
        }
    }

    fn judged(&mut self, done: u64, all: u64) {
        let now = std::time::Instant::now();
        if now < self.due {
            return;
        }
        self.due = now + PERIOD;
        self.shown = true;
        let mut out = std::io::stderr().lock();
        // On a terminal the next line takes the place of this one.
        let after = if out.is_terminal() { "\x1b[K\r" } else { "\n" };
        // Nobody may be reading; the judge goes on.
        let _ = write!(out, "judged {done} of {all} runs{after}").and_then(|()| out.flush());
    }

    fn clear(&self) {
        let mut out = std::io::stderr().lock();
        if self.shown && out.is_terminal() {
            let _ = write!(out, "\x1b[K").and_then(|()| out.flush());
        }
    }
}
