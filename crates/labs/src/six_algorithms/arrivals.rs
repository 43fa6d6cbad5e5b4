//! The patterns in which requests arrive, all at the same mean rate.

use core::time::Duration;

use clock::Instant;
use sim::{ArrivalStream, Arrivals, Rng};

use super::settings::{Params, Pattern};

/// Boundary bursts come every two and a half windows: in turn across an edge and in the middle of a window.
const BOUNDARY_EVERY: f64 = 2.5;
/// A boundary burst lasts this share of a window.
const BOUNDARY_SPREAD: f64 = 0.2;
/// Random bursts come one in each stretch of this length, and last a twentieth of it.
const BURSTS_EVERY: f64 = 2.0;
const BURSTS_SPREAD: f64 = 0.1;

/// Requests as they arrive, and when bursts of how many among them begin.
pub(super) fn pattern(
    params: &Params,
    seed: u64,
    duration: Duration,
) -> (ArrivalStream, Vec<(Instant, u32)>) {
    let per_second = params.offered;
    let rng = |name| Rng::stream(seed, name);
    let (instants, bursts) = match params.pattern {
        Pattern::Boundary => boundary_bursts(params, rng("boundary bursts"), duration),
        Pattern::Bursts => random_bursts(per_second, rng("bursts"), duration),
        Pattern::Poisson => {
            let stream = Arrivals::Poisson { per_second }.start(rng("arrivals"));
            return (stream, Vec::new());
        }
        Pattern::Steady => {
            let stream = Arrivals::Constant { per_second }.start(rng("arrivals"));
            return (stream, Vec::new());
        }
    };
    // A list needs no chance of its own.
    (Arrivals::List(instants).start(rng("arrivals")), bursts)
}

type Bursts = (Vec<Instant>, Vec<(Instant, u32)>);

/// The bursts that a fixed window cannot see as one: centred on the edge of a window, then on the middle of one, in turn.
fn boundary_bursts(params: &Params, mut rng: Rng, duration: Duration) -> Bursts {
    let window = params.window().as_secs_f64();
    let every = BOUNDARY_EVERY * window;
    let spread = BOUNDARY_SPREAD * window;
    let mut all = Bursts::default();
    for nth in 0_u32.. {
        let begin = window + f64::from(nth) * every - spread / 2.0;
        if begin >= duration.as_secs_f64() {
            break;
        }
        let size = burst_size(nth, params.offered * every);
        burst(&mut all, &mut rng, size, begin, spread);
    }
    all
}

/// Bursts that know nothing of windows.
fn random_bursts(per_second: f64, mut rng: Rng, duration: Duration) -> Bursts {
    let mut all = Bursts::default();
    for nth in 0_u32.. {
        let stretch = f64::from(nth) * BURSTS_EVERY;
        if stretch >= duration.as_secs_f64() {
            break;
        }
        let begin = stretch + rng.unit() * (BURSTS_EVERY - BURSTS_SPREAD);
        let size = burst_size(nth, per_second * BURSTS_EVERY);
        burst(&mut all, &mut rng, size, begin, BURSTS_SPREAD);
    }
    all
}

/// Whole requests of burst number `nth`, so that the mean comes out as `mean`.
fn burst_size(nth: u32, mean: f64) -> u32 {
    let up_to = |count: u32| (f64::from(count) * mean + 1e-9).floor() as u32;
    up_to(nth + 1) - up_to(nth)
}

/// `size` requests over `spread` seconds from `begin` on, each somewhere in its own share of that time.
fn burst(all: &mut Bursts, rng: &mut Rng, size: u32, begin: f64, spread: f64) {
    let first = all.0.len();
    for place in 0..size {
        let share = (f64::from(place) + rng.unit()) / f64::from(size);
        all.0.push(Instant::from_secs_f64(begin + share * spread));
    }
    if let Some(&at) = all.0.get(first) {
        all.1.push((at, size));
    }
}
