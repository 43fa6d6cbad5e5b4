//! The account says what was measured and what was not.

use crate::compare::{Column, Report};
use crate::go::MISSING;
use crate::limits::Limit;
use crate::plot::svg;
use crate::report::grouped;
use crate::slices::{each, median, undisturbed};

use std::time::Duration;

fn report(goroutines: Option<Column>) -> Report {
    let column = |started, wall_ms: u64| Column {
        started,
        wall_ns: Some(wall_ms * 1_000_000),
        resident_bytes_each: Some(458),
        create_ns: Some(0),
        ..Column::default()
    };
    Report {
        cpus: 2,
        rounds: 3,
        stack_kib: 2048,
        limits: vec![Limit {
            name: "kernel.pid_max",
            value: 32_768,
            threads: 16_000,
        }],
        tokio: column(100_000, 176),
        os_threads: column(10_000, 1_234),
        goroutines,
        go: MISSING.to_owned(),
    }
}

#[test]
fn the_table_shows_what_was_measured_and_a_dash_for_what_was_not() {
    let table = report(None).to_string();
    let row = |name: &str| -> Vec<String> {
        let line = table.lines().find(|line| line.contains(name));
        let line = line.unwrap_or_else(|| panic!("no {name}: {table}"));
        let cells = line.split_once(name).unwrap().1;
        cells.split_whitespace().map(str::to_owned).collect()
    };
    assert_eq!(row("started"), ["100,000", "10,000"]);
    assert_eq!(row("until all are done, ms"), ["176", "1,234"]);
    assert_eq!(row("processor time, ms"), ["-", "-"]);
    assert!(table.contains("kernel.pid_max is 32768"), "{table}");
    assert!(table.contains("apt-get install golang-go"), "{table}");
    assert!(!table.contains("goroutines"), "{table}");
    let with_go = report(Some(Column::default())).to_string();
    assert!(with_go.contains("goroutines"), "{with_go}");
}

#[test]
fn the_figure_has_a_panel_for_each_measure_and_a_row_for_each_column() {
    let svg = svg(&report(Some(Column::default()))).unwrap();
    for words in [
        "100,000 tokio tasks, 10,000 OS threads, 0 goroutines",
        "until all have slept 100 ms, ms",
        "resident memory of one while all are alive, bytes",
        "to start one that ends at once, ns",
        "to hand over to another on one processor, ns",
        "1,234",
        "not measured",
    ] {
        assert!(svg.contains(words), "the figure does not say {words}");
    }
}

#[test]
fn digits_come_in_groups_of_three() {
    let shown = [0, 999, 1_000, 123_456, 1_234_567].map(grouped);
    assert_eq!(shown, ["0", "999", "1,000", "123,456", "1,234,567"]);
}

#[test]
fn the_time_of_one_is_rounded_and_the_median_is_the_upper_middle() {
    assert_eq!(each(Duration::from_nanos(10), 4), 3);
    assert_eq!(each(Duration::from_nanos(9), 4), 2);
    assert_eq!(each(Duration::from_nanos(9), 0), 9);
    assert_eq!(median(&mut [9, 1, 5]), Some(5));
    assert_eq!(median(&mut [4, 1, 3, 2]), Some(3));
    assert_eq!(median(&mut []), None);
}

#[test]
fn the_table_and_the_figure_round_alike() {
    let mut report = report(None);
    report.tokio.wall_ns = Some(493_500_000);
    report.os_threads.wall_ns = Some(1_230_499_999);
    let (table, svg) = (report.to_string(), svg(&report).unwrap());
    for (right, wrong) in [("494", "493"), ("1,230", "1,231")] {
        for shown in [&table, &svg] {
            assert!(shown.contains(right) && !shown.contains(wrong), "{shown}");
        }
    }
}

#[test]
fn a_cost_is_what_nothing_has_disturbed_however_much_was() {
    let busy = [9_000, 31, 8_000, 30, 7_000, 60, 61, 6_000];
    assert_eq!(undisturbed(&mut busy.clone()), Some(31));
    assert_eq!(undisturbed(&mut [31, 30, 60]), Some(31));
    assert_eq!(undisturbed(&mut [7]), Some(7));
    assert_eq!(undisturbed(&mut [u64::MAX]), Some(u64::MAX));
    assert_eq!(undisturbed(&mut []), None);
}
