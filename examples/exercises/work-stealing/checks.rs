//! The checks of the exercise, from easy to hard.

use exercises::interleave::accesses;
use exercises::{Check, Miss, expect};
use sim::Rng;

use super::given::Task;
use super::scenes::Act::{Next, Pop, Push, Steal};
use super::scenes::{Act, Script};
use super::trial::Trial;

const STEP_1: &str = "Step 1: a ring for one";
const STEP_2: &str = "Step 2: a full ring";
const STEP_3: &str = "Step 3: half, rounded up";
const STEP_4: &str = "Step 4: where to look";
const STEP_5: &str = "Step 5: at the same time";
const ANCHOR: &str = "four-processors-and-one-of-them-has-the-work";

/// Runs with random interruptions.
const RANDOM_RUNS: u64 = 300;

const fn check(
    name: &'static str,
    claim: &'static str,
    step: &'static str,
    run: fn() -> Result<(), Miss>,
) -> Check {
    Check {
        name,
        claim,
        step,
        anchor: ANCHOR,
        run,
    }
}

/// All of them, in the order in which they are tried.
pub(crate) const CHECKS: [Check; 12] = [
    check(
        "first-in-first-out",
        "tasks come out in the order in which they went in",
        STEP_1,
        first_in_first_out,
    ),
    check(
        "around-the-ring",
        "a slot is used again once its task has been taken",
        STEP_1,
        around_the_ring,
    ),
    check(
        "made-of-words",
        "whatever workers share is in words",
        STEP_1,
        made_of_words,
    ),
    check(
        "overflow",
        "from a full ring the oldest half and the new task go to the global queue",
        STEP_2,
        overflow,
    ),
    check(
        "steal-half",
        "a thief takes half, rounded up, and runs the youngest of it",
        STEP_3,
        steal_half,
    ),
    check(
        "steal-the-oldest",
        "what is stolen is gone, and what is left comes in order",
        STEP_3,
        steal_the_oldest,
    ),
    check(
        "own-then-global-then-other",
        "a worker looks into its own ring, then the global queue, then the other's",
        STEP_4,
        order_of_places,
    ),
    check(
        "pop-against-steal",
        "owner and thief never take the same task, and find one while there is one",
        STEP_5,
        pop_against_steal,
    ),
    check(
        "push-against-steal",
        "a thief never takes a slot that is being filled, or filled anew",
        STEP_5,
        push_against_steal,
    ),
    check(
        "overflow-against-steal",
        "an overflow and a theft never move the same task",
        STEP_5,
        overflow_against_steal,
    ),
    check(
        "both-look",
        "two workers that look everywhere run every task once",
        STEP_5,
        both_look,
    ),
    check(
        "random-runs",
        "300 longer runs with random interruptions run every task once",
        STEP_5,
        random_runs,
    ),
];

fn first_in_first_out() -> Result<(), Miss> {
    let workers = Trial::new();
    workers.pop(0, None, "a new ring is empty")?;
    for task in 11..=14 {
        workers.push(0, task);
    }
    workers.holds(0, &[11, 12, 13, 14], "the oldest comes first")?;
    workers.global_holds(&[], "four tasks fit into the ring")
}

fn around_the_ring() -> Result<(), Miss> {
    let workers = Trial::with(&[11, 12]);
    for task in 13..=40 {
        workers.push(0, task);
        let why = "two were before it, and a slot that was emptied is used again";
        workers.pop(0, Some(task - 2), why)?;
    }
    workers.holds(0, &[39, 40], "these two are left")?;
    workers.global_holds(&[], "there were never more than three in the ring")
}

fn made_of_words() -> Result<(), Miss> {
    let workers = Trial::new();
    let pushing = accesses(|| workers.push(0, 11));
    let popping = accesses(|| {
        workers.rings[0].pop();
    });
    let why = "push and pop have to read and write words: another worker sees nothing else";
    expect(pushing > 0 && popping > 0, true, why)
}

fn overflow() -> Result<(), Miss> {
    let workers = Trial::with(&[11, 12, 13, 14, 15]);
    let why = "the ring was full, so its two oldest tasks and then the new one left it";
    workers.global_holds(&[11, 12, 15], why)?;
    workers.holds(0, &[13, 14], "the younger half stays")?;
    let workers = Trial::with(&[11, 12, 13]);
    workers.pop(0, Some(11), "the oldest comes first")?;
    for task in 14..=18 {
        workers.push(0, task);
    }
    let why = "12 to 15 filled it, 16 pushed out 12 and 13; 17 and 18 filled it again";
    workers.global_holds(&[12, 13, 16], why)?;
    workers.holds(
        0,
        &[14, 15, 17, 18],
        "the younger half stays, and two more came",
    )
}

fn steal_half() -> Result<(), Miss> {
    let why = "nothing is there to be stolen";
    Trial::new().steal(None, why)?;
    for (tasks, youngest) in [
        (&[11][..], 11),
        (&[11, 12], 11),
        (&[11, 12, 13], 12),
        (&[11, 12, 13, 14], 12),
    ] {
        let half = tasks.len().div_ceil(2);
        let why = format!(
            "of {} tasks {half} are stolen, and the youngest of these is run",
            tasks.len()
        );
        Trial::with(tasks).steal(Some(youngest), &why)?;
    }
    Ok(())
}

fn steal_the_oldest() -> Result<(), Miss> {
    let workers = Trial::with(&[11, 12, 13, 14]);
    workers.steal(Some(12), "of four, the two oldest are stolen")?;
    workers.holds(
        1,
        &[11],
        "the one that is not run at once goes into the thief's ring",
    )?;
    workers.holds(0, &[13, 14], "the younger half stays with its owner")?;
    // The thief's ring is empty, but its next position is not the first.
    let again: [Task; 3] = [21, 22, 23];
    for task in again {
        workers.push(0, task);
    }
    workers.steal(Some(22), "of three, two are stolen")?;
    workers.push(1, 31);
    workers.holds(
        1,
        &[21, 31],
        "what was stolen is older than what came since",
    )?;
    workers.holds(0, &[23], "one of three is left")
}

fn order_of_places() -> Result<(), Miss> {
    let workers = Trial::with(&[11, 12, 13, 14]);
    workers.next(0, Some(11), "its own ring comes first")?;
    workers.push(1, 21);
    workers.global.push_all(&[31]);
    workers.next(1, Some(21), "its own ring comes first")?;
    workers.next(
        1,
        Some(31),
        "its own ring is empty, so the global queue is next",
    )?;
    let why = "ring and global queue are empty, so it steals two of the three others";
    workers.next(1, Some(13), why)?;
    workers.next(1, Some(12), "the other one it stole is in its own ring")?;
    workers.next(0, Some(14), "the thief left it one")?;
    workers.next(0, None, "there is nothing anywhere")
}

/// Owner and thief over one to four tasks.
fn pop_against_steal() -> Result<(), Miss> {
    for count in 1..=4 {
        let script = Script {
            before: [pushes(1, count), vec![]],
            during: [vec![Pop; count.min(2)], vec![Steal]],
        };
        script.every_order(3)?;
    }
    Ok(())
}

/// The owner empties and fills slots while the thief copies them.
fn push_against_steal() -> Result<(), Miss> {
    for script in [
        Script {
            before: [vec![], vec![]],
            during: [pushes(1, 1), vec![Steal]],
        },
        Script {
            before: [pushes(1, 1), vec![]],
            during: [vec![Push(11), Pop], vec![Steal]],
        },
        Script {
            before: [pushes(1, 1), vec![]],
            during: [vec![Push(11), Pop, Pop, Push(12)], vec![Steal]],
        },
        Script {
            before: [pushes(1, 3), vec![]],
            during: [vec![Pop, Push(11), Pop, Push(12)], vec![Steal]],
        },
        Script {
            before: [pushes(1, 4), vec![]],
            during: [vec![Pop, Push(11)], vec![Steal]],
        },
    ] {
        script.every_order(3)?;
    }
    Ok(())
}

fn overflow_against_steal() -> Result<(), Miss> {
    for thief in [vec![Steal], vec![Steal, Pop, Steal]] {
        let script = Script {
            before: [pushes(1, 4), vec![]],
            during: [vec![Push(11), Pop], thief],
        };
        script.every_order(3)?;
    }
    Ok(())
}

/// Each may find the other's ring empty, in use, or just robbed.
fn both_look() -> Result<(), Miss> {
    let scripts = [
        (pushes(1, 3), vec![Next; 4], vec![Next]),
        (pushes(1, 3), vec![Next, Next], vec![Next, Next]),
        (
            pushes(1, 2),
            vec![Next, Next, Push(11)],
            vec![Next, Push(21)],
        ),
        (
            vec![],
            vec![Push(11), Next, Next],
            vec![Push(21), Next, Next],
        ),
    ];
    for (before, first, second) in scripts {
        let script = Script {
            before: [before, vec![]],
            during: [first, second],
        };
        script.every_order(2)?;
    }
    Ok(())
}

fn random_runs() -> Result<(), Miss> {
    (1..=RANDOM_RUNS).try_for_each(|seed| {
        let mut rng = Rng::stream(seed, "acts");
        let mut acts = |from: Task| -> Vec<Act> {
            (0..12)
                .map(|nth| match rng.below(5) {
                    0..3 => Push(from + nth),
                    _ => Next,
                })
                .collect()
        };
        let during = [acts(100), acts(200)];
        let script = Script {
            before: [pushes(1, 3), vec![]],
            during,
        };
        script.random_order(seed).map_err(|mut miss| {
            miss.expected.push_str(&format!(" (seed {seed})"));
            miss
        })
    })
}

/// Adds `count` tasks, numbered from `from` on.
fn pushes(from: Task, count: usize) -> Vec<Act> {
    (from..).take(count).map(Push).collect()
}
