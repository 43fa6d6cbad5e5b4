//! What the tasks of a recorded run do, and the runtime they do it on, with recording and without.

#![expect(
    clippy::disallowed_types,
    reason = "runs real tasks, not simulated ones"
)]

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::recorder::{Event, Kind, Recorder, Role, Shelf, hand_over, numbered};
use super::traced::Traced;
use crate::kernel;
use crate::options::Workload;
use crate::threads::{SLEEP, computed};

/// How often a task yields, and how often a pair exchanges a message.
const TURNS: u32 = 10;
/// How long the greedy task computes.
const GREED: Duration = Duration::from_millis(50);
/// How long a blocking call takes.
const BLOCK: Duration = Duration::from_millis(5);
/// Of so many tasks one makes a blocking call.
const BLOCKING: u32 = 10;
/// Threads for blocking calls.
const BLOCKING_THREADS: usize = 64;

/// One run.
#[derive(Debug)]
pub(crate) struct Run {
    /// From the first task until the last was done.
    pub(crate) wall: Duration,
    /// Time computed in that while, nanoseconds.
    pub(crate) cpu_ns: Option<u64>,
    /// What was recorded, thread by thread.
    pub(crate) events: Vec<Event>,
    /// Events that no thread had room for.
    pub(crate) dropped: usize,
}

/// Runs the tasks on a runtime of their own.
///
/// # Errors
/// Fails if the runtime cannot be started or a task panics.
pub(crate) fn run(
    workload: Workload,
    tasks: u32,
    workers: u16,
    recorded: bool,
) -> anyhow::Result<Run> {
    let shelf = Shelf::default();
    let runtime = runtime(usize::from(workers), recorded.then(|| Arc::clone(&shelf)))?;
    let recorder = recorded.then(Recorder::begin);
    let cpu = kernel::cpu_time();
    let started = Instant::now();
    let spawner = Spawner::new(recorder);
    // Task 0 runs on a worker, as the tasks that spawn others in a service do.
    runtime.block_on(async { spawner.spawn(all(spawner.clone(), workload, tasks)).await })??;
    let (wall, cpu_ns) = (started.elapsed(), computed(cpu));
    // Every thread of the runtime hands its events over as it ends.
    drop(runtime);
    hand_over(&shelf, Role::Outside);
    let parts = std::mem::take(&mut *shelf.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Run {
        wall,
        cpu_ns,
        dropped: parts.iter().map(|part| part.dropped).sum(),
        events: numbered(parts, workers),
    })
}

/// A runtime whose threads put what they have recorded on the shelf as they end.
fn runtime(workers: usize, shelf: Option<Shelf>) -> anyhow::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    builder
        .worker_threads(workers)
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_time();
    if let Some(shelf) = shelf {
        builder.on_thread_stop(move || hand_over(&shelf, Role::Worker));
    }
    builder.build().context("tokio's runtime cannot be started")
}

/// Spawns tasks, recorded or not.
#[derive(Clone, Debug)]
struct Spawner {
    recorder: Option<Recorder>,
    next: Arc<AtomicU32>,
}

impl Spawner {
    fn new(recorder: Option<Recorder>) -> Self {
        Self {
            recorder,
            next: Arc::default(),
        }
    }

    /// A new task's number; its spawning is recorded before the runtime knows of it.
    fn announce(&self, recorder: Recorder) -> u32 {
        let task = self.next.fetch_add(1, Ordering::Relaxed);
        recorder.record(Kind::Spawn, task);
        task
    }

    fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        match self.recorder {
            None => tokio::spawn(future),
            Some(recorder) => {
                let task = self.announce(recorder);
                tokio::spawn(Traced::new(future, recorder, task))
            }
        }
    }

    fn spawn_blocking(&self, call: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
        match self.recorder {
            None => tokio::task::spawn_blocking(call),
            Some(recorder) => {
                let task = self.announce(recorder);
                tokio::task::spawn_blocking(move || {
                    recorder.block(task);
                    call();
                    recorder.stop(Kind::Done, task);
                })
            }
        }
    }
}

/// Task 0: spawns the others and waits for them.
async fn all(spawner: Spawner, workload: Workload, tasks: u32) -> anyhow::Result<()> {
    let mut handles = Vec::with_capacity(tasks as usize);
    match workload {
        Workload::Sleep => {
            handles.extend((0..tasks).map(|_| spawner.spawn(tokio::time::sleep(SLEEP))));
        }
        Workload::Yield => handles.extend((0..tasks).map(|_| spawner.spawn(yielding()))),
        Workload::Pingpong => {
            for _ in 0..tasks / 2 {
                handles.extend(pair(&spawner));
            }
        }
        Workload::Greedy => {
            handles.extend((1..tasks).map(|_| spawner.spawn(yielding())));
            handles.push(spawner.spawn(async { compute(GREED) }));
        }
        Workload::Blocking => handles.extend((0..tasks).map(|task| {
            if task % BLOCKING > 0 {
                return spawner.spawn(yielding());
            }
            let inner = spawner.clone();
            spawner.spawn(async move {
                // A panic in the call would be one of this program's, and the task ends with it.
                let _ = inner.spawn_blocking(|| std::thread::sleep(BLOCK)).await;
            })
        })),
    }
    for handle in handles {
        handle.await?;
    }
    Ok(())
}

async fn yielding() {
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
}

/// Computes without awaiting anything: nothing makes it give its worker back.
fn compute(time: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < time {
        std::hint::spin_loop();
    }
}

/// Two tasks that hand a message back and forth.
fn pair(spawner: &Spawner) -> [JoinHandle<()>; 2] {
    let (there, mut at_there) = mpsc::channel(1);
    let (back, mut at_back) = mpsc::channel(1);
    let asking = async move {
        for turn in 0..TURNS {
            // Both ends live until the last answer, so neither fails.
            let _ = there.send(turn).await;
            at_back.recv().await;
        }
    };
    let answering = async move {
        while let Some(turn) = at_there.recv().await {
            let _ = back.send(turn).await;
        }
    };
    [spawner.spawn(asking), spawner.spawn(answering)]
}
