//! What all labs of §4.2b share: clients, a chain of services, and on every link between them a caller with its policies.
//!
//! A request holds its place in a service until it has answered, also while that service waits for the next one: so a slow
//! backend fills the services before it. Messages take a fixed time each way. What a caller gives up goes on at the service,
//! unless the link cancels.

pub(crate) mod breakers;
mod call;
mod caller;
mod config;
mod desk;
mod model;
pub(crate) mod picture;
pub(crate) mod recovery;
pub(crate) mod retries;
mod served;
mod told;
pub(crate) mod words;

pub(crate) use call::NONE;
pub(crate) use config::{Config, Fault, Guard, Link, Service, Trouble, Turn};
pub(crate) use desk::{Count, Desk, Gauge, counter};
#[cfg(test)]
pub(crate) use model::LATENCY;
pub(crate) use model::Model;
pub(crate) use told::{Told, What};
