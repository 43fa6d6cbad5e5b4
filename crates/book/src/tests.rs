//! What the book's build promises.

mod build;
mod elements;
mod offline;
mod pages;
mod prose;
mod quiz;
mod seek;
mod value;
