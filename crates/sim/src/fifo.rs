//! A queue whose content is one slice: what enters last leaves last, and a checkpoint copies it in one go.

use core::ops::{Deref, DerefMut};

/// A queue of plain values, first in, first out.
///
/// Like `VecDeque`, with the operations a lab needs, and as fast. It never wraps around its end, so all that can be done with
/// a slice can be done with what is in it; the code for one more kind of value is a third as large, which every reader downloads.
#[derive(Debug)]
pub struct Fifo<T> {
    items: Vec<T>,
    /// So many of the first have left already.
    left: usize,
}

impl<T: Copy> Fifo<T> {
    /// An empty queue.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            items: Vec::new(),
            left: 0,
        }
    }

    /// Enters at the end.
    pub fn push_back(&mut self, item: T) {
        self.items.push(item);
    }

    /// Takes out the first, if there is one.
    pub fn pop_front(&mut self) -> Option<T> {
        let first = *self.first()?;
        self.left += 1;
        // Half of the memory at most is kept for those who have left; so each is moved up once on average.
        if self.left > self.items.len() / 2 {
            self.items.drain(..self.left);
            self.left = 0;
        }
        Some(first)
    }

    /// Takes out number `place` from the front, if there are so many; those behind it move up.
    pub fn remove(&mut self, place: usize) -> Option<T> {
        (place < self.len()).then(|| self.items.remove(self.left + place))
    }
}

impl<T: Copy> Default for Fifo<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy> Clone for Fifo<T> {
    fn clone(&self) -> Self {
        Self {
            items: self.to_vec(),
            left: 0,
        }
    }
}

impl<T> Deref for Fifo<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items[self.left..]
    }
}

impl<T> DerefMut for Fifo<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items[self.left..]
    }
}
