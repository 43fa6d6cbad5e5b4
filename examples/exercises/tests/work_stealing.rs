//! The checks of the exercise `work-stealing` find what readers get wrong, and say it.

#![allow(
    clippy::duplicate_mod,
    reason = "the same checks are compiled with one source after the other"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};

use exercises::{Check, Miss};

#[path = "../work-stealing/given.rs"]
#[allow(dead_code, unreachable_pub, reason = "given to readers")]
mod given;
#[path = "work_stealing/wrong.rs"]
#[allow(unreachable_pub, reason = "has the names of the solution")]
mod wrong;

/// The checks, compiled with one source.
macro_rules! with_source {
    ($module:ident, $($source:tt)+) => {
        #[path = "work_stealing"]
        mod $module {
            use super::given;
            mod source { $($source)+ }
            #[path = "../../work-stealing/checks.rs"]
            pub(super) mod checks;
            #[path = "../../work-stealing/scenes.rs"]
            mod scenes;
            #[path = "../../work-stealing/trial.rs"]
            mod trial;
        }
    };
}

/// What is missed first if one mistake is made, and a part of what is said about it.
struct Case {
    mistake: &'static str,
    checks: &'static [Check],
    missed: &'static str,
    says: &'static str,
}

/// The checks, compiled with the solution and one mistake each.
macro_rules! cases {
    ($($module:ident = $mistake:ident: $missed:literal, $says:literal;)+) => {
        $(with_source! {
            $module,
            pub(crate) use super::super::wrong::next;
            pub(crate) type Ring = super::super::wrong::Ring<{ super::super::wrong::$mistake }>;
        })+

        fn cases() -> Vec<Case> {
            vec![$(Case {
                mistake: stringify!($module),
                checks: &$module::checks::CHECKS,
                missed: $missed,
                says: $says,
            }),+]
        }
    };
}

with_source! { locked, pub(crate) use super::super::wrong::locked::{Ring, next}; }
cases! {
    slots_by_number_left = SLOTS_BY_NUMBER_LEFT: "first-in-first-out", "11";
    younger_half_overflows = YOUNGER_HALF_OVERFLOWS: "overflow", "[13, 14, 15]";
    round_down = ROUND_DOWN: "steal-half", "nothing";
    run_the_oldest = RUN_THE_OLDEST: "steal-half", "youngest";
    steal_one = STEAL_ONE: "steal-half", "youngest";
    steal_all_but_run_one = STEAL_ALL_BUT_RUN_ONE: "steal-the-oldest", "thief's ring";
    steal_before_global = STEAL_BEFORE_GLOBAL: "own-then-global-then-other", "global queue is next";
    take_without_exchange = TAKE_WITHOUT_EXCHANGE: "pop-against-steal", "twice";
    steal_without_exchange = STEAL_WITHOUT_EXCHANGE: "pop-against-steal", "twice";
    look_once = LOOK_ONCE: "pop-against-steal", "no end";
    pop_gives_up = POP_GIVES_UP: "pop-against-steal", "pop() of worker 0 found nothing";
    steal_gives_up = STEAL_GIVES_UP: "pop-against-steal", "steal_into() of worker 1 found nothing";
    tail_before_slot = TAIL_BEFORE_SLOT: "push-against-steal", "lost";
    copy_after_exchange = COPY_AFTER_EXCHANGE: "push-against-steal", "lost";
    tail_before_head = TAIL_BEFORE_HEAD: "push-against-steal", "the ring held 1, then 11";
    tail_before_head_wrapping = TAIL_BEFORE_HEAD_WRAPPING: "push-against-steal", "the ring held 1, then 11";
    tail_before_head_saturating = TAIL_BEFORE_HEAD_SATURATING: "push-against-steal", "the ring held 1, then 11";
    any_difference = ANY_DIFFERENCE: "push-against-steal", "these 5 tasks";
    overflow_before_exchange = OVERFLOW_BEFORE_EXCHANGE: "overflow-against-steal", "twice";
    overflow_without_exchange = OVERFLOW_WITHOUT_EXCHANGE: "overflow-against-steal", "twice";
    give_up_on_new_task = GIVE_UP_ON_NEW_TASK: "overflow-against-steal", "lost";
    publish_before_exchange = PUBLISH_BEFORE_EXCHANGE: "both-look", "twice";
    // Not a mistake: the README leaves it to the reader.
    owner_reads_tail_first = OWNER_READS_TAIL_FIRST: "none", "";
}

/// The first check that is missed, and what it says.
fn first_miss(checks: &[Check]) -> (&'static str, String) {
    for check in checks {
        match catch_unwind(AssertUnwindSafe(check.run)) {
            Ok(Ok(())) => {}
            Ok(Err(Miss { came_out, expected })) => {
                return (check.name, format!("{came_out}; {expected}"));
            }
            Err(_) => return (check.name, "a panic".to_owned()),
        }
    }
    ("none", String::new())
}

#[test]
fn every_common_mistake_is_found_by_the_check_that_is_about_it() {
    // Some mistakes end in a panic, which is no news here.
    std::panic::set_hook(Box::new(|_| {}));
    let mut wrong = Vec::new();
    for case in cases() {
        let (missed, said) = first_miss(case.checks);
        if missed != case.missed || !said.contains(case.says) {
            wrong.push(format!("{}: {missed} says {said}", case.mistake));
        }
    }
    drop(std::panic::take_hook());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_ring_behind_a_lock_is_sent_back_before_two_workers_run() {
    let (missed, said) = first_miss(&locked::checks::CHECKS);
    assert_eq!(missed, "made-of-words");
    assert!(said.contains("another worker sees nothing else"), "{said}");
}
