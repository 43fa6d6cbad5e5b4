//! Moments of a run in words: in seconds, milliseconds or microseconds, as the run is long or short.

use core::time::Duration;

use clock::Instant;

/// The unit moments of a run are told in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeUnit {
    /// How it is written.
    pub name: &'static str,
    /// How many make a second.
    pub per_second: f64,
}

impl TimeUnit {
    /// The one for a run of this length: microseconds up to a millisecond, milliseconds below a second.
    #[must_use]
    pub fn of(length: Duration) -> Self {
        let (name, per_second) = match length.as_nanos() {
            0..=1_000_000 => ("µs", 1e6),
            1_000_001..1_000_000_000 => ("ms", 1e3),
            _ => ("s", 1.0),
        };
        Self { name, per_second }
    }

    /// A moment with so many digits behind the point, so that digits do not jump: `17.40 s`, `29.75 ms`.
    #[must_use]
    pub fn moment(self, at: Instant, decimals: usize) -> String {
        let value = at.as_secs_f64() * self.per_second;
        format!("{value:.decimals$} {}", self.name)
    }
}

/// How long a short run should take to watch, in seconds.
const WATCHED_S: f64 = 20.0;

/// Simulated seconds that pass in a second of play at normal speed.
///
/// 1 for runs of a second and more; what is over in milliseconds is slowed down to last about 20 to 50 s, by a round factor.
#[must_use]
pub fn pace(length: Duration) -> f64 {
    if length >= Duration::from_secs(1) {
        return 1.0;
    }
    let wanted = length.as_secs_f64() / WATCHED_S;
    let mut step = 1.0;
    while step > wanted && step > 1e-9 {
        step /= 10.0;
    }
    let round = [5.0, 2.0].into_iter().find(|times| step * times <= wanted);
    step * round.unwrap_or(1.0)
}
