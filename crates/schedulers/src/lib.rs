//! Three ways to share a few processors among many tasks, as pure state machines.

mod channel;
mod config;
mod costs;
mod event;
mod go;
mod machine;
mod operations;
mod policy;
mod rng;
mod task;
mod threads;
mod tokio;
mod view;
mod worker;
mod workload;

pub use config::{Config, Policy};
pub use costs::Costs;
pub use event::{Event, NONE, Rule, Wait, What};
pub use machine::Machine;
pub use task::{Life, Task};
pub use worker::{Stage, Worker};
pub use workload::{Op, Program, Workload};
