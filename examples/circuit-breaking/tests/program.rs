//! Runs the real program and reads what it says.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

#[path = "../../../crates/lab/tests/unread/mod.rs"]
mod unread;

use unread::{unheard, unread};

const PROGRAM: &str = env!("CARGO_BIN_EXE_circuit-breaking");

/// Half a second well, a second and a half of errors only, a second well.
const ERRORS: &str = r#"[{"from_s": 0.5, "lasts_s": 1.5, "kind": "errors", "share": 1}]"#;

fn run(flags: &[&str]) -> Output {
    Command::new(PROGRAM).args(flags).output().unwrap()
}

/// The account of a run that is expected to succeed.
fn account(flags: &[&str]) -> Value {
    let output = run(&[flags, &["--json"]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{flags:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A file in the directory cargo keeps for the files of tests, with this text.
fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path.into_os_string().into_string().unwrap()
}

fn number(account: &Value, name: &str) -> u64 {
    account[name]
        .as_u64()
        .unwrap_or_else(|| panic!("{name} is missing in {account}"))
}

/// Every request is in the account once: in the whole, and in the parts.
fn check(gateway: &Value) {
    let accounted = |tally: &Value| {
        ["admitted", "rejected", "failed", "timed_out"]
            .map(|name| number(tally, name))
            .iter()
            .sum::<u64>()
    };
    let total = &gateway["total"];
    assert_eq!(number(total, "sent"), accounted(total));
    for parts in ["phases", "slices"] {
        let parts = gateway[parts].as_array().unwrap();
        let sum: u64 = parts.iter().map(accounted).sum();
        assert_eq!(sum, number(total, "sent"));
    }
}

/// The lines of a trace about this gateway add up to its account.
fn check_traced(lines: &[Value], gateway: &Value) {
    let own: Vec<&Value> = lines
        .iter()
        .filter(|line| line["breaker"] == gateway["breaker"])
        .collect();
    let (calls, states): (Vec<&Value>, Vec<&Value>) =
        own.into_iter().partition(|line| line["event"] == "call");
    for outcome in ["admitted", "rejected", "failed", "timed_out"] {
        let traced = calls
            .iter()
            .filter(|call| call["outcome"] == outcome)
            .count();
        assert_eq!(
            traced as u64,
            number(&gateway["total"], outcome),
            "{outcome}"
        );
    }
    let changes = gateway["transitions"].as_array().unwrap();
    assert_eq!(states.len(), changes.len());
    for (state, change) in states.iter().zip(changes) {
        assert_eq!(
            (&state["at_s"], &state["cause"]),
            (&change["at_s"], &change["cause"])
        );
    }
    for call in calls {
        let [due, answered] = ["due_s", "answered_s"].map(|name| call[name].as_f64().unwrap());
        assert!(due <= answered, "{call}");
    }
}

/// The sentence of a run that is expected to be refused.
fn refused(flags: &[&str]) -> String {
    let output = run(flags);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{flags:?}: {said}");
    assert!(output.stdout.is_empty(), "{flags:?}");
    assert_eq!(said.trim_end().lines().count(), 1, "{flags:?}: {said}");
    said
}

/// The sentence about a file of faults with this text.
fn refused_faults(name: &str, text: &str) -> String {
    refused(&["--seconds", "2", "--faults", &file(name, text)])
}

#[test]
fn every_policy_accounts_for_every_request_and_spares_a_backend_that_fails() {
    let faults = file("errors.json", ERRORS);
    for policy in ["hystrix", "gobreaker", "resilience4j"] {
        let account = account(&[
            "--policy",
            policy,
            "--seconds",
            "3",
            "--rate",
            "80",
            "--faults",
            &faults,
        ]);
        let [without, with] = [&account["runs"][0], &account["runs"][1]];
        assert_eq!(
            (&without["breaker"], &with["breaker"]),
            (&"none".into(), &policy.into())
        );
        check(without);
        check(with);
        // The same requests came to both gateways; without a breaker each order becomes a call, whatever becomes of it.
        let sent = |gateway: &Value| number(&gateway["total"], "sent");
        assert_eq!(sent(without), sent(with));
        let reached = |gateway: &Value| number(&gateway["phases"][1], "backend_calls");
        assert!(
            reached(with) < reached(without),
            "{policy}: {} of {} calls",
            reached(with),
            reached(without)
        );
        assert_eq!(number(&without["total"], "rejected"), 0);
        assert!(
            number(&with["phases"][1], "rejected") > 0,
            "{policy}: {with}"
        );
        let changes = with["transitions"].as_array().unwrap();
        assert!(
            changes.iter().any(|change| change["to"] == "open"),
            "{policy}: {with}"
        );
    }
}

#[test]
fn without_a_policy_there_is_one_gateway() {
    let account = account(&["--policy", "none", "--seconds", "1", "--rate", "40"]);
    assert_eq!(account["runs"].as_array().unwrap().len(), 1);
    check(&account["runs"][0]);
}

#[test]
fn trace_and_figure_tell_the_same_run() {
    let [trace, figure] = [file("run.jsonl", ""), file("run.svg", "")];
    let faults = file("traced.json", ERRORS);
    let account = account(&[
        "--seconds",
        "2.5",
        "--rate",
        "80",
        "--faults",
        &faults,
        "--trace",
        &trace,
        "--svg",
        &figure,
    ]);
    let trace = std::fs::read_to_string(trace).unwrap();
    let lines: Vec<Value> = trace
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["event"], "run");
    for gateway in account["runs"].as_array().unwrap() {
        check_traced(&lines, gateway);
    }
    let figure = std::fs::read_to_string(figure).unwrap();
    for words in [
        "admitted per second",
        "time to an answer, ms",
        "half-open",
        "time, s",
    ] {
        assert!(figure.contains(words), "{words}");
    }
}

#[test]
fn changes_of_state_are_told_with_their_cause_while_the_program_runs() {
    let faults = file("told.json", ERRORS);
    let output = run(&[
        "--policy",
        "gobreaker",
        "--seconds",
        "2.5",
        "--rate",
        "80",
        "--faults",
        &faults,
    ]);
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("gobreaker: closed to open: "), "{said}");
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.contains("100 % errors from 0.5 to 2.0 s"), "{table}");
    assert!(table.contains(" timed out = "), "{table}");
}

#[test]
fn a_backend_that_refuses_connections_or_hangs_is_accounted_for() {
    let faults = file(
        "away.json",
        r#"[{"from_s": 1.2, "lasts_s": 0.6, "kind": "refuse"}, {"from_s": 0.3, "lasts_s": 0.6, "kind": "hang"}]"#,
    );
    let account = account(&[
        "--policy",
        "none",
        "--seconds",
        "2.5",
        "--rate",
        "40",
        "--faults",
        &faults,
    ]);
    let without = &account["runs"][0];
    check(without);
    let phases = without["phases"].as_array().unwrap();
    let kinds: Vec<&str> = phases
        .iter()
        .map(|part| part["backend"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["healthy", "hang", "healthy", "refuse", "healthy"]);
    assert!(number(&phases[3], "failed") > 0, "{without}");
}

#[test]
fn faults_that_make_no_sense_are_refused_with_the_number_of_the_entry() {
    let entry = |rest: &str| format!(r#"[{{"from_s": 0, "lasts_s": 1, {rest}}}]"#);
    let cases = [
        ("not-json", "faults".to_owned(), "this is not JSON"),
        ("no-list", "{}".to_owned(), "a list of entries is needed"),
        ("unknown", entry(r#""kind": "fire""#), "entry 1: unknown variant"),
        ("extra", entry(r#""kind": "hang", "colour": 1"#), "entry 1: unknown field"),
        ("share", entry(r#""kind": "errors", "share": 1.5"#), "entry 1: share is 1.5"),
        ("foreign", entry(r#""kind": "hang", "share": 0.5"#), "entry 1: share belongs to errors"),
        ("slow", entry(r#""kind": "slow", "latency_ms": 0"#), "entry 1: latency_ms is 0"),
        ("before", r#"[{"from_s": -1, "lasts_s": 1, "kind": "hang"}]"#.to_owned(), "entry 1: from_s is -1"),
        ("after", r#"[{"from_s": 2, "lasts_s": 1, "kind": "hang"}]"#.to_owned(), "entry 1: it begins at 2 s"),
        ("short", r#"[{"from_s": 0, "lasts_s": 0, "kind": "hang"}]"#.to_owned(), "entry 1: lasts_s is 0"),
        (
            "overlap",
            r#"[{"from_s": 0, "lasts_s": 1, "kind": "hang"}, {"from_s": 0.9, "lasts_s": 1, "kind": "refuse"}]"#.to_owned(),
            "entry 2: it begins at 0.9 s, and entry 1 lasts until 1 s",
        ),
        (
            "many",
            format!("[{}]", vec![r#"{"from_s": 0, "lasts_s": 1, "kind": "hang"}"#; 201].join(",")),
            "201 entries are too many",
        ),
        ("long", " ".repeat(300_000), "it is longer than 262144 bytes"),
    ];
    for (name, text, sentence) in cases {
        let said = refused_faults(&format!("{name}.json"), &text);
        assert!(said.contains(sentence), "{name}: {said}");
    }
    assert!(refused(&["--faults", "/nowhere/faults.json"]).contains("it cannot be read"));
}

#[test]
fn flags_that_make_no_sense_are_refused_in_a_sentence() {
    for (flags, sentence) in [
        (["--policy", "optimism"], "optimism"),
        (["--rate", "0"], "between 1 and 2000 per second"),
        (["--rate", "many"], "a number is needed"),
        (["--seconds", "NaN"], "between 0.5 and 3600 seconds"),
        (["--seed", "-1"], "-1"),
        (
            ["--svg", "/nowhere/run.svg"],
            "--svg /nowhere/run.svg cannot be written",
        ),
    ] {
        let said = refused(&flags);
        assert!(said.contains(sentence), "{flags:?}: {said}");
    }
    let said = refused(&["--rate", "2000", "--seconds", "3600"]);
    assert!(said.contains("at most 200000 fit into one run"), "{said}");
}

#[test]
fn a_reader_who_has_read_enough_ends_the_program_quietly() {
    let faults = file("unread.json", ERRORS);
    let short = ["--seconds", "1", "--rate", "40", "--faults", &faults];
    let (code, said) = unread(PROGRAM, &[&short[..], &["--json"]].concat());
    assert_eq!(code, Some(0), "{said}");
    assert!(
        !said.contains("panicked") && !said.contains("circuit-breaking:"),
        "{said}"
    );
    assert_eq!(unheard(PROGRAM, &short), Some(0));
    assert_eq!(unheard(PROGRAM, &["--rate", "0"]), Some(2));
}
