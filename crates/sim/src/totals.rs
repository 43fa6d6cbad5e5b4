//! What a queueing station has done over a stretch of time, in whole nanoseconds.

use core::time::Duration;

/// Sums since the start of a run, or ([`since`](Self::since)) over a part of it.
///
/// Whole numbers throughout, so that Little's law can be checked exactly: over any stretch that
/// starts and ends with nobody inside, `in_system_ns == sojourn_ns`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Length of the stretch.
    pub elapsed: Duration,
    /// Requests that came, refused ones included.
    pub arrived: u64,
    /// Requests that found the station full.
    pub refused: u64,
    /// Requests whose service began.
    pub started: u64,
    /// Requests among those that had to wait first.
    pub waited: u64,
    /// Requests served.
    pub departed: u64,
    /// Number in the system, integrated over time: requests × ns.
    pub in_system_ns: u128,
    /// Number of busy servers, integrated over time: servers × ns.
    pub busy_ns: u128,
    /// Time between arrival and start, summed over the started: ns.
    pub wait_ns: u128,
    /// Time between arrival and departure, summed over the departed: ns.
    pub sojourn_ns: u128,
}

impl Totals {
    /// What happened after `earlier`, which must come from the same run.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            elapsed: self.elapsed.saturating_sub(earlier.elapsed),
            arrived: self.arrived - earlier.arrived,
            refused: self.refused - earlier.refused,
            started: self.started - earlier.started,
            waited: self.waited - earlier.waited,
            departed: self.departed - earlier.departed,
            in_system_ns: self.in_system_ns - earlier.in_system_ns,
            busy_ns: self.busy_ns - earlier.busy_ns,
            wait_ns: self.wait_ns - earlier.wait_ns,
            sojourn_ns: self.sojourn_ns - earlier.sojourn_ns,
        }
    }

    /// Mean time in the queue of those whose service began, in seconds; 0 if there were none.
    #[must_use]
    pub fn mean_wait(&self) -> f64 {
        share(self.wait_ns as f64, self.started as f64) / 1e9
    }

    /// Mean time from arrival to departure, in seconds; 0 if nobody left.
    #[must_use]
    pub fn mean_response(&self) -> f64 {
        share(self.sojourn_ns as f64, self.departed as f64) / 1e9
    }

    /// Mean number in the system, waiting or in service.
    #[must_use]
    pub fn mean_in_system(&self) -> f64 {
        share(self.in_system_ns as f64, self.elapsed_ns())
    }

    /// Mean share of this many servers that was busy, from 0 to 1.
    #[must_use]
    pub fn utilisation(&self, servers: u32) -> f64 {
        share(self.busy_ns as f64, self.elapsed_ns() * f64::from(servers))
    }

    /// Departures a second.
    #[must_use]
    pub fn throughput(&self) -> f64 {
        share(self.departed as f64, self.elapsed_ns()) * 1e9
    }

    /// Share of the arrivals that was refused, from 0 to 1.
    #[must_use]
    pub fn refused_share(&self) -> f64 {
        share(self.refused as f64, self.arrived as f64)
    }

    /// Share of the started that had to wait, from 0 to 1.
    #[must_use]
    pub fn waited_share(&self) -> f64 {
        share(self.waited as f64, self.started as f64)
    }

    fn elapsed_ns(&self) -> f64 {
        self.elapsed.as_nanos() as f64
    }

    /// Brings the two integrals up to date, with these numbers having held for `nanos`.
    #[inline]
    pub(crate) fn pass_time(&mut self, nanos: u64, inside: u32, busy: u32) {
        self.in_system_ns += product(inside, nanos);
        self.busy_ns += product(busy, nanos);
    }
}

/// `count` × `nanos`, in 64 bits where that is enough: WebAssembly multiplies wider in a function.
#[inline]
fn product(count: u32, nanos: u64) -> u128 {
    match u32::try_from(nanos) {
        Ok(nanos) => u128::from(u64::from(count) * u64::from(nanos)),
        Err(_) => u128::from(count) * u128::from(nanos),
    }
}

/// `part / whole`, and 0 of nothing.
fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
