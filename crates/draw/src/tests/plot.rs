//! Axes and dashes: where values land, and how a line is cut.

use crate::plot::{Scale, dashes};

#[test]
fn the_ends_of_an_axis_are_its_first_and_last_unit_and_nothing_lies_beyond() {
    let up = Scale {
        values: (-10.0, 40.0),
        units: (100, 0),
    };
    for (value, units) in [
        (-10.0, 100),
        (40.0, 0),
        (15.0, 50),
        (41.0, 0),
        (-10.1, 100),
        (f64::INFINITY, 0),
        (f64::NEG_INFINITY, 100),
    ] {
        assert_eq!(up.at(value), units, "{value}");
    }
}

#[test]
fn an_axis_without_length_has_everything_at_an_end() {
    let flat = Scale {
        values: (3.0, 3.0),
        units: (7, 7),
    };
    assert_eq!([flat.at(2.0), flat.at(3.0), flat.at(4.0)], [7, 7, 7]);
}

#[test]
fn dashes_and_gaps_have_their_lengths_across_the_corners() {
    let line = [(100, 100), (100, 103), (100, 120)];
    assert_eq!(
        dashes(&line, [5.0, 2.0]),
        [
            vec![(100, 100), (100, 103), (100, 105)],
            vec![(100, 107), (100, 112)],
            vec![(100, 114), (100, 119)],
        ]
    );
}

#[test]
fn a_line_shorter_than_a_dash_is_drawn_whole_and_a_point_not_at_all() {
    assert_eq!(dashes(&[(0, 0), (3, 4)], [6.0, 2.0]), [[(0, 0), (3, 4)]]);
    assert!(dashes(&[(5, 5), (5, 5)], [6.0, 2.0]).is_empty());
    assert!(dashes(&[], [6.0, 2.0]).is_empty());
}

#[test]
fn a_line_that_ends_with_its_dash_has_no_rest() {
    assert_eq!(dashes(&[(0, 0), (6, 0)], [6.0, 2.0]), [[(0, 0), (6, 0)]]);
    let next = dashes(&[(0, 0), (9, 0)], [6.0, 2.0]);
    assert_eq!(next, [[(0, 0), (6, 0)], [(8, 0), (9, 0)]]);
}
