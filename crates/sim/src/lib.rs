//! The simulation kernel: event queue, seeded randomness, arrivals and the event log.

mod arrivals;
mod hash;
mod log;
mod queue;
mod rng;

pub use arrivals::{ArrivalStream, Arrivals};
pub use hash::Fnv64;
pub use log::{Event, EventId, Log};
pub use queue::EventQueue;
pub use rng::Rng;
