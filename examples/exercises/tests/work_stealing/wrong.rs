//! The solution with one mistake, chosen by a number: what a reader might write.

use super::given::{CAPACITY, Global, Task, Word};

pub(super) const TAKE_WITHOUT_EXCHANGE: u8 = 1;
pub(super) const TAIL_BEFORE_SLOT: u8 = 2;
pub(super) const COPY_AFTER_EXCHANGE: u8 = 3;
pub(super) const ROUND_DOWN: u8 = 4;
pub(super) const STEAL_ALL_BUT_RUN_ONE: u8 = 5;
pub(super) const YOUNGER_HALF_OVERFLOWS: u8 = 6;
pub(super) const OVERFLOW_BEFORE_EXCHANGE: u8 = 7;
pub(super) const OVERFLOW_WITHOUT_EXCHANGE: u8 = 8;
pub(super) const PUBLISH_BEFORE_EXCHANGE: u8 = 9;
pub(super) const RUN_THE_OLDEST: u8 = 10;
pub(super) const TAIL_BEFORE_HEAD: u8 = 11;
pub(super) const STEAL_WITHOUT_EXCHANGE: u8 = 12;
pub(super) const GIVE_UP_ON_NEW_TASK: u8 = 13;
pub(super) const STEAL_BEFORE_GLOBAL: u8 = 14;
pub(super) const LOOK_ONCE: u8 = 15;
pub(super) const STEAL_ONE: u8 = 16;
pub(super) const SLOTS_BY_NUMBER_LEFT: u8 = 17;
pub(super) const POP_GIVES_UP: u8 = 18;
pub(super) const STEAL_GIVES_UP: u8 = 19;
pub(super) const TAIL_BEFORE_HEAD_WRAPPING: u8 = 20;
pub(super) const TAIL_BEFORE_HEAD_SATURATING: u8 = 21;
pub(super) const ANY_DIFFERENCE: u8 = 22;
/// No mistake: nobody else moves the tail that the owner reads.
pub(super) const OWNER_READS_TAIL_FIRST: u8 = 23;

/// The solution's ring with this mistake.
pub struct Ring<const MISTAKE: u8> {
    head: Word,
    tail: Word,
    slots: [Word; CAPACITY as usize],
}

impl<const MISTAKE: u8> Ring<MISTAKE> {
    pub fn new() -> Self {
        Self {
            head: Word::new("head"),
            tail: Word::new("tail"),
            slots: std::array::from_fn(|index| Word::numbered("slot", index)),
        }
    }

    fn slot(&self, position: u64) -> &Word {
        let slots = if MISTAKE == SLOTS_BY_NUMBER_LEFT {
            CAPACITY - 1
        } else {
            CAPACITY
        };
        &self.slots[(position % slots) as usize]
    }

    /// Head and tail as the owner reads them.
    fn own(&self) -> (u64, u64) {
        if MISTAKE == OWNER_READS_TAIL_FIRST {
            let tail = self.tail.load();
            return (self.head.load(), tail);
        }
        (self.head.load(), self.tail.load())
    }

    /// Head and tail as a thief reads them, with the mistake or without.
    fn seen_by_a_thief(&self) -> (u64, u64) {
        if matches!(
            MISTAKE,
            TAIL_BEFORE_HEAD | TAIL_BEFORE_HEAD_WRAPPING | TAIL_BEFORE_HEAD_SATURATING
        ) {
            let tail = self.tail.load();
            return (self.head.load(), tail);
        }
        (self.head.load(), self.tail.load())
    }

    fn difference(head: u64, tail: u64) -> u64 {
        match MISTAKE {
            TAIL_BEFORE_HEAD_WRAPPING => tail.wrapping_sub(head),
            TAIL_BEFORE_HEAD_SATURATING => tail.saturating_sub(head),
            _ => tail - head,
        }
    }

    /// Moves `head`, with the mistake or without.
    fn exchange(&self, wrongly: bool, from: u64, to: u64) -> bool {
        if wrongly {
            self.head.store(to);
            return true;
        }
        self.head.compare_exchange(from, to)
    }

    pub fn push(&self, task: Task, global: &Global) {
        loop {
            let (head, tail) = self.own();
            if tail - head < CAPACITY {
                if MISTAKE == TAIL_BEFORE_SLOT {
                    self.tail.store(tail + 1);
                    self.slot(tail).store(task);
                } else {
                    self.slot(tail).store(task);
                    self.tail.store(tail + 1);
                }
                return;
            }
            let half = CAPACITY / 2;
            let from = if MISTAKE == YOUNGER_HALF_OVERFLOWS {
                head + half
            } else {
                head
            };
            let oldest = (from..from + half).map(|position| self.slot(position).load());
            let batch: Vec<Task> = oldest.chain([task]).collect();
            if MISTAKE == YOUNGER_HALF_OVERFLOWS {
                self.tail.store(from);
                return global.push_all(&batch);
            }
            if MISTAKE == OVERFLOW_BEFORE_EXCHANGE {
                global.push_all(&batch);
            }
            if self.exchange(MISTAKE == OVERFLOW_WITHOUT_EXCHANGE, head, head + half) {
                if MISTAKE != OVERFLOW_BEFORE_EXCHANGE {
                    global.push_all(&batch);
                }
                return;
            }
            if MISTAKE == GIVE_UP_ON_NEW_TASK {
                return;
            }
        }
    }

    pub fn pop(&self) -> Option<Task> {
        loop {
            let (head, tail) = self.own();
            if head == tail {
                return None;
            }
            let task = self.slot(head).load();
            if self.exchange(MISTAKE == TAKE_WITHOUT_EXCHANGE, head, head + 1) {
                return Some(task);
            }
            if MISTAKE == POP_GIVES_UP {
                return None;
            }
        }
    }

    pub fn steal_into(&self, own: &Self) -> Option<Task> {
        let end = own.tail.load();
        let mut first = None;
        loop {
            let (head, tail) = match first {
                Some(both) if MISTAKE == LOOK_ONCE => both,
                _ => self.seen_by_a_thief(),
            };
            first = Some((head, tail));
            let there = Self::difference(head, tail);
            if there == 0 {
                return None;
            }
            if there > CAPACITY && MISTAKE != ANY_DIFFERENCE {
                continue;
            }
            let half = match MISTAKE {
                ROUND_DOWN => there / 2,
                STEAL_ONE => 1,
                _ => there - there / 2,
            };
            if half == 0 {
                return None;
            }
            let copy = || {
                for nth in 0..half {
                    own.slot(end + nth).store(self.slot(head + nth).load());
                }
            };
            if MISTAKE != COPY_AFTER_EXCHANGE {
                copy();
            }
            if MISTAKE == PUBLISH_BEFORE_EXCHANGE {
                own.tail.store(end + half - 1);
            }
            if !self.exchange(MISTAKE == STEAL_WITHOUT_EXCHANGE, head, head + half) {
                if MISTAKE == STEAL_GIVES_UP {
                    return None;
                }
                continue;
            }
            if MISTAKE == COPY_AFTER_EXCHANGE {
                copy();
            }
            return Some(Self::keep(own, end, half));
        }
    }

    /// Keeps all stolen tasks but one, which is run.
    fn keep(own: &Self, end: u64, half: u64) -> Task {
        if MISTAKE == RUN_THE_OLDEST {
            let oldest = own.slot(end).load();
            for nth in 1..half {
                own.slot(end + nth - 1).store(own.slot(end + nth).load());
            }
            own.tail.store(end + half - 1);
            return oldest;
        }
        let youngest = own.slot(end + half - 1).load();
        let kept = match MISTAKE {
            // The one that is run stays in the ring, too.
            STEAL_ALL_BUT_RUN_ONE => half,
            _ => half - 1,
        };
        own.tail.store(end + kept);
        youngest
    }
}

/// The solution's order of places, with the mistake or without.
pub fn next<const MISTAKE: u8>(
    own: &Ring<MISTAKE>,
    other: &Ring<MISTAKE>,
    global: &Global,
) -> Option<Task> {
    if MISTAKE == STEAL_BEFORE_GLOBAL {
        return own
            .pop()
            .or_else(|| other.steal_into(own))
            .or_else(|| global.pop());
    }
    own.pop()
        .or_else(|| global.pop())
        .or_else(|| other.steal_into(own))
}

/// A ring behind a lock, whose accesses no check can interrupt.
pub mod locked {
    use std::collections::VecDeque;
    use std::sync::Mutex;

    use super::{CAPACITY, Global, Task};

    /// Tasks, the oldest first.
    pub struct Ring(Mutex<VecDeque<Task>>);

    impl Ring {
        pub fn new() -> Self {
            Self(Mutex::default())
        }

        pub fn push(&self, task: Task, global: &Global) {
            let mut tasks = self.0.lock().unwrap();
            if tasks.len() as u64 == CAPACITY {
                let mut batch: Vec<Task> = tasks.drain(..2).collect();
                batch.push(task);
                return global.push_all(&batch);
            }
            tasks.push_back(task);
        }

        pub fn pop(&self) -> Option<Task> {
            self.0.lock().unwrap().pop_front()
        }

        pub fn steal_into(&self, own: &Self) -> Option<Task> {
            let mut tasks = self.0.lock().unwrap();
            let half = tasks.len().div_ceil(2);
            let mut stolen: Vec<Task> = tasks.drain(..half).collect();
            let youngest = stolen.pop();
            own.0.lock().unwrap().extend(stolen);
            youngest
        }
    }

    /// The right order of places.
    pub fn next(own: &Ring, other: &Ring, global: &Global) -> Option<Task> {
        own.pop()
            .or_else(|| global.pop())
            .or_else(|| other.steal_into(own))
    }
}
