//! What can be decided without measuring anything.

mod limits;
mod report;
mod trace;
