//! A phrase that opens a lab names one that is there, and a moment and settings it can have.

use super::elements::one;
use crate::fill;

const LAB: &str = "<hd-lab id=\"shop\" lab=\"one-bucket\" seed=\"7\"></hd-lab>\n\n";

fn phrase(attributes: &str) -> String {
    format!("{LAB}The bucket <hd-seek {attributes}>runs empty</hd-seek> then.\n")
}

#[test]
fn a_phrase_stays_in_its_line_and_keeps_its_wishes() {
    let (filled, found) = fill(&phrase("for=\"shop\" at=\"1.046\" knobs=\"burst=50\""));
    assert_eq!(found, []);
    assert!(filled.ends_with(
        "\nThe bucket <hd-seek for=\"shop\" at=\"1.046\" knobs=\"burst=50\">runs empty</hd-seek> then.\n"
    ));
}

#[test]
fn a_phrase_may_hold_a_figure_and_come_before_its_lab() {
    let source = format!(
        "It <hd-seek for=\"shop\" at=\"1\">holds <hd-value lab=\"one-bucket\" ask=\"knob(burst)\" is=\"50\"></hd-value></hd-seek>.\n\n{LAB}"
    );
    let (filled, found) = fill(&source);
    assert_eq!(found, []);
    assert!(filled.contains("at=\"1\">holds <span class=\"hd-value\""));
    one(
        &source.replace("is=\"50\"", "is=\"51\""),
        "1: the page says 51, but",
    );
}

#[test]
fn a_lab_that_is_not_on_the_page_is_told_with_those_that_are() {
    one(
        &phrase("for=\"bar\" at=\"1\""),
        "3: no <hd-lab> on this page has the id \"bar\"; there are shop",
    );
    one(
        &phrase("at=\"1\""),
        "3: no <hd-lab> on this page has the id \"\"",
    );
    one(
        "<hd-seek for=\"shop\" at=\"1\">then</hd-seek>",
        "1: no <hd-lab> on this page has the id \"shop\"; none has an id",
    );
}

#[test]
fn a_moment_lies_within_the_run_and_its_ends_do() {
    for at in ["0", "30"] {
        assert_eq!(fill(&phrase(&format!("for=\"shop\" at=\"{at}\""))).1, []);
    }
    for at in ["-0.1", "30.1", "NaN", "soon", ""] {
        one(&phrase(&format!("for=\"shop\" at=\"{at}\"")), "3: at \"");
    }
}

#[test]
fn seed_and_knobs_are_those_of_the_lab_it_names() {
    one(
        &phrase("for=\"shop\" seed=\"x\""),
        "3: seed \"x\" is not a whole number",
    );
    one(
        &phrase("for=\"shop\" knobs=\"deadline=3\""),
        "3: one-bucket has no knob \"deadline\"",
    );
    one(
        &phrase("for=\"shop\" knobs=\"burst=900\""),
        "3: knob burst cannot be 900",
    );
    one(
        &phrase("for=\"shop\" lab=\"one-bucket\" at=\"1\""),
        "3: <hd-seek> has no attribute lab",
    );
}

#[test]
fn a_phrase_says_something_and_changes_something() {
    one(
        &phrase("for=\"shop\""),
        "3: <hd-seek> has neither at nor seed nor knobs",
    );
    one(
        &format!("{LAB}<hd-seek for=\"shop\" at=\"1\"> </hd-seek>"),
        "3: <hd-seek> has no phrase",
    );
    one(
        &format!("{LAB}<hd-seek for=\"shop\" at=\"1\">a\n\nb</hd-seek>"),
        "3: the phrase of an <hd-seek> stands within one paragraph",
    );
}

#[test]
fn a_lab_that_does_not_exist_is_told_once() {
    one(
        "<hd-lab id=\"shop\" lab=\"two-buckets\"></hd-lab>\n\n<hd-seek for=\"shop\" at=\"99\">then</hd-seek>",
        "1: there is no lab \"two-buckets\"",
    );
}
