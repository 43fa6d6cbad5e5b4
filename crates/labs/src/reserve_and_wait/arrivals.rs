//! Where requests come from: independent callers, and bursts at regular times.

use core::time::Duration;

use clock::Instant;
use sim::{ArrivalStream, Arrivals, Rng};

use super::settings::Params;

/// Source number of the bursts.
pub(super) const BURSTS: usize = 1;
/// When the first burst arrives, and how long after each the next.
const FIRST: Instant = Instant::from_millis(2_000);
const EVERY: Duration = Duration::from_secs(6);
/// Requests of one burst arrive this far apart.
const GAP: Duration = Duration::from_millis(1);

/// A stream of arrivals with a look at the next one.
#[derive(Clone, Debug)]
pub(super) struct Source {
    stream: ArrivalStream,
    next: Option<Instant>,
    /// Arrivals in one burst, at least 1.
    size: u32,
    /// How many of the present burst have come.
    come: u32,
}

/// The callers and the bursts.
pub(super) fn sources(params: &Params, seed: u64) -> [Source; 2] {
    let size = params.size as u32;
    let callers = Arrivals::Poisson {
        per_second: params.offered,
    };
    let bursts = Arrivals::Bursts {
        size,
        first: FIRST,
        every: EVERY,
        spread: GAP * size.saturating_sub(1),
    };
    [(callers, "callers"), (bursts, "bursts")].map(|(arrivals, name)| {
        let mut stream = arrivals.start(Rng::stream(seed, name));
        let next = stream.next();
        Source {
            stream,
            next,
            size: size.max(1),
            come: 0,
        }
    })
}

impl Source {
    /// When the next request arrives.
    pub(super) fn next(&self) -> Option<Instant> {
        self.next
    }

    /// Lets the next request arrive; true if it is the first of a burst.
    pub(super) fn advance(&mut self) -> bool {
        let first = self.come == 0;
        self.come = (self.come + 1) % self.size;
        self.next = self.stream.next();
        first
    }

    /// The arrivals up to `until`, without letting them arrive: drawn from a copy, so none of them is kept.
    pub(super) fn coming(&self, until: Instant) -> impl Iterator<Item = Instant> {
        let all = self.next.into_iter().chain(self.stream.clone());
        all.take_while(move |&at| at <= until)
    }
}
