//! The checks of the exercise, from easy to hard.

use exercises::{Check, Miss};

use crate::random::random;
use crate::recorded::recorded;
use crate::trial::{Trial, ms};

const REFILL: &str = "a-bucket-without-a-tap";
const RESERVE: &str = "now-or-later";

const fn check(
    name: &'static str,
    claim: &'static str,
    step: &'static str,
    anchor: &'static str,
    run: fn() -> Result<(), Miss>,
) -> Check {
    Check {
        name,
        claim,
        step,
        anchor,
        run,
    }
}

/// All of them, in the order in which they are tried.
pub(crate) const CHECKS: [Check; 14] = [
    check(
        "full-at-start",
        "a new bucket is full",
        "Step 1: a full bucket",
        REFILL,
        full_at_start,
    ),
    check(
        "burst-then-refusal",
        "of 80 requests at once a burst of 50 passes",
        "Step 2: now or not at all",
        "a-newsletter-goes-out",
        burst_then_refusal,
    ),
    check(
        "refill-boundary",
        "at 10 a second the next token is there after 100 ms and not before",
        "Step 3: refilled without a timer",
        REFILL,
        refill_boundary,
    ),
    check(
        "fractions-kept",
        "half a token left over is half of the next",
        "Step 3: refilled without a timer",
        REFILL,
        fractions_kept,
    ),
    check(
        "capped-at-burst",
        "an hour of silence leaves a full bucket and no more",
        "Step 3: refilled without a timer",
        REFILL,
        capped_at_burst,
    ),
    check(
        "refusal-costs-nothing",
        "a refusal takes no token and delays nobody",
        "Step 4: a refusal changes nothing",
        REFILL,
        refusal_costs_nothing,
    ),
    check(
        "more-than-burst",
        "more tokens than the burst are never there",
        "Step 4: a refusal changes nothing",
        RESERVE,
        more_than_burst,
    ),
    check(
        "reserve-delays",
        "who reserves behind a debt waits longer",
        "Step 5: now or later",
        RESERVE,
        reserve_delays,
    ),
    check(
        "debt-before-allow",
        "nothing is allowed while tokens are owed",
        "Step 5: now or later",
        RESERVE,
        debt_before_allow,
    ),
    check(
        "cancel-last",
        "the last in the queue gives its place back",
        "Step 6: changing one's mind",
        RESERVE,
        cancel_last,
    ),
    check(
        "cancel-middle",
        "in mid-queue only what nobody waits behind comes back",
        "Step 6: changing one's mind",
        RESERVE,
        cancel_middle,
    ),
    check(
        "cancel-too-late",
        "a reservation whose time has passed gives nothing back",
        "Step 6: changing one's mind",
        RESERVE,
        cancel_too_late,
    ),
    check(
        "recorded-in-go",
        "it decides as golang.org/x/time/rate did when it was recorded",
        "Step 7: against the originals",
        "in-go-and-in-rust",
        recorded,
    ),
    check(
        "random-calls",
        "30,000 random calls fare as with the book's own bucket",
        "Step 7: against the originals",
        "in-go-and-in-rust",
        random,
    ),
];

/// A bucket of 10 a second and a burst of 5, emptied at 0 ms by a grant.
fn emptied() -> Result<Trial, Miss> {
    let mut bucket = Trial::new(10.0, 5);
    bucket.allow(ms(0), 5, true, "a new bucket holds its burst")?;
    Ok(bucket)
}

/// The same, emptied by reservation 0.
fn reserved() -> Result<Trial, Miss> {
    let mut bucket = Trial::new(10.0, 5);
    bucket.reserve(ms(0), 5, ms(0), "the tokens are there")?;
    Ok(bucket)
}

fn full_at_start() -> Result<(), Miss> {
    let bucket = Trial::new(10.0, 50);
    bucket.tokens(ms(0), 50.0, "a new bucket holds its burst")?;
    let small = Trial::new(0.5, 1);
    small.tokens(ms(0), 1.0, "a new bucket holds its burst")
}

fn burst_then_refusal() -> Result<(), Miss> {
    let mut bucket = Trial::new(10.0, 50);
    for _ in 0..50 {
        bucket.allow(ms(0), 1, true, "the bucket held 50 tokens")?;
    }
    for _ in 0..30 {
        bucket.allow(ms(0), 1, false, "all 50 tokens have been taken at 0 ms")?;
    }
    let mut bucket = Trial::new(10.0, 50);
    bucket.allow(ms(0), 30, true, "30 of 50 tokens are asked for")?;
    bucket.tokens(ms(0), 20.0, "30 of 50 have been taken")?;
    bucket.allow(ms(0), 20, true, "exactly 20 are left")
}

fn refill_boundary() -> Result<(), Miss> {
    // A bucket for each refusal, so that what a refusal does to the bucket is not checked here.
    let mut early = emptied()?;
    early.tokens(ms(50), 0.5, "in 50 ms half a token drips in")?;
    early.allow(ms(99), 1, false, "by 99 ms only 0.99 of a token is there")?;
    let mut bucket = emptied()?;
    bucket.allow(ms(100), 1, true, "by 100 ms one whole token is there")?;
    bucket.tokens(ms(100), 0.0, "the one token has just been taken")?;
    bucket.tokens(ms(350), 2.5, "in 250 ms 2.5 tokens drip in")?;
    bucket.allow(ms(350), 3, false, "2.5 tokens are there")
}

fn fractions_kept() -> Result<(), Miss> {
    let mut bucket = emptied()?;
    bucket.allow(ms(150), 1, true, "1.5 tokens have dripped in")?;
    bucket.tokens(ms(150), 0.5, "one of 1.5 tokens has been taken")?;
    bucket.tokens(ms(175), 0.75, "0.5 were left, and 0.25 dripped in")?;
    bucket.allow(ms(200), 1, true, "0.5 were left, and 0.5 dripped in")
}

fn capped_at_burst() -> Result<(), Miss> {
    let hour = 3_600_000;
    let mut bucket = Trial::new(10.0, 50);
    bucket.tokens(ms(3000), 50.0, "a full bucket stays full")?;
    bucket.allow(ms(3000), 50, true, "a full bucket stays full")?;
    bucket.tokens(ms(7900), 49.0, "in 4.9 s 49 tokens drip in")?;
    let why = "36,000 tokens dripped in, and 50 is all it keeps";
    bucket.tokens(ms(hour), 50.0, why)?;
    bucket.allow(ms(hour), 50, true, "it is full")?;
    bucket.allow(ms(hour), 1, false, "what did not fit in is lost")
}

fn refusal_costs_nothing() -> Result<(), Miss> {
    let mut bucket = Trial::new(10.0, 5);
    bucket.allow(ms(0), 3, true, "a new bucket holds its burst")?;
    bucket.allow(ms(0), 4, false, "two are left")?;
    bucket.allow(ms(0), 2, true, "the refused call took none of the two")?;
    for at in [25, 50, 75] {
        bucket.allow(ms(at), 1, false, "no whole token is there yet")?;
    }
    let why = "100 ms have passed since the bucket was empty, however many asked in between";
    bucket.allow(ms(100), 1, true, why)
}

fn more_than_burst() -> Result<(), Miss> {
    let mut bucket = Trial::new(10.0, 5);
    let why = "the bucket never holds 6";
    bucket.allow(ms(0), 6, false, why)?;
    bucket.reserve_too_many(ms(0), 6, 5)?;
    bucket.allow(ms(3_600_000), 6, false, why)?;
    bucket.reserve_too_many(ms(3_600_000), 100, 5)?;
    bucket.tokens(ms(3_600_000), 5.0, "the refused calls took nothing")
}

fn reserve_delays() -> Result<(), Miss> {
    let mut bucket = Trial::new(10.0, 5);
    bucket.reserve(ms(0), 5, ms(0), "the tokens are there")?;
    bucket.tokens(ms(0), 0.0, "five of five were taken")?;
    bucket.reserve(ms(0), 1, ms(100), "one token is owed")?;
    bucket.reserve(ms(0), 1, ms(200), "two tokens are owed")?;
    bucket.reserve(ms(0), 2, ms(400), "four tokens are owed")?;
    bucket.tokens(ms(0), -4.0, "four tokens are owed")?;
    let why = "at 150 ms 2.5 are owed, and with this one 3.5";
    bucket.reserve(ms(150), 1, ms(350), why)
}

fn debt_before_allow() -> Result<(), Miss> {
    let mut bucket = Trial::new(10.0, 5);
    bucket.reserve(ms(0), 5, ms(0), "the tokens are there")?;
    bucket.reserve(ms(0), 3, ms(300), "three tokens are owed")?;
    bucket.allow(ms(100), 1, false, "two tokens are owed")?;
    bucket.allow(ms(300), 1, false, "the debt is just paid")?;
    bucket.tokens(ms(300), 0.0, "the debt is just paid")?;
    bucket.allow(ms(400), 1, true, "one token dripped in since")?;
    let why = "as in an ordinary refill, 0.5 of a token is missing";
    bucket.reserve(ms(450), 1, ms(50), why)
}

fn cancel_last() -> Result<(), Miss> {
    let mut bucket = reserved()?;
    bucket.reserve(ms(0), 1, ms(100), "one token is owed")?;
    bucket.reserve(ms(0), 1, ms(200), "two tokens are owed")?;
    bucket.cancel(ms(0), 2);
    bucket.tokens(ms(0), -1.0, "the last gave its token back")?;
    bucket.reserve(ms(0), 1, ms(200), "the place is free again")?;
    bucket.cancel(ms(50), 3);
    bucket.tokens(ms(50), -0.5, "the last gave its token back")?;
    bucket.cancel(ms(50), 1);
    let why = "once the one behind it had gone, it was the last, and gave its token back, too";
    bucket.tokens(ms(50), 0.5, why)?;
    let mut full = Trial::new(10.0, 5);
    full.reserve(ms(0), 5, ms(0), "the tokens are there")?;
    full.cancel(ms(0), 0);
    full.tokens(ms(0), 5.0, "its time to act has not passed at 0 ms")
}

fn cancel_middle() -> Result<(), Miss> {
    let mut bucket = reserved()?;
    for (n, delay) in [(1, 100), (1, 200), (1, 300)] {
        bucket.reserve(ms(0), n, ms(delay), "the debt grows by one token each time")?;
    }
    bucket.cancel(ms(0), 2);
    let why = "reservation 3 was promised its time behind reservation 2 and keeps it";
    bucket.tokens(ms(0), -3.0, why)?;
    bucket.reserve(ms(0), 1, ms(400), why)?;
    let mut bucket = reserved()?;
    bucket.reserve(ms(0), 3, ms(300), "three tokens are owed")?;
    bucket.reserve(ms(0), 1, ms(400), "four tokens are owed")?;
    bucket.cancel(ms(0), 1);
    let why = "of the three one stays promised to the reservation behind: restored = 3 - 10 * (0.4 - 0.3) = 2";
    bucket.tokens(ms(0), -2.0, why)
}

fn cancel_too_late() -> Result<(), Miss> {
    let mut bucket = reserved()?;
    bucket.reserve(ms(0), 1, ms(100), "one token is owed")?;
    bucket.reserve(ms(0), 2, ms(300), "three tokens are owed")?;
    bucket.cancel(ms(101), 1);
    bucket.tokens(ms(101), -1.99, "its time to act was 100 ms")?;
    bucket.cancel(ms(300), 2);
    bucket.tokens(ms(300), 2.0, "its time to act, 300 ms, has not passed")?;
    let mut full = reserved()?;
    full.cancel(ms(1), 0);
    full.tokens(ms(1), 0.01, "its time to act was 0 ms")?;
    let mut bucket = reserved()?;
    bucket.reserve(ms(500), 5, ms(0), "the bucket is full again")?;
    bucket.cancel(ms(500), 1);
    bucket.tokens(
        ms(600),
        5.0,
        "what was given back does not lift it above its burst",
    )
}
