//! The line that says what is being measured, on standard error, in runs of more than two seconds.

#![expect(
    clippy::disallowed_types,
    reason = "watches a real run, not a simulated one"
)]

use std::io::{IsTerminal, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often a line is written where it cannot be overwritten.
const PERIOD: Duration = Duration::from_secs(3);
/// Nothing is said in the first two seconds.
const QUIET: Duration = Duration::from_secs(2);

/// Says what is under way until it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    steps: Option<Sender<String>>,
    teller: Option<JoinHandle<()>>,
    done: u32,
    total: u32,
}

impl Progress {
    /// Of so many steps.
    pub(crate) fn of(total: u32) -> Self {
        let (steps, told) = channel::<String>();
        let teller = std::thread::spawn(move || tell(&told));
        Self {
            steps: Some(steps),
            teller: Some(teller),
            done: 0,
            total,
        }
    }

    /// The next step begins.
    pub(crate) fn step(&mut self, what: &str) {
        self.done += 1;
        let line = format!("{} of {}: {what}", self.done, self.total);
        if let Some(steps) = &self.steps {
            // Whoever tells the steps ends only after this.
            let _ = steps.send(line);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.steps.take());
        if let Some(teller) = self.teller.take() {
            // It does nothing that could panic, and there is nobody to tell.
            let _ = teller.join();
        }
    }
}

/// Writes what is under way, until nobody tells any more.
fn tell(told: &Receiver<String>) {
    let terminal = std::io::stderr().is_terminal();
    let mut now = String::new();
    let (mut due, mut said) = (Instant::now() + QUIET, false);
    loop {
        match told.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Ok(step) => {
                now = step;
                // Where a line can be overwritten, every step is shown at once.
                if !(terminal && said) {
                    continue;
                }
            }
            Err(RecvTimeoutError::Timeout) => due += PERIOD,
            Err(RecvTimeoutError::Disconnected) => break,
        }
        line(&now, terminal);
        said = true;
    }
    if terminal && said {
        line("", true);
    }
}

fn line(text: &str, terminal: bool) {
    let mut out = std::io::stderr().lock();
    // On a terminal the next line, or the account, takes the place of this one.
    let after = if terminal { "\x1b[K\r" } else { "\n" };
    let _ = write!(out, "{text}{after}").and_then(|()| out.flush());
}
