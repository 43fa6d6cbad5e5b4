//! What tasks do: programs of a few operations, the same for every scheduler.

use core::time::Duration;
use std::sync::Arc;

use clock::Instant;

/// One operation of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Computes for so long.
    Run(Duration),
    /// Computes for a time drawn from an exponential distribution with this mean.
    RunRandom(Duration),
    /// Steps aside once: Go's `runtime.Gosched`, tokio's `yield_now`, `sched_yield`.
    Yield,
    /// Sleeps on a timer.
    Sleep(Duration),
    /// Waits for the network for so long.
    Network(Duration),
    /// Is in a blocking system call for so long; in tokio this blocks the worker itself.
    Syscall(Duration),
    /// Has a blocking call done elsewhere for so long and waits for it: tokio's `spawn_blocking`; elsewhere the same as `Syscall`.
    Blocking(Duration),
    /// Sends the values 0, 1, 2 … of this count on a channel, one after the other.
    Send {
        /// Which channel.
        channel: u16,
        /// How many values.
        count: u32,
    },
    /// Receives a value; ends the task if the channel is closed and empty.
    Receive(u16),
    /// Closes a channel.
    Close(u16),
    /// Starts so many tasks.
    Spawn {
        /// Their program.
        program: u16,
        /// How many.
        count: u32,
    },
    /// Takes a flag down, without a lock: the value read is kept.
    ReadFlag(u16),
    /// Puts a flag up and wakes whoever waits for it.
    RaiseFlag(u16),
    /// Goes to sleep until the flag is put up the next time, if the value kept by the last `ReadFlag` was down.
    WaitFlag(u16),
    /// Notes this number in the log, which takes no time.
    Note(u32),
    /// Notes this number plus the value received last.
    NoteReceived(u32),
    /// Begins the program again until it has been done so often in all.
    Repeat(u32),
    /// Waits until all other tasks have ended.
    WaitAll,
}

/// What a kind of task does, from its first operation to its last.
pub type Program = Vec<Op>;

/// Programs, channels and what begins: everything a scheduler does not decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// The programs; tasks name them by their place in this list.
    pub programs: Arc<[Program]>,
    /// Capacity of each channel; 0 for one that hands over only.
    pub channels: Vec<u32>,
    /// Flags, all down at first.
    pub flags: u16,
    /// The program of the first task; `None` if all come from outside.
    pub root: Option<u16>,
    /// Tasks that come from outside: when, and their program; in order of time.
    pub arrivals: Arc<[(Instant, u16)]>,
    /// The worker whose own queue each of them enters, in the same order; those without one enter the shared queue.
    pub landing: Arc<[u32]>,
}

impl Workload {
    /// One first task that does the first of these programs.
    #[must_use]
    pub fn of(programs: Vec<Program>) -> Self {
        Self {
            programs: programs.into(),
            root: Some(0),
            ..Self::default()
        }
    }

    /// The same with channels of these capacities.
    #[must_use]
    pub fn with_channels(mut self, capacities: &[u32]) -> Self {
        self.channels = capacities.to_vec();
        self
    }

    /// The same with so many flags.
    #[must_use]
    pub fn with_flags(mut self, flags: u16) -> Self {
        self.flags = flags;
        self
    }

    /// Tasks that come from outside at these times, and nothing else.
    #[must_use]
    pub fn arriving(programs: Vec<Program>, arrivals: Vec<(Instant, u16)>) -> Self {
        Self {
            programs: programs.into(),
            arrivals: arrivals.into(),
            ..Self::default()
        }
    }

    /// The same, but each of them enters the own queue of one worker, as if a timer or a connection of that worker had readied it.
    #[must_use]
    pub fn landing_on(mut self, workers: Vec<u32>) -> Self {
        self.landing = workers.into();
        self
    }
}
