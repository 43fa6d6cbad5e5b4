//! The measurements of OS threads: one thread of the kernel for each thing that happens.

#![expect(clippy::disallowed_types, reason = "measures the machine, not a model")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use crate::kernel::{self, Memory};
use crate::measure::Reading;
use crate::slices::Slices;

/// How long each sleeps.
pub(crate) const SLEEP: Duration = Duration::from_millis(100);
/// Threads that are started before the first of them is waited for, where they end at once.
const BATCH: u32 = 100;
/// Messages each way between two looks at the clock.
const MESSAGES: u32 = 100;

fn start(stack: usize, body: impl FnOnce() + Send + 'static) -> anyhow::Result<JoinHandle<()>> {
    Builder::new()
        .stack_size(stack)
        .spawn(body)
        .context("the machine refused another thread")
}

fn join(handle: JoinHandle<()>) -> anyhow::Result<()> {
    handle.join().map_err(|_| anyhow!("a thread panicked"))
}

/// `count` threads sleep 100 ms each; waits for all.
pub(crate) fn sleep(count: u32, stack: usize) -> anyhow::Result<Reading> {
    let cpu = kernel::cpu_time();
    let started = Instant::now();
    // ANCHOR: sleep
    let mut handles = Vec::new();
    for _ in 0..count {
        handles.push(start(stack, || std::thread::sleep(SLEEP))?);
    }
    for handle in handles {
        join(handle)?;
    }
    // ANCHOR_END: sleep
    Ok(Reading {
        wall_ns: u64::try_from(started.elapsed().as_nanos()).ok(),
        cpu_ns: computed(cpu),
        peak_bytes: Memory::now().peak,
        ..Reading::default()
    })
}

/// The time computed since `before`, nanoseconds.
pub(crate) fn computed(before: Option<Duration>) -> Option<u64> {
    let taken = kernel::cpu_time()?.checked_sub(before?)?;
    u64::try_from(taken.as_nanos()).ok()
}

/// `count` threads are alive at the same time; reads their memory, then lets them go.
pub(crate) fn hold(count: u32, stack: usize) -> anyhow::Result<Reading> {
    let before = Memory::now();
    let alive = Arc::new(AtomicU32::new(0));
    let open = Arc::new(AtomicBool::new(false));
    let mut handles = Vec::with_capacity(count as usize);
    let mut refused = None;
    for _ in 0..count {
        let (alive, open) = (Arc::clone(&alive), Arc::clone(&open));
        let body = move || {
            alive.fetch_add(1, Ordering::Relaxed);
            while !open.load(Ordering::Acquire) {
                std::thread::park();
            }
        };
        match start(stack, body) {
            Ok(handle) => handles.push(handle),
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
    }
    while refused.is_none() && alive.load(Ordering::Relaxed) < count {
        std::thread::sleep(Duration::from_millis(1));
    }
    let reading = Reading::alive(before, Memory::now(), count);
    open.store(true, Ordering::Release);
    for handle in handles {
        handle.thread().unpark();
        join(handle)?;
    }
    refused.map_or(Ok(reading), Err)
}

/// Threads that end at once are started and waited for, a batch at a time.
pub(crate) fn spawn(stack: usize) -> anyhow::Result<Reading> {
    let mut slices = Slices::begin();
    while slices.go_on() {
        let handles: anyhow::Result<Vec<_>> = (0..BATCH).map(|_| start(stack, || ())).collect();
        handles?.into_iter().try_for_each(join)?;
        slices.add(u64::from(BATCH));
    }
    Ok(slices.reading())
}

/// Two threads hand a message back and forth; the time of one way.
pub(crate) fn switch(one_processor: bool) -> anyhow::Result<Reading> {
    if one_processor && !kernel::stay_on_one_processor() {
        return Ok(Reading::default());
    }
    let (there, at_there) = sync_channel(1);
    let (back, at_back) = sync_channel(1);
    let other = start(2 << 20, move || {
        for message in at_there {
            // The other end is dropped when the measurement is over.
            if back.send(message).is_err() {
                break;
            }
        }
    })?;
    let mut slices = Slices::begin();
    while slices.go_on() {
        for message in 0..MESSAGES {
            there.send(message)?;
            at_back.recv()?;
        }
        slices.add(2 * u64::from(MESSAGES));
    }
    drop(there);
    join(other)?;
    Ok(slices.reading())
}
