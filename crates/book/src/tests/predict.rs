//! Predictions are checked against the engine and carry its answer as data, not as text to be read at once.

use crate::fill;

const LAB: &str = "\n<hd-lab id=\"shop\" lab=\"one-bucket\" seed=\"7\"></hd-lab>\n";

/// A number prediction with these attributes before its lab.
fn number(attributes: &str) -> String {
    format!(
        "<hd-predict id=\"passed\" for=\"shop\" kind=\"number\" {attributes}>\n\nHow many?\n\n</hd-predict>\n{LAB}"
    )
}

fn choices(list: &str) -> String {
    format!(
        "<hd-predict id=\"passed\" for=\"shop\" kind=\"choice\">\n\nHow many?\n\n{list}\n</hd-predict>\n{LAB}"
    )
}

/// The problems of a source, as `line: message`.
fn problems(source: &str) -> Vec<String> {
    let found = fill(source).1.into_iter();
    found
        .map(|problem| format!("{}: {}", problem.line, problem.message))
        .collect()
}

fn one(source: &str, expected: &str) {
    let found = problems(source);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(expected), "{found:?}, not {expected}");
}

const SOUND: &str =
    "ask=\"counter(rejected, 1.08)\" at=\"1.08\" unit=\"requests\" from=\"0\" to=\"80\"";

#[test]
fn a_number_carries_the_engines_answer_as_data_and_in_folded_words() {
    let (page, found) = fill(&number(SOUND));
    assert_eq!(found, []);
    assert!(page.contains("data-at=\"1.08\" data-seed=\"7\" data-step=\"1\" data-result=\"34\""));
    let (open, folded) = page.split_once("<details").expect("the answer is folded");
    let question = open.split_once("hd-question").expect("a question").1;
    assert!(question.contains("How many?"));
    assert!(!question.contains("34"), "{question}");
    assert!(folded.contains("34 requests, with seed 7."));
}

#[test]
fn the_seed_and_knobs_of_the_lab_decide_the_answer() {
    let turned = number(SOUND).replace("seed=\"7\"", "seed=\"7\" knobs=\"burst=100\"");
    let (page, found) = fill(&turned);
    assert_eq!(found, []);
    assert!(page.contains("data-result=\"0\""), "{page}");
}

#[test]
fn the_lab_waits_for_its_prediction_and_no_other_lab_does() {
    let source = number(SOUND) + "<hd-lab id=\"other\" lab=\"six-algorithms\"></hd-lab>\n";
    let (page, found) = fill(&source);
    assert_eq!(found, []);
    assert_eq!(page.matches(" locked=\"First commit").count(), 1);
    assert!(page.contains("id=\"shop\" lab=\"one-bucket\" seed=\"7\" locked="));
}

#[test]
fn an_answer_at_either_end_of_the_slider_is_sound_and_one_beyond_is_not() {
    let asked = |from: &str, to: &str| {
        number(&SOUND.replace("0\" to=\"80", &format!("{from}\" to=\"{to}")))
    };
    assert_eq!(problems(&asked("34", "80")), [""; 0]);
    assert_eq!(problems(&asked("0", "34")), [""; 0]);
    one(
        &asked("0", "33"),
        "1: the run answers 34, which is not between 0 and 33",
    );
    one(
        &asked("35", "80"),
        "1: the run answers 34, which is not between 35 and 80",
    );
}

#[test]
fn a_slider_that_is_none_is_refused() {
    let asked = |range: &str| number(&format!("ask=\"counter(rejected, 1.08)\" {range}"));
    one(
        &asked("from=\"80\" to=\"80\""),
        "1: from 80 to 80 in steps of 1 is no slider",
    );
    one(
        &asked("from=\"0\" to=\"80\" step=\"0\""),
        "1: from 0 to 80 in steps of 0 is no slider",
    );
    assert_eq!(problems(&asked("from=\"0\" to=\"10000\"")), [""; 0]);
    one(&asked("from=\"0\" to=\"10001\""), "1: from 0 to 10001");
    let found = problems(&asked("from=\"none\""));
    assert_eq!(
        found,
        [
            "1: from \"none\" is not a number",
            "1: to \"\" is not a number"
        ]
    );
}

#[test]
fn a_query_that_cannot_be_asked_fails_with_its_line() {
    let lines = "\n\n".to_owned() + &number(&SOUND.replace("rejected", "refused"));
    one(
        &lines,
        "3: \"counter(refused, 1.08)\" cannot be asked: one-bucket has no counter",
    );
    one(
        &number(&SOUND.replace(", 1.08)", ", 1.08) <= 40")),
        "1: \"counter(rejected, 1.08) <= 40\" is a yes or no",
    );
}

#[test]
fn the_answer_is_printed_with_the_decimals_of_the_step() {
    let asked = "ask=\"counter(rejected, 1.08) / 3\" from=\"0\" to=\"80\"";
    let result = |step: &str| fill(&number(&format!("{asked} {step}"))).0;
    assert!(result("").contains("data-result=\"11\""));
    assert!(result("step=\"0.1\"").contains("data-result=\"11.3\""));
    assert!(result("step=\"0.25\"").contains("data-result=\"11.33\""));
}

#[test]
fn a_choice_names_the_one_that_comes_true() {
    let (page, found) = fill(&choices(
        "- none {counter(rejected, 1.08) = 0}\n- *34* {counter(rejected, 1.08) = 34}\n- all {counter(rejected, 1.08) >= 80}\n",
    ));
    assert_eq!(found, []);
    assert!(page.contains("data-result=\"1\""));
    assert!(page.contains("<li>\n\n*34*\n\n</li>"));
    assert!(!page.contains("counter("), "the queries give it away");
    assert!(page.contains("<p>B, with seed 7.</p>"));
}

#[test]
fn none_or_two_choices_that_come_true_are_refused() {
    one(
        &choices("- none {counter(rejected, 1.08) = 0}\n- all {counter(rejected, 1.08) = 80}\n"),
        "1: none of these choices comes true",
    );
    one(
        &choices("- some {counter(rejected, 1.08) > 0}\n- 34 {counter(rejected, 1.08) = 34}\n"),
        "6: this choice comes true in the run, and so does that in line 5",
    );
}

#[test]
fn a_choice_that_cannot_be_read_is_told_at_its_line() {
    let right = "- 34 {counter(rejected, 1.08) = 34}\n";
    one(
        &choices(&format!("{right}- none\n")),
        "6: this choice does not end with its {QUERY",
    );
    one(
        &choices(&format!("{right}- {{count(admitted) = 1}}\n")),
        "6: this choice says nothing",
    );
    one(
        &choices(&format!("{right}- none {{counter(rejected, 1.08)}}\n")),
        "6: \"counter(rejected, 1.08)\" holds nothing against a number",
    );
    one(
        &choices(&format!(
            "{right}and so on\n- none {{count(admitted) = 1}}\n"
        )),
        "6: a choice is one line",
    );
    one(
        &choices(right),
        "1: this <hd-predict> has 1 choices; it takes 2 to 6",
    );
}

#[test]
fn a_curve_carries_its_axes_and_the_line_of_the_run() {
    let (page, found) = fill(&format!(
        "<hd-predict id=\"tokens\" for=\"shop\" kind=\"curve\" line=\"tokens\">\nHow do they go on?\n</hd-predict>\n{LAB}"
    ));
    assert_eq!(found, []);
    // It is the fifth line of the lab's charts.
    assert!(page.contains("data-line=\"4\" data-label=\"tokens\""));
    let axes = page.split_once("data-seconds=").expect("axes").1;
    assert!(
        axes.starts_with("\"30\" data-least=\"0\" data-most=\"50\" data-result=\"[[0.1,50],"),
        "{}",
        &axes[..80]
    );
    let points = page.split_once("data-result=\"[").expect("points").1;
    let points = points
        .split_once('"')
        .expect("an end")
        .0
        .matches('[')
        .count();
    assert!((100..=240).contains(&points), "{points} points");
    assert!(page.contains("begins with 50 tokens at 0.1 s"));
}

#[test]
fn a_line_that_is_not_drawn_is_refused_and_the_known_ones_are_named() {
    one(
        &format!(
            "<hd-predict id=\"t\" for=\"shop\" kind=\"curve\" line=\"coins\">\nHow?\n</hd-predict>\n{LAB}"
        ),
        "1: one-bucket draws no line \"coins\"; it draws offered,",
    );
}

#[test]
fn a_prediction_stands_before_its_lab_and_is_the_only_one() {
    let prediction = number(SOUND);
    let alone = prediction.replace(LAB, "");
    one(&alone, "1: no <hd-lab> on this page has the id \"shop\"");
    one(
        &format!("{LAB}\n{alone}"),
        "4: the lab \"shop\" stands in line 2, before its prediction",
    );
    let second = alone.replace("\"passed\"", "\"passed-too\"");
    one(
        &format!("{alone}{second}{LAB}"),
        "6: the lab \"shop\" already waits for the prediction in line 1",
    );
}

#[test]
fn what_the_script_needs_has_to_be_there() {
    one(
        &number(SOUND).replace("id=\"passed\"", "id=\"My answer\""),
        "1: the id \"My answer\"",
    );
    one(
        &number(SOUND).replace("How many?", ""),
        "1: this <hd-predict> asks no question",
    );
    one(
        &number(SOUND).replace("\"number\"", "\"word\""),
        "1: kind \"word\" is none of",
    );
    one(
        &number(&format!("{SOUND} line=\"tokens\"")),
        "1: <hd-predict> has no attribute line",
    );
    assert_eq!(
        problems(&number(&SOUND.replace("at=\"1.08\"", "at=\"30\""))),
        [""; 0]
    );
    one(
        &number(&SOUND.replace("at=\"1.08\"", "at=\"30.1\"")),
        "1: at \"30.1\" is not between 0 and 30 s",
    );
}
