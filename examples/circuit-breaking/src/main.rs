//! A gateway before a backend that fails in four ways, with a circuit breaker and without, under the same load.
//!
//! Run it:
//!
//! ```text
//! cargo run -p circuit-breaking
//! cargo run -p circuit-breaking -- --policy resilience4j --svg run.svg
//! cargo run -p circuit-breaking -- --faults faults.json --trace run.jsonl
//! ```
//!
//! Two gateways run side by side for 20 seconds, each before a backend of its own; they differ in the breaker alone.
//! Expect a line whenever the breaker changes its state, and at the end a table with a part for each fault.
//! Where the backend hangs, the gateway without a breaker fills with calls that wait, and even the catalogue, which needs no
//! backend, takes more than a second; with a breaker the orders are refused within a millisecond or two, and the catalogue comes
//! as fast as ever.
//! Where the backend merely fails now and then, the breaker costs more orders than it saves: that is in the table as well.

mod account;
mod backend;
mod faults;
mod gateway;
mod ledger;
mod load;
mod options;
mod plot;
mod policy;
mod pool;
mod progress;
mod schedule;
mod table;
mod trace;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use account::Account;
use faults::Faults;
use load::Run;
use options::Options;
use policy::Policy;
use progress::Progress;
use schedule::Arrival;

/// Time for backends, gateways and load generators to get ready before the first request is due.
const LEAD: Duration = Duration::from_millis(100);
/// Exit code for a flag or a file that the reader gave and that does not work.
const BAD_INPUT: u8 = 2;
/// Exit code for anything else that goes wrong.
const BROKEN: u8 = 1;

fn main() -> ExitCode {
    let Err((code, sentence)) = run() else {
        return ExitCode::SUCCESS;
    };
    // Nobody may be reading.
    let _ = writeln!(std::io::stderr(), "circuit-breaking: {sentence}");
    ExitCode::from(code)
}

#[tokio::main]
async fn run() -> Result<(), (u8, String)> {
    let bad_input = |sentence| (BAD_INPUT, sentence);
    let options = Options::from_arguments(std::env::args_os()).map_err(bad_input)?;
    let faults = match &options.faults {
        Some(path) => Faults::read(path, options.duration).map_err(bad_input)?,
        None => Faults::of_a_bad_minute(options.duration),
    };
    for (flag, path) in [("--svg", &options.svg), ("--trace", &options.trace)] {
        check_file(flag, path.as_deref()).map_err(bad_input)?;
    }
    let done = experiment(&options, faults).await;
    done.map_err(|error| (BROKEN, format!("{error:#}")))
}

async fn experiment(options: &Options, faults: Faults) -> anyhow::Result<()> {
    let arrivals = schedule::draw(options);
    let faults = Arc::new(faults);
    let start = tokio::time::Instant::now() + LEAD;
    // The bare gateway always runs; it is what the other is compared with.
    let policies: &[Policy] = match options.policy {
        Policy::None => &[Policy::None],
        other => &[Policy::None, other],
    };
    let progress = Arc::new(Progress::new(policies));
    let reporter = tokio::spawn(Arc::clone(&progress).report(start, options.duration));
    let mut tasks = Vec::new();
    for (number, &policy) in policies.iter().enumerate() {
        let (arrivals, faults) = (Arc::clone(&arrivals), Arc::clone(&faults));
        let counts = progress.of(number);
        tasks.push(tokio::spawn(one(policy, start, arrivals, faults, counts)));
    }
    let mut runs = Vec::new();
    for task in tasks {
        runs.push(task.await??);
    }
    reporter.abort();
    progress.finish();
    let account = Account::new(options, &faults, &arrivals, &runs)?;
    if let Some(path) = &options.trace {
        trace::write(&account, &arrivals, &runs, path)?;
    }
    if let Some(path) = &options.svg {
        plot::draw(&account, path)?;
    }
    table::print(&account, options.json)
}

/// One gateway before one backend, from the first request to the last answer.
async fn one(
    policy: Policy,
    start: tokio::time::Instant,
    arrivals: Arc<[Arrival]>,
    faults: Arc<Faults>,
    counts: Arc<progress::Counts>,
) -> anyhow::Result<Run> {
    let ledger = Arc::new(ledger::Ledger::new(arrivals.len()));
    let backend = backend::start(start, &arrivals, faults, &ledger).await?;
    let gateway = gateway::start(policy, start, backend, &ledger, &counts).await?;
    let outcomes = load::run(gateway, start, &arrivals, &counts).await?;
    Ok(Run {
        policy,
        outcomes,
        sent: counts.sent(),
        ledger,
        transitions: counts.transitions(),
    })
}

/// Finds out before the run whether a file can be written after it.
fn check_file(flag: &str, path: Option<&Path>) -> Result<(), String> {
    let Some(path) = path else { return Ok(()) };
    let opened = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path);
    opened
        .map(drop)
        .map_err(|error| format!("{flag} {} cannot be written: {error}", path.display()))
}
