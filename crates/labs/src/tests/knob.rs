//! Knobs take round values, and no rounding error stands between a power of ten and itself.

use sim::power_of_ten as decade;

use crate::knob::Range;

#[test]
fn a_power_of_ten_is_its_own_decade() {
    let mut power = 1.0;
    while power < 1e15 {
        assert_eq!(decade(power), power);
        assert_eq!(decade(power * 9.999), power);
        assert_eq!(decade(power - power / 1e6), power / 10.0);
        power *= 10.0;
    }
    assert_eq!(
        [decade(0.1), decade(0.03), decade(0.001)],
        [0.1, 0.01, 0.001]
    );
}

#[test]
fn a_logarithmic_knob_takes_two_digits_and_keeps_its_ends() {
    let range = Range::Log {
        min: 0.5,
        max: 10_000.0,
    };
    for (asked, taken) in [
        (1_234.0, 1_200.0),
        (0.567, 0.57),
        (99.6, 100.0),
        (1e9, 10_000.0),
        (0.0, 0.5),
    ] {
        assert_eq!(range.clamp(asked), taken);
    }
    assert_eq!(
        [range.at_position(0.0), range.at_position(1.0)],
        [0.5, 10_000.0]
    );
    for value in [0.5, 3.0, 47.0, 880.0, 10_000.0] {
        assert_eq!(range.at_position(range.position(value)), value);
    }
}
