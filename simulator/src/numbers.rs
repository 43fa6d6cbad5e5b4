//! Numbers and moments as a reader sees them.

use core::time::Duration;

use clock::Instant;
use labs::TimeUnit;
pub(crate) use labs::{decimal, plain, with_unit};

/// A moment of a run of this length, in digits that do not jump: `17.40 s`, `29.75 ms`.
pub(crate) fn moment(at: Instant, length: Duration) -> String {
    TimeUnit::of(length).moment(at, 2)
}

/// A moment with the precision of the log: `7.204 s`, `29.750 ms`.
pub(crate) fn log_moment(at: Instant, length: Duration) -> String {
    TimeUnit::of(length).moment(at, 3)
}

/// The length of a run: `60 s`, `40 ms`.
pub(crate) fn length(length: Duration) -> String {
    let unit = TimeUnit::of(length);
    with_unit(length.as_secs_f64() * unit.per_second, unit.name)
}

/// How much of a run of this length passes in a second at this speed: `2×`, or `0.5 ms/s` of a run that is played slowly.
pub(crate) fn speed(speed: f64, length: Duration) -> String {
    let pace = labs::pace(length);
    if pace == 1.0 {
        return format!("{}×", plain(speed));
    }
    let passes = pace * speed;
    let unit = TimeUnit::of(Duration::from_secs_f64(passes.min(1.0)));
    format!("{}/s", with_unit(passes * unit.per_second, unit.name))
}
