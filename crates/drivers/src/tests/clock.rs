//! The clock that ticks, beside the one that runs.

use std::time::Duration;

use crate::{Clock, CoarseClock, FastClock};

#[test]
fn a_ticking_clock_goes_on_and_is_never_ahead() {
    let exact = FastClock::start();
    let ticking = CoarseClock::start(Duration::ZERO).unwrap();
    let clone = ticking.clone();
    let mut latest = ticking.now();
    let mut ticks = 0;
    // Ends when the hands have moved three times, which clones see too.
    while ticks < 3 {
        let shown = clone.now();
        assert!(shown >= latest, "{shown} after {latest}");
        assert!(shown <= exact.now());
        ticks += u32::from(shown > latest);
        latest = shown;
        std::thread::yield_now();
    }
}
