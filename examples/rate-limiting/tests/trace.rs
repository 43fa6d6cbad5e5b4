//! Records real runs and lets the model of the playground lab decide about the same requests.

use std::path::PathBuf;
use std::process::Command;

use labs::AnyRun;

mod server;

use server::RedisServer;

/// Records a run with these flags.
fn record(name: &str, flags: &[&str]) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let output = Command::new(env!("CARGO_BIN_EXE_rate-limiting"))
        .args(flags)
        .arg("--trace")
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{flags:?}: {said}");
    std::fs::read_to_string(path).unwrap()
}

/// The playground with this trace in it.
fn lab(trace: &str) -> Box<dyn AnyRun> {
    let mut run = labs::find("playground").unwrap().open(1);
    run.load(trace).unwrap();
    run
}

fn turn(run: &mut dyn AnyRun, id: &str, value: f64) {
    let knobs = run.knobs();
    let knob = knobs.iter().position(|(spec, _)| spec.id == id);
    run.set_knob(knob.unwrap(), value);
}

/// What the run counts under this label, at its end.
fn counted(run: &mut dyn AnyRun, label: &str) -> f64 {
    run.finish();
    let counters = run.frame().counters;
    let found = counters.iter().find(|counter| counter.label == label);
    found
        .unwrap_or_else(|| panic!("no {label}: {counters:?}"))
        .value
}

#[test]
fn the_model_decides_exactly_as_the_server_did_and_otherwise_with_another_rate() {
    for algorithm in [
        "token-bucket",
        "gcra",
        "leaky-bucket",
        "fixed-window",
        "sliding-log",
        "sliding-counter",
    ] {
        for keys in ["1", "5"] {
            // 33.3 requests per second: neither the interval nor the tokens are round numbers.
            let flags = [
                "--algorithm",
                algorithm,
                "--keys",
                keys,
                "--rate",
                "33.3",
                "--burst",
                "7",
                "--load",
                "300",
                "--spike",
                "40",
                "--duration",
                "0.5",
            ];
            let trace = record(&format!("{algorithm}-{keys}.csv"), &flags);
            let mut run = lab(&trace);
            let rows = trace.lines().count() - 2;
            assert!(rows >= 100, "{rows}");
            assert_eq!(counted(run.as_mut(), "arrived"), rows as f64);
            assert_eq!(
                counted(run.as_mut(), "decided differently"),
                0.0,
                "{algorithm}, {keys} keys"
            );
            assert!(counted(run.as_mut(), "rejected") > 0.0);
            turn(run.as_mut(), "rate", 3.0);
            assert!(
                counted(run.as_mut(), "decided differently") > 0.0,
                "{algorithm}, {keys} keys"
            );
        }
    }
}

#[test]
fn a_trace_says_of_each_decision_when_about_whom_and_how() {
    let trace = record("columns.csv", &["--duration", "0.3", "--keys", "3"]);
    let mut lines = trace.lines();
    assert_eq!(
        lines.next(),
        Some(
            "# headroom-trace 1 program=rate-limiting algorithm=token-bucket rate=10 burst=50 keys=3"
        )
    );
    assert_eq!(lines.next(), Some("seconds,key,admitted"));
    let mut last = 0.0;
    for row in lines {
        let [seconds, key, admitted] = row.split(',').collect::<Vec<_>>()[..] else {
            panic!("{row}");
        };
        let seconds: f64 = seconds.parse().unwrap();
        assert!(seconds >= last, "{row}");
        assert!(["client-0", "client-1", "client-2"].contains(&key), "{row}");
        assert!(["true", "false"].contains(&admitted), "{row}");
        last = seconds;
    }
}

#[test]
fn a_limit_kept_in_redis_is_decided_alike_though_its_clock_counts_from_1970() {
    let Some(redis) = RedisServer::start() else {
        return;
    };
    for algorithm in ["token-bucket", "gcra"] {
        let flags = [
            "--redis",
            &redis.url,
            "--algorithm",
            algorithm,
            "--keys",
            "3",
            "--rate",
            "33.3",
            "--burst",
            "7",
            "--load",
            "300",
            "--duration",
            "0.5",
        ];
        let trace = record(&format!("redis-{algorithm}.csv"), &flags);
        let mut run = lab(&trace);
        assert!(counted(run.as_mut(), "arrived") > 100.0);
        assert_eq!(
            counted(run.as_mut(), "decided differently"),
            0.0,
            "{algorithm}"
        );
        turn(run.as_mut(), "rate", 3.0);
        assert!(
            counted(run.as_mut(), "decided differently") > 0.0,
            "{algorithm}"
        );
    }
}
