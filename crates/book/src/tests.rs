//! What the book's build promises.

mod build;
mod challenge;
mod elements;
mod next;
mod offline;
mod pages;
mod predict;
mod prose;
mod quiz;
mod seek;
mod value;
