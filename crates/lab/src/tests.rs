//! Command lines mean what the labs do, and each that makes no sense gets one sentence.

use clock::Instant;
use labs::{Challenge, SEEDS, Verdict, seconds};

use crate::moment::parse;
use crate::{Done, answer};

/// What a command line comes to; its words are separated by `|`, because a query holds blanks.
fn told(line: &str) -> Result<Done, String> {
    let words = std::iter::once("lab").chain(line.split('|'));
    answer(words.map(Into::into), &mut |_, _| ())
}

fn text(line: &str) -> String {
    told(line)
        .unwrap_or_else(|problem| panic!("{line}: {problem}"))
        .text
}

fn refused(line: &str) -> String {
    told(line).expect_err(line)
}

fn last(line: &str) -> String {
    text(line).lines().last().unwrap_or_default().to_owned()
}

#[test]
fn seconds_are_read_exactly_and_are_those_that_the_page_writes() {
    for nanos in [
        0,
        1,
        999_999_999,
        1_000_000_000,
        3_200_000_001,
        4_512_345_678,
        30_000_000_000,
    ] {
        let at = Instant::from_nanos(nanos);
        assert_eq!(parse(&seconds(at)), Ok(at));
    }
    assert_eq!(parse("04.500"), Ok(Instant::from_millis(4_500)));
    assert_eq!(
        parse("1.0000000000"),
        Ok(Instant::from_millis(1_000)),
        "zeros say nothing more"
    );
    assert_eq!(
        parse("18446744073.709551615"),
        Ok(Instant::from_nanos(u64::MAX))
    );
    for bad in [
        "",
        ".",
        "1.",
        ".5",
        "-1",
        "+1",
        "1e3",
        "1,5",
        " 1",
        "1.2.3",
        "NaN",
        "٣",
        "0.0000000001",
        "18446744073.709551616",
        "99999999999999999999",
    ] {
        assert!(parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_hash_is_that_of_the_lab_itself() {
    let mut run = labs::find("one-bucket").expect("it is listed").open(7);
    let burst = run.knobs().iter().position(|(spec, _)| spec.id == "burst");
    run.set_knob(burst.expect("it has one"), 20.0);
    run.seek(Instant::from_millis(3_200));
    run.act(0);
    run.seek(Instant::from_nanos(4_500_000_001));
    let line = "run|one-bucket|--seed|7|--knob|burst=20|--act|burst@3.2|--until|4.500000001";
    assert_eq!(last(line), format!("log hash {:016x}", run.hash_here()));
    run.seek(Instant::from_millis(4_328));
    let before = line.replace("4.500000001", "4.328");
    assert_eq!(last(&before), format!("log hash {:016x}", run.hash_here()));
    assert_ne!(last(line), last(&before));
}

#[test]
fn every_lab_runs_to_its_end_by_default() {
    for entry in labs::ALL {
        let hash = entry.open(1).finish();
        assert_eq!(
            last(&format!("run|{}", entry.id)),
            format!("log hash {hash:016x}")
        );
        assert!(told(&format!("list|{}", entry.id)).is_ok());
    }
}

#[test]
fn actions_are_done_in_order_of_time_however_they_are_written() {
    let forward = last("run|one-bucket|--act|burst@2|--act|outage@5|--until|20");
    assert_eq!(
        last("run|one-bucket|--until|20|--act|outage@5|--act|burst@2"),
        forward
    );
    assert_ne!(last("run|one-bucket|--act|burst@2|--until|20"), forward);
    let early = last("run|one-bucket|--until|4|--act|burst@2");
    assert_eq!(
        last("run|one-bucket|--until|4|--act|burst@2|--act|outage@5"),
        early,
        "it is still to come"
    );
}

#[test]
fn the_bounds_of_a_knob_and_of_a_run_are_within_and_the_next_values_are_not() {
    for value in ["1", "200"] {
        assert!(
            told(&format!("run|one-bucket|--until|0|--knob|burst={value}")).is_ok(),
            "{value}"
        );
    }
    for value in ["0", "201", "0.999", "-1", "NaN", "inf", "", "many"] {
        let told = refused(&format!("run|one-bucket|--knob|burst={value}"));
        assert!(told.contains("1 to 200 tokens"), "{told}");
    }
    assert!(told("run|one-bucket|--until|30|--act|burst@30").is_ok());
    for late in ["--until|30.000000001", "--act|burst@30.000000001"] {
        let told = refused(&format!("run|one-bucket|{late}"));
        assert!(
            told.contains("30.000000001 s lies behind the end"),
            "{told}"
        );
    }
}

#[test]
fn a_choice_goes_by_its_number_or_its_name() {
    let by_name = last("run|one-bucket|--knob|arrivals=Even");
    assert_eq!(last("run|one-bucket|--knob|arrivals=0"), by_name);
    assert_ne!(last("run|one-bucket|--knob|arrivals=random"), by_name);
    assert!(refused("run|one-bucket|--knob|arrivals=0.5").contains("0 even; 1 random"));
}

#[test]
fn a_value_between_two_that_the_knob_takes_is_told() {
    let done = told("run|one-bucket|--knob|opening=84").expect("it is in the range");
    assert_eq!(
        done.notes,
        ["the knob “opening” stands at 80, the nearest to 84 that it can take"]
    );
    assert_eq!(
        told("run|one-bucket|--knob|opening=90")
            .expect("it is taken")
            .notes,
        [""; 0]
    );
}

#[test]
fn questions_are_answered_for_the_whole_run_and_leave_the_rest_as_it_is() {
    let plain = text("run|one-bucket|--seed|7|--until|1.08");
    let asked = text(
        "run|one-bucket|--seed|7|--until|1.08|--ask|counter(rejected, 1.08) >= 36|--ask|count(rejected) > 9999|--ask|knob(burst)",
    );
    for line in plain.lines() {
        assert!(asked.contains(line), "{line}");
    }
    assert!(
        asked.contains("counter(rejected, 1.08) >= 36: 34, which does not hold\n"),
        "{asked}"
    );
    assert!(
        asked.contains("which does not hold\nknob(burst): 50\nlog hash "),
        "{asked}"
    );
}

#[test]
fn nonsense_gets_one_sentence_that_names_it() {
    check_refused(&[
        ("run", "<LAB>"),
        ("walk", "'walk'"),
        ("run|two-buckets", "“two-buckets”; there are "),
        ("list|two-buckets", "“two-buckets”"),
        ("run|one-bucket|--seed|-1", "-1"),
        (
            "run|one-bucket|--seed|18446744073709551616",
            "18446744073709551616",
        ),
        ("run|one-bucket|--knob|burst", "“burst” is not of the form"),
        (
            "run|one-bucket|--knob|brust=2",
            "“brust” to turn; there are rate, burst",
        ),
        ("run|one-bucket|--knob|burst=2|--knob|burst=2", "twice"),
        ("run|one-bucket|--act|burst", "“burst” is not of the form"),
        (
            "run|one-bucket|--act|flood@1",
            "“flood”; there are burst, outage",
        ),
        ("run|one-bucket|--act|burst@soon", "“soon” is no moment"),
        ("run|one-bucket|--until|-3", "“-3” is no moment"),
        ("run|one-bucket|--ask|most(tokens)", "“most”"),
        ("run|one-bucket|--ask|max(coins)", "“coins”"),
    ]);
    let (short, long) = (
        refused("run|x"),
        refused(&format!("run|{}", "x".repeat(100_000))),
    );
    assert!(long.len() < short.len() + 50, "{long}");
}

#[test]
fn files_and_challenges_that_make_no_sense_get_one_sentence_too() {
    check_refused(&[
        ("run|one-bucket|--data|Cargo.toml", "this lab takes no data"),
        (
            "run|playground|--data|no-such-file.csv",
            "--data no-such-file.csv: ",
        ),
        ("run|playground|--data|src", "--data src: "),
        (
            "run|one-bucket|--csv|no-such-folder/log.csv",
            "--csv no-such-folder/log.csv: ",
        ),
        (
            "run|one-bucket|--svg|no-such-folder/run.svg",
            "--svg no-such-folder/run.svg: ",
        ),
        ("challenge|newspaper", "“newspaper”; there are "),
        (
            "challenge|newsletter|--knob|opening=0",
            "“opening” to turn; there are rate, burst",
        ),
        ("challenge|newsletter|--knob|burst=201", "1 to 200 tokens"),
        ("challenge|newsletter|--seeds|0", "between 1 and 10000"),
        ("challenge|newsletter|--seeds|10001", "between 1 and 10000"),
        ("challenge|--knob|burst=2", "there are "),
    ]);
}

fn check_refused(cases: &[(&str, &str)]) {
    for &(line, named) in cases {
        let told = refused(line);
        assert!(told.contains(named), "{line}: {told}");
        assert!(!told.contains('\n'), "{told}");
    }
}

#[test]
fn the_newsletter_is_judged_as_the_page_judges_it() {
    let met = told("challenge|newsletter|--knob|rate=12|--knob|burst=58").expect("it makes sense");
    assert!(met.met, "{}", met.text);
    let article =
        told("challenge|newsletter|--knob|rate=10|--knob|burst=50").expect("it makes sense");
    assert!(!article.met, "{}", article.text);
    let challenge = labs::challenge("newsletter").expect("it is listed");
    let settings = [("rate".to_owned(), 9.0), ("burst".to_owned(), 60.0)];
    let mut verdict = Verdict::default();
    let mut goals = vec![0; challenge.goals.len()];
    for nth in 0..SEEDS {
        let judged = challenge.judge(&settings, Challenge::seed(nth));
        for (count, (_, met)) in goals.iter_mut().zip(&judged.goals) {
            *count += u64::from(*met);
        }
        verdict.add(judged);
    }
    let text = text("challenge|newsletter|--knob|rate=9|--knob|burst=60");
    for (goal, met) in challenge.goals.iter().zip(goals) {
        let line = format!("{}: met in {met} of 100\n", goal.label);
        assert!(text.contains(&line), "{text}");
    }
    let line = format!("all goals in {} of 100, needed 95\n", verdict.met);
    assert!(text.contains(&line), "{text}");
}

#[test]
fn the_command_for_the_worst_run_shows_what_it_missed() {
    let text = text("challenge|newsletter|--knob|rate=9|--knob|burst=60");
    let command = text.lines().last().unwrap_or_default();
    assert!(
        command.contains("--knob rate=9 --knob burst=60 --knob offered=8"),
        "{command}"
    );
    let (options, ask) = command
        .split_once(" --ask ")
        .expect("it asks what was missed");
    let words = options
        .trim_start_matches("cargo run -p lab -- ")
        .replace(' ', "|");
    let shown = told(&format!("{words}|--ask|{}", ask.trim_matches('"'))).expect("it makes sense");
    assert!(
        shown.text.contains(", which does not hold"),
        "{}",
        shown.text
    );
}

#[test]
fn of_other_numbers_of_runs_the_same_share_is_needed() {
    for (seeds, needed) in [(1, 1), (20, 19), (21, 20), (200, 190)] {
        let text = text(&format!("challenge|newsletter|--seeds|{seeds}"));
        assert!(
            text.contains(&format!("of {seeds}, needed {needed}\n")),
            "{text}"
        );
    }
}

#[test]
fn progress_is_told_after_each_run() {
    let mut told = Vec::new();
    let line = ["lab", "challenge", "newsletter", "--seeds", "3"].map(Into::into);
    answer(line, &mut |done, all| told.push((done, all))).expect("it makes sense");
    assert_eq!(told, [(1, 3), (2, 3), (3, 3)]);
}
