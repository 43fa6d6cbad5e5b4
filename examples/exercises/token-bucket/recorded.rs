//! What `golang.org/x/time/rate` decided, commit 2b4e439, recorded call by call: measured facts.

use std::time::Duration;

use exercises::Miss;

use crate::trial::Trial;

/// One recorded call and what it gave; times and delays in nanoseconds.
#[derive(Clone, Copy)]
enum Call {
    Allow(u32, bool),
    Reserve(u32, u64),
    Cancel(usize),
    Tokens,
}

use Call::{Allow, Cancel, Reserve, Tokens};

/// A call at this time, and the tokens after it.
type Step = (u64, Call, f64);

/// At 10 tokens a second and a burst of 50: calls at odd times.
const ODD_TIMES: [Step; 11] = [
    (14_799_098, Tokens, 50.0),
    (25_944_707, Allow(1, true), 49.0),
    (26_973_094, Allow(3, true), 46.010_283_87),
    (66_171_357, Allow(3, true), 43.402_266_5),
    (160_577_294, Reserve(42, 0), 2.346_325_87),
    (171_740_830, Allow(3, false), 2.457_961_23),
    (213_738_611, Reserve(31, 2_812_206_095), -28.122_060_96),
    (241_057_194, Allow(1, false), -27.848_875_13),
    (428_957_185, Cancel(0), -25.969_875_22),
    (541_598_608, Allow(1, false), -24.843_460_99),
    (577_519_097, Cancel(1), 6.515_743_9),
];

/// At 10 tokens a second and a burst of 10: three reservations, cancelled from the first to the last.
const CANCELLED: [Step; 16] = [
    (0, Allow(1, true), 9.0),
    (0, Allow(1, true), 8.0),
    (0, Allow(1, true), 7.0),
    (0, Allow(1, true), 6.0),
    (0, Allow(1, true), 5.0),
    (0, Allow(1, true), 4.0),
    (0, Allow(1, true), 3.0),
    (0, Allow(1, true), 2.0),
    (0, Allow(1, true), 1.0),
    (0, Allow(1, true), 0.0),
    (0, Reserve(5, 500_000_000), -5.0),
    (0, Reserve(3, 800_000_000), -8.0),
    (0, Reserve(1, 900_000_000), -9.0),
    (50_000_000, Cancel(0), -7.5),
    (60_000_000, Cancel(1), -5.4),
    (70_000_000, Cancel(2), -4.3),
];

/// Replays both recordings.
pub(crate) fn recorded() -> Result<(), Miss> {
    replay(Trial::new(10.0, 50), &ODD_TIMES)?;
    replay(Trial::new(10.0, 10), &CANCELLED)
}

fn replay(mut bucket: Trial, steps: &[Step]) -> Result<(), Miss> {
    let why = "so Go's rate.Limiter decided";
    for &(nanos, call, tokens) in steps {
        let now = Duration::from_nanos(nanos);
        match call {
            Allow(n, allowed) => bucket.allow(now, n, allowed, why)?,
            Reserve(n, delay) => bucket.reserve(now, n, Duration::from_nanos(delay), why)?,
            Cancel(number) => bucket.cancel(now, number),
            Tokens => {}
        }
        bucket.tokens(now, tokens, "so many were left in Go's rate.Limiter")?;
    }
    Ok(())
}
