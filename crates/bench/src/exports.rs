//! The loops as plain WebAssembly functions: a number of events and a seed in, a fingerprint out.
#![allow(
    unreachable_pub,
    reason = "what these functions are exported to is not Rust"
)]
#![allow(
    unsafe_code,
    reason = "a function can be exported under its own name only by an attribute called unsafe; \
              nothing else here is, and no other crate in the module has these names"
)]

use crate::engine;

/// [`engine::bare_heap`].
#[unsafe(no_mangle)]
pub extern "C" fn bare_heap(events: u32, seed: u32) -> u64 {
    engine::bare_heap(events, seed.into())
}

/// [`engine::event_queue`].
#[unsafe(no_mangle)]
pub extern "C" fn event_queue(events: u32, seed: u32) -> u64 {
    engine::event_queue(events, seed.into())
}

/// [`engine::station`].
#[unsafe(no_mangle)]
pub extern "C" fn station(events: u32, seed: u32) -> u64 {
    engine::station(events, seed.into())
}

/// [`engine::station_with_log`].
#[unsafe(no_mangle)]
pub extern "C" fn station_with_log(events: u32, seed: u32) -> u64 {
    engine::station_with_log(events, seed.into())
}

/// [`engine::bare_hold`].
#[unsafe(no_mangle)]
pub extern "C" fn bare_hold(events: u32, seed: u32) -> u64 {
    engine::bare_hold(events, seed.into())
}

/// [`engine::queue_hold`].
#[unsafe(no_mangle)]
pub extern "C" fn queue_hold(events: u32, seed: u32) -> u64 {
    engine::queue_hold(events, seed.into())
}

/// [`engine::samplers`].
#[unsafe(no_mangle)]
pub extern "C" fn samplers(events: u32, seed: u32) -> u64 {
    engine::samplers(events, seed.into())
}
