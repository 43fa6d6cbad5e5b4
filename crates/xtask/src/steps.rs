//! Says what is being done and how long each step took.
//!
//! On a terminal, the last line is alive: it names every step under way and its time so far. Elsewhere each step has
//! one line when it starts and one when it ends. Everything goes to standard error.

#![expect(
    clippy::disallowed_types,
    reason = "measures how long builds take, not simulated time"
)]

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;

/// How often the live line is drawn anew.
const REPAINT: Duration = Duration::from_millis(200);
/// The live line is cut here: one that wraps could not be erased.
const COLUMNS: usize = 79;

/// The steps of one command.
pub(crate) struct Steps {
    board: Arc<Mutex<Board>>,
}

#[derive(Default)]
struct Board {
    under_way: Vec<UnderWay>,
    terminal: bool,
    painted: bool,
}

struct UnderWay {
    name: String,
    started: Instant,
    status: String,
}

/// One step under way.
pub(crate) struct Step<'a> {
    steps: &'a Steps,
    name: &'a str,
}

impl Steps {
    /// Starts with no step under way.
    pub(crate) fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
        let board = Arc::new(Mutex::new(Board {
            terminal,
            ..Board::default()
        }));
        if terminal {
            let weak = Arc::downgrade(&board);
            // Ends by itself when the last owner of the board is gone.
            std::thread::spawn(move || {
                while let Some(board) = weak.upgrade() {
                    lock(&board).paint();
                    drop(board);
                    std::thread::sleep(REPAINT);
                }
            });
        }
        Self { board }
    }

    /// Runs one step and prints how long it took.
    pub(crate) fn run<T>(&self, name: &str, work: impl FnOnce(&Step) -> Result<T>) -> Result<T> {
        let started = Instant::now();
        {
            let mut board = lock(&self.board);
            if !board.terminal {
                eprintln!("  {name} …");
            }
            board.under_way.push(UnderWay {
                name: name.to_owned(),
                started,
                status: String::new(),
            });
        }
        let result = work(&Step { steps: self, name });
        let verdict = if result.is_ok() { "" } else { "  failed" };
        let mut board = lock(&self.board);
        board.under_way.retain(|step| step.name != name);
        board.print(&format!(
            "  {name:<22} {:>7.1} s{verdict}",
            started.elapsed().as_secs_f64()
        ));
        result
    }

    /// Prints a line above the live one.
    pub(crate) fn say(&self, line: &str) {
        lock(&self.board).print(line);
    }
}

impl Step<'_> {
    /// Says on the live line what the step is at; nothing elsewhere.
    pub(crate) fn status(&self, status: &str) {
        let mut board = lock(&self.steps.board);
        if let Some(step) = board
            .under_way
            .iter_mut()
            .find(|step| step.name == self.name)
        {
            status.clone_into(&mut step.status);
        }
    }

    /// Prints a line above the live one.
    pub(crate) fn say(&self, line: &str) {
        self.steps.say(line);
    }
}

impl Board {
    fn print(&mut self, line: &str) {
        self.erase();
        eprintln!("{line}");
        self.paint();
    }

    fn erase(&mut self) {
        if self.painted {
            eprint!("\r\x1b[2K");
            self.painted = false;
        }
    }

    fn paint(&mut self) {
        if !self.terminal || self.under_way.is_empty() {
            return;
        }
        self.erase();
        let now = Instant::now();
        let shown: Vec<String> = self.under_way.iter().map(|step| step.line(now)).collect();
        let line: String = format!("  … {}", shown.join(" · "))
            .chars()
            .take(COLUMNS)
            .collect();
        eprint!("{line}");
        // The line has no end, so it would stay in the buffer; if the terminal is gone there is nobody to tell.
        let _ = std::io::stderr().flush();
        self.painted = true;
    }
}

impl UnderWay {
    fn line(&self, now: Instant) -> String {
        let seconds = (now - self.started).as_secs();
        if self.status.is_empty() {
            format!("{} {seconds} s", self.name)
        } else {
            format!("{} {seconds} s ({})", self.name, self.status)
        }
    }
}

/// A step that panicked while printing leaves a board that is still good to print on.
fn lock(board: &Mutex<Board>) -> MutexGuard<'_, Board> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}
