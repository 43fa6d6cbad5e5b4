//! Ten tasks are started on one worker: the order in which tokio's two schedulers run them.
//!
//! ```sh
//! cargo run -p scheduler --example order
//! ```

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use tokio::runtime::Builder;

/// Tasks that are started.
const TASKS: u32 = 10;

// ANCHOR: order
/// Starts ten tasks from a task, and returns their numbers in the order of their first turns.
async fn order() -> anyhow::Result<Vec<u32>> {
    let ran = Arc::new(Mutex::new(Vec::new()));
    let starts = tokio::spawn({
        let ran = Arc::clone(&ran);
        async move {
            (1..=TASKS)
                .map(|task| {
                    let ran = Arc::clone(&ran);
                    tokio::spawn(async move { lock(&ran).push(task) })
                })
                .collect::<Vec<_>>()
        }
    });
    for handle in starts.await? {
        handle.await?;
    }
    Ok(core::mem::take(&mut lock(&ran)))
}
// ANCHOR_END: order

fn lock(ran: &Mutex<Vec<u32>>) -> std::sync::MutexGuard<'_, Vec<u32>> {
    ran.lock().unwrap_or_else(PoisonError::into_inner)
}

fn main() -> anyhow::Result<()> {
    for (name, mut builder) in [
        ("multi-thread, one worker", Builder::new_multi_thread()),
        ("current thread", Builder::new_current_thread()),
    ] {
        let runtime = builder
            .worker_threads(1)
            .build()
            .context("tokio's runtime cannot be started")?;
        let order = runtime.block_on(order())?;
        // Nobody may be reading.
        let _ = writeln!(std::io::stdout(), "{name:<24}  {order:?}");
    }
    Ok(())
}
