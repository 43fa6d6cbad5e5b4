//! What the book's build promises.
