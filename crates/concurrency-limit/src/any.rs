//! Any of the rules, for those who choose while they run.

use core::time::Duration;

use crate::{Aimd, Gradient2, Limit, Vegas};

/// Any of the rules.
#[derive(Clone, Debug, PartialEq)]
pub enum AnyLimit {
    /// It never moves.
    Fixed(u32),
    /// See [`Aimd`].
    Aimd(Aimd),
    /// See [`Gradient2`].
    Gradient2(Gradient2),
    /// See [`Vegas`].
    Vegas(Vegas),
}

impl Limit for AnyLimit {
    fn limit(&self) -> u32 {
        match self {
            Self::Fixed(limit) => *limit,
            Self::Aimd(limit) => limit.limit(),
            Self::Gradient2(limit) => limit.limit(),
            Self::Vegas(limit) => limit.limit(),
        }
    }

    fn on_sample(&mut self, rtt: Duration, in_flight: u32, dropped: bool) -> u32 {
        match self {
            Self::Fixed(limit) => *limit,
            Self::Aimd(limit) => limit.on_sample(rtt, in_flight, dropped),
            Self::Gradient2(limit) => limit.on_sample(rtt, in_flight, dropped),
            Self::Vegas(limit) => limit.on_sample(rtt, in_flight, dropped),
        }
    }
}
