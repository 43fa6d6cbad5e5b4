//! A question on every decision names a lab that is there, a kind of its log, and a moment upon which one follows.

use super::elements::{one, problems};
use crate::fill;

const LAB: &str = "<hd-lab id=\"p\" lab=\"one-p\" seed=\"7\"></hd-lab>\n\n";

fn next(attributes: &str) -> String {
    format!("{LAB}<hd-next {attributes}>Who runs next?</hd-next>\n")
}

#[test]
fn the_question_is_markdown_of_its_own_and_holds_no_answer() {
    let (filled, found) = fill(&next("for=\"p\" kind=\"runs\" at=\"0.000005\""));
    assert_eq!(found, []);
    assert!(filled.ends_with(
        "<hd-next for=\"p\" kind=\"runs\" at=\"0.000005\">\n<div class=\"hd-question\">\n\nWho runs next?\n\n</div>\n</hd-next>\n\n\n"
    ));
}

#[test]
fn a_kind_is_named_whole_or_by_what_stands_before_its_colon() {
    for kind in ["runs", "runs: own queue", "ends"] {
        assert_eq!(
            problems(&next(&format!("for=\"p\" kind=\"{kind}\""))),
            [""; 0]
        );
    }
    for kind in ["", "run", "runs:", "slot", "rejected"] {
        one(
            &next(&format!("for=\"p\" kind=\"{kind}\"")),
            &format!("3: kind {kind:?} is none of one-p's log; it has started, ready, "),
        );
    }
    one(
        &next("for=\"p\""),
        "3: kind \"\" is none of one-p's log; it has ",
    );
}

#[test]
fn its_lab_is_on_the_page_and_the_moment_within_the_run() {
    one(
        &next("for=\"q\" kind=\"runs\""),
        "3: no <hd-lab> on this page has the id \"q\"",
    );
    for at in ["-1", "0.0005", "soon"] {
        one(
            &next(&format!("for=\"p\" kind=\"runs\" at=\"{at}\"")),
            &format!("3: at {at:?} is not between 0 and 0.0004 s"),
        );
    }
}

#[test]
fn a_decision_follows_upon_the_moment() {
    // The last turn begins at 334.315 µs.
    assert_eq!(
        problems(&next("for=\"p\" kind=\"runs\" at=\"0.000334314\"")),
        [""; 0]
    );
    one(
        &next("for=\"p\" kind=\"runs\" at=\"0.000334315\""),
        "3: nothing of kind \"runs\" follows upon 0.000334315 s in the run of one-p",
    );
    one(
        &next("for=\"p\" kind=\"steals\""),
        "3: nothing of kind \"steals\" follows upon 0 s",
    );
}

#[test]
fn it_takes_nothing_else_and_asks_something() {
    one(
        &next("for=\"p\" kind=\"runs\" is=\"10\""),
        "3: <hd-next> has no attribute is; it takes for, kind, at",
    );
    one(
        &format!("{LAB}<hd-next for=\"p\" kind=\"runs\"> </hd-next>"),
        "3: this <hd-next> asks no question",
    );
}
