//! The playground of schedulers: its mix, recorded runs, a machine's costs, and files that are none of them.

use super::{knob, open};
use crate::challenge::{Challenge, challenge};
use crate::{AnyRun, Query};

fn ask(run: &mut dyn AnyRun, query: &str) -> f64 {
    let query = Query::parse(query).expect("it is a query");
    query.ask(run).expect("the run answers").value
}

/// Two tasks on two workers: task 0 starts task 1 half-way through its first poll, which therefore sits in the LIFO slot until
/// that poll is over; then task 0 sleeps, and is polled again.
const RECORDED: &str = "\
# headroom-trace 1 program=scheduler runtime=tokio workers=2 workload=sleep tasks=1 left_out=0
ns,event,task,worker,by
1000000,spawn,0,,
1000000,start,0,0,
3000000,spawn,1,0,0
5000000,end,0,0,
5000000,start,1,0,
6000000,end,1,0,
6000000,done,1,,
10000000,wake,0,,
10000000,start,0,0,
11000000,end,0,0,
11000000,done,0,,
";

#[test]
fn a_recording_is_played_beside_the_model_that_does_the_same_work() {
    let mut run = open("scheduler-playground", 7);
    let understood = run.load(RECORDED).expect("it is a recording");
    assert!(understood.contains("3 polls on 2 workers"), "{understood}");
    assert_eq!(ask(&mut *run, "counter(done, 2)"), 2.0);
    // The model's first turns begin a few microseconds after the recorded ones, which is close enough.
    assert_eq!(ask(&mut *run, "counter(turns as recorded, 2)"), 100.0);
    // From 1 ms to 11 ms, as recorded; a histogram tells it within a hundredth.
    let longest = ask(&mut *run, "counter(99 of 100 within, 2)");
    assert!((longest - 10.0).abs() < 0.1, "{longest} ms");
}

#[test]
fn a_recording_of_what_a_scheduler_did_otherwise_is_marked() {
    let mut run = open("scheduler-playground", 7);
    run.load(RECORDED).expect("it is a recording");
    // Go lets another P take the second task while the first one still computes.
    knob(&mut *run, "runtime", 0.0);
    let share = ask(&mut *run, "counter(turns as recorded, 2)");
    assert!(
        (share - 66.67).abs() < 0.01,
        "{share} %: one of three turns comes earlier"
    );
}

#[test]
fn whatever_is_wrong_with_a_recording_is_one_sentence_with_its_line() {
    let header = RECORDED.lines().next().expect("it has one");
    let cases = [
        (String::new(), "There is no poll"),
        ("\u{0}\u{1}binary".to_owned(), "Line 1"),
        ("seconds\n1.5\n".to_owned(), "Line 1"),
        (
            header.replace("program=scheduler", "program=rate-limiting"),
            "Line 1",
        ),
        (header.replace("workers=2", "workers=0"), "Line 1"),
        (
            header.replace("workers=2", "workers=99999999999999999999"),
            "Line 1",
        ),
        (header.to_owned(), "There is no poll"),
        (format!("{header}\nNaN,spawn,0,,\n"), "Line 2: “NaN”"),
        (format!("{header}\n-5,spawn,0,,\n"), "Line 2: “-5”"),
        (format!("{header}\n5,spawn,x,,\n"), "Line 2: “x”"),
        (format!("{header}\n5,explode,0,,\n"), "Line 2: “explode”"),
        (format!("{header}\n5,start,0,left,\n"), "Line 2"),
        (
            format!("{header}\n9,spawn,0,,\n8,spawn,1,,\n"),
            "Line 3: “8”",
        ),
    ];
    for (text, begins) in cases {
        let mut run = open("scheduler-playground", 7);
        let hash = run.hash_here();
        let wrong = run.load(&text).expect_err("it is none");
        assert!(wrong.starts_with(begins), "{wrong}, not {begins}");
        assert!(wrong.len() < 200, "{wrong}");
        assert_eq!(run.hash_here(), hash, "nothing is lost");
    }
}

#[test]
fn ten_megabytes_of_anything_are_read_or_refused() {
    let header = RECORDED.lines().next().expect("it has one");
    let mut many = format!("{header}\n");
    for nth in 0..250_000 {
        let (at, task) = (nth * 10, nth % 40_000);
        many += &format!(
            "{at},spawn,{task},,\n{at},start,{task},1,\n{},end,{task},1,\n",
            at + 5
        );
    }
    let mut run = open("scheduler-playground", 7);
    let understood = run.load(&many).expect("it is a recording");
    assert!(understood.contains("rows are left out"), "{understood}");
    assert!(run.load(&"9".repeat(10 << 20)).is_err());
    assert!(run.load(&"{".repeat(10 << 20)).is_err());
    assert!(run.load(&"\n".repeat(10 << 20)).is_err());
}

#[test]
fn the_costs_of_a_machine_take_the_place_of_the_built_in_ones() {
    let mut run = open("scheduler-playground", 7);
    let before = run.finish();
    let slow =
        "{\n  \"headroom_costs\": 1,\n  \"cpus\": 2,\n  \"goroutine_switch_ns\": 500000\n}\n";
    run.load(slow).expect("these are costs");
    assert_ne!(run.finish(), before);
    let mut same = open("scheduler-playground", 7);
    same.load("{\n\"headroom_costs\": 1,\n\"goroutine_switch_ns\": 170\n}")
        .expect("these are costs");
    assert_eq!(same.finish(), before, "what it costs by default");
    for (text, begins) in [
        ("{\n}", "This file says nothing of costs"),
        ("{\n\"headroom_costs\": 2\n}", "Line 2"),
        (
            "{\n\"headroom_costs\": 1,\n\"task_create_ns\": -1\n}",
            "Line 3",
        ),
        (
            "{\n\"headroom_costs\": 1,\n\"task_create_ns\": 1e99\n}",
            "Line 3",
        ),
        (
            "{\n\"headroom_costs\": 1,\n\"task_bytes\": 99999999999\n}",
            "Line 3",
        ),
        ("{\"headroom_costs\": {\"headroom_costs\": 1}}", "Line 1"),
    ] {
        let wrong = same.load(text).expect_err("these are none");
        assert!(wrong.starts_with(begins), "{wrong}, not {begins}");
        assert_eq!(same.finish(), before, "nothing is lost");
    }
}

#[test]
fn three_processors_are_enough_only_where_calls_do_not_hold_them() {
    let challenge = challenge("fewest-processors").expect("it is registered");
    let met = |settings: &[(&str, f64)]| {
        let settings: Vec<(String, f64)> = (settings.iter())
            .map(|&(id, value)| (id.to_owned(), value))
            .collect();
        let seeds = (0..40).map(Challenge::seed);
        seeds
            .filter(|&seed| challenge.judge(&settings, seed).met())
            .count()
    };
    let three = ("processors", 3.0);
    assert_eq!(met(&[]), 0, "four are too many");
    assert_eq!(
        met(&[("processors", 2.0), ("runtime", 1.0), ("aside", 1.0)]),
        0
    );
    assert!(met(&[three]) < 38, "Go's monitor may come late");
    assert!(
        met(&[three, ("runtime", 1.0)]) < 38,
        "workers are stuck in calls"
    );
    assert!(met(&[three, ("runtime", 1.0), ("aside", 1.0)]) >= 38);
}
