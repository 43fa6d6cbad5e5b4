//! The line that says what is being measured, on standard error, in runs of more than two seconds.

use std::io::{IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the line is renewed where it can be overwritten.
const PERIOD: Duration = Duration::from_secs(1);
/// How often a line is written where it cannot.
const SLOW: Duration = Duration::from_secs(5);
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
        let teller = std::thread::spawn(move || {
            let terminal = std::io::stderr().is_terminal();
            let period = if terminal { PERIOD } else { SLOW };
            let mut now = String::new();
            let mut wait = QUIET;
            loop {
                match told.recv_timeout(wait) {
                    Ok(step) => {
                        now = step;
                        // A change alone is no reason to write; what is left of the period is close enough.
                        if !terminal {
                            continue;
                        }
                    }
                    Err(RecvTimeoutError::Timeout) => wait = period,
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                if wait == period {
                    line(&now, terminal);
                }
            }
            if terminal && wait == period {
                line("", true);
            }
        });
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

fn line(text: &str, terminal: bool) {
    let mut out = std::io::stderr().lock();
    // On a terminal the next line, or the account, takes the place of this one.
    let after = if terminal { "\x1b[K\r" } else { "\n" };
    let _ = write!(out, "{text}{after}").and_then(|()| out.flush());
}
