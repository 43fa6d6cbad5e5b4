//! A recording keeps the beginning of a run without a gap, and numbers threads by what they did.

use crate::options::Workload;
use crate::trace::file::Recording;
use crate::trace::recorder::{Event, Kind, Part, ROWS_MAX, Role, numbered};

fn event(ns: u64, kind: Kind, task: u32) -> Event {
    Event {
        ns,
        kind,
        task,
        worker: None,
        by: None,
    }
}

fn part(role: Role, first_ns: u64) -> Part {
    Part {
        role,
        events: vec![event(first_ns, Kind::Start, 0)],
        dropped: 0,
    }
}

#[test]
fn a_row_is_five_cells_and_none_is_an_empty_one() {
    let events = vec![
        Event {
            worker: Some(1),
            by: Some(0),
            ..event(900, Kind::Spawn, 7)
        },
        event(20, Kind::Wake, 3),
    ];
    let recording = Recording::new(Workload::Greedy, 7, 2, events, 0);
    assert_eq!(
        recording.text,
        "# headroom-trace 1 program=scheduler runtime=tokio workers=2 workload=greedy tasks=7 left_out=0\n\
         ns,event,task,worker,by\n\
         20,wake,3,,\n\
         900,spawn,7,1,0\n"
    );
}

#[test]
fn a_file_holds_exactly_the_first_200_000_events_and_says_how_many_are_missing() {
    let events = |count: usize| {
        (0..count as u64)
            .map(|ns| event(ns, Kind::Wake, 0))
            .collect()
    };
    let full = Recording::new(Workload::Yield, 2, 1, events(ROWS_MAX), 0);
    assert_eq!((full.rows(), full.left_out), (200_000, 0));
    let over = Recording::new(Workload::Yield, 2, 1, events(ROWS_MAX + 1), 4);
    assert_eq!((over.rows(), over.left_out), (200_000, 5));
    assert!(over.text.ends_with("199999,wake,0,,\n"));
    assert!(over.text.lines().next().unwrap().ends_with("left_out=5"));
}

#[test]
fn workers_are_numbered_from_0_and_threads_for_blocking_calls_after_them() {
    let parts = vec![
        part(Role::Blocking, 30),
        part(Role::Worker, 20),
        part(Role::Outside, 0),
        part(Role::Blocking, 15),
        part(Role::Worker, 10),
    ];
    let numbers: Vec<(u64, Option<u16>)> = numbered(parts, 4)
        .iter()
        .map(|event| (event.ns, event.worker))
        .collect();
    assert_eq!(
        numbers,
        [
            (0, None),
            (10, Some(0)),
            (15, Some(4)),
            (20, Some(1)),
            (30, Some(5))
        ]
    );
}
