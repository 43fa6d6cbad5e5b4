//! A starter that is too far, a solution that is not: both are found.

use crate::program::{Counted, counted, reached};
use crate::prove::verdicts;

fn counts(met: &[bool]) -> Vec<Counted> {
    let check = |(index, met): (usize, &bool)| Counted {
        met: *met,
        name: format!("check-{index}"),
        step: "Step 1".to_owned(),
        anchor: "now-or-later".to_owned(),
    };
    met.iter().enumerate().map(check).collect()
}

#[test]
fn a_starter_that_misses_half_and_a_solution_that_misses_none_are_right() {
    let solution = counts(&[true; 4]);
    assert_eq!(
        verdicts(&counts(&[false, true, true, false]), &solution),
        Vec::<String>::new()
    );
}

#[test]
fn a_starter_that_passes_its_first_check_or_more_than_half_is_found() {
    let solution = counts(&[true; 4]);
    let found = verdicts(&counts(&[true, false, false, false]), &solution);
    assert_eq!(found, ["the starter passes its first check"]);
    let found = verdicts(&counts(&[false, true, true, true]), &solution);
    assert_eq!(found, ["the starter misses only 1 of 4 checks"]);
}

#[test]
fn every_check_the_solution_fails_is_named() {
    let found = verdicts(&counts(&[false; 2]), &counts(&[true, false]));
    assert_eq!(found, ["the solution fails check-1"]);
}

#[test]
fn the_checks_reached_end_at_the_first_that_is_missed() {
    assert_eq!(reached(&counts(&[true, true, false, true])), 2);
    assert_eq!(reached(&counts(&[])), 0);
}

#[test]
fn a_line_of_the_count_is_read_whole_or_not_at_all() {
    let line = counted("ok\tfull-at-start\tStep 1: a full bucket\tnow-or-later").unwrap();
    assert!(line.met);
    assert_eq!(line.step, "Step 1: a full bucket");
    assert_eq!(counted("ok\tfull-at-start\tStep 1"), None);
    assert_eq!(counted("maybe\ta\tb\tc"), None);
}
