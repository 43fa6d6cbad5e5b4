//! Every lab of the workbook as rules and data.
//!
//! # What it prevents
//! A picture that is animated by hand shows what its author believes.
//! A lab here is a simulation: it links the very crate that `cargo run` links, is driven by a seed, and says what to show as plain data.
//! It never mentions a page, a pixel or a colour, so the same lab is a test, a static figure, a program's reference and a live figure.
//!
//! # Map
//! - [`Lab`]: what a lab is: parameters, knobs, actions, one event at a time, a frame for any moment.
//! - [`Run`]: any lab on a timeline: seek, step, step back, act; written once. [`AnyRun`] is the same without the type.
//! - [`scene`]: the small vocabulary a frame is drawn in.
//! - [`ALL`]: every lab there is.
//! - [`Query`]: a question to a run in one line of text. [`Challenge`]: a goal, and a judge over many seeds.
//!
//! # Guarantees
//! - Same lab, same knobs, same seed, same actions: the same event log, bit for bit, natively and in wasm.
//! - A frame depends on the moment it is asked for and on nothing else: seeking back and forth gives the same frame.

mod arrivals_file;
mod bars;
mod blocking_call;
mod breaking;
mod challenge;
mod csv;
mod decimal;
mod greedy_loop;
mod hundred_thousand;
mod knob;
mod lab;
mod limiters;
mod metastable;
mod moment;
mod moving;
mod number;
mod query;
mod registry;
mod retry_storm;
mod run;
pub mod scene;
mod scheduler_playground;
mod scheduling;
mod shedding;
mod stealing;
mod tape;
mod timeline;
mod without_breaker;

mod distributed_limiter;
mod fairness_by_key;
mod one_breaker;
mod one_bucket;
mod one_p;
mod overload;
mod overload_playground;
mod playground;
mod reserve_and_wait;
mod six_algorithms;
mod three_breakers;
mod you_schedule;

pub use challenge::{CHALLENGES, Challenge, Goal, Judged, SEEDS, Verdict, challenge};
pub use csv::{csv, seconds};
pub use decimal::decimal;
pub use knob::{Knob, KnobSpec, Range};
pub use lab::{About, Action, Chart, Counter, Frame, Kind, Lab, Line, LineStyle};
pub use moment::{TimeUnit, pace};
pub use number::{plain, with_unit};
pub use query::{Answer, Query};
pub use registry::{ALL, Entry, find};
pub use run::{AnyRun, Run};
pub use scene::{Scene, State};
pub use sim::{Event, EventId, power_of_ten, sine_cosine};
pub use tape::{Point, Tape};

/// Which decisions the labs make: raised whenever the same lab, settings and seed would give another log than before, so that a
/// link made by an older version can say that its run has changed.
pub const ENGINE: u32 = 1;

#[cfg(test)]
mod tests;
