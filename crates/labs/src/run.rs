//! Any lab on a timeline: its parameters, knobs and words, around the one [`Timeline`] that all labs share.

mod any;

use clock::Instant;

pub use any::AnyRun;

use crate::lab::Lab;
use crate::moving::Moving;
use crate::tape::Tape;
use crate::timeline::Timeline;

/// A lab with its parameters, seed, actions and history, standing at a moment.
///
/// Here stands only what needs the lab's type: whatever does not would be compiled again for every lab.
pub struct Run<L: Lab> {
    params: L::Params,
    seed: u64,
    line: Timeline,
}

impl<L: Lab> Run<L> {
    /// A run at time zero.
    #[must_use]
    pub fn new(params: L::Params, seed: u64) -> Self {
        let lines = L::CHARTS.iter().map(|chart| chart.lines.len()).sum();
        let end = Instant::ZERO + L::ABOUT.duration;
        let lab = Box::new(L::new(&params, seed));
        Self {
            params,
            seed,
            line: Timeline::new(lab, end, Tape::new(lines), Vec::new()),
        }
    }

    /// The parameters in force.
    #[must_use]
    pub fn params(&self) -> &L::Params {
        &self.params
    }

    /// The lab at time zero.
    fn lab(&self) -> Box<dyn Moving> {
        Box::new(L::new(&self.params, self.seed))
    }
}
