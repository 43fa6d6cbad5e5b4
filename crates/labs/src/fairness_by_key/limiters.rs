//! The three limiters, asked about the same request.

use core::hash::{BuildHasherDefault, Hasher};

use clock::Instant;
use rate_limiter::{Keyed, Limit, TokenBucket};

use super::settings::Params;

/// How many limiters are compared; they are numbered in the order drawn.
pub(super) const LANES: usize = 3;
pub(super) const ONE: usize = 0;
pub(super) const PER_KEY: usize = 1;
pub(super) const BOTH: usize = 2;
/// What the lanes are called.
pub(super) const NAMES: [&str; LANES] =
    ["one bucket for all", "a bucket per key", "both, key first"];

/// Customers use their own number as key; keys that are used only once are numbered from here.
pub(super) const FIRST_ROTATED: u32 = 1_000_000;
/// Bytes for each key remembered: the key and its bucket with its rules (80), when it was last used (8), and its place in the
/// order of use (16). The table that finds a key comes on top, with 8 bytes a place.
pub(crate) const BYTES_PER_KEY: u32 = 104;

/// Spreads a key's number. Keys here are drawn by the lab and not by an enemy, so no secret is needed; no decision rests on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// All three.
#[derive(Clone)]
pub(super) struct Limiters {
    one: TokenBucket,
    /// Serves the second lane and the third: both ask it about every request, so it would stand the same in both.
    keys: Keyed<u32, TokenBucket, BuildHasherDefault<Spread>>,
    /// Stands behind `keys` in the third lane.
    shared: TokenBucket,
    /// The key in each of the places of `keys`, to say which one it forgets.
    places: Vec<u32>,
}

/// What the bucket that decided says, and how many tokens it has after that.
#[derive(Clone, Copy)]
pub(super) struct Said {
    pub(super) admitted: bool,
    pub(super) tokens: f64,
}

/// The three answers to a request.
pub(super) struct Answers {
    pub(super) one: Said,
    pub(super) key: Said,
    /// `None` if the key's bucket has refused already.
    pub(super) shared: Option<Said>,
    /// The key that had to go.
    pub(super) forgotten: Option<u32>,
}

impl Limiters {
    // ANCHOR: limiters
    pub(super) fn new(params: &Params) -> Self {
        let bucket = |rate| TokenBucket::new(Limit::per_second(rate), Params::depth(rate));
        Self {
            one: bucket(params.limit),
            keys: Keyed::with_hasher(
                bucket(params.per_key()),
                params.keys as usize,
                BuildHasherDefault::default(),
            ),
            shared: bucket(params.limit),
            places: Vec::new(),
        }
    }
    // ANCHOR_END: limiters

    // ANCHOR: key_first
    /// Asks all three about a request under `key`.
    ///
    /// In the third lane the key goes first: what it refuses takes no shared token. A request that the shared bucket refuses has
    /// spent its key's token all the same.
    pub(super) fn decide(&mut self, now: Instant, key: u32) -> Answers {
        let one = ask(&mut self.one, now);
        let forgotten_before = self.keys.forgotten();
        let admitted = self.keys.try_acquire(now, &key, 1).is_ok();
        let tokens = self.keys.get(&key).map_or(0.0, |own| own.tokens_at(now));
        let forgotten = self.place(key, forgotten_before);
        Answers {
            one,
            key: Said { admitted, tokens },
            shared: admitted.then(|| ask(&mut self.shared, now)),
            forgotten,
        }
    }
    // ANCHOR_END: key_first

    /// Keeps `places` as the places are; the key that made way for `key`, if one did.
    fn place(&mut self, key: u32, forgotten_before: u64) -> Option<u32> {
        if self.keys.len() > self.places.len() {
            self.places.push(key);
        }
        if self.keys.forgotten() == forgotten_before {
            return None;
        }
        let place = self.keys.iter().position(|(&other, _)| other == key)?;
        Some(core::mem::replace(&mut self.places[place], key))
    }

    /// Keys remembered now.
    pub(super) fn remembered(&self) -> u32 {
        // At most as many as the knob says.
        self.keys.len() as u32
    }
}

fn ask(bucket: &mut TokenBucket, now: Instant) -> Said {
    let admitted = bucket.allow(now, 1);
    Said {
        admitted,
        tokens: bucket.tokens_at(now),
    }
}
