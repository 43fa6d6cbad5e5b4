//! The numbers that two workers share, each access to which is a step.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use super::step;

thread_local! {
    static OWNER: Cell<Option<usize>> = const { Cell::new(None) };
    static ACCESSES: Cell<u64> = const { Cell::new(0) };
}

/// An access to a [`Word`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Whose the word is, if it was made in [`of_worker`].
    pub owner: Option<usize>,
    /// Its name, without its number.
    pub name: &'static str,
    /// What was done.
    pub how: How,
}

/// What was done to a [`Word`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It was this.
    Read(u64),
    /// It became this.
    Wrote(u64),
    /// It was to become `new` if it was `current`.
    Exchange {
        /// What it had to be.
        current: u64,
        /// What it became, if it was.
        new: u64,
    },
}

/// A number that two workers share; each access is one step.
#[derive(Debug)]
pub struct Word {
    name: &'static str,
    index: Option<usize>,
    /// Whose it is, if it was made in [`of_worker`].
    owner: Option<usize>,
    value: AtomicU64,
}

impl Word {
    /// 0, under a name that reports show.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            index: None,
            owner: OWNER.get(),
            value: AtomicU64::new(0),
        }
    }

    /// 0, as one of several of this name.
    #[must_use]
    pub fn numbered(name: &'static str, index: usize) -> Self {
        Self {
            index: Some(index),
            ..Self::new(name)
        }
    }

    /// What it is.
    #[must_use]
    pub fn load(&self) -> u64 {
        let value = self.access(|| self.value.load(Ordering::SeqCst));
        self.keep(How::Read(value), || format!("{self} -> {value}"));
        value
    }

    /// Makes it `value`.
    pub fn store(&self, value: u64) {
        self.access(|| self.value.store(value, Ordering::SeqCst));
        self.keep(How::Wrote(value), || format!("{self} = {value}"));
    }

    /// Makes it `new` if it is `current`, in one step; true if it was.
    #[must_use]
    pub fn compare_exchange(&self, current: u64, new: u64) -> bool {
        let exchange = || {
            self.value
                .compare_exchange(current, new, Ordering::SeqCst, Ordering::SeqCst)
        };
        let exchanged = self.access(exchange);
        self.keep(How::Exchange { current, new }, || match exchanged {
            Ok(_) => format!("{self} = {new}, it was {current}"),
            Err(found) => format!("{self} stays {found}, it was not {current}"),
        });
        exchanged.is_ok()
    }

    fn keep(&self, how: How, told: impl FnOnce() -> String) {
        let Self { name, owner, .. } = *self;
        super::keep(|| (Some(Access { owner, name, how }), told()));
    }

    fn access<T>(&self, access: impl FnOnce() -> T) -> T {
        step();
        ACCESSES.set(ACCESSES.get() + 1);
        access()
    }
}

impl std::fmt::Display for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(owner) = self.owner {
            write!(f, "{owner}.")?;
        }
        write!(f, "{}", self.name)?;
        self.index.map_or(Ok(()), |index| write!(f, " {index}"))
    }
}

/// Words that are made in `make` belong to this worker.
pub fn of_worker<T>(worker: usize, make: impl FnOnce() -> T) -> T {
    OWNER.set(Some(worker));
    let made = make();
    OWNER.set(None);
    made
}

/// How many accesses to words this thread makes in `body`.
pub fn accesses(body: impl FnOnce()) -> u64 {
    let before = ACCESSES.get();
    body();
    ACCESSES.get() - before
}
