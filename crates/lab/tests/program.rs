//! Runs the real program: exit codes, what goes where, and the files it writes.

use std::path::PathBuf;
use std::process::{Command, Output};

use clock::Instant;
use serde_json::Value;

mod unread;

use unread::{unheard, unread};

const PROGRAM: &str = env!("CARGO_BIN_EXE_lab");

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).output().unwrap()
}

/// What is printed by a command line that is expected to end with `code`, with not a word on standard error.
fn printed(code: i32, arguments: &[&str]) -> String {
    let output = run(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert_eq!(said, "", "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A path in the directory cargo keeps for the files of tests.
fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn a_run_ends_with_the_hash_of_the_lab_and_code_0() {
    let mut lab = labs::find("one-bucket").unwrap().open(7);
    lab.seek(Instant::from_millis(1_080));
    let hash = format!("{:016x}", lab.hash_here());
    let line = ["run", "one-bucket", "--seed", "7", "--until", "1.08"];
    let text = printed(0, &line);
    assert_eq!(
        text.lines().last(),
        Some(format!("log hash {hash}").as_str())
    );
    assert!(text.contains(&lab.frame().summary));
    let json: Value =
        serde_json::from_str(&printed(0, &[&line[..], &["--json"]].concat())).unwrap();
    assert_eq!(json["log_hash"], hash.as_str());
    assert_eq!(json["sentence"], lab.frame().summary.as_str());
    for (counter, told) in lab
        .frame()
        .counters
        .iter()
        .zip(json["counters"].as_array().unwrap())
    {
        assert_eq!(
            (told["label"].as_str(), told["value"].as_f64()),
            (Some(counter.label), Some(counter.value))
        );
    }
}

#[test]
fn a_challenge_ends_with_0_if_met_and_1_if_not() {
    let judge = |rate: &str, burst: &str, code| {
        let line = [
            "challenge",
            "newsletter",
            "--json",
            "--knob",
            rate,
            "--knob",
            burst,
        ];
        serde_json::from_str::<Value>(&printed(code, &line)).unwrap()
    };
    let met = judge("rate=12", "burst=58", 0);
    assert_eq!(met["is_met"], true);
    assert!(met["met"].as_u64() >= met["needed"].as_u64());
    let article = judge("rate=10", "burst=50", 1);
    assert_eq!(article["is_met"], false);
    assert!(
        article["worst"]["command"]
            .as_str()
            .unwrap()
            .contains("--knob rate=10 --knob burst=50")
    );
}

#[test]
fn bad_input_ends_with_2_and_one_line_on_standard_error() {
    for line in [
        &[][..],
        &["run", "two-buckets"],
        &["run", "one-bucket", "--knob", "burst=9999"],
        &["run", "one-bucket", "--act", "flood@1"],
        &["run", "one-bucket", "--ask", "most(tokens)"],
        &["run", "playground", "--data", "no-such-file.csv"],
        &["challenge", "newspaper"],
    ] {
        let output = run(line);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{line:?}: {said}");
        assert!(
            said.starts_with("lab: ") && said.lines().count() == 1,
            "{said}"
        );
        assert_eq!(output.stdout, b"", "{line:?}");
    }
}

#[test]
fn lists_name_every_lab_and_every_challenge() {
    let labs = printed(0, &["list"]);
    for entry in labs::ALL {
        assert!(labs.contains(&format!("{}: ", entry.id)), "{labs}");
        let run = entry.open(1);
        for (spec, value) in run.knobs() {
            assert!(
                labs.contains(&format!("--knob {}={value} ", spec.id)),
                "{labs}"
            );
        }
        for action in run.actions() {
            assert!(
                labs.contains(&format!("--act {}@SECONDS", action.id)),
                "{labs}"
            );
        }
    }
    let challenges = printed(0, &["challenge"]);
    for challenge in labs::CHALLENGES {
        assert!(challenges.contains(challenge.task), "{challenges}");
        for goal in challenge.goals {
            assert!(challenges.contains(goal.label), "{challenges}");
        }
    }
}

#[test]
fn files_hold_the_log_up_to_the_moment_and_the_figure_whatever_else_is_asked() {
    let (log, figure) = (file("run.csv"), file("run.svg"));
    let line = ["run", "one-bucket", "--seed", "7", "--until", "2"];
    let files = [
        "--csv",
        log.to_str().unwrap(),
        "--svg",
        figure.to_str().unwrap(),
    ];
    printed(0, &[&line[..], &files[..]].concat());
    let written = [&log, &figure].map(|path| std::fs::read_to_string(path).unwrap());
    let mut lab = labs::find("one-bucket").unwrap().open(7);
    lab.seek(Instant::from_millis(2_000));
    assert_eq!(written[0], labs::csv(&*lab));
    assert!(written[1].starts_with("<svg ") && written[1].contains(&lab.frame().summary));
    printed(
        0,
        &[&line[..], &files[..], &["--ask", "count(rejected)"][..]].concat(),
    );
    assert_eq!(
        [&log, &figure].map(|path| std::fs::read_to_string(path).unwrap()),
        written
    );
}

#[test]
fn the_playground_takes_a_file_of_arrivals() {
    let data = file("arrivals.csv");
    std::fs::write(&data, "\u{feff}seconds\n0.5\n0.75\n1.25\n").unwrap();
    let line = [
        "run",
        "playground",
        "--until",
        "1",
        "--data",
        data.to_str().unwrap(),
    ];
    let text = printed(0, &line);
    let mut lab = labs::find("playground").unwrap().open(1);
    let understood = lab.load("seconds\n0.5\n0.75\n1.25\n").unwrap();
    lab.seek(Instant::from_millis(1_000));
    assert!(text.contains(&understood), "{text}");
    assert!(
        text.ends_with(&format!("log hash {:016x}\n", lab.hash_here())),
        "{text}"
    );
    for (name, bytes) in [
        ("empty.csv", &b" \n"[..]),
        ("binary.csv", &b"\x00\x01"[..]),
        ("latin.csv", &b"\xff"[..]),
    ] {
        let data = file(name);
        std::fs::write(&data, bytes).unwrap();
        assert_eq!(
            run(&["run", "playground", "--data", data.to_str().unwrap()])
                .status
                .code(),
            Some(2),
            "{name}"
        );
    }
}

#[test]
fn a_reader_who_has_read_enough_changes_no_verdict() {
    assert_eq!(unread(PROGRAM, &["list"]), (Some(0), String::new()));
    let article = [
        "challenge",
        "newsletter",
        "--knob",
        "rate=10",
        "--knob",
        "burst=50",
    ];
    assert_eq!(unheard(PROGRAM, &article), Some(1));
    assert_eq!(unheard(PROGRAM, &["run", "two-buckets"]), Some(2));
}
