//! Reads what tasks and threads cost on the reader's machine: the file that `scheduler calibrate` writes.

use core::time::Duration;

use schedulers::Costs;

use super::recording::whole;
use crate::arrivals_file::refusal;

/// Costs of goroutines, of tokio's tasks, and of threads.
pub(super) const BUILT_IN: [Costs; 3] = [Costs::GO, Costs::TOKIO, Costs::THREADS];
/// No cost is higher: a second, or a gigabyte.
const MOST: u64 = 1_000_000_000;

/// Reads a file: one flat object, a key and a whole number on each line; keys that are not known are skipped.
///
/// # Errors
/// One sentence on the first line that cannot be understood.
pub(super) fn read(text: &str) -> Result<[Costs; 3], String> {
    let mut costs = BUILT_IN;
    let mut version = false;
    for (nth, line) in text.lines().enumerate() {
        let line = line.trim();
        if matches!(line, "{" | "}" | "") {
            continue;
        }
        let wrong = |what| refusal(nth + 1, line, what);
        let pair = line.trim_end_matches(',').split_once(':');
        let pair = pair.and_then(|(key, value)| {
            let key = key.trim().strip_prefix('"')?.strip_suffix('"')?;
            Some((key, whole(value.trim())?))
        });
        let (key, value) = pair.ok_or_else(|| wrong("is no name with a whole number"))?;
        if value > MOST {
            return Err(wrong("is out of range"));
        }
        if key == "headroom_costs" {
            if value != 1 {
                return Err(wrong("is no version that is known here"));
            }
            version = true;
        }
        set(&mut costs, key, value);
    }
    if version {
        Ok(costs)
    } else {
        Err("This file says nothing of costs: “headroom_costs” is missing.".to_owned())
    }
}

fn set([go, tokio, threads]: &mut [Costs; 3], key: &str, value: u64) {
    let time = Duration::from_nanos(value);
    match key {
        "task_create_ns" => tokio.create = time,
        "task_switch_ns" => tokio.switch = time,
        "task_steal_ns" => (tokio.steal, go.steal) = (time, time),
        "worker_wake_ns" => (tokio.wake, go.wake, threads.wake) = (time, time, time),
        "task_bytes" => tokio.task_bytes = value,
        "goroutine_create_ns" => go.create = time,
        "goroutine_switch_ns" => go.switch = time,
        "goroutine_bytes" => go.task_bytes = value,
        "thread_create_ns" => {
            (threads.create, tokio.thread, go.thread) = (time, time, time);
        }
        "thread_switch_ns" => threads.switch = time,
        "thread_bytes" => {
            (threads.task_bytes, tokio.thread_bytes, go.thread_bytes) = (value, value, value)
        }
        _ => {}
    }
}
