//! The steps of knobs.

use labs::{KnobSpec, Range};

use crate::knobs::{nudged, worded};

#[test]
fn a_linear_knob_moves_by_its_own_step_and_stops_at_its_ends() {
    let range = Range::Linear {
        min: 1.0,
        max: 200.0,
        step: 0.5,
    };
    assert_eq!(nudged(&range, 50.0, 1), 50.5);
    assert_eq!(nudged(&range, 50.0, -10), 45.0);
    assert_eq!(nudged(&range, 200.0, 1), 200.0);
    assert_eq!(nudged(&range, 1.0, -1), 1.0);
}

#[test]
fn a_logarithmic_knob_moves_with_every_press_from_end_to_end() {
    for (min, max) in [(1.0, 10_000.0), (10.0, 20.0), (0.001, 1.0), (10.0, 11.0)] {
        let range = Range::Log { min, max };
        let (mut value, mut presses) = (min, 0);
        while value < max {
            let next = nudged(&range, value, 1);
            assert!(next > value, "stuck at {value} of {min} to {max}");
            value = next;
            presses += 1;
            assert!(presses <= 150, "{min} to {max} takes too many presses");
        }
        assert_eq!(nudged(&range, max, 1), max);
        while value > min {
            let next = nudged(&range, value, -1);
            assert!(next < value, "stuck at {value} of {min} to {max}");
            value = next;
        }
    }
}

#[test]
fn a_position_on_the_slider_gives_back_its_value() {
    let ranges = [
        Range::Linear {
            min: 1.0,
            max: 200.0,
            step: 1.0,
        },
        Range::Log {
            min: 1.0,
            max: 10_000.0,
        },
        Range::Choice(&["a fixed window", "a sliding log", "a bucket"]),
        Range::Toggle,
    ];
    for range in ranges {
        for thousandth in 0..=1_000 {
            let value = range.at_position(f64::from(thousandth) / 1e3);
            let again = range.at_position(range.position(value));
            assert!(
                (again - value).abs() <= value.abs() * 1e-9,
                "{range:?}: {value} became {again}"
            );
        }
    }
}

#[test]
fn values_are_worded_with_their_unit_or_name() {
    let spec = |unit, range| KnobSpec {
        id: "knob",
        label: "Knob",
        unit,
        help: "",
        range,
    };
    let check = |unit, range, value, expected: &str| {
        assert_eq!(worded(&spec(unit, range), value), expected)
    };
    check("/s", Range::Log { min: 1.0, max: 1e4 }, 1200.0, "1,200 /s");
    check(
        "tokens",
        Range::Linear {
            min: 0.0,
            max: 1.0,
            step: 0.1,
        },
        0.3,
        "0.3 tokens",
    );
    check("", Range::Toggle, 1.0, "on");
    check("", Range::Choice(&["random", "even"]), 1.0, "even");
    check("", Range::Choice(&["random", "even"]), 7.0, "");
}
