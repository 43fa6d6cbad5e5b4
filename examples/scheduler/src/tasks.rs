//! The measurements of tokio's tasks: many of them on a few threads, each a state machine on the heap.

#![expect(clippy::disallowed_types, reason = "measures the machine, not a model")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, mpsc};

use crate::kernel::{self, Memory};
use crate::measure::Reading;
use crate::slices::{Slices, undisturbed};
use crate::threads::{SLEEP, computed};

/// Tasks that are started before the first of them is waited for, where they end at once.
const BATCH: u32 = 100;
/// Messages each way between two looks at the clock.
const MESSAGES: u32 = 1000;
/// Moves of a task that are measured.
const STEALS: usize = 300;
/// No more of them are begun after this long, as where every other one has to wait for a processor.
const STEALING: Duration = Duration::from_millis(1500);
/// A worker that was not given a processor for this long spoils the sample, which is dropped; by itself it needs less
/// than a tenth of it.
const PATIENCE: Duration = Duration::from_millis(1);

fn runtime(workers: Option<usize>) -> anyhow::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    if let Some(workers) = workers {
        builder.worker_threads(workers);
    }
    builder
        .enable_time()
        .build()
        .context("tokio's runtime cannot be started")
}

/// `count` tasks sleep 100 ms each; waits for all.
pub(crate) fn sleep(count: u32) -> anyhow::Result<Reading> {
    let runtime = runtime(None)?;
    let cpu = kernel::cpu_time();
    let started = Instant::now();
    runtime.block_on(sleep_all(count))?;
    Ok(Reading {
        wall_ns: u64::try_from(started.elapsed().as_nanos()).ok(),
        cpu_ns: computed(cpu),
        peak_bytes: Memory::now().peak,
        ..Reading::default()
    })
}

// ANCHOR: sleep
async fn sleep_all(count: u32) -> anyhow::Result<()> {
    let mut handles = Vec::new();
    for _ in 0..count {
        handles.push(tokio::spawn(tokio::time::sleep(SLEEP)));
    }
    for handle in handles {
        handle.await?;
    }
    Ok(())
}
// ANCHOR_END: sleep

/// `count` tasks are alive at the same time; reads their memory, then lets them go.
pub(crate) fn hold(count: u32) -> anyhow::Result<Reading> {
    let runtime = runtime(None)?;
    let gate = Arc::new(Semaphore::new(0));
    let alive = Arc::new(AtomicU32::new(0));
    let before = Memory::now();
    runtime.block_on(async {
        let mut handles = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let (gate, alive) = (Arc::clone(&gate), Arc::clone(&alive));
            handles.push(tokio::spawn(async move {
                alive.fetch_add(1, Ordering::Relaxed);
                // The gate is closed when the measurement is over, which is all there is to wait for.
                let _ = gate.acquire().await;
            }));
        }
        while alive.load(Ordering::Relaxed) < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let reading = Reading::alive(before, Memory::now(), count);
        gate.close();
        for handle in handles {
            handle.await?;
        }
        Ok(reading)
    })
}

/// Tasks that end at once are started and waited for, a batch at a time.
pub(crate) fn spawn() -> anyhow::Result<Reading> {
    let run = async {
        let mut slices = Slices::begin();
        let mut handles = Vec::with_capacity(BATCH as usize);
        while slices.go_on() {
            handles.extend((0..BATCH).map(|_| tokio::spawn(async {})));
            for handle in handles.drain(..) {
                handle.await?;
            }
            slices.add(u64::from(BATCH));
        }
        anyhow::Ok(slices.reading())
    };
    // On a worker, as most spawns of a service are, and not on the thread that waits for the runtime.
    let runtime = runtime(None)?;
    runtime.block_on(async { tokio::spawn(run).await })?
}

/// Two tasks hand a message back and forth; the time of one way.
pub(crate) fn switch(one_processor: bool) -> anyhow::Result<Reading> {
    if one_processor && !kernel::stay_on_one_processor() {
        return Ok(Reading::default());
    }
    let (there, mut at_there) = mpsc::channel(1);
    let (back, mut at_back) = mpsc::channel(1);
    let answering = async move {
        while let Some(message) = at_there.recv().await {
            // The other end is dropped when the measurement is over.
            if back.send(message).await.is_err() {
                break;
            }
        }
    };
    let asking = async move {
        let mut slices = Slices::begin();
        while slices.go_on() {
            for message in 0..MESSAGES {
                there.send(message).await?;
                at_back.recv().await.context("no answer")?;
            }
            slices.add(2 * u64::from(MESSAGES));
        }
        anyhow::Ok(slices.reading())
    };
    let runtime = runtime(one_processor.then_some(1))?;
    runtime.block_on(async {
        tokio::spawn(answering);
        tokio::spawn(asking).await
    })?
}

/// What the two workers of a [`steal`] tell each other.
#[derive(Debug, Default)]
struct Meeting {
    /// The other worker runs something.
    there: AtomicBool,
    /// It may end and look for more work.
    go: AtomicBool,
    /// When it ended, nanoseconds since the origin, and when it had found more.
    left: AtomicU64,
    found: AtomicU64,
}

/// A task moves from a busy worker to another one: how long the other needs to find it.
///
/// tokio keeps the last task a worker spawned for that worker, so what is to be stolen is the last but one.
pub(crate) fn steal() -> anyhow::Result<Reading> {
    if std::thread::available_parallelism()?.get() < 2 {
        return Ok(Reading::default());
    }
    let origin = Instant::now();
    let asleep = Arc::new(AtomicU32::new(0));
    let runtime = runtime_of_two(&asleep)?;
    let run = async move {
        let (mut awake, mut woken) = (Vec::new(), Vec::new());
        while awake.len() < STEALS && origin.elapsed() < STEALING {
            // The bystander runs, and the other worker goes to sleep.
            tokio::time::sleep(Duration::from_micros(200)).await;
            // Without a processor it may still be on its way, and then nobody would have to wake it.
            if asleep.load(Ordering::Relaxed) == 0 {
                continue;
            }
            if let Some((found_ns, woken_ns)) = one_steal(origin) {
                awake.push(found_ns);
                woken.push(woken_ns);
            }
        }
        (undisturbed(&mut awake), undisturbed(&mut woken))
    };
    let (undisturbed_ns, woken_ns) = runtime.block_on(async { tokio::spawn(run).await })?;
    Ok(Reading {
        undisturbed_ns,
        woken_ns,
        ..Reading::default()
    })
}

/// Two workers, and how many of them sleep.
fn runtime_of_two(asleep: &Arc<AtomicU32>) -> anyhow::Result<Runtime> {
    let (falls_asleep, wakes) = (Arc::clone(asleep), Arc::clone(asleep));
    Builder::new_multi_thread()
        .worker_threads(2)
        .on_thread_park(move || {
            falls_asleep.fetch_add(1, Ordering::Relaxed);
        })
        .on_thread_unpark(move || {
            wakes.fetch_sub(1, Ordering::Relaxed);
        })
        .enable_time()
        .build()
        .context("tokio's runtime cannot be started")
}

/// One move to a worker that is awake, and one to a worker that has to be woken, nanoseconds; none if either took too long.
fn one_steal(origin: Instant) -> Option<(u64, u64)> {
    let now = move || u64::try_from(origin.elapsed().as_nanos()).unwrap_or(u64::MAX);
    let meeting = Arc::new(Meeting::default());
    let other = Arc::clone(&meeting);
    let begun = now();
    tokio::spawn(async move {
        other.there.store(true, Ordering::Release);
        wait_for(|| other.go.load(Ordering::Acquire));
        other.left.store(now(), Ordering::Release);
    });
    let other = Arc::clone(&meeting);
    // Spawning the second makes the first one stealable, and the third the second.
    tokio::spawn(async move { other.found.store(now(), Ordering::Release) });
    let came = wait_for(|| meeting.there.load(Ordering::Acquire));
    let woken_ns = now() - begun;
    tokio::spawn(async {});
    meeting.go.store(true, Ordering::Release);
    let stolen = wait_for(|| meeting.found.load(Ordering::Acquire) > 0);
    let (left, found) = (
        meeting.left.load(Ordering::Acquire),
        meeting.found.load(Ordering::Acquire),
    );
    // If the bystander was stolen first, the order is another and the sample means nothing.
    let took_ns = found.checked_sub(left).filter(|_| left > 0)?;
    // Whoever waits may also have lost its processor, and have seen only afterwards that it need not wait.
    let in_time = |ns| Duration::from_nanos(ns) <= PATIENCE;
    (came && stolen && in_time(took_ns) && in_time(woken_ns)).then_some((took_ns, woken_ns))
}

/// Spins until `met`, without giving the worker back; false if it took too long.
fn wait_for(met: impl Fn() -> bool) -> bool {
    let begun = Instant::now();
    while !met() {
        if begun.elapsed() > PATIENCE {
            return false;
        }
        std::hint::spin_loop();
    }
    true
}
