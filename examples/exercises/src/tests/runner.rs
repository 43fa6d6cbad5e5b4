//! A check that is met, missed, panics or does not come back.

use std::time::Duration;

use crate::runner::{Outcome, run, story};
use crate::{Check, EXERCISES, Miss, expect, tape};

fn check(run: fn() -> Result<(), Miss>) -> Check {
    Check {
        name: "refill-boundary",
        claim: "the next token comes in time",
        step: "Step 3",
        anchor: "now-or-later",
        run,
    }
}

fn missed() -> Result<(), Miss> {
    for _ in 0..12 {
        tape::call("allow(0 ms, 1)".to_owned());
        tape::gave("true");
    }
    tape::call("allow(99 ms, 1)".to_owned());
    tape::gave("true");
    expect(true, false, "only 0.99 of a token is there")
}

fn stuck() -> Result<(), Miss> {
    tape::call("reserve(0 ms, 1)".to_owned());
    loop {
        std::thread::park();
    }
}

fn panics() -> Result<(), Miss> {
    tape::call("cancel(0 ms, reservation 0)".to_owned());
    panic!("attempt to subtract with overflow")
}

/// One test for all, because there is one tape and one check runs at a time.
#[test]
fn a_miss_a_panic_and_an_endless_loop_are_told_with_the_calls_that_led_there() {
    let long = Duration::from_secs(60);
    assert_eq!(run(&check(|| Ok(())), long), Outcome::Met);

    let check_missed = check(missed);
    let Outcome::Missed(miss) = run(&check_missed, long) else {
        panic!("not missed");
    };
    let story = story(EXERCISES[0], &check_missed, &miss);
    assert_eq!(story[0], "Tried     allow(0 ms, 1) -> true, 12 times");
    assert_eq!(story[1], "          allow(99 ms, 1) -> true");
    assert_eq!(story[2], "Came out  true");
    assert_eq!(story[3], "Expected  false: only 0.99 of a token is there");

    assert!(matches!(run(&check(panics), long), Outcome::Missed(_)));
    assert_eq!(tape::lines(), ["cancel(0 ms, reservation 0)"]);

    let no_time = Duration::ZERO;
    assert!(matches!(run(&check(stuck), no_time), Outcome::Stuck(_)));
}
