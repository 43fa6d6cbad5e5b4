//! Samples against the closed forms of their distributions.

use super::{KS_BOUND, chi_square_off, kolmogorov_smirnov, rng};
use crate::{Distribution, WeightedValues, Zipf};

/// Draws agree with a closed-form distribution function.
fn check_shape(distribution: &Distribution, below: impl Fn(f64) -> f64) {
    let mut rng = rng();
    let distance = kolmogorov_smirnov(20_000, || distribution.sample(&mut rng), below);
    assert!(distance < KS_BOUND, "{distribution:?} is off by {distance}");
}

#[test]
fn continuous_samplers_follow_their_closed_forms() {
    check_shape(&Distribution::Exponential { mean: 2.0 }, |x| {
        -libm::expm1(-x / 2.0)
    });
    let pareto = Distribution::Pareto {
        scale: 3.0,
        shape: 1.5,
    };
    check_shape(&pareto, |x| 1.0 - libm::pow(3.0 / x, 1.5));
    check_shape(
        &Distribution::Uniform {
            low: -1.0,
            high: 3.0,
        },
        |x| (x + 1.0) / 4.0,
    );
    let log_normal = Distribution::LogNormal {
        median: 5.0,
        sigma: 0.7,
    };
    check_shape(&log_normal, |x| {
        0.5 * libm::erfc(-libm::log(x / 5.0) / (0.7 * 2.0_f64.sqrt()))
    });
    // Two stages with mean 1 together: 1 − e^(−2x) (1 + 2x).
    let erlang = Distribution::Erlang {
        stages: 2,
        mean: 1.0,
    };
    check_shape(&erlang, |x| 1.0 - libm::exp(-2.0 * x) * (1.0 + 2.0 * x));
    let mixed = Distribution::Hyperexponential {
        quick_share: 0.9,
        quick_mean: 1.0,
        slow_mean: 20.0,
    };
    check_shape(&mixed, |x| {
        -0.9 * libm::expm1(-x) - 0.1 * libm::expm1(-x / 20.0)
    });
}

#[test]
fn a_sampler_with_the_wrong_mean_is_noticed() {
    let mut rng = rng();
    let off = Distribution::Exponential { mean: 2.06 };
    let below = |x: f64| -libm::expm1(-x / 2.0);
    let distance = kolmogorov_smirnov(50_000, || off.sample(&mut rng), below);
    assert!(
        distance > KS_BOUND,
        "3 % must show, but is off by {distance} only"
    );
}

#[test]
fn means_and_variances_are_those_of_the_draws() {
    let weighted = WeightedValues::new(&[(1.0, 95.0), (40.0, 5.0)]).unwrap();
    let all = [
        Distribution::Constant(4.0),
        Distribution::Uniform {
            low: 1.0,
            high: 4.0,
        },
        Distribution::Exponential { mean: 0.25 },
        Distribution::Erlang {
            stages: 4,
            mean: 3.0,
        },
        Distribution::Hyperexponential {
            quick_share: 0.8,
            quick_mean: 1.0,
            slow_mean: 6.0,
        },
        Distribution::LogNormal {
            median: 2.0,
            sigma: 0.5,
        },
        Distribution::Pareto {
            scale: 1.0,
            shape: 6.0,
        },
        Distribution::Empirical(vec![3.0, 9.0, 4.0]),
        Distribution::Weighted(weighted),
    ];
    for distribution in all {
        assert_eq!(distribution.check(), Ok(()));
        let (mut rng, count) = (rng(), 100_000);
        let draws: Vec<f64> = (0..count).map(|_| distribution.sample(&mut rng)).collect();
        let mean = draws.iter().sum::<f64>() / f64::from(count);
        let squares: f64 = draws.iter().map(|x| (x - mean) * (x - mean)).sum();
        let variance = squares / f64::from(count);
        // 4 standard errors.
        let tolerance = 4.0 * (distribution.variance() / f64::from(count)).sqrt();
        assert!(
            (mean - distribution.mean()).abs() <= tolerance,
            "{distribution:?}"
        );
        let ratio = (variance + 1.0) / (distribution.variance() + 1.0);
        assert!(
            (0.93..1.07).contains(&ratio),
            "{distribution:?}: variance {variance}"
        );
    }
}

#[test]
fn heavy_pareto_tails_have_no_mean_or_no_variance() {
    let pareto = |shape| Distribution::Pareto { scale: 2.0, shape };
    assert!(pareto(1.0).mean().is_infinite());
    assert!((pareto(1.5).mean() - 6.0).abs() < 1e-12);
    assert!(pareto(2.0).variance().is_infinite());
    assert!((pareto(3.0).variance() - 3.0).abs() < 1e-12);
}

#[test]
fn values_of_a_list_come_as_often_as_they_should() {
    let mut rng = rng();
    let pairs = [(10.0, 1.0), (20.0, 0.0), (30.0, 3.0)];
    let weighted = Distribution::Weighted(WeightedValues::new(&pairs).unwrap());
    let empirical = Distribution::Empirical(vec![10.0, 30.0, 30.0, 30.0]);
    for distribution in [weighted, empirical] {
        let mut seen = [0; 2];
        for _ in 0..10_000 {
            match distribution.sample(&mut rng) {
                10.0 => seen[0] += 1,
                30.0 => seen[1] += 1,
                other => panic!("{other} has no weight"),
            }
        }
        assert!(chi_square_off(&seen, [2500.0, 7500.0].into_iter()) < 8.0);
    }
}

#[test]
fn durations_are_whole_nanoseconds_and_never_negative() {
    let nanos = |seconds| Distribution::Constant(seconds).sample_nanos(&mut rng());
    assert_eq!(nanos(0.010), 10_000_000);
    assert_eq!(nanos(0.000_000_001_6), 2);
    assert_eq!(nanos(-1.0), 0);
    assert_eq!(nanos(f64::NAN), 0);
    assert_eq!(nanos(f64::INFINITY), u64::MAX);
}

#[test]
fn parameters_out_of_range_are_refused_and_do_not_panic() {
    let bad = [
        Distribution::Constant(f64::NAN),
        Distribution::Uniform {
            low: 2.0,
            high: 1.0,
        },
        Distribution::Exponential { mean: 0.0 },
        Distribution::Erlang {
            stages: 0,
            mean: 1.0,
        },
        Distribution::Hyperexponential {
            quick_share: 1.1,
            quick_mean: 1.0,
            slow_mean: 1.0,
        },
        Distribution::LogNormal {
            median: -1.0,
            sigma: 1.0,
        },
        Distribution::Pareto {
            scale: 1.0,
            shape: 0.0,
        },
        Distribution::Empirical(Vec::new()),
    ];
    for distribution in bad {
        assert!(distribution.check().is_err(), "{distribution:?}");
        distribution.sample_nanos(&mut rng());
    }
    assert!(WeightedValues::new(&[]).is_err());
    assert!(WeightedValues::new(&[(1.0, 0.0)]).is_err());
    assert!(WeightedValues::new(&[(1.0, -1.0), (1.0, 2.0)]).is_err());
    assert!(WeightedValues::new(&[(f64::NAN, 1.0)]).is_err());
}

#[test]
fn zipf_probabilities_are_the_normalised_powers() {
    let zipf = Zipf::new(4, 1.0);
    // The fourth harmonic number is 25/12.
    for (rank, expected) in (0..).zip([12.0 / 25.0, 6.0 / 25.0, 4.0 / 25.0, 3.0 / 25.0]) {
        assert!((zipf.probability(rank) - expected).abs() < 1e-15);
    }
    assert_eq!(
        (zipf.probability(4), zipf.probability(u64::MAX)),
        (0.0, 0.0)
    );
    assert_eq!((zipf.ranks(), zipf.exponent()), (4, 1.0));
}

#[test]
fn zipf_ranks_come_as_often_as_the_law_says() {
    for exponent in [0.0, 0.8, 1.0, 2.0] {
        let (zipf, mut rng) = (Zipf::new(50, exponent), rng());
        let mut seen = [0; 50];
        for _ in 0..200_000 {
            seen[usize::try_from(zipf.sample(&mut rng)).unwrap()] += 1;
        }
        let weights: Vec<f64> = (1..=50)
            .map(|k| libm::pow(f64::from(k), -exponent))
            .collect();
        let sum: f64 = weights.iter().sum();
        let expected = weights.iter().map(|weight| weight / sum * 200_000.0);
        let off = chi_square_off(&seen, expected);
        assert!(off < 4.0, "exponent {exponent}: off by {off}");
    }
}

#[test]
#[should_panic(expected = "at least one rank")]
fn zipf_over_nothing_is_refused() {
    let _ = Zipf::new(0, 1.0);
}

/// Golden values: whoever changes a sampler changes every run of every lab, and should know.
#[test]
fn the_bits_of_every_sampler_stay_as_they_are() {
    let mut hash = crate::Fnv64::new();
    let mut rng = crate::Rng::stream(1, "golden");
    let zipf = Zipf::new(1000, 1.1);
    for _ in 0..100 {
        for distribution in [
            Distribution::Uniform {
                low: 1.0,
                high: 4.0,
            },
            Distribution::Exponential { mean: 0.25 },
            Distribution::Erlang {
                stages: 4,
                mean: 3.0,
            },
            Distribution::LogNormal {
                median: 2.0,
                sigma: 0.5,
            },
            Distribution::Pareto {
                scale: 1.0,
                shape: 1.2,
            },
        ] {
            hash.write_f64(distribution.sample(&mut rng));
        }
        hash.write_u64(zipf.sample(&mut rng));
    }
    assert_eq!(hash.finish(), 0xd134_8b13_484b_9986);
}
