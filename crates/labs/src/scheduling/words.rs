//! The log of a scheduler in words: what happened, and by which rule.

use schedulers::{Event as Told, NONE, Rule, Wait, What};
use sim::Event;

use crate::lab::Kind;
use crate::scene::State;

const fn kind(name: &'static str, state: State) -> Kind {
    Kind {
        name,
        state,
        landmark: false,
    }
}

const fn landmark(name: &'static str, state: State) -> Kind {
    Kind {
        landmark: true,
        ..kind(name, state)
    }
}

/// The kinds of entries of every lab about schedulers; a decision's name is its rule.
pub(crate) const KINDS: &[Kind] = &[
    kind("started", State::Neutral),
    kind("ready", State::Waiting),
    kind("waits", State::Muted),
    kind("steps aside", State::Waiting),
    kind("interrupted", State::Retried),
    kind("out of budget", State::Retried),
    kind("in a call", State::TimedOut),
    landmark("handed off", State::Moved),
    kind("back from a call", State::Waiting),
    landmark("spills", State::Moved),
    kind("steals", State::Moved),
    kind("sleeps", State::Muted),
    kind("notes", State::Neutral),
    kind("ends", State::Muted),
    kind("runs: slot", State::Served),
    kind("runs: own queue", State::Served),
    landmark("runs: shared first", State::Served),
    kind("runs: shared batch", State::Served),
    kind("runs: network", State::Served),
    kind("runs: stolen", State::Served),
    kind("runs: stolen slot", State::Served),
    kind("runs: LIFO slot", State::Served),
    kind("runs: came back", State::Served),
    kind("runs: least time", State::Served),
    kind("runs: your choice", State::Served),
];

/// The kind of the first rule.
const RULES: u16 = 14;

/// The place of a kind in [`KINDS`].
pub(crate) fn kind_of(what: What) -> u16 {
    match what {
        What::Spawned => 0,
        What::Ready => 1,
        What::Waits(_) => 2,
        What::Yields => 3,
        What::Preempted => 4,
        What::OutOfBudget => 5,
        What::EntersCall => 6,
        What::HandedOff => 7,
        What::LeavesCall => 8,
        What::Spills => 9,
        What::Steals => 10,
        What::Parks => 11,
        What::Notes => 12,
        What::Ends => 13,
        What::Runs(rule) => {
            RULES
                + match rule {
                    Rule::RunNext => 0,
                    Rule::Own => 1,
                    Rule::SharedFirst => 2,
                    Rule::Shared => 3,
                    Rule::Network => 4,
                    Rule::Stolen => 5,
                    Rule::StolenNext => 6,
                    Rule::Lifo => 7,
                    Rule::Returned => 8,
                    Rule::Fair => 9,
                    Rule::Chosen => 10,
                }
        }
    }
}

/// Workers are numbered below this; the rest of a value is the number that goes with it.
const WORKERS: f64 = 1024.0;
/// Stands for no worker.
const NOWHERE: f64 = WORKERS - 1.0;

/// Worker and number of an entry in one value.
pub(crate) fn packed(told: &Told) -> f64 {
    let worker = if told.worker == NONE {
        NOWHERE
    } else {
        f64::from(told.worker)
    };
    let number = match told.what {
        What::Waits(wait) => wait as u32,
        _ => told.value,
    };
    let number = if number == NONE {
        0.0
    } else {
        f64::from(number) + 1.0
    };
    number * WORKERS + worker
}

/// The worker an entry is about; `None` if it is about none.
pub(crate) fn worker_of(event: &Event) -> Option<u32> {
    let worker = event.value % WORKERS;
    (worker != NOWHERE).then_some(worker as u32)
}

/// The number that goes with an entry.
pub(crate) fn number_of(event: &Event) -> Option<u32> {
    let number = (event.value - event.value % WORKERS) / WORKERS;
    (number >= 1.0).then(|| number as u32 - 1)
}

/// An entry in words.
pub(crate) fn describe(event: &Event) -> String {
    let task = event.subject;
    let place =
        worker_of(event).map_or("no worker".to_owned(), |worker| format!("worker {worker}"));
    let number = number_of(event);
    let by = number.map_or(String::new(), |by| format!(" by task {by}"));
    match event.kind {
        0 => format!("task {task} is started{by}"),
        1 => format!("task {task} can run again, woken{by} on {place}"),
        2 => format!("task {task} waits for {}", waited_for(number)),
        3 => format!("task {task} steps aside on {place}"),
        4 => format!("task {task} is interrupted on {place}: its time is up"),
        5 => format!("task {task} has no budget left on {place} and steps aside"),
        6 => format!("task {task} enters a blocking call and keeps {place}"),
        7 => format!(
            "{place} is handed to another thread, task {task} stays in its call; {} threads",
            number.unwrap_or(0)
        ),
        8 => format!("task {task} is back from its call, {place}"),
        9 => format!(
            "the queue of {place} is full: {} move to the shared queue",
            number.unwrap_or(0)
        ),
        10 => format!("{place} takes {} from worker {task}", number.unwrap_or(0)),
        11 => format!("{place} finds nothing and sleeps"),
        12 => format!("task {task} notes {}", number.unwrap_or(0)),
        13 => format!("task {task} ends on {place}"),
        kind => format!("task {task} runs on {place}: {}", why(kind - RULES)),
    }
}

fn waited_for(wait: Option<u32>) -> &'static str {
    const WAITS: [(Wait, &str); 6] = [
        (Wait::Timer, "a timer"),
        (Wait::Network, "the network"),
        (Wait::Channel, "a channel or a lock"),
        (Wait::Elsewhere, "a blocking call on another thread"),
        (Wait::Flag, "a signal"),
        (Wait::Others, "all others"),
    ];
    (WAITS.iter().find(|(of, _)| wait == Some(*of as u32))).map_or("something", |(_, words)| words)
}

/// The rule behind a decision, in words.
fn why(rule: u16) -> &'static str {
    match rule {
        0 => "it was readied last, and the slot goes first",
        1 => "it is the head of the worker's own queue",
        2 => "this time the shared queue goes first, so that it is never starved",
        3 => "the own queue is empty, and it heads a batch from the shared one",
        4 => "the network had it ready",
        5 => "it was in another worker's queue",
        6 => "it was in another worker's slot, and nothing else was left anywhere",
        7 => "it was woken last, and the LIFO slot goes first",
        8 => "it came back and found a worker that slept",
        9 => "of those that wait it has had the least time",
        _ => "you chose it",
    }
}

/// Entries of this kind are the reader's own choices.
pub(crate) fn is_choice(kind: u16) -> bool {
    kind == kind_of(What::Runs(Rule::Chosen))
}

/// The lines of code that decide entries of this kind.
pub(crate) fn source(kind: u16) -> Option<&'static str> {
    Some(match kind {
        4 | 6..=8 => "crates/schedulers/src/go.rs:calls",
        5 | 21 => "crates/schedulers/src/tokio.rs:schedule",
        9 => "crates/schedulers/src/go.rs:spill",
        10 | 19 | 20 => "crates/schedulers/src/go.rs:grab",
        14..=18 => "crates/schedulers/src/go.rs:find",
        23 => "crates/schedulers/src/threads.rs:decide",
        _ => "crates/schedulers/src/machine.rs:step",
    })
}
