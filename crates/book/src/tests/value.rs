//! A figure in the prose is what the engine answers, or the build fails.

use super::elements::{one, problems};
use crate::fill;

fn value(attributes: &str) -> String {
    format!("<hd-value lab=\"one-bucket\" {attributes}></hd-value>")
}

fn shown(attributes: &str) -> String {
    let (filled, found) = fill(&value(attributes));
    assert_eq!(found, []);
    filled
}

#[test]
fn a_figure_stands_in_its_line_and_says_where_it_is_from() {
    let source = format!(
        "In this run {} requests were rejected.\n",
        value("seed=\"7\" ask=\"counter(rejected, 1.08)\" is=\"34\"")
    );
    assert_eq!(
        fill(&source),
        (
            "In this run <span class=\"hd-value\" title=\"one-bucket, seed 7: counter(rejected, 1.08)\">34</span> \
             requests were rejected.\n"
                .to_owned(),
            Vec::new()
        )
    );
}

#[test]
fn a_figure_that_drifted_is_told_with_both_numbers() {
    one(
        &format!(
            "a\n\nb {}",
            value("seed=\"7\" ask=\"counter(rejected, 1.08)\" is=\"35\"")
        ),
        "3: the page says 35, but one-bucket with seed 7 answers 34 to \"counter(rejected, 1.08)\"",
    );
}

#[test]
fn a_figure_has_the_decimals_the_page_gives_it() {
    let tokens = "seed=\"7\" ask=\"counter(in the bucket, 0.999)\"";
    assert!(shown(&format!("{tokens} is=\"46.7\"")).contains(">46.7<"));
    assert!(shown(&format!("{tokens} is=\"47\"")).contains(">47<"));
    one(
        &value(&format!("{tokens} is=\"46.70\"")),
        "1: the page says 46.70, but",
    );
    one(
        &value(&format!("{tokens} is=\"46.8\"")),
        "1: the page says 46.8, but",
    );
    one(
        &value(&format!("{tokens} is=\"many\"")),
        "1: the page says many, but",
    );
}

#[test]
fn thousands_may_have_their_commas_and_nothing_is_minus_zero() {
    assert!(shown("ask=\"1234567.25 * 1\" is=\"1,234,567.25\"").contains(">1,234,567.25<"));
    assert!(shown("ask=\"0 - 123456\" is=\"-123,456\"").contains(">-123,456<"));
    assert!(shown("ask=\"0 - 0.01\" is=\"0.0\"").contains(">0.0<"));
    one(
        &value("ask=\"1234 * 1\" is=\"12,34\""),
        "1: the page says 12,34, but",
    );
}

#[test]
fn knobs_and_seed_choose_the_run() {
    shown("seed=\"7\" knobs=\"burst=100\" ask=\"counter(rejected, 1.08)\" is=\"0\"");
    assert!(shown("ask=\"knob(burst)\" is=\"50\"").contains("seed 1: "));
}

#[test]
fn a_claim_over_many_seeds_is_counted() {
    let claim = "ask=\"counter(admitted, 30) <= 350\"";
    let html = shown(&format!("seeds=\"100\" {claim} is=\"100\""));
    assert!(html.contains("one-bucket, seeds 1 to 100: counter(admitted, 30) &lt;= 350"));
    one(
        &value(&format!("seeds=\"20\" {claim} is=\"19\"")),
        "1: the page says 19, but one-bucket with seeds 1 to 20 answers 20",
    );
    // The count is that of the runs looked at one by one.
    let by_hand = (1..=20)
        .filter(|&seed| {
            let mut run = labs::find("one-bucket").expect("a lab").open(seed);
            let query = labs::Query::parse("counter(rejected, 1.08) > 34").expect("a query");
            query.ask(&mut *run).expect("an answer").holds == Some(true)
        })
        .count();
    assert!((1..20).contains(&by_hand), "{by_hand} of 20 tells nothing");
    shown(&format!(
        "seeds=\"20\" ask=\"counter(rejected, 1.08) > 34\" is=\"{by_hand}\""
    ));
}

#[test]
fn a_run_without_an_answer_does_not_fulfil_a_claim_and_none_at_all_is_a_mistake() {
    shown("seeds=\"2\" knobs=\"burst=200\" ask=\"count(rejected) < 1\" is=\"2\"");
    one(
        &value("seeds=\"2\" ask=\"time(burst, 2) < 30\" is=\"0\""),
        "1: \"time(burst, 2) < 30\" cannot be asked: entry number 2",
    );
}

#[test]
fn what_cannot_be_asked_is_told_with_the_question() {
    for (ask, why) in [
        ("counter(apples, 3)", "one-bucket has no counter “apples”"),
        ("knob(speed)", "one-bucket has no knob “speed”"),
        ("guess(rejected)", "“guess” is not one of"),
    ] {
        one(
            &value(&format!("ask=\"{ask}\" is=\"1\"")),
            &format!("1: \"{ask}\" cannot be asked: {why}"),
        );
        one(
            &value(&format!("seeds=\"3\" ask=\"{ask} > 1\" is=\"1\"")),
            &format!("1: \"{ask} > 1\" cannot be asked: {why}"),
        );
    }
}

#[test]
fn a_comparison_needs_seeds_and_seeds_a_comparison() {
    one(
        &value("ask=\"knob(burst) <= 50\" is=\"50\""),
        "1: \"knob(burst) <= 50\" is a yes or no; give seeds",
    );
    one(
        &value("seeds=\"3\" ask=\"knob(burst)\" is=\"3\""),
        "1: \"knob(burst)\" holds nothing against a number",
    );
}

#[test]
fn every_attribute_of_a_figure_is_checked() {
    one(
        "<hd-value lab=\"two-buckets\" ask=\"knob(burst)\" is=\"1\"></hd-value>",
        "1: there is no lab \"two-buckets\"",
    );
    one(
        &value("knobs=\"speed=3\" ask=\"knob(burst)\" is=\"1\""),
        "1: one-bucket has no knob \"speed\"",
    );
    one(
        &value("seed=\"x\" ask=\"knob(burst)\" is=\"1\""),
        "1: seed \"x\" is not a whole number",
    );
    one(
        &value("at=\"3\" ask=\"knob(burst)\" is=\"50\""),
        "1: <hd-value> has no attribute at",
    );
    one(&value("ask=\"knob(burst)\""), "1: <hd-value> has no is");
    one(&value("is=\"50\""), "1: <hd-value> has no ask");
    one(
        &value("seed=\"1\" seeds=\"3\" ask=\"knob(burst) > 1\" is=\"3\""),
        "1: seed is for the figure of one run",
    );
    for seeds in ["0", "1", "1001", "-1", "all"] {
        one(
            &value(&format!(
                "seeds=\"{seeds}\" ask=\"knob(burst) > 1\" is=\"3\""
            )),
            "1: seeds",
        );
    }
    one(
        "<hd-value lab=\"one-bucket\" ask=\"knob(burst)\" is=\"50\">50</hd-value>",
        "1: <hd-value> shows its attribute is",
    );
}

#[test]
fn a_figure_without_an_end_tag_does_not_swallow_the_next() {
    let open = "<hd-value lab=\"one-bucket\" ask=\"knob(burst)\" is=\"50\">";
    one(
        &format!("{open} and\n{open}</hd-value>"),
        "1: <hd-value> has no end tag",
    );
}

#[test]
fn a_figure_in_a_table_a_list_and_a_paragraph_breaks_no_block() {
    let figure = value("ask=\"knob(burst)\" is=\"50\"");
    let source = format!(
        "| a | b |\n| - | - |\n| {figure} | c |\n\n- it holds {figure} tokens\n\n**{figure}** and\n{figure}.\n"
    );
    let (filled, found) = fill(&source);
    assert_eq!(found, []);
    assert_eq!(filled.lines().count(), source.lines().count());
    assert!(
        filled
            .lines()
            .nth(2)
            .is_some_and(|row| row.ends_with("</span> | c |"))
    );
    assert_eq!(problems(&source), Vec::<String>::new());
}
