//! The generators against their published values.

use super::{chi_square_off, rng};
use crate::Rng;
use crate::rng::split_mix;

/// Outputs of the authors' xoshiro256plusplus.c from the state 1, 2, 3, 4, as the crate
/// rand_xoshiro and others publish them.
#[test]
fn gives_the_published_outputs_of_xoshiro256_plus_plus() {
    let mut rng = Rng {
        state: [1, 2, 3, 4],
    };
    let published = [
        41_943_041,
        58_720_359,
        3_588_806_011_781_223,
        3_591_011_842_654_386,
        9_228_616_714_210_784_205,
        9_973_669_472_204_895_162,
        14_011_001_112_246_962_877,
        12_406_186_145_184_390_807,
        15_849_039_046_786_891_736,
        10_450_023_813_501_588_000,
    ];
    assert_eq!(published.map(|_| rng.next_u64()), published);
}

/// Outputs of splitmix64.c from the seed 1234567, as Rosetta Code and others publish them.
#[test]
fn seeds_through_the_published_outputs_of_splitmix64() {
    let published = [
        6_457_827_717_110_365_317,
        3_203_168_211_198_807_973,
        9_817_491_932_198_370_423,
        4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
    ];
    let mut counter = 1_234_567;
    assert_eq!(published.map(|_| split_mix(&mut counter)), published);
    assert_eq!(Rng::new(1_234_567).state, published[..4]);
}

#[test]
fn the_same_seed_and_name_give_the_same_stream() {
    let mut again = Rng::stream(7, "arrivals");
    let mut first = Rng::stream(7, "arrivals");
    for _ in 0..100 {
        assert_eq!(first.next_u64(), again.next_u64());
    }
}

#[test]
fn another_name_or_another_seed_gives_another_stream() {
    let streams = [
        Rng::new(7),
        Rng::stream(7, ""),
        Rng::stream(7, "arrivals"),
        Rng::stream(7, "service"),
        Rng::stream(8, "arrivals"),
    ];
    for (index, stream) in streams.iter().enumerate() {
        assert!(!streams[..index].contains(stream));
    }
}

#[test]
fn streams_of_one_seed_are_not_correlated() {
    let (mut a, mut b) = (Rng::stream(1, "arrivals"), Rng::stream(1, "service"));
    let count = 100_000;
    let products = (0..count).map(|_| (a.unit() - 0.5) * (b.unit() - 0.5));
    // The variance of a product is 1/144; 4 standard errors of the correlation are 4/√count.
    let correlation = 12.0 * products.sum::<f64>() / f64::from(count);
    assert!(correlation.abs() < 4.0 / f64::from(count).sqrt());
}

#[test]
fn unit_is_at_least_zero_and_below_one() {
    let mut least = Rng { state: [0; 4] };
    assert_eq!(least.unit().to_bits(), 0.0_f64.to_bits());
    // (a + d) rotated by 23, plus a: with a = 0 and d all ones, every bit is set.
    let mut greatest = Rng {
        state: [0, 0, 0, u64::MAX],
    };
    assert_eq!(
        greatest.unit().to_bits(),
        (1.0 - f64::EPSILON / 2.0).to_bits()
    );
}

#[test]
fn below_is_uniform_and_never_reaches_its_bound() {
    let mut rng = rng();
    let mut seen = [0; 7];
    for _ in 0..70_000 {
        seen[usize::try_from(rng.below(7)).unwrap()] += 1;
    }
    assert!(chi_square_off(&seen, [10_000.0; 7].into_iter()) < 4.0);
    assert_eq!(rng.below(1), 0);
    assert_eq!(rng.below(0), 0);
}

/// With n just above half of the range, multiplying without rejection would make every second
/// number twice as likely as its neighbour; so would taking the remainder for small numbers.
#[test]
fn below_is_unbiased_where_a_plain_remainder_is_not() {
    let mut rng = rng();
    let n = (1_u64 << 63) + (1 << 62);
    let mut thirds = [0; 3];
    for _ in 0..30_000 {
        let drawn = rng.below(n);
        assert!(drawn < n);
        thirds[usize::try_from(drawn >> 62).unwrap()] += 1;
    }
    assert!(chi_square_off(&thirds, [10_000.0; 3].into_iter()) < 4.0);
}

#[test]
fn chance_is_never_at_zero_and_always_at_one() {
    let mut rng = rng();
    assert!((0..1000).all(|_| !rng.chance(0.0) && rng.chance(1.0)));
    let hits = (0..10_000).filter(|_| rng.chance(0.3)).count();
    // 4 standard deviations of a binomial with n = 10,000 and p = 0.3 are 183.
    assert!(hits.abs_diff(3000) < 183);
}
