//! What the book's build promises.

mod prose;
