//! Where a key's slot is: a hash table of fixed size that holds slot numbers and no keys.
//!
//! Source: linear probing with deletion by shifting back, Knuth, "The art of computer
//! programming", volume 3, section 6.4, algorithm R.

/// No slot: the mark of an empty place.
const EMPTY: u32 = u32::MAX;

/// One place of the table.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The upper half of the key's spread hash. Its highest bits say where the place would be if
    /// nobody else had been there first; all of it together tells most other keys apart.
    tag: u32,
    /// The slot, or [`EMPTY`].
    slot: u32,
}

/// Finds slots by the hashes of their keys. At least an eighth of its places is always empty.
#[derive(Clone, Debug)]
pub(crate) struct KeyIndex {
    /// A power of two of them.
    places: Box<[Place]>,
    /// How far a tag is shifted to give a place.
    shift: u32,
}

impl KeyIndex {
    /// A table for `slots_max` slots, numbered below 2^30.
    pub(crate) fn new(slots_max: usize) -> Self {
        let size = (slots_max * 8 / 7 + 1).next_power_of_two().max(2);
        let empty = Place {
            tag: 0,
            slot: EMPTY,
        };
        Self {
            places: vec![empty; size].into_boxed_slice(),
            shift: 32 - size.trailing_zeros(),
        }
    }

    /// Spreads a hash whose low bits may all be equal (they chose the shard) over the whole tag.
    pub(crate) fn tag(hash: u64) -> u32 {
        // Fibonacci hashing: 2^64 divided by the golden ratio.
        (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
    }

    /// The slot of the key with this tag for which `is_key` holds.
    #[inline]
    pub(crate) fn find(&self, tag: u32, mut is_key: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut at = self.home(tag);
        loop {
            let place = self.places[at];
            if place.slot == EMPTY {
                return None;
            }
            if place.tag == tag && is_key(place.slot) {
                return Some(place.slot);
            }
            at = self.next(at);
        }
    }

    /// Adds a slot that is not in the table.
    pub(crate) fn insert(&mut self, tag: u32, slot: u32) {
        let mut at = self.home(tag);
        while self.places[at].slot != EMPTY {
            at = self.next(at);
        }
        self.places[at] = Place { tag, slot };
    }

    /// Removes a slot that is in the table.
    pub(crate) fn remove(&mut self, tag: u32, slot: u32) {
        let mut hole = self.home(tag);
        while self.places[hole].slot != slot {
            hole = self.next(hole);
        }
        // Nobody may stand behind an empty place he had to pass by: close the gap.
        let mut at = self.next(hole);
        while self.places[at].slot != EMPTY {
            let home = self.home(self.places[at].tag);
            if self.distance(home, at) >= self.distance(hole, at) {
                self.places[hole] = self.places[at];
                hole = at;
            }
            at = self.next(at);
        }
        self.places[hole].slot = EMPTY;
    }

    #[inline]
    fn home(&self, tag: u32) -> usize {
        (tag >> self.shift) as usize
    }

    #[inline]
    fn next(&self, at: usize) -> usize {
        (at + 1) & (self.places.len() - 1)
    }

    /// Steps from one place to another, forwards and around the end.
    fn distance(&self, from: usize, to: usize) -> usize {
        to.wrapping_sub(from) & (self.places.len() - 1)
    }
}
