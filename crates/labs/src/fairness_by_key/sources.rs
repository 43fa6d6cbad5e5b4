//! Who asks when: the quiet customers together, and each greedy one.

use clock::Instant;
use sim::{ArrivalStream, Arrivals, EventId, Phase, Rng};

use super::settings::{LOOP_LASTS, LOOPS_MAX, Params, QUIET};

/// Requests that arrive at random, the next one known.
#[derive(Clone)]
pub(super) struct Source {
    stream: ArrivalStream,
    next: Option<Instant>,
}

impl Source {
    fn new(mut stream: ArrivalStream) -> Self {
        let next = stream.next();
        Self { stream, next }
    }

    /// All quiet customers. Independent callers at equal rates are the same as one stream that draws for each request who sent it.
    pub(super) fn quiet(params: &Params, seed: u64) -> Self {
        let per_second = QUIET * (params.customers - 1.0);
        Self::new(Arrivals::Poisson { per_second }.start(Rng::stream(seed, "quiet")))
    }

    /// The loop number `nth` of a run, from `from` on.
    fn greedy(params: &Params, seed: u64, nth: usize, from: Instant) -> Self {
        const NAMES: [&str; LOOPS_MAX] = ["batch", "loop 2", "loop 3", "loop 4"];
        let phase = |from, per_second| Phase { from, per_second };
        let phases = vec![phase(from, params.greedy), phase(from + LOOP_LASTS, 0.0)];
        Self::new(Arrivals::Phases(phases).start(Rng::stream(seed, NAMES[nth])))
    }

    /// When the next request arrives.
    pub(super) const fn next(&self) -> Option<Instant> {
        self.next
    }

    /// The next request has arrived.
    pub(super) fn advance(&mut self) {
        self.next = self.stream.next();
    }

    /// Adds the requests that arrive until then, drawn again from where the stream stands.
    pub(super) fn coming(&self, until: Instant, into: &mut Vec<Instant>) {
        let mut copy = self.clone();
        while let Some(at) = copy.next.filter(|&at| at <= until) {
            into.push(at);
            copy.advance();
        }
    }
}

/// A customer in a retry loop, now or earlier in the run.
#[derive(Clone)]
pub(super) struct Greedy {
    pub(super) customer: u32,
    pub(super) source: Source,
    /// The entry of its beginning.
    pub(super) started: Option<EventId>,
}

impl Greedy {
    /// The loop number `nth`: `batch` first, then the customers from the last one downwards.
    pub(super) fn new(params: &Params, seed: u64, nth: usize, from: Instant) -> Self {
        let customer = if nth == 0 {
            0
        } else {
            params.customers() - nth
        };
        Self {
            customer: customer as u32,
            source: Source::greedy(params, seed, nth, from),
            started: None,
        }
    }
}
