//! Runs the real program and reads what it says.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

#[path = "../../../crates/lab/tests/unread/mod.rs"]
mod unread;

use unread::{unheard, unread};

const PROGRAM: &str = env!("CARGO_BIN_EXE_scheduler");

fn run(flags: &[&str]) -> Output {
    Command::new(PROGRAM).args(flags).output().unwrap()
}

/// What a run writes as JSON that is expected to succeed.
fn json(flags: &[&str]) -> Value {
    let output = run(flags);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{flags:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A path in the directory cargo keeps for the files of tests.
fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn number(value: &Value, name: &str) -> u64 {
    value[name]
        .as_u64()
        .unwrap_or_else(|| panic!("{name} is missing in {value}"))
}

#[test]
fn a_thread_takes_more_memory_than_a_task_and_every_cost_is_measured() {
    let svg = file("comparison.svg");
    let account = json(&[
        "--tasks",
        "20000",
        "--threads",
        "500",
        "--rounds",
        "1",
        "--json",
        "--svg",
        svg.to_str().unwrap(),
    ]);
    let (tasks, threads) = (&account["tokio"], &account["os_threads"]);
    assert_eq!(number(tasks, "started"), 20_000);
    assert_eq!(number(threads, "started"), 500);
    for column in [tasks, threads] {
        assert!(number(column, "wall_ns") >= 100_000_000, "{account}");
    }
    // How the times compare is for the reader's eye: whatever else runs on this machine has its share in them.
    for name in ["create_ns", "switch_ns", "switch_all_ns"] {
        assert!(
            number(tasks, name) > 0 && number(threads, name) > 0,
            "{name}: {account}"
        );
    }
    if cfg!(target_os = "linux") {
        for name in ["resident_bytes_each", "reserved_bytes_each"] {
            assert!(
                number(threads, name) > number(tasks, name),
                "{name}: {account}"
            );
        }
        // 2 MiB are reserved for a stack of which only the pages it touched are used.
        let reserved = number(threads, "reserved_bytes_each");
        assert!(reserved >= 2 << 20, "{account}");
        assert!(
            number(threads, "resident_bytes_each") < reserved,
            "{account}"
        );
    }
    let drawn = std::fs::read_to_string(svg).unwrap();
    assert!(drawn.starts_with("<svg ") && drawn.contains("20,000 tokio tasks, 500 OS threads"));
}

#[test]
fn go_is_measured_where_it_is_on_path_and_else_a_sentence_says_how_to_get_it() {
    let there = Command::new("go").arg("version").output();
    let there = there.is_ok_and(|output| output.status.success());
    let flags = [
        "--tasks",
        "1000",
        "--threads",
        "10",
        "--rounds",
        "1",
        "--json",
    ];
    let account = json(&flags);
    if there {
        let goroutines = &account["goroutines"];
        assert!(number(goroutines, "wall_ns") >= 100_000_000, "{account}");
        assert!(number(goroutines, "create_ns") > 0, "{account}");
        assert!(
            account["go"].as_str().unwrap().starts_with("go"),
            "{account}"
        );
    }
    let without = Command::new(PROGRAM)
        .args(flags)
        .env("PATH", "")
        .output()
        .unwrap();
    let account: Value = serde_json::from_slice(&without.stdout).unwrap();
    assert!(account["goroutines"].is_null(), "{account}");
    let sentence = account["go"].as_str().unwrap();
    assert!(sentence.contains("golang-go"), "{sentence}");
}

#[test]
fn the_costs_are_one_flat_object_of_whole_numbers() {
    let path = file("costs.json");
    let output = run(&["calibrate", "--no-go", "--out", path.to_str().unwrap()]);
    assert!(output.status.success() && output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    let warned = said.contains("the costs of a debug build") && said.contains("--release");
    assert_eq!(warned, cfg!(debug_assertions), "{said}");
    let text = std::fs::read_to_string(path).unwrap();
    let costs: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(number(&costs, "headroom_costs"), 1);
    for (name, value) in costs.as_object().unwrap() {
        assert!(value.as_u64().is_some(), "{name} is {value}");
    }
    for name in ["task_create_ns", "thread_create_ns"] {
        assert!(number(&costs, name) > 0, "{name}: {costs}");
    }
    assert!(number(&costs, "thread_create_ns") > number(&costs, "task_create_ns"));
    // Two braces, and a line for each key: a reader without a JSON parser can take it line by line.
    assert_eq!(text.lines().count(), costs.as_object().unwrap().len() + 2);
}

#[test]
fn bad_input_is_one_sentence_and_exit_code_2() {
    let cases: &[&[&str]] = &[
        &["--tasks", "0"],
        &["--tasks", "1000001"],
        &["--tasks", "-5"],
        &["--tasks", "many"],
        &["--threads", "0"],
        &["--threads", "1000000"],
        &["--threads", "1.5"],
        &["--stack-kib", "15"],
        &["--stack-kib", "65537"],
        &["--rounds", "0"],
        &["--rounds", "21"],
        &["--svg", "/no/such/folder/figure.svg"],
        &["--speed", "3"],
        &["surplus"],
        &["trace"],
        &["trace", "/no/such/folder/run.csv"],
        &["trace", "run.csv", "--workload", "guesswork"],
        &["trace", "run.csv", "--tasks", "1"],
        &["trace", "run.csv", "--tasks", "100001"],
        &["trace", "run.csv", "--workers", "0"],
        &["trace", "run.csv", "--workers", "65"],
        &["calibrate", "--out", "/no/such/folder/costs.json"],
        &["measure", "guesswork"],
    ];
    for flags in cases {
        let output = run(flags);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{flags:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{flags:?}: {said}");
        assert!(output.stdout.is_empty(), "{flags:?}");
    }
}

#[test]
fn a_reader_who_has_read_enough_ends_the_program_quietly() {
    let traced = file("unread.csv");
    let short = &[
        "--tasks",
        "1000",
        "--threads",
        "10",
        "--rounds",
        "1",
        "--no-go",
    ][..];
    for flags in [
        &["trace", traced.to_str().unwrap(), "--tasks", "100"][..],
        &["measure", "thread-spawn"],
        &[short, &["--json"]].concat(),
    ] {
        let (code, said) = unread(PROGRAM, flags);
        assert_eq!(code, Some(0), "{flags:?}: {said}");
        assert!(!said.contains("scheduler:"), "{flags:?}: {said}");
        assert!(!said.contains("panicked"), "{flags:?}: {said}");
    }
    assert_eq!(unheard(PROGRAM, short), Some(0));
    assert_eq!(unheard(PROGRAM, &["--tasks", "0"]), Some(2));
}
