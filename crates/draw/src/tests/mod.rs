//! Tests of the drawing crate.

mod axis;
mod charts;
mod colours;
mod crowds;
mod fake;
mod figures;
mod gallery;
mod plot;
mod recorder;
mod scenes;
