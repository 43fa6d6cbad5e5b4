//! Elements are found, checked against the registry, and filled; what is wrong is said with its line.

use crate::fill;

/// The problems of a source, as `line: message`.
pub(super) fn problems(source: &str) -> Vec<String> {
    let (_, found) = fill(source);
    found
        .iter()
        .map(|problem| format!("{}: {}", problem.line, problem.message))
        .collect()
}

/// A source with exactly one problem, whose line and message begin so.
pub(super) fn one(source: &str, expected: &str) {
    let found = problems(source);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(expected), "{found:?}, not {expected}");
}

#[test]
fn a_lab_is_filled_with_its_static_card_and_keeps_its_attributes() {
    let source =
        "Before.\n\n<hd-lab lab=\"one-bucket\" seed=\"9\" show=\"rate\"></hd-lab>\n\nAfter.\n";
    let (filled, found) = fill(source);
    assert_eq!(found, []);
    assert!(filled.starts_with("Before.\n\n"));
    assert!(
        filled.contains(
            "<hd-lab lab=\"one-bucket\" seed=\"9\" show=\"rate\">\n<div class=\"hd-card\""
        )
    );
    assert!(filled.contains("seed 9"));
    assert!(filled.ends_with("</hd-lab>\n\n\nAfter.\n"));
}

#[test]
fn a_filled_lab_has_no_blank_line_inside_which_would_end_it_in_markdown() {
    let (filled, _) = fill("<hd-lab lab=\"one-bucket\"></hd-lab>");
    let start = filled.find("<hd-lab").expect("it is there");
    let end = filled.find("</hd-lab>").expect("it is closed");
    assert!(!filled[start..end].contains("\n\n"));
}

#[test]
fn the_card_stands_at_the_moment_asked_for() {
    let at = |moment: &str| {
        fill(&format!(
            "<hd-lab lab=\"one-bucket\" at=\"{moment}\"></hd-lab>"
        ))
        .0
    };
    assert!(at("0").contains("0.00 s"));
    assert!(at("12.5").contains("12.50 s"));
    assert_ne!(at("0"), at("12.5"));
}

#[test]
fn a_locked_lab_waits_at_its_start_with_its_reason_and_shows_print_what_it_will_show() {
    let tag = |locked: &str| format!("<hd-lab lab=\"one-bucket\" at=\"2\"{locked}></hd-lab>");
    let (open, _) = fill(&tag(""));
    let (filled, found) = fill(&tag(" locked=\"First say how many <are> rejected.\""));
    assert_eq!(found, Vec::new());
    let (shut, revealed) = filled
        .split_once("<div class=\"hd-revealed\">")
        .expect("print gets a card of its own");
    assert!(shut.contains("<p class=\"hd-lock\">First say how many &lt;are&gt; rejected.</p>"));
    assert!(shut.contains(">0.00 s<") && !shut.contains(">2.00 s<"));
    assert!(!shut.contains("class=\"hd-last\""), "its log is empty");
    assert!(!revealed.contains("hd-lock") && revealed.contains(">2.00 s<"));
    let card = |html: &str| html[html.find("hd-card").expect("it has one")..].to_owned();
    let (open, revealed) = (card(&open), card(revealed));
    assert_eq!(open[..2_000], revealed[..2_000]);
    one(
        "\n<hd-lab lab=\"one-bucket\" locked></hd-lab>",
        "2: locked needs a reason",
    );
}

#[test]
fn a_knob_in_the_page_changes_the_card() {
    let (plain, _) = fill("<hd-lab lab=\"one-bucket\" at=\"2\"></hd-lab>");
    let (turned, found) = fill("<hd-lab lab=\"one-bucket\" at=\"2\" knobs=\"burst=20\"></hd-lab>");
    assert_eq!(found, []);
    assert!(turned.contains("20 tokens"));
    assert!(!plain.contains("20 tokens"));
}

#[test]
fn an_unknown_lab_is_named_with_its_line() {
    one(
        "\n\n<hd-lab lab=\"two-buckets\"></hd-lab>",
        "3: there is no lab \"two-buckets\"; the labs are ",
    );
}

#[test]
fn a_lab_without_a_name_is_refused() {
    one("<hd-lab></hd-lab>", "1: there is no lab \"\"");
}

#[test]
fn an_unknown_knob_is_refused_and_the_known_ones_are_named() {
    one(
        "<hd-lab lab=\"one-bucket\" knobs=\"speed=3\"></hd-lab>",
        "1: one-bucket has no knob \"speed\"; it has rate,",
    );
    one(
        "<hd-lab lab=\"one-bucket\" show=\"speed\"></hd-lab>",
        "1: show names \"speed\"",
    );
}

#[test]
fn a_knob_outside_its_range_is_refused_and_its_ends_are_accepted() {
    let burst = |value: &str| {
        problems(&format!(
            "<hd-lab lab=\"one-bucket\" knobs=\"burst={value}\"></hd-lab>"
        ))
    };
    assert_eq!(burst("1"), Vec::<String>::new());
    assert_eq!(burst("200"), Vec::<String>::new());
    for value in ["0", "201", "1.5", "-1", "NaN", "inf"] {
        assert!(
            burst(value)[0].starts_with("1: knob burst cannot be"),
            "{value}: {:?}",
            burst(value)
        );
    }
    assert!(burst("many")[0].contains("is not a number"));
    one(
        "<hd-lab lab=\"one-bucket\" knobs=\"burst\"></hd-lab>",
        "1: knob \"burst\" is not of the form name=value",
    );
}

#[test]
fn a_seed_is_a_whole_number_and_a_moment_lies_within_the_run() {
    for seed in ["-1", "1.5", "x", ""] {
        one(
            &format!("<hd-lab lab=\"one-bucket\" seed=\"{seed}\"></hd-lab>"),
            "1: seed",
        );
    }
    for at in ["-0.1", "30.1", "NaN", "soon"] {
        one(
            &format!("<hd-lab lab=\"one-bucket\" at=\"{at}\"></hd-lab>"),
            "1: at",
        );
    }
    assert_eq!(
        problems("<hd-lab lab=\"one-bucket\" at=\"30\" seed=\"18446744073709551615\"></hd-lab>"),
        Vec::<String>::new()
    );
}

#[test]
fn an_unknown_attribute_and_an_unknown_element_are_refused() {
    one(
        "<hd-lab lab=\"one-bucket\" autoplay></hd-lab>",
        "1: <hd-lab> has no attribute autoplay",
    );
    one(
        "Text.\n\n<hd-labb lab=\"one-bucket\"></hd-labb>",
        "3: there is no element <hd-labb>",
    );
}

#[test]
fn a_tag_that_would_swallow_the_page_is_refused() {
    one(
        "a\n<hd-lab lab=\"one-bucket\"/>\nb",
        "2: <hd-lab/> swallows the rest of the page",
    );
    one(
        "a\n\n<hd-lab lab=\"one-bucket\">\n\nb",
        "3: <hd-lab> has no end tag",
    );
    one(
        "<hd-lab lab=\"one-bucket\"",
        "1: the tag <hd-lab is not closed with >",
    );
    one(
        "<hd-lab lab=one-bucket></hd-lab>",
        "1: the value of lab in <hd-lab> needs double quotes",
    );
    one(
        "<hd-lab lab=\"one-bucket></hd-lab>",
        "1: the value of lab in <hd-lab> has no closing quote",
    );
    one(
        "<hd-lab lab=\"one-bucket\" seed=\"1\" seed=\"2\"></hd-lab>",
        "1: <hd-lab> has seed twice",
    );
}

#[test]
fn a_missing_end_tag_is_said_of_the_first_element_and_the_second_is_still_read() {
    let source = "<hd-lab lab=\"one-bucket\">\n\n<hd-lab lab=\"none\"></hd-lab>";
    let found = problems(source);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("1: <hd-lab> has no end tag"));
    assert!(found[1].starts_with("3: there is no lab \"none\""));
}

#[test]
fn every_problem_of_a_page_is_told_at_once_in_order() {
    let source = "<hd-lab lab=\"a\"></hd-lab>\n\n<hd-lab lab=\"one-bucket\" seed=\"x\" at=\"99\"></hd-lab>\n";
    let lines: Vec<_> = fill(source).1.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [1, 3, 3]);
}

#[test]
fn code_and_comments_show_an_element_and_do_not_use_it() {
    for source in [
        "```html\n<hd-lab lab=\"none\"></hd-lab>\n```\n",
        "~~~\n<hd-lab/>\n~~~\n",
        "Write `<hd-lab lab=\"none\"/>` so.\n",
        "Write ``a ` <hd-lab>`` so.\n",
        "Over `two\nlines <hd-lab>` so.\n",
        "    <hd-lab lab=\"none\">\n",
        "<!-- <hd-lab lab=\"none\"></hd-lab> -->\n",
        "<!--\n\n<hd-lab>\n\n-->\n",
        "1. A list:\n\n   ```html\n   <hd-lab>\n   ```\n",
    ] {
        assert_eq!(fill(source), (source.to_owned(), Vec::new()), "{source}");
    }
}

#[test]
fn an_element_after_code_is_still_found() {
    one(
        "```html\n<hd-lab>\n```\n\n<hd-lab lab=\"none\"></hd-lab>\n",
        "5: there is no lab",
    );
}

#[test]
fn an_id_is_given_once_on_a_page() {
    one(
        "<hd-lab id=\"shop\" lab=\"one-bucket\"></hd-lab>\n\n<hd-lab id=\"shop\" lab=\"one-bucket\"></hd-lab>\n",
        "3: the id \"shop\" is already that of the <hd-lab> in line 1",
    );
}

#[test]
fn a_lab_holds_no_text_of_the_page() {
    one(
        "<hd-lab lab=\"one-bucket\">\n\nText with <hd-value lab=\"one-bucket\" ask=\"knob(burst)\" is=\"50\"></hd-value>.\n\n</hd-lab>\n",
        "1: <hd-lab> has no end tag </hd-lab> before the next element",
    );
}

#[test]
fn the_examples_for_writers_are_true() {
    let guide = include_str!("../../../../CONTRIBUTING.md");
    let fences = guide.split("```html\n").skip(1);
    let examples = fences.filter_map(|rest| rest.split("```").next());
    let mut checked = 0;
    for example in examples.filter(|example| example.contains("<hd-")) {
        let lab = "<hd-lab id=\"shop\" lab=\"one-bucket\"></hd-lab>";
        assert_eq!(
            problems(&format!("{example}\n\n{lab}\n")),
            Vec::<String>::new()
        );
        checked += 1;
    }
    assert!(checked >= 3, "only {checked} examples");
}

#[test]
fn the_page_of_all_labs_links_each_of_them() {
    let page = include_str!("../../../../src/simulator/index.md");
    for entry in labs::ALL {
        let link = format!("](?lab={})", entry.id);
        assert!(page.contains(&link), "{link} is missing");
    }
}
