//! Three ways to share a few processors among many tasks, as pure state machines.

mod channel;
mod costs;
mod event;
mod go;
mod machine;
mod policy;
mod rng;
mod task;
mod threads;
mod tokio;
mod worker;
mod workload;

pub use costs::Costs;
pub use event::{Event, NONE, Rule, Wait, What};
pub use machine::{Config, Machine, Policy};
pub use task::{Life, Task};
pub use worker::{Stage, Worker};
pub use workload::{Op, Program, Workload};
