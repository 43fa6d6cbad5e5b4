//! What sony/gobreaker v2 decided, commit fed8e9e, recorded step by step: measured facts.

use std::collections::BTreeMap;

use exercises::Miss;

use crate::source::State::{self, Closed, HalfOpen, Open};
use crate::source::{Refused, Settings};
use crate::trial::{Trial, ms};

/// One recorded step; calls have numbers.
#[derive(Clone, Copy)]
enum Did {
    Passes(usize),
    /// Refused, because the breaker is open.
    IsOpen,
    Succeeds(usize),
    Fails(usize),
}

use Did::{Fails, IsOpen, Passes, Succeeds};

/// Milliseconds, what was done, the state after it, and calls and failures in the window of the closed state.
type Step = (u64, Did, State, (u32, u32));

/// `Interval` 1 s, `BucketPeriod` 500 ms, `Timeout` 200 ms, `MaxRequests` 3.
const SETTINGS: Settings = Settings {
    buckets: 2,
    bucket: ms(500),
    min_calls: 11,
    ratio: 0.5,
    wait: ms(200),
    trials: 3,
};

const STEPS: [Step; 89] = [
    (19, Passes(0), Closed, (1, 0)),
    (34, Passes(1), Closed, (2, 0)),
    (64, Succeeds(0), Closed, (2, 0)),
    (226, Passes(2), Closed, (3, 0)),
    (363, Succeeds(1), Closed, (3, 0)),
    (505, Succeeds(2), Closed, (3, 0)),
    (546, Passes(3), Closed, (4, 0)),
    (593, Succeeds(3), Closed, (4, 0)),
    (695, Passes(4), Closed, (5, 0)),
    (731, Succeeds(4), Closed, (5, 0)),
    (780, Passes(5), Closed, (6, 0)),
    (793, Succeeds(5), Closed, (6, 0)),
    (962, Passes(6), Closed, (7, 0)),
    (973, Succeeds(6), Closed, (7, 0)),
    (1013, Passes(7), Closed, (5, 0)),
    (1091, Succeeds(7), Closed, (5, 0)),
    (1159, Passes(8), Closed, (6, 0)),
    (1206, Succeeds(8), Closed, (6, 0)),
    (1235, Passes(9), Closed, (7, 0)),
    (1236, Passes(10), Closed, (8, 0)),
    (1254, Succeeds(9), Closed, (8, 0)),
    (1277, Passes(11), Closed, (9, 0)),
    (1289, Succeeds(10), Closed, (9, 0)),
    (1304, Passes(12), Closed, (10, 0)),
    (1325, Succeeds(12), Closed, (10, 0)),
    (1358, Passes(13), Closed, (11, 0)),
    (1410, Passes(14), Closed, (12, 0)),
    (1412, Succeeds(14), Closed, (12, 0)),
    (1447, Passes(15), Closed, (13, 0)),
    (1455, Succeeds(13), Closed, (13, 0)),
    (1460, Succeeds(15), Closed, (13, 0)),
    (1501, Succeeds(11), Closed, (9, 0)),
    (1584, Passes(16), Closed, (10, 0)),
    (1588, Succeeds(16), Closed, (10, 0)),
    (1601, Passes(17), Closed, (11, 0)),
    (1611, Succeeds(17), Closed, (11, 0)),
    (1615, Passes(18), Closed, (12, 0)),
    (1618, Succeeds(18), Closed, (12, 0)),
    (1669, Passes(19), Closed, (13, 0)),
    (1780, Passes(20), Closed, (14, 0)),
    (1781, Succeeds(20), Closed, (14, 0)),
    (1828, Passes(21), Closed, (15, 0)),
    (1844, Succeeds(21), Closed, (15, 0)),
    (1889, Fails(19), Closed, (15, 1)),
    (1945, Passes(22), Closed, (16, 1)),
    (2043, Passes(23), Closed, (8, 1)),
    (2046, Succeeds(23), Closed, (8, 1)),
    (2198, Passes(24), Closed, (9, 1)),
    (2207, Succeeds(24), Closed, (9, 1)),
    (2258, Passes(25), Closed, (10, 1)),
    (2263, Passes(26), Closed, (11, 1)),
    (2268, Fails(25), Closed, (11, 2)),
    (2273, Passes(27), Closed, (12, 2)),
    (2275, Fails(22), Closed, (12, 3)),
    (2358, Passes(28), Closed, (13, 3)),
    (2361, Succeeds(27), Closed, (13, 3)),
    (2370, Succeeds(28), Closed, (13, 3)),
    (2466, Passes(29), Closed, (14, 3)),
    (2536, Passes(30), Closed, (8, 1)),
    (2553, Passes(31), Closed, (9, 1)),
    (2556, Succeeds(29), Closed, (9, 1)),
    (2668, Succeeds(26), Closed, (9, 1)),
    (2686, Passes(32), Closed, (10, 1)),
    (2687, Fails(30), Closed, (10, 2)),
    (2688, Fails(32), Closed, (10, 3)),
    (2709, Passes(33), Closed, (11, 3)),
    (2743, Fails(33), Closed, (11, 4)),
    (2759, Passes(34), Closed, (12, 4)),
    (2761, Fails(34), Closed, (12, 5)),
    (2812, Passes(35), Closed, (13, 5)),
    (2817, Fails(31), Closed, (13, 6)),
    (2818, Fails(35), Open, (0, 0)),
    (2862, IsOpen, Open, (0, 0)),
    (2890, IsOpen, Open, (0, 0)),
    (2925, IsOpen, Open, (0, 0)),
    (2966, IsOpen, Open, (0, 0)),
    (3001, IsOpen, Open, (0, 0)),
    (3075, Passes(41), HalfOpen, (0, 0)),
    (3149, Passes(42), HalfOpen, (0, 0)),
    (3180, Passes(43), HalfOpen, (0, 0)),
    (3191, Fails(41), Open, (0, 0)),
    (3258, Fails(42), Open, (0, 0)),
    (3281, IsOpen, Open, (0, 0)),
    (3290, IsOpen, Open, (0, 0)),
    (3384, Fails(43), Open, (0, 0)),
    (3417, Passes(46), HalfOpen, (0, 0)),
    (3419, Fails(46), Open, (0, 0)),
    (3624, Passes(47), HalfOpen, (0, 0)),
    (3631, Passes(48), HalfOpen, (0, 0)),
];

/// Replays the recording.
pub(crate) fn recorded() -> Result<(), Miss> {
    let why = "so gobreaker decided";
    let mut breaker = Trial::new(SETTINGS, ms(0));
    // The number that the trial gave to a recorded call.
    let mut numbers = BTreeMap::new();
    let mut opened = 0;
    let mut before = Closed;
    for &(millis, did, state, counts) in &STEPS {
        let now = ms(millis);
        match did {
            Passes(call) => {
                numbers.insert(call, breaker.passes(now, why)?);
            }
            IsOpen => {
                let wait = SETTINGS.wait.saturating_sub(now - ms(opened));
                breaker.refuses(now, Refused::Open { wait }, why)?;
            }
            Succeeds(call) => breaker.ends(now, numbers[&call], true),
            Fails(call) => breaker.ends(now, numbers[&call], false),
        }
        if state == Open && before != Open {
            opened = millis;
        }
        before = state;
        breaker.state(now, state, why)?;
        breaker.window(now, counts, "so many did gobreaker count")?;
    }
    Ok(())
}
