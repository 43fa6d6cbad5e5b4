//! A point in time that is handed in, never read off a clock.
//!
//! # What it prevents
//! A mechanism that reads the machine's clock can neither be replayed nor run in a browser, and its tests have to sleep.
//! Every mechanism and every model of this workbook takes the time as an argument of this type instead, so the same code runs in a
//! simulation, in a page and in front of a real socket.
//!
//! # Words
//! Go's `time.Time` passed to `AllowN(t, n)`, Java's injected `Clock`, governor's `Reference` play the same part.
//!
//! # Guarantees
//! - Integer nanoseconds since an origin the caller chose; no rounding, the same on every platform.
//! - Arithmetic saturates: nothing here can overflow or panic.
//!
//! # Not modelled
//! Time zones, leap seconds and dates: there is only "later than".
//!
//! # Example
//! ```
//! use clock::Instant;
//! use core::time::Duration;
//!
//! let start = Instant::ZERO;
//! let later = start + Duration::from_millis(100);
//! assert_eq!(later.since(start), Duration::from_millis(100));
//! assert_eq!(start.since(later), Duration::ZERO);
//! ```
#![cfg_attr(not(test), no_std)]

use core::fmt;
use core::ops::{Add, Sub};
use core::time::Duration;

/// Nanoseconds in one second.
pub const NANOS_PER_SEC: u64 = 1_000_000_000;

/// A point in time, in whole nanoseconds since an origin of the caller's choosing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

impl Instant {
    /// The origin: where every simulation starts.
    pub const ZERO: Self = Self(0);
    /// Later than anything that can happen (584 years after the origin).
    pub const MAX: Self = Self(u64::MAX);

    /// The instant `nanos` nanoseconds after the origin.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// The instant `millis` milliseconds after the origin, saturating.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// The instant `secs` seconds after the origin, rounded to the nearest nanosecond; negative and NaN give the origin.
    #[must_use]
    pub fn from_secs_f64(secs: f64) -> Self {
        // A float-to-integer cast saturates and maps NaN to 0, so no input can panic.
        Self((secs * NANOS_PER_SEC as f64 + 0.5) as u64)
    }

    /// Nanoseconds since the origin.
    #[must_use]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Seconds since the origin, for axes and labels.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_SEC as f64
    }

    /// Time passed since `earlier`; zero if `earlier` is in fact later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    /// This instant moved later by `nanos` nanoseconds, saturating at [`Instant::MAX`].
    #[must_use]
    pub const fn plus_nanos(self, nanos: u64) -> Self {
        Self(self.0.saturating_add(nanos))
    }
}

/// Moves later by a duration, saturating at [`Instant::MAX`].
impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, wait: Duration) -> Self {
        let nanos = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
        self.plus_nanos(nanos)
    }
}

/// Moves earlier by a duration, saturating at the origin.
impl Sub<Duration> for Instant {
    type Output = Self;

    fn sub(self, back: Duration) -> Self {
        let nanos = u64::try_from(back.as_nanos()).unwrap_or(u64::MAX);
        Self(self.0.saturating_sub(nanos))
    }
}

/// Seconds with millisecond precision: `7.204 s`.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}.{:03} s",
            self.0 / NANOS_PER_SEC,
            self.0 % NANOS_PER_SEC / 1_000_000
        )
    }
}

#[cfg(test)]
mod tests;
