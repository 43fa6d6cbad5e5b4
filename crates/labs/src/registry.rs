//! The list of all labs; a new lab is one module and one line here.

use crate::lab::Lab;
use crate::run::{AnyRun, Run};

/// A lab by name, ready to be opened.
pub struct Entry {
    /// The lab's id.
    pub id: &'static str,
    open: fn(u64) -> Box<dyn AnyRun>,
}

impl Entry {
    const fn of<L: Lab>() -> Self {
        Self {
            id: L::ABOUT.id,
            open: |seed| Box::new(Run::<L>::new(L::Params::default(), seed)),
        }
    }

    /// Opens the lab at time zero with its default knobs.
    #[must_use]
    pub fn open(&self, seed: u64) -> Box<dyn AnyRun> {
        (self.open)(seed)
    }
}

/// Every lab, in the order of the book.
pub static ALL: &[Entry] = &[
    Entry::of::<crate::hundred_thousand::HundredThousand>(),
    Entry::of::<crate::one_p::OneP>(),
    Entry::of::<crate::stealing::Stealing>(),
    Entry::of::<crate::blocking_call::BlockingCall>(),
    Entry::of::<crate::greedy_loop::GreedyLoop>(),
    Entry::of::<crate::you_schedule::YouSchedule>(),
    Entry::of::<crate::scheduler_playground::SchedulerPlayground>(),
    Entry::of::<crate::one_bucket::OneBucket>(),
    Entry::of::<crate::six_algorithms::SixAlgorithms>(),
    Entry::of::<crate::reserve_and_wait::ReserveAndWait>(),
    Entry::of::<crate::fairness_by_key::FairnessByKey>(),
    Entry::of::<crate::distributed_limiter::DistributedLimiter>(),
    Entry::of::<crate::playground::Playground>(),
    Entry::of::<crate::without_breaker::WithoutBreaker>(),
    Entry::of::<crate::one_breaker::OneBreaker>(),
    Entry::of::<crate::three_breakers::ThreeBreakers>(),
    Entry::of::<crate::retry_storm::RetryStorm>(),
    Entry::of::<crate::metastable::Metastable>(),
    Entry::of::<crate::shedding::Shedding>(),
    Entry::of::<crate::overload_playground::OverloadPlayground>(),
];

/// The lab with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.id == id)
}
