//! So many at once and no more: one part of a service cannot take all of it.

use core::fmt;

/// A place; hand it back with [`Bulkhead::leave`].
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a place that is never left stays taken"]
pub struct Place(());

/// All places are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("all places are taken")
    }
}

impl core::error::Error for Full {}

// ANCHOR: Bulkhead
/// Places for one kind of call, named after the walls that keep a ship afloat when one part floods.
///
/// # Source
/// M. Nygard, *Release It!*, 2007, chapter 5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulkhead {
    places: u32,
    taken: u32,
}

impl Bulkhead {
    /// So many places, all free.
    #[must_use]
    pub const fn new(places: u32) -> Self {
        Self { places, taken: 0 }
    }

    /// Takes a place, without waiting.
    ///
    /// # Errors
    /// [`Full`] if there is none.
    pub fn try_enter(&mut self) -> Result<Place, Full> {
        if self.taken >= self.places {
            return Err(Full);
        }
        self.taken += 1;
        Ok(Place(()))
    }

    /// Gives a place back.
    pub fn leave(&mut self, _place: Place) {
        self.taken -= 1;
    }

    /// Places taken.
    #[must_use]
    pub const fn taken(&self) -> u32 {
        self.taken
    }
}
// ANCHOR_END: Bulkhead
