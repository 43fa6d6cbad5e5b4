//! The checks of the exercise, from easy to hard.

use exercises::{Check, Miss};

use crate::random::random;
use crate::recorded::recorded;
use crate::source::Refused::{Open as IsOpen, TrialsTaken};
use crate::source::Settings;
use crate::source::State::{Closed, HalfOpen, Open};
use crate::trial::{Trial, just_after, ms};

/// Where the page explains what the checks are about.
const SECTION: &str = "one-breaker-call-by-call";

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
        anchor: SECTION,
        run,
    }
}

/// All of them, in the order in which they are tried.
pub(crate) const CHECKS: [Check; 14] = [
    check(
        "closed-at-start",
        "a new breaker is closed and lets calls through",
        "Step 1: calls pass and are counted",
        closed_at_start,
    ),
    check(
        "calls-and-failures",
        "a call counts when it passes, a failure when it is reported",
        "Step 1: calls pass and are counted",
        calls_and_failures,
    ),
    check(
        "ratio-boundary",
        "the failure that makes it half of the calls opens, the one before does not",
        "Step 2: one failure too many",
        ratio_boundary,
    ),
    check(
        "too-few-calls",
        "nineteen failures of nineteen calls are too few to decide on",
        "Step 2: one failure too many",
        too_few_calls,
    ),
    check(
        "only-failures-decide",
        "a success never opens",
        "Step 2: one failure too many",
        only_failures_decide,
    ),
    check(
        "open-refuses",
        "while it is open, calls are refused with the rest of the wait",
        "Step 3: open",
        open_refuses,
    ),
    check(
        "wait-boundary",
        "at the end of the wait it is still open, a nanosecond later it is not",
        "Step 3: open",
        wait_boundary,
    ),
    check(
        "trials-in-all",
        "so many trials pass in all, not at once",
        "Step 4: half-open",
        trials_in_all,
    ),
    check(
        "trials-close",
        "when all trials have ended well, it is closed and has forgotten everything",
        "Step 4: half-open",
        trials_close,
    ),
    check(
        "trial-fails",
        "one failed trial opens it for another whole wait",
        "Step 4: half-open",
        trial_fails,
    ),
    check(
        "window-rolls",
        "a bucket leaves the window when as many have begun after it",
        "Step 5: the window rolls",
        window_rolls,
    ),
    check(
        "late-results",
        "a failure is booked where its call was, or nowhere",
        "Step 6: results that come late",
        late_results,
    ),
    check(
        "recorded-in-go",
        "it decides as sony/gobreaker did when it was recorded",
        "Step 7: against the originals",
        recorded,
    ),
    check(
        "random-calls",
        "40,000 random steps fare as with the book's own breaker",
        "Step 7: against the originals",
        random,
    ),
];

/// Ten buckets of a second; half of at least 20 calls; 5 s open; two trials.
const SETTINGS: Settings = Settings {
    buckets: 10,
    bucket: ms(1000),
    min_calls: 20,
    ratio: 0.5,
    wait: ms(5000),
    trials: 2,
};

const CLOSED: &str = "it is closed";

fn new() -> Trial {
    Trial::new(SETTINGS, ms(0))
}

/// Opened at 100 ms.
fn opened() -> Result<Trial, Miss> {
    let mut breaker = new();
    breaker.calls(ms(100), 20, false, CLOSED)?;
    let why = "the 20th of 20 calls has failed";
    breaker.state(ms(100), Open, why)?;
    Ok(breaker)
}

fn closed_at_start() -> Result<(), Miss> {
    let mut breaker = new();
    breaker.state(ms(0), Closed, "a new breaker is closed")?;
    breaker.window(ms(0), (0, 0), "nothing has been called")?;
    breaker.passes(ms(0), CLOSED)?;
    breaker.passes(ms(10), CLOSED)?;
    breaker.window(ms(10), (2, 0), "two calls have passed")
}

fn calls_and_failures() -> Result<(), Miss> {
    let mut breaker = new();
    let first = breaker.passes(ms(0), CLOSED)?;
    let second = breaker.passes(ms(0), CLOSED)?;
    breaker.window(
        ms(0),
        (2, 0),
        "calls count when they pass, not when they end",
    )?;
    breaker.ends(ms(5), first, true);
    breaker.window(
        ms(5),
        (2, 0),
        "a call that ends well was counted when it passed",
    )?;
    breaker.ends(ms(9), second, false);
    breaker.window(ms(9), (2, 1), "one of the two has failed")?;
    breaker.state(ms(9), Closed, "two calls are fewer than 20")
}

fn ratio_boundary() -> Result<(), Miss> {
    let mut breaker = new();
    breaker.calls(ms(0), 11, true, CLOSED)?;
    breaker.calls(ms(0), 10, false, CLOSED)?;
    breaker.state(ms(0), Closed, "10 of 21 calls failed, which is 47.6 %")?;
    let last = breaker.passes(ms(0), CLOSED)?;
    breaker.state(ms(7), Closed, "the 22nd call has not ended yet")?;
    breaker.ends(ms(7), last, false);
    let why = "11 of 22 calls failed: exactly half is enough, and no further call is needed";
    breaker.state(ms(7), Open, why)?;
    breaker.window(ms(7), (0, 0), "only the closed state has a window")
}

fn too_few_calls() -> Result<(), Miss> {
    let mut breaker = new();
    breaker.calls(ms(0), 19, false, CLOSED)?;
    breaker.state(ms(0), Closed, "19 calls are fewer than 20")?;
    breaker.calls(ms(0), 1, false, "19 calls are fewer than 20")?;
    breaker.state(ms(0), Open, "20 of 20 calls failed, and 20 are enough")?;
    // Calls that are still under way are calls, too.
    let mut breaker = new();
    let waiting = breaker.passes(ms(0), CLOSED)?;
    breaker.calls(ms(0), 19, false, CLOSED)?;
    let why = "19 of 20 calls failed: the one under way makes them 20";
    breaker.state(ms(0), Open, why)?;
    breaker.ends(ms(1), waiting, true);
    Ok(())
}

fn only_failures_decide() -> Result<(), Miss> {
    let mut breaker = new();
    breaker.calls(ms(0), 19, false, CLOSED)?;
    breaker.calls(ms(0), 1, true, CLOSED)?;
    let why =
        "19 of 20 calls failed, but the question is asked when a call fails, and this one did not";
    breaker.state(ms(0), Closed, why)?;
    breaker.calls(ms(0), 1, false, CLOSED)?;
    breaker.state(ms(0), Open, "20 of 21 calls failed")
}

fn open_refuses() -> Result<(), Miss> {
    let mut breaker = opened()?;
    let why = "it opened at 100 ms for 5000 ms";
    breaker.refuses(ms(100), IsOpen { wait: ms(5000) }, why)?;
    breaker.refuses(ms(1600), IsOpen { wait: ms(3500) }, why)?;
    let why = "refused calls do not make the wait longer";
    breaker.refuses(ms(5099), IsOpen { wait: ms(1) }, why)
}

fn wait_boundary() -> Result<(), Miss> {
    let mut breaker = opened()?;
    let why = "at 5100 ms exactly the wait is not over yet";
    breaker.state(ms(5100), Open, why)?;
    breaker.refuses(ms(5100), IsOpen { wait: ms(0) }, why)?;
    let after = just_after(ms(5100));
    let why = "more than 5000 ms have passed, and nobody has to call for that";
    breaker.state(after, HalfOpen, why)?;
    breaker.passes(after, "the first of two trials")?;
    breaker.state(after, HalfOpen, "the trial has not ended yet")
}

fn trials_in_all() -> Result<(), Miss> {
    let mut breaker = opened()?;
    let first = breaker.passes(ms(6000), "the first of two trials")?;
    breaker.ends(ms(6010), first, true);
    breaker.state(ms(6010), HalfOpen, "one of two trials has ended well")?;
    let second = breaker.passes(ms(6020), "the second of two trials")?;
    let why = "two trials have passed, and that one of them has ended makes no room";
    breaker.refuses(ms(6030), TrialsTaken, why)?;
    breaker.refuses(
        ms(60_000),
        TrialsTaken,
        "no time makes room for a third trial",
    )?;
    breaker.window(ms(60_000), (0, 0), "only the closed state has a window")?;
    breaker.ends(ms(60_000), second, true);
    breaker.state(ms(60_000), Closed, "both trials have ended well")
}

fn trials_close() -> Result<(), Miss> {
    let mut breaker = opened()?;
    breaker.calls(ms(6000), 2, true, "two trials pass")?;
    breaker.state(ms(6000), Closed, "both trials have ended well")?;
    breaker.window(ms(6000), (0, 0), "a closed breaker begins anew")?;
    breaker.calls(ms(6000), 19, false, CLOSED)?;
    breaker.state(ms(6000), Closed, "19 calls are fewer than 20")?;
    breaker.calls(ms(6000), 1, false, CLOSED)?;
    breaker.refuses(
        ms(6000),
        IsOpen { wait: ms(5000) },
        "it has just opened again",
    )
}

fn trial_fails() -> Result<(), Miss> {
    let mut breaker = opened()?;
    let first = breaker.passes(ms(6000), "the first of two trials")?;
    let second = breaker.passes(ms(6000), "the second of two trials")?;
    breaker.ends(ms(6500), first, false);
    let why = "one failed trial is enough";
    breaker.state(ms(6500), Open, why)?;
    let why = "the wait begins anew when the trial has failed";
    breaker.refuses(ms(6600), IsOpen { wait: ms(4900) }, why)?;
    breaker.ends(ms(6700), second, true);
    breaker.state(ms(6700), Open, "the other trial belongs to the time before")?;
    // The trials of the next time are counted from zero, also those that ended well.
    breaker.calls(ms(12_000), 1, true, "the first of two trials")?;
    breaker.calls(ms(12_000), 1, false, "the second of two trials")?;
    breaker.state(ms(12_000), Open, "the second trial has failed")?;
    breaker.calls(ms(18_000), 1, true, "the first of two trials")?;
    let why = "one of two trials has ended well; the one at 12000 ms was before";
    breaker.state(ms(18_000), HalfOpen, why)?;
    breaker.calls(ms(18_000), 1, true, "the second of two trials")?;
    breaker.state(ms(18_000), Closed, "both trials have ended well")
}

fn window_rolls() -> Result<(), Miss> {
    let settings = Settings {
        buckets: 3,
        ..SETTINGS
    };
    // Buckets are counted from the beginning, not from the seconds of a clock.
    let mut breaker = Trial::new(settings, ms(500));
    breaker.calls(ms(1499), 4, false, CLOSED)?;
    breaker.calls(ms(1500), 3, true, CLOSED)?;
    breaker.window(
        ms(3499),
        (7, 4),
        "the first bucket, 500 to 1500 ms, is the oldest of three",
    )?;
    breaker.window(
        ms(3500),
        (3, 0),
        "at 3500 ms the fourth bucket begins, and the first is gone",
    )?;
    breaker.calls(ms(3600), 1, false, CLOSED)?;
    breaker.window(ms(3600), (4, 1), "the second and the fourth bucket")?;
    breaker.window(ms(4500), (1, 1), "the second bucket is gone, too")?;
    breaker.window(ms(6500), (0, 0), "all of them are gone")?;
    breaker.calls(ms(60_000), 19, false, CLOSED)?;
    let why = "after a long silence the window holds the 19 calls of now, which are too few";
    breaker.state(ms(60_000), Closed, why)?;
    breaker.window(ms(60_000), (19, 19), "what was before is long gone")
}

fn late_results() -> Result<(), Miss> {
    let settings = Settings {
        buckets: 3,
        ..SETTINGS
    };
    let mut breaker = Trial::new(settings, ms(0));
    let slow = breaker.passes(ms(500), CLOSED)?;
    let slower = breaker.passes(ms(500), CLOSED)?;
    breaker.ends(ms(2999), slow, false);
    breaker.window(
        ms(2999),
        (2, 1),
        "both calls are in the oldest of three buckets",
    )?;
    let why = "the failure was booked in the bucket of its call, and that is gone";
    breaker.window(ms(3000), (0, 0), why)?;
    breaker.ends(ms(3000), slower, false);
    breaker.window(ms(3000), (0, 0), "its call is in no bucket any more")?;
    // Results of calls from before the trip.
    let mut breaker = new();
    let good = breaker.passes(ms(0), CLOSED)?;
    let bad = breaker.passes(ms(0), CLOSED)?;
    breaker.calls(ms(100), 18, false, CLOSED)?;
    breaker.ends(ms(200), good, true);
    breaker.state(
        ms(200),
        Open,
        "a success from before the trip closes nothing",
    )?;
    breaker.calls(ms(6000), 2, true, "two trials pass")?;
    breaker.ends(ms(6100), bad, false);
    breaker.window(
        ms(6100),
        (0, 0),
        "a failure from before the trip counts for nothing",
    )
}
