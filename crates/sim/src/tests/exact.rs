//! Sine, cosine and powers of ten, held against `libm` and at their boundaries.

use core::f64::consts::TAU;

use crate::{power_of_ten, sine_cosine};

#[test]
fn sine_and_cosine_are_those_of_libm() {
    for nth in -40_000..=40_000 {
        let turns = f64::from(nth) / 9_973.0;
        // libm is given the part of a turn, since the rounding of a large angle in radians would be the greater error.
        let angle = TAU * (turns - turns.round());
        let (sine, cosine) = sine_cosine(turns);
        assert!((sine - libm::sin(angle)).abs() < 1e-15, "sine of {turns}");
        assert!(
            (cosine - libm::cos(angle)).abs() < 1e-15,
            "cosine of {turns}"
        );
    }
}

#[test]
fn quarter_turns_are_exact() {
    for whole in [-3.0, 0.0, 5.0, 1e6] {
        assert_eq!(sine_cosine(whole), (0.0, 1.0));
        assert_eq!(sine_cosine(whole + 0.25), (1.0, 0.0));
        assert_eq!(sine_cosine(whole + 0.5), (0.0, -1.0));
        assert_eq!(sine_cosine(whole + 0.75), (-1.0, 0.0));
    }
}

#[test]
fn an_eighth_of_a_turn_is_the_same_from_both_sides() {
    for turns in [0.125, 0.375, 0.625, 0.875] {
        let (sine, cosine) = sine_cosine(turns);
        assert!((sine.abs() - cosine.abs()).abs() < 1e-15, "{turns}");
    }
}

#[test]
fn an_angle_that_is_no_number_gives_none() {
    for turns in [f64::NAN, f64::INFINITY] {
        let (sine, cosine) = sine_cosine(turns);
        assert!(sine.is_nan() && cosine.is_nan());
    }
}

#[test]
fn a_power_of_ten_is_its_own_and_just_below_it_is_the_one_before() {
    for (power, before) in [
        (1e22, 1e21),
        (1000.0, 100.0),
        (10.0, 1.0),
        (1.0, 0.1),
        (0.1, 0.01),
        (0.001, 1e-4),
        (1e-9, 1e-10),
    ] {
        assert_eq!(power_of_ten(power), power);
        assert_eq!(power_of_ten(f64::next_down(power)), before);
        assert_eq!(power_of_ten(9.99 * power), power);
    }
}

#[test]
fn what_has_no_power_of_ten_gives_an_end() {
    for value in [0.0, -5.0, f64::NAN, 1e-30] {
        assert_eq!(power_of_ten(value), 1e-22);
    }
    assert_eq!(power_of_ten(f64::INFINITY), 1e22);
}
