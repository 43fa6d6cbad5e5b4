//! A question has one right answer, each of its choices is explained, and the engine agrees with the key.

use super::elements::{one, problems};
use crate::fill;

const RIGHT: &str =
    "- [x] 34 are rejected {counter(rejected, 1.08) = 34} :: The bucket held 46 and a bit.\n";
const OTHER: &str =
    "- [ ] 30 are rejected {counter(rejected, 1.08) = 30} :: That is 80 less the burst.\n";

fn quiz(choices: &str) -> String {
    format!(
        "<hd-quiz id=\"newsletter\" lab=\"one-bucket\" seed=\"7\">\n\nHow many of the 80 are *rejected*?\n\n{choices}\n</hd-quiz>\n"
    )
}

fn plain(choices: &str) -> String {
    format!("<hd-quiz id=\"why\">\n\nWhy?\n\n{choices}\n</hd-quiz>\n")
}

#[test]
fn a_question_becomes_a_list_of_choices_and_its_answers_fold_out() {
    let (filled, found) = fill(&quiz(&format!("{RIGHT}{OTHER}")));
    assert_eq!(found, []);
    assert!(filled.contains("<hd-quiz id=\"newsletter\">\n<div class=\"hd-question\">\n\nHow many of the 80 are *rejected*?\n\n</div>"));
    assert!(
        filled.contains(
            "<li data-right>\n\n34 are rejected\n\n</li>\n<li>\n\n30 are rejected\n\n</li>"
        )
    );
    assert!(
        filled
            .contains("<strong class=\"hd-mark\">Right.</strong> The bucket held 46 and a bit.\n")
    );
    assert!(
        filled.contains(
            "<strong class=\"hd-mark\">Not this one.</strong> That is 80 less the burst.\n"
        )
    );
    assert!(
        !filled.contains("counter("),
        "the question to the engine is not for readers"
    );
}

#[test]
fn a_key_that_is_not_what_the_engine_says_is_told_at_its_choice() {
    let flipped = RIGHT.replace("[x]", "[ ]") + &OTHER.replace("[ ]", "[x]");
    let found = problems(&quiz(&flipped));
    assert_eq!(
        found,
        [
            "5: this choice is marked wrong, but \"counter(rejected, 1.08) = 34\" holds: one-bucket with seed 7 answers 34",
            "6: this choice is marked right, but \"counter(rejected, 1.08) = 30\" does not hold: one-bucket with seed 7 answers 34",
        ]
    );
}

#[test]
fn knobs_and_seed_make_the_situation_of_the_key() {
    let with =
        |attributes: &str| quiz(&format!("{RIGHT}{OTHER}")).replace("seed=\"7\"", attributes);
    one(
        &with("seed=\"7\" knobs=\"burst=100\""),
        "5: this choice is marked right, but",
    );
    one(
        &with("seed=\"7\" knobs=\"size=100\""),
        "1: one-bucket has no knob \"size\"",
    );
    one(
        &with("seed=\"seven\""),
        "1: seed \"seven\" is not a whole number",
    );
    one(
        &quiz(&format!("{RIGHT}{OTHER}")).replace("one-bucket", "two-buckets"),
        "1: there is no lab \"two-buckets\"",
    );
}

#[test]
fn what_a_choice_cannot_ask_is_told_at_its_line() {
    let other = |query: &str| quiz(&format!("{RIGHT}- [ ] None {{{query}}} :: No.\n"));
    one(
        &other("counter(apples, 1) = 3"),
        "6: \"counter(apples, 1) = 3\" cannot be asked: one-bucket has no counter",
    );
    one(
        &other("counter(rejected, 1.08)"),
        "6: \"counter(rejected, 1.08)\" holds nothing against a number",
    );
    one(
        &other("knob(speed) < 1"),
        "6: \"knob(speed) < 1\" cannot be asked: one-bucket has no knob",
    );
    one(
        &plain("- [x] Yes {knob(burst) = 50} :: It is.\n- [ ] No :: No.\n"),
        "5: this choice asks the engine, but its <hd-quiz> names no lab",
    );
    one(
        &quiz("- [x] Yes :: It is.\n- [ ] No :: No.\n"),
        "1: <hd-quiz> names a lab, but no choice asks it",
    );
    one(
        &plain("- [x] Yes :: It is.\n- [ ] No :: No.\n").replace("\"why\"", "\"why\" seed=\"3\""),
        "1: <hd-quiz> has seed, but no lab",
    );
}

#[test]
fn there_are_two_choices_at_least_and_one_of_them_is_right() {
    assert_eq!(
        problems(&plain("- [x] Yes :: It is.\n- [ ] No :: No.\n")),
        Vec::<String>::new()
    );
    one(
        &plain("- [x] Yes :: It is.\n"),
        "1: this <hd-quiz> has fewer than two choices (1)",
    );
    one(
        &plain(""),
        "1: this <hd-quiz> has fewer than two choices (0)",
    );
    one(
        &plain("- [ ] Yes :: It is.\n- [ ] No :: No.\n"),
        "1: this <hd-quiz> has 0 right choices",
    );
    one(
        &plain("- [x] Yes :: It is.\n- [x] No :: No.\n"),
        "1: this <hd-quiz> has 2 right choices",
    );
}

#[test]
fn every_choice_says_something_and_is_explained() {
    for choice in [
        "- [ ] No\n",
        "- [ ] No ::\n",
        "- [ ] No ::  \n",
        "- [ ] std::time\n",
        "- [ ] `a :: b`\n",
    ] {
        let found = problems(&plain(&format!("- [x] Yes :: It is.\n{choice}")));
        assert!(
            found
                .iter()
                .any(|problem| problem.starts_with("6: this choice has no explanation")),
            "{choice}: {found:?}"
        );
    }
    let found = problems(&plain("- [x] Yes :: It is.\n- [ ]  :: No.\n"));
    assert!(
        found
            .iter()
            .any(|problem| problem.starts_with("6: this choice says nothing")),
        "{found:?}"
    );
}

#[test]
fn a_question_has_words_and_a_name_of_its_own() {
    let sound = plain("- [x] Yes :: It is.\n- [ ] No :: No.\n");
    one(
        &sound.replace("Why?", ""),
        "1: this <hd-quiz> asks no question",
    );
    for id in ["", "Why", "why not", "why_not"] {
        one(
            &sound.replace("id=\"why\"", &format!("id=\"{id}\"")),
            "1: the id",
        );
    }
    one(
        &format!("{sound}\n{sound}"),
        "10: the id \"why\" is already that of the <hd-quiz> in line 1",
    );
    one(
        &sound.replace("id=\"why\"", "id=\"why\" shuffle"),
        "1: <hd-quiz> has no attribute shuffle",
    );
}

#[test]
fn choices_and_explanations_may_go_on_in_indented_lines_and_hold_code() {
    let (filled, found) = fill(&plain(
        "- [x] It is\n  `a :: b` {1 * 1}\n  :: It is.\n  Second sentence.\n\n  ```rust\n  fn f() {}\n  ```\n- [ ] No :: No.\n",
    ).replace(" {1 * 1}", ""));
    assert_eq!(found, []);
    assert!(
        filled.contains("<li data-right>\n\nIt is\n`a :: b`\n\n</li>"),
        "{filled}"
    );
    assert!(
        filled.contains("</strong> It is.\nSecond sentence.\n\n```rust\nfn f() {}\n```\n\n</li>"),
        "{filled}"
    );
}

#[test]
fn a_line_that_belongs_to_no_choice_is_told() {
    one(
        &plain("- [x] Yes :: It is.\n- [ ] No :: No.\n- [X] Maybe :: No.\n"),
        "7: a choice begins with",
    );
    one(
        &plain("- [x] Yes :: It is.\n- [ ] No :: No.\n\nMore text.\n"),
        "8: a choice begins with",
    );
}

#[test]
fn figures_stand_anywhere_in_a_question_and_a_drifted_one_is_told_at_its_line() {
    let figure = "<hd-value lab=\"one-bucket\" ask=\"knob(burst)\" is=\"50\"></hd-value>";
    let source = plain(&format!(
        "- [x] At {figure} :: Since {figure}.\n- [ ] No :: No, {figure}.\n"
    ))
    .replace("Why?", &format!("Why {figure}?"));
    let (filled, found) = fill(&source);
    assert_eq!(found, []);
    assert_eq!(filled.matches("<span class=\"hd-value\"").count(), 4);
    one(
        &source
            .replace("No, <hd-value", "No,\n  <hd-value")
            .replacen(
                "No,\n  <hd-value lab=\"one-bucket\"",
                "No,\n  <hd-value lab=\"none\"",
                1,
            ),
        "7: there is no lab \"none\"",
    );
}

#[test]
fn nothing_in_the_text_of_a_choice_can_be_clicked() {
    let lab = "<hd-lab id=\"shop\" lab=\"one-bucket\"></hd-lab>\n\n";
    let seek = "<hd-seek for=\"shop\" at=\"1\">then</hd-seek>";
    let sound = format!(
        "{lab}{}",
        plain(&format!(
            "- [x] Yes :: See {seek} and [there](#x).\n- [ ] No :: No.\n"
        ))
    );
    assert_eq!(problems(&sound), Vec::<String>::new());
    one(
        &sound.replace("No :: ", &format!("No {seek} :: ")),
        "8: the text of a choice is itself a button",
    );
    one(
        &sound.replace("No :: ", "[No](#x) :: "),
        "8: the text of a choice is itself a button",
    );
}

#[test]
fn a_question_shown_as_code_is_none() {
    let source = format!("```html\n{}```\n", quiz(OTHER));
    assert_eq!(fill(&source), (source.clone(), Vec::new()));
}
