//! The drivers on tokio's paused clock, beside the bare mechanisms.

mod breaker;
mod breaker_parity;
mod clock;
mod direct;
mod gate;
mod keyed;
mod keyed_gcra;
mod layer;
mod queue;
mod retrying;
mod waiting;

use std::time::Duration;

/// Pauses between the requests of a script, nanoseconds: the same on every run, and often within a nanosecond of a refill.
fn gaps(seed: u64) -> impl Iterator<Item = Duration> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        // A linear congruential generator (Knuth's MMIX), of which only the high bits are used.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let nanos = match (state >> 33) % 8 {
            0 => 0,
            1 => 99_999_999,
            2 => 100_000_000,
            3 => 100_000_001,
            _ => (state >> 35) % 60_000_000,
        };
        Duration::from_nanos(nanos)
    })
}
