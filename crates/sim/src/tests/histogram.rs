//! Quantiles within the promised error.

use proptest::collection::vec;
use proptest::prelude::{any, proptest};

use crate::{Bucket, Histogram, PrecisionsDiffer};

/// The least value such that at least this share of all is no greater.
fn exact_quantile(sorted: &[u64], quantile: f64) -> u64 {
    let rank = libm::ceil(quantile * sorted.len() as f64) as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

fn of(values: &[u64], bits: u32) -> Histogram {
    let mut histogram = Histogram::with_bits(bits);
    values.iter().for_each(|&value| histogram.record(value));
    histogram
}

#[test]
fn small_values_are_exact() {
    let histogram = of(&(0..128).collect::<Vec<_>>(), 7);
    assert_eq!(histogram.value_at_quantile(0.5), 63);
    assert_eq!(histogram.value_at_quantile(1.0), 127);
    assert_eq!(histogram.buckets().count(), 128);
}

#[test]
fn the_first_shared_bucket_comes_right_after_twice_the_exact_range() {
    let buckets: Vec<Bucket> = of(&[255, 256, 257, 258], 7).buckets().collect();
    let bucket = |low, high, count| Bucket { low, high, count };
    assert_eq!(
        buckets,
        [
            bucket(255, 255, 1),
            bucket(256, 257, 2),
            bucket(258, 259, 1)
        ]
    );
}

#[test]
fn the_ends_of_the_range_have_buckets() {
    let histogram = of(&[0, u64::MAX], 7);
    assert_eq!((histogram.min(), histogram.max()), (0, u64::MAX));
    assert_eq!(histogram.value_at_quantile(0.5), 0);
    assert_eq!(histogram.value_at_quantile(0.51), u64::MAX);
}

#[test]
fn an_empty_histogram_says_zero() {
    let histogram = Histogram::new();
    assert!(histogram.is_empty());
    assert_eq!(
        (
            histogram.min(),
            histogram.max(),
            histogram.value_at_quantile(0.99)
        ),
        (0, 0, 0)
    );
    assert_eq!(histogram.mean().to_bits(), 0);
}

#[test]
fn recording_many_times_is_recording_once_and_counting() {
    let mut one_by_one = of(&[900; 5], 7);
    let mut at_once = Histogram::new();
    at_once.record_n(900, 5);
    at_once.record_n(77, 0);
    assert_eq!(one_by_one, at_once);
    one_by_one.clear();
    assert_eq!(one_by_one, Histogram::new());
}

#[test]
fn histograms_of_different_precision_are_not_merged() {
    let mut fine = of(&[5], 8);
    let before = fine.clone();
    assert_eq!(fine.merge(&of(&[5], 7)), Err(PrecisionsDiffer));
    assert_eq!(fine, before);
}

proptest! {
    #[test]
    fn a_quantile_is_at_most_one_bucket_above_the_true_one(
        shifts in vec((any::<u64>(), 0_u32..64), 1..100),
        quantile in 0.0..=1.0,
        bits in 1_u32..10,
    ) {
        let mut values: Vec<u64> = shifts.iter().map(|&(value, shift)| value >> shift).collect();
        let histogram = of(&values, bits);
        values.sort_unstable();
        let (exact, told) = (exact_quantile(&values, quantile), histogram.value_at_quantile(quantile));
        assert!(told >= exact && told - exact <= exact >> bits, "{told} for {exact}");
    }

    #[test]
    fn every_value_lies_in_its_bucket_and_buckets_do_not_overlap(
        shifts in vec((any::<u64>(), 0_u32..64), 1..100),
    ) {
        let values: Vec<u64> = shifts.iter().map(|&(value, shift)| value >> shift).collect();
        let buckets: Vec<Bucket> = of(&values, 7).buckets().collect();
        assert!(buckets.is_sorted_by(|a, b| a.high < b.low));
        for bucket in &buckets {
            let inside = values.iter().filter(|value| (bucket.low..=bucket.high).contains(value));
            assert_eq!(inside.count() as u64, bucket.count);
        }
    }

    #[test]
    fn merging_is_recording_everything_in_one(
        left in vec(any::<u64>(), 0..50),
        right in vec(any::<u64>(), 0..50),
    ) {
        let mut merged = of(&left, 7);
        merged.merge(&of(&right, 7)).unwrap();
        assert_eq!(merged, of(&[left.clone(), right.clone()].concat(), 7));
        assert_eq!(merged.count(), (left.len() + right.len()) as u64);
    }
}
