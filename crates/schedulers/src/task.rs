//! The tasks of a run: what they are at, and for how long they have been.

use clock::Instant;

use crate::event::NONE;

/// How a task fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Life {
    /// Can run and waits for a worker.
    #[default]
    Ready,
    /// Runs.
    Running,
    /// Waits for a timer, the network, a channel, a flag, or others.
    Waiting,
    /// Is in a blocking system call.
    InCall,
    /// Has ended.
    Ended,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Since when it is ready, or runs, or waits.
    pub since: Instant,
    /// What is left of the computation it was interrupted in, in nanoseconds.
    pub(crate) left: u64,
    /// How far it is in an operation that does something several times.
    pub(crate) count: u32,
    /// How often its program was begun again.
    pub(crate) rounds: u32,
    /// What it received or read last.
    pub(crate) value: u32,
    pub(crate) program: u16,
    pub(crate) pc: u16,
    /// How it fares.
    pub life: Life,
}

impl Task {
    pub(crate) fn new(program: u16, now: Instant) -> Self {
        Self {
            since: now,
            left: 0,
            count: 0,
            rounds: 0,
            value: NONE,
            program,
            pc: 0,
            life: Life::Ready,
        }
    }

    /// The program it does, by its place in the workload.
    #[must_use]
    pub fn program(&self) -> u16 {
        self.program
    }

    /// The operation it does or does next, by its place in the program, and how often it has begun with it.
    #[must_use]
    pub fn place(&self) -> (u16, u32) {
        (self.pc, self.count)
    }
}
