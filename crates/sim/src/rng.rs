//! Seeded randomness: xoshiro256++ in named, independent streams.

use crate::hash::Fnv64;

/// A pseudo-random generator: xoshiro256++ 1.0 by Blackman and Vigna, seeded through SplitMix64 as
/// they advise.
///
/// It is quick and passes the statistical tests, and it is no secret: never draw a key from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng {
    pub(crate) state: [u64; 4],
}

impl Rng {
    /// The generator of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut counter = seed;
        Self {
            state: core::array::from_fn(|_| split_mix(&mut counter)),
        }
    }

    /// The stream called `name` of this seed.
    ///
    /// A model draws each kind of chance from a stream of its own (`"arrivals"`, `"service"`), so
    /// that turning one knob leaves the draws behind all others as they were.
    #[must_use]
    pub fn stream(seed: u64, name: &str) -> Self {
        let mut hash = Fnv64::new();
        hash.write_u64(seed);
        hash.write_bytes(name.as_bytes());
        Self::new(hash.finish())
    }

    /// 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        result
    }

    /// A number from 0 (included) to 1 (excluded), with 53 random bits.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number below `n`, every one equally likely; 0 for `n` = 0.
    ///
    /// Lemire's multiplication (2019): the few products that would favour small numbers are drawn
    /// again.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        let threshold = n.wrapping_neg() % n;
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            if product as u64 >= threshold {
                return (product >> 64) as u64;
            }
        }
    }

    /// True with probability `p`: never at 0 and below, always at 1 and above.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }
}

/// One step of SplitMix64: advances the counter and returns its scrambled value.
pub(crate) fn split_mix(counter: &mut u64) -> u64 {
    *counter = counter.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *counter;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
