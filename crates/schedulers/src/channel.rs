//! Channels and flags: what tasks hand each other, and who waits for it.

use std::collections::VecDeque;

/// A bounded channel; waiting receivers and senders are served in the order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Channel {
    pub(crate) capacity: usize,
    pub(crate) values: VecDeque<u32>,
    pub(crate) receivers: VecDeque<u32>,
    /// Tasks that wait to send, each with its value.
    pub(crate) senders: VecDeque<(u32, u32)>,
    pub(crate) closed: bool,
}

/// What came of an operation on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passed {
    /// Done; this task was waiting and can go on.
    Woke(u32),
    /// Done.
    Done,
    /// The task has to wait, and is in the channel's queue.
    Waits,
}

impl Channel {
    pub(crate) fn new(capacity: u32) -> Self {
        Self {
            capacity: capacity as usize,
            ..Self::default()
        }
    }

    /// Sends; the woken receiver gets the value from its caller.
    pub(crate) fn send(&mut self, task: u32, value: u32) -> Passed {
        if let Some(receiver) = self.receivers.pop_front() {
            return Passed::Woke(receiver);
        }
        if self.values.len() < self.capacity {
            self.values.push_back(value);
            return Passed::Done;
        }
        self.senders.push_back((task, value));
        Passed::Waits
    }

    /// Receives a value, and tells who could send because of it; `None` if the channel is closed and empty.
    pub(crate) fn receive(&mut self, task: u32) -> Option<(Passed, u32)> {
        let sender = self.senders.pop_front();
        if let Some((_, value)) = sender {
            self.values.push_back(value);
        }
        if let Some(value) = self.values.pop_front() {
            let passed = sender.map_or(Passed::Done, |(task, _)| Passed::Woke(task));
            return Some((passed, value));
        }
        if self.closed {
            return None;
        }
        self.receivers.push_back(task);
        Some((Passed::Waits, 0))
    }
}

/// A flag that tasks read, put up and wait for, each in a step of its own: enough to lose a wake-up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flag {
    pub(crate) up: bool,
    pub(crate) waiting: Vec<u32>,
}
