//! A recorded run is a possible run: every task is spawned, polled on one worker at a time, and done once.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// A row of the file.
#[derive(Debug)]
struct Row {
    ns: u64,
    event: String,
    task: u32,
    worker: Option<u32>,
    by: Option<u32>,
}

/// Records a run; its first line, its rows, and the account.
fn record(workload: &str, tasks: u32, workers: u32) -> (String, Vec<Row>, Value) {
    let name = format!("{workload}-{tasks}-{workers}.csv");
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let output = Command::new(env!("CARGO_BIN_EXE_scheduler"))
        .args(["trace", path.to_str().unwrap(), "--workload", workload])
        .args(["--tasks", &tasks.to_string()])
        .args(["--workers", &workers.to_string(), "--json"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let first = lines.next().unwrap().to_owned();
    assert_eq!(lines.next(), Some("ns,event,task,worker,by"));
    let rows = lines.map(row).collect();
    (first, rows, serde_json::from_slice(&output.stdout).unwrap())
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.split(',').collect();
    let [ns, event, task, worker, by] = cells[..] else {
        panic!("{line}");
    };
    let number = |cell: &str| (!cell.is_empty()).then(|| cell.parse().unwrap());
    Row {
        ns: ns.parse().unwrap(),
        event: event.to_owned(),
        task: task.parse().unwrap(),
        worker: number(worker),
        by: number(by),
    }
}

/// What is known of a task while its run is followed.
#[derive(Default)]
struct Task {
    spawned: bool,
    done: bool,
    /// It may be polled: it is new, or somebody woke it.
    runnable: bool,
    polled_on: Option<u32>,
}

/// Follows a run row by row; what does not fit is a panic with the row.
fn follow(rows: &[Row]) -> BTreeMap<u32, Task> {
    let mut tasks: BTreeMap<u32, Task> = BTreeMap::new();
    let mut running: BTreeMap<u32, u32> = BTreeMap::new();
    let mut before = 0;
    for row in rows {
        assert!(row.ns >= before, "{row:?} is before the row above");
        before = row.ns;
        let task = tasks.entry(row.task).or_default();
        match row.event.as_str() {
            "spawn" => {
                assert!(!task.spawned, "{row:?}");
                (task.spawned, task.runnable) = (true, true);
            }
            "start" => {
                let worker = row.worker.unwrap_or_else(|| panic!("{row:?}"));
                assert!(task.spawned && !task.done && task.runnable, "{row:?}");
                assert_eq!(task.polled_on, None, "{row:?}");
                assert_eq!(running.insert(worker, row.task), None, "{row:?}");
                (task.polled_on, task.runnable) = (row.worker, false);
            }
            "end" | "done" => {
                assert_eq!(task.polled_on, row.worker, "{row:?}");
                task.polled_on = None;
                running.remove(&row.worker.unwrap());
                task.done = row.event == "done";
            }
            "wake" => {
                assert!(task.spawned, "{row:?}");
                task.runnable = true;
            }
            _ => panic!("{row:?}"),
        }
        if matches!(row.event.as_str(), "spawn" | "wake") {
            let running = row.worker.and_then(|worker| running.get(&worker));
            assert_eq!(row.by.as_ref(), running, "{row:?}");
        }
    }
    tasks
}

#[test]
fn every_workload_is_a_run_in_which_each_task_is_done_once() {
    for workload in ["sleep", "yield", "pingpong", "greedy", "blocking"] {
        for workers in [1, 2] {
            let (first, rows, account) = record(workload, 60, workers);
            assert_eq!(
                first,
                format!(
                    "# headroom-trace 1 program=scheduler runtime=tokio workers={workers} workload={workload} tasks=60 left_out=0"
                )
            );
            let tasks = follow(&rows);
            assert!(tasks.values().all(|task| task.done), "{workload}");
            // The one that spawns the others, and a call of every tenth.
            let calls = if workload == "blocking" { 6 } else { 0 };
            assert_eq!(tasks.len(), 61 + calls, "{workload}");
            let on_workers = rows.iter().filter_map(|row| row.worker);
            let highest = on_workers.max().unwrap();
            assert_eq!(highest >= workers, workload == "blocking", "{highest}");
            assert_eq!(account["events"], rows.len());
            assert_eq!(account["left_out"], 0);
            assert!(account["event_ns"].as_u64().unwrap() > 0);
            let wall = |name: &str| account[name]["wall_ns"].as_u64().unwrap();
            assert!(wall("recorded") > 0 && wall("plain") > 0, "{account}");
        }
    }
}

#[test]
fn on_one_worker_the_task_that_was_spawned_last_runs_first() {
    // tokio's worker keeps the last task it was given in a slot of its own, before the queue.
    let (_, rows, _) = record("sleep", 10, 1);
    let mut starts = rows.iter().filter(|row| row.event == "start");
    let first: Vec<u32> = starts.by_ref().take(11).map(|row| row.task).collect();
    assert_eq!(first, [0, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn a_greedy_task_keeps_its_only_worker_until_it_is_done() {
    let (_, rows, _) = record("greedy", 10, 1);
    // The last one spawned is the greedy one.
    let greedy: Vec<&Row> = rows.iter().filter(|row| row.task == 10).collect();
    let events: Vec<&str> = greedy.iter().map(|row| row.event.as_str()).collect();
    // The task that waits for it is woken within its last poll, and that is another task's row.
    assert_eq!(events, ["spawn", "start", "done"]);
    assert!(greedy[2].ns - greedy[1].ns >= 50_000_000);
    let meanwhile = rows
        .iter()
        .filter(|row| row.event == "start" && row.ns > greedy[1].ns && row.ns < greedy[2].ns);
    assert_eq!(meanwhile.count(), 0);
}

#[test]
fn a_run_too_long_for_a_file_keeps_its_beginning() {
    let (first, rows, account) = record("yield", 10_000, 2);
    assert_eq!(rows.len(), 200_000);
    let left_out = account["left_out"].as_u64().unwrap();
    assert!(left_out > 0);
    assert!(first.ends_with(&format!("left_out={left_out}")), "{first}");
    follow(&rows);
}
