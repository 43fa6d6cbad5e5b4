//! Runs the real program and reads what it says.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

mod server;

use server::RedisServer;

#[path = "../../../crates/lab/tests/unread/mod.rs"]
mod unread;

use unread::{unheard, unread};

const PROGRAM: &str = env!("CARGO_BIN_EXE_rate-limiting");

const ALGORITHMS: [&str; 6] = [
    "token-bucket",
    "gcra",
    "leaky-bucket",
    "fixed-window",
    "sliding-log",
    "sliding-counter",
];

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

fn number(account: &Value, name: &str) -> u64 {
    account[name]
        .as_u64()
        .unwrap_or_else(|| panic!("{name} is missing in {account}"))
}

/// Every request is in the account once, none failed, and the bare mechanism decides the same.
fn check(account: &Value) {
    let sum: u64 = ["admitted", "rejected", "failed"]
        .map(|name| number(account, name))
        .iter()
        .sum();
    assert_eq!(number(account, "sent"), sum);
    assert_eq!(number(account, "failed"), 0);
    assert_eq!(number(account, "unchecked"), 0);
    assert_eq!(
        number(&account["model"], "decisions"),
        number(account, "sent")
    );
    assert_eq!(number(&account["model"], "differing"), 0);
}

/// A path in the directory cargo keeps for the files of tests.
fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn every_algorithm_accounts_for_every_request_and_agrees_with_the_model() {
    for algorithm in ALGORITHMS {
        for keys in ["1", "5"] {
            let account = account(&[
                "--algorithm",
                algorithm,
                "--keys",
                keys,
                "--rate",
                "20",
                "--burst",
                "10",
                "--load",
                "200",
                "--spike",
                "100",
                "--duration",
                "0.5",
            ]);
            check(&account);
            assert!(number(&account, "admitted") > 0, "{algorithm}: {account}");
            assert!(number(&account, "rejected") > 0, "{algorithm}: {account}");
        }
    }
}

#[test]
fn the_bucket_admits_its_burst_and_then_its_rate() {
    let account = account(&["--duration", "1", "--load", "100"]);
    check(&account);
    // 50 at once and 10 in the second; a machine that stalls draws the second out, which brings a token per 100 ms.
    let admitted = number(&account, "admitted");
    assert!((59..=70).contains(&admitted), "{account}");
}

#[test]
fn a_refusal_says_when_to_come_back_and_what_the_limit_is() {
    let account = account(&["--duration", "0.2", "--rate", "0.5", "--burst", "3"]);
    check(&account);
    // The fourth request comes at once: the next token is 2 s away, less what has passed since the first.
    let refusal = &account["refusal"];
    let retry_after = refusal["retry_after"].as_str().unwrap();
    assert_eq!(retry_after, "2");
    assert_eq!(
        refusal["rate_limit"],
        format!("\"default\";r=0;t={retry_after}")
    );
    // Three requests, which take six seconds to come in.
    assert_eq!(refusal["rate_limit_policy"], "\"default\";q=3;w=6");
}

#[test]
fn a_second_client_brings_a_second_limit() {
    let flags = [
        "--duration",
        "0.5",
        "--rate",
        "0.001",
        "--burst",
        "10",
        "--spike",
        "100",
    ];
    assert_eq!(number(&account(&flags), "admitted"), 10);
    let two = account(&[&flags[..], &["--keys", "2"]].concat());
    assert_eq!(number(&two, "admitted"), 20);
}

#[test]
fn the_same_seed_offers_the_same_load() {
    let offered = |seed| {
        let account = account(&["--duration", "0.5", "--load", "300", "--seed", seed]);
        (
            number(&account, "sent"),
            number(&account["model"], "admitted_as_scheduled"),
        )
    };
    assert_eq!(offered("7"), offered("7"));
    assert_ne!(offered("7").0, offered("8").0);
}

#[test]
fn the_table_names_the_place_of_the_limiter_and_the_difference_to_the_model() {
    let output = run(&["--duration", "0.2"]);
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.contains("in memory"), "{table}");
    assert!(table.contains("decides 0 of the server's"), "{table}");
}

#[test]
fn progress_goes_to_standard_error_in_runs_over_two_seconds() {
    let output = run(&["--duration", "2.5", "--json"]);
    let progress = String::from_utf8(output.stderr).unwrap();
    assert!(progress.contains("2 of 2.5 s:"), "{progress}");
    let account: Value = serde_json::from_slice(&output.stdout).unwrap();
    check(&account);
}

#[test]
fn the_figure_is_an_svg_with_axes_units_and_the_counts() {
    let path = file("figure.svg");
    let account = account(&["--duration", "0.5", "--plot", path.to_str().unwrap()]);
    let svg = std::fs::read_to_string(&path).unwrap();
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
    let admitted = format!("{} admitted", number(&account, "admitted"));
    for words in [
        &admitted,
        "requests per second",
        "requests in total",
        "time, s",
        "the limit",
    ] {
        assert!(svg.contains(words), "the figure does not say {words}");
    }
}

#[test]
fn bad_input_is_one_sentence_and_exit_code_2() {
    let cases: &[&[&str]] = &[
        &["--rate", "0"],
        &["--rate", "NaN"],
        &["--rate", "-3"],
        &["--rate", "inf"],
        &["--rate", "ten"],
        &["--burst", "0"],
        &["--burst", "-1"],
        &["--burst", "1.5"],
        &["--keys", "0"],
        &["--load", "0"],
        &["--duration", "0"],
        &["--duration", "1e9"],
        &["--duration", "NaN"],
        &["--seed", "-1"],
        &["--algorithm", "guesswork"],
        &["--load", "1000000", "--duration", "3600"],
        &["--plot", "/no/such/folder/figure.svg"],
        &["--trace", "/no/such/folder/run.csv"],
        &["--redis", "not an address"],
        &["--redis", "redis://127.0.0.1:1"],
        &[
            "--redis",
            "redis://127.0.0.1:6379",
            "--algorithm",
            "sliding-log",
        ],
        &["--speed", "3"],
        &["surplus"],
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
fn a_redis_decides_as_the_bare_mechanism() {
    let Some(redis) = RedisServer::start() else {
        return;
    };
    for algorithm in ["token-bucket", "gcra"] {
        // 33.3 requests per second: neither the interval nor the tokens are round numbers.
        let account = account(&[
            "--redis",
            &redis.url,
            "--algorithm",
            algorithm,
            "--rate",
            "33.3",
            "--burst",
            "7",
            "--keys",
            "3",
            "--load",
            "400",
            "--duration",
            "1",
        ]);
        check(&account);
        assert!(
            account["limiter"].as_str().unwrap().contains("Redis"),
            "{account}"
        );
        assert!(number(&account, "rejected") > 0, "{account}");
    }
}

#[test]
fn two_servers_with_one_redis_share_one_limit() {
    let Some(redis) = RedisServer::start() else {
        return;
    };
    let flags = [
        "--redis",
        &redis.url,
        "--rate",
        "0.001",
        "--burst",
        "30",
        "--duration",
        "0.5",
    ];
    let admitted: u64 = std::thread::scope(|scope| {
        let servers = [(); 2].map(|()| scope.spawn(|| number(&account(&flags), "admitted")));
        servers
            .into_iter()
            .map(|server| server.join().unwrap())
            .sum()
    });
    assert_eq!(admitted, 30);
}

#[test]
fn a_reader_who_has_read_enough_ends_the_program_quietly() {
    for flags in [&["--duration", "0.2"][..], &["--duration", "0.2", "--json"]] {
        assert_eq!(
            unread(PROGRAM, flags),
            (Some(0), String::new()),
            "{flags:?}"
        );
    }
    assert_eq!(unheard(PROGRAM, &["--duration", "0.2"]), Some(0));
    assert_eq!(unheard(PROGRAM, &["--rate", "0"]), Some(2));
}
