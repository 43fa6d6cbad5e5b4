//! A histogram over any range of whole numbers with a bounded relative error, as HdrHistogram has it.

use core::fmt;

/// Counts of values in log-linear buckets: each power of two is cut into 2^`bits` equal parts.
///
/// Up to 2^`bits` every value has a bucket of its own; above, a bucket is at most 1/2^`bits` of its
/// values wide, so a quantile read off it is never below the true one and at most that share above.
/// Memory grows with the greatest value seen, to 59 KB at most with 7 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    bits: u32,
    counts: Vec<u64>,
    count: u64,
    /// Kept exactly beside the buckets, so that the mean has no bucket error.
    sum: u128,
    min: u64,
    max: u64,
}

/// One bucket that holds something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The least value that counts here.
    pub low: u64,
    /// The greatest value that counts here.
    pub high: u64,
    /// Values recorded.
    pub count: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self::new()
    }
}

impl Histogram {
    /// An empty histogram with 7 significant bits: an error of at most 0.8 %.
    #[must_use]
    pub fn new() -> Self {
        Self::with_bits(7)
    }

    /// An empty histogram with an error of at most 1/2^`bits`.
    ///
    /// # Panics
    /// If `bits` is 0 or above 16, where the table would take megabytes.
    #[must_use]
    pub fn with_bits(bits: u32) -> Self {
        assert!(
            (1..=16).contains(&bits),
            "a histogram has 1 to 16 significant bits"
        );
        Self {
            bits,
            counts: Vec::new(),
            count: 0,
            sum: 0,
            min: u64::MAX,
            max: 0,
        }
    }

    /// Counts one value.
    #[inline]
    pub fn record(&mut self, value: u64) {
        self.record_n(value, 1);
    }

    /// Counts a value `times` times.
    #[inline]
    pub fn record_n(&mut self, value: u64, times: u64) {
        if times == 0 {
            return;
        }
        let index = self.index(value);
        if index >= self.counts.len() {
            self.counts.resize(index + 1, 0);
        }
        self.counts[index] += times;
        self.count += times;
        self.sum += u128::from(value) * u128::from(times);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// The least recorded value such that at least the share `quantile` (0 to 1) of all values is no
    /// greater, rounded up to the end of its bucket; 0 if nothing was recorded.
    #[must_use]
    pub fn value_at_quantile(&self, quantile: f64) -> u64 {
        let rank = (quantile.clamp(0.0, 1.0) * self.count as f64).ceil() as u64;
        let rank = rank.clamp(1, self.count.max(1));
        let mut seen = 0;
        for bucket in self.buckets() {
            seen += bucket.count;
            if seen >= rank {
                return bucket.high.clamp(self.min, self.max);
            }
        }
        self.max
    }

    /// Values recorded.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The mean, without bucket error; 0 if nothing was recorded.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.is_empty() {
            return 0.0;
        }
        self.sum as f64 / self.count as f64
    }

    /// The least value, exactly; 0 if nothing was recorded.
    #[must_use]
    pub fn min(&self) -> u64 {
        if self.is_empty() { 0 } else { self.min }
    }

    /// The greatest value, exactly; 0 if nothing was recorded.
    #[must_use]
    pub fn max(&self) -> u64 {
        self.max
    }

    /// Adds what another histogram counted, as if it had been recorded here.
    ///
    /// # Errors
    /// If the two have different precisions; nothing is added then.
    pub fn merge(&mut self, other: &Self) -> Result<(), PrecisionsDiffer> {
        if self.bits != other.bits {
            return Err(PrecisionsDiffer);
        }
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        Ok(())
    }

    /// Forgets everything recorded.
    pub fn clear(&mut self) {
        *self = Self::with_bits(self.bits);
    }

    /// The buckets that hold something, lowest first.
    pub fn buckets(&self) -> impl Iterator<Item = Bucket> {
        let filled = self
            .counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0);
        filled.map(|(index, &count)| {
            let (low, high) = self.bounds(index);
            Bucket { low, high, count }
        })
    }

    /// The bucket of a value.
    ///
    /// Below 2^bits the value itself; above, the exponent chooses a row of 2^bits buckets and the
    /// bits after the leading one choose the place in it.
    #[inline]
    fn index(&self, value: u64) -> usize {
        let row = (value >> self.bits)
            .checked_ilog2()
            .map_or(0, |log| log + 1);
        if row == 0 {
            return value as usize;
        }
        let place = (value >> (row - 1)) as usize & ((1 << self.bits) - 1);
        ((row as usize) << self.bits) + place
    }

    /// The least and greatest value of a bucket.
    fn bounds(&self, index: usize) -> (u64, u64) {
        let row = (index >> self.bits) as u32;
        if row == 0 {
            return (index as u64, index as u64);
        }
        let place = (index & ((1 << self.bits) - 1)) as u64;
        let low = ((1_u64 << self.bits) + place) << (row - 1);
        (low, low + ((1 << (row - 1)) - 1))
    }
}

/// Two histograms of different precision cannot be merged without error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrecisionsDiffer;

impl fmt::Display for PrecisionsDiffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("histograms of different precision cannot be merged")
    }
}

impl core::error::Error for PrecisionsDiffer {}
