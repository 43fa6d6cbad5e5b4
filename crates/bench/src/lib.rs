//! The loops that are measured, so that the same source runs natively and as WebAssembly.
//!
//! Built for wasm32 (`cargo build -p bench --lib --release --target wasm32-unknown-unknown`), this
//! crate exports its loops as plain functions; the program `bench --wasm FILE.wasm` times them in
//! Node beside the native ones.

pub mod engine;
#[cfg(target_arch = "wasm32")]
mod exports;
