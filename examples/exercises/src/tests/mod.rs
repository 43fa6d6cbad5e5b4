//! What the exercises promise, apart from the reader's code.

mod files;
mod prove;
mod runner;
