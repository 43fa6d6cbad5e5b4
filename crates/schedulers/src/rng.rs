//! Where to begin looking for work: a small generator of random numbers with a seed.

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is at least 1.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u32
    }

    /// A number from an exponential distribution with mean 1.
    ///
    /// By the method of von Neumann (1951), which needs comparisons alone and so gives the same bits everywhere.
    pub(crate) fn exponential(&mut self) -> f64 {
        let mut whole = 0.0;
        loop {
            let first = self.next();
            let (mut last, mut count) = (first, 1_u32);
            loop {
                let next = self.next();
                if next >= last {
                    break;
                }
                last = next;
                count += 1;
            }
            if count % 2 == 1 {
                // 2^-64; the bits of `first` become a fraction.
                return whole + first as f64 * (1.0 / 18_446_744_073_709_551_616.0);
            }
            whole += 1.0;
        }
    }
}
