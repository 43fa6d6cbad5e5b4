//! The simulation kernel that every lab of the workbook stands on.
//!
//! # What it prevents
//! A simulation that cannot be repeated cannot be stepped back, compared or tested: a clock, a
//! platform's logarithm, an unordered tie or a shared random stream each make two runs of "the same"
//! scenario differ.
//! Here a run is a function of its parameters and its seed, bit for bit, natively and in a page.
//!
//! # Words
//! Discrete-event simulation, future event list ([`EventQueue`]), common random numbers
//! ([`Rng::stream`]), open and closed loop ([`Arrivals`], [`ClosedLoop`]), G/G/c/K queue
//! ([`Station`]), provenance or causal trace ([`Log`]).
//!
//! # Guarantees
//! - Events come out in order of time, and events of one instant in the order they went in.
//! - Streams with different names are independent: drawing more from one leaves the others alone.
//! - Every sampler gives the same bits on every platform: integers, IEEE arithmetic and `libm` only.
//! - [`Log::hash`] is the same natively and in WebAssembly.
//! - Every state is plain data that can be cloned as a checkpoint.
//! - Little's law holds exactly on what a [`Station`] measures, in whole nanoseconds.
//!
//! # Not modelled
//! Threads and real time; a clock is whatever instant the next event has.
//!
//! # Example
//! A server that takes 10 ms on average and is asked 80 times a second is busy for 80 % of the time:
//! ```
//! use clock::Instant;
//! use sim::{Arrivals, Distribution, Rng, StationConfig, StationRun};
//!
//! let seed = 7;
//! let arrivals = Arrivals::Poisson { per_second: 80.0 }.start(Rng::stream(seed, "arrivals"));
//! let service = Distribution::Exponential { mean: 0.010 };
//! let mut run = StationRun::open(StationConfig::unbounded(1), arrivals, service, seed);
//! run.run_until(Instant::from_secs_f64(1000.0));
//!
//! let totals = run.station().totals(run.now());
//! assert!((totals.utilisation(1) - 0.8).abs() < 0.02);
//! ```
//!
//! # Section
//! All of them.

mod arrivals;
mod closed_loop;
mod cumulative;
mod distribution;
mod exact;
mod fifo;
mod hash;
mod histogram;
mod log;
mod queue;
mod rng;
mod series;
mod station;
mod station_run;
mod totals;
mod zipf;

pub use arrivals::{ArrivalStream, Arrivals, BadArrivals, Phase};
pub use closed_loop::ClosedLoop;
pub use distribution::{BadDistribution, Distribution, WeightedValues};
pub use exact::{power_of_ten, sine_cosine};
pub use fifo::Fifo;
pub use hash::Fnv64;
pub use histogram::{Bucket, Histogram, PrecisionsDiffer};
pub use log::{Event, EventId, Log};
pub use queue::EventQueue;
pub use rng::Rng;
pub use series::{Column, RateCounter, TimeSeries};
pub use station::{Admission, Station, StationConfig, Visit};
pub use station_run::{ARRIVED, DEPARTED, REFUSED, STARTED, StationRun, Step};
pub use totals::Totals;
pub use zipf::Zipf;

#[cfg(test)]
mod tests;
