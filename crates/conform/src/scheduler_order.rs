//! Replays the orders in which real schedulers ran tasks: Go's on one P, and tokio's on one thread.

mod tuned;

use std::cmp::Reverse;
use std::num::NonZeroU32;

use anyhow::{Context, Result, bail, ensure};
use schedulers::{Config, Costs, Machine, Op, Policy, Program, What, Workload};
use serde::Deserialize;

use crate::recording::{Difference, Outcome};

/// Go's 61 phases of the look at the shared queue.
const PHASES: u32 = 61;
/// Fewer than so many goroutines of the runtime itself may be ahead, in the P's own queue or in the shared one.
const SILENT: u32 = 4;
/// A worker of tokio has looked for work and slept fewer than so many times before the first task came.
const LOOKED: u32 = 2;
/// More decisions than any of these scenarios needs.
const STEPS_MAX: usize = 10_000_000;

/// A recording of run orders.
#[derive(Debug, Deserialize)]
struct Recording {
    scenarios: Vec<Scenario>,
}

/// One scenario and the orders seen most often.
#[derive(Debug, Deserialize)]
struct Scenario {
    scenario: String,
    #[serde(default)]
    runtime: String,
    n: u32,
    k: u32,
    runs: u32,
    observed: Vec<Observed>,
}

#[derive(Debug, Deserialize)]
struct Observed {
    count: u32,
    order: Vec<u32>,
}

impl Scenario {
    fn name(&self) -> String {
        let Self {
            scenario,
            runtime,
            n,
            k,
            ..
        } = self;
        format!("{runtime} {scenario} n={n} k={k}")
            .trim()
            .to_owned()
    }

    /// What the tasks do; each notes its number in the recording when it runs.
    fn workload(&self) -> Result<Workload> {
        let (n, k) = (self.n, self.k);
        ensure!(
            n < 20_000 && k < 20_000 && n * (k + 1) <= 2_000_000,
            "{} is larger than any such run",
            self.name()
        );
        Ok(match self.scenario.as_str() {
            "spawn" => each(n, |id| vec![Op::Note(id)]),
            "yield" => each(n, |id| {
                let mut program = vec![Op::Note(id)];
                program.extend((0..k).flat_map(|_| [Op::Yield, Op::Note(id)]));
                program
            }),
            "chain" => chains(n),
            "tree" => tree(n)?,
            "chan" => receivers(n, k),
            "pingpong" => ping_pong(n, k),
            other => bail!("there is no scenario {other}"),
        })
    }
}

fn spawn(program: u32) -> Op {
    Op::Spawn {
        program: program as u16,
        count: 1,
    }
}

/// The first task starts `n` others and waits for them.
fn each(n: u32, program: impl Fn(u32) -> Program) -> Workload {
    let mut programs = vec![(1..=n).map(spawn).chain([Op::WaitAll]).collect()];
    programs.extend((0..n).map(program));
    Workload::of(programs)
}

/// Two tasks, each of which starts its successor, `n` of each.
fn chains(n: u32) -> Workload {
    let mut programs = vec![vec![spawn(1), spawn(1 + n), Op::WaitAll]];
    for chain in 1..=2 {
        for nth in 0..n {
            let mut program = vec![Op::Note(chain * 1000 + nth)];
            program.extend((nth + 1 < n).then(|| spawn((chain - 1) * n + nth + 2)));
            programs.push(program);
        }
    }
    Workload::of(programs)
}

/// A task starts two others, and so on to depth `n`; number `id` starts 2 `id` and 2 `id` + 1.
fn tree(n: u32) -> Result<Workload> {
    ensure!(n < 15, "a tree of depth {n} has too many tasks");
    let mut programs = vec![vec![spawn(1), Op::WaitAll]];
    for id in 1..(2 << n) {
        let mut program = vec![Op::Note(id)];
        if 2 * id < 2 << n {
            program.extend([spawn(2 * id), spawn(2 * id + 1)]);
        }
        programs.push(program);
    }
    Ok(Workload::of(programs))
}

/// Three receivers on a channel of capacity `k`; the first task sends `n` values and closes it.
fn receivers(n: u32, k: u32) -> Workload {
    let send = Op::Send {
        channel: 0,
        count: n,
    };
    let mut programs = vec![vec![
        spawn(1),
        spawn(2),
        spawn(3),
        send,
        Op::Close(0),
        Op::WaitAll,
    ]];
    programs.extend((1..=3).map(|receiver| {
        vec![
            Op::Receive(0),
            Op::NoteReceived(receiver * 1000),
            Op::Repeat(u32::MAX),
        ]
    }));
    Workload::of(programs).with_channels(&[k])
}

/// Two tasks that wake each other `k` times; they wait when `n` bystanders are queued and the first is woken.
fn ping_pong(n: u32, k: u32) -> Workload {
    let player = |id: u32, from: u16, to: u16| {
        let send = Op::Send {
            channel: to,
            count: 1,
        };
        let round = [Op::Receive(from), Op::Note(id), send];
        (0..k).flat_map(|_| round).collect()
    };
    let mut root = vec![spawn(1), spawn(2), Op::Yield];
    root.extend((0..n).map(|nth| spawn(3 + nth)));
    root.extend([
        Op::Send {
            channel: 0,
            count: 1,
        },
        Op::WaitAll,
    ]);
    let mut programs = vec![root, player(1, 0, 1), player(2, 1, 0)];
    programs.extend((0..n).map(|nth| vec![Op::Note(100 + nth)]));
    Workload::of(programs).with_channels(&[1, 1])
}

/// The first task awaits the others one by one in the order it started them, instead of waiting for all:
/// each that it awaits wakes it, and the turns it takes shift those of others.
fn awaited_in_order(workload: &Workload) -> Workload {
    let mut channels = workload.channels.clone();
    let first = channels.len() as u16;
    let mut programs = workload.programs.to_vec();
    let (root, others) = programs.split_at_mut(1);
    root[0].retain(|op| *op != Op::WaitAll);
    for (channel, other) in (first..).zip(others) {
        channels.push(1);
        root[0].push(Op::Receive(channel));
        other.push(Op::Send { channel, count: 1 });
    }
    Workload::of(programs).with_channels(&channels)
}

/// What came of a run, up to the first number that is not as observed.
#[derive(Debug, Default)]
struct Run {
    /// What is noted, in order.
    order: Vec<u32>,
    /// At which tick of the first worker each was noted.
    ticks: Vec<u32>,
    /// A worker's own queue was full, and the shared queue came into play.
    spilled: bool,
}

fn run(config: Config, workload: Workload, observed: &[u32]) -> Run {
    let mut machine = Machine::new(config, workload, 1);
    let (mut events, mut run) = (Vec::new(), Run::default());
    for _ in 0..STEPS_MAX {
        if machine.next_deadline().is_none() {
            break;
        }
        machine.step(&mut events);
        for event in events.drain(..) {
            run.spilled |= event.what == What::Spills;
            if event.what != What::Notes {
                continue;
            }
            run.ticks.push(machine.workers()[0].tick());
            run.order.push(event.value);
            if observed.get(run.order.len() - 1) != Some(&event.value) {
                return run;
            }
        }
    }
    run
}

/// The order observed if it is among these, or else the first of those that part from it last.
fn closest(orders: impl Iterator<Item = Vec<u32>>, observed: &[u32]) -> Vec<u32> {
    let mut closest = Vec::new();
    for order in orders {
        if order == observed {
            return order;
        }
        if order.len() > closest.len() {
            closest = order;
        }
    }
    closest
}

/// The order that Go's scheduler gives from the phase and with the silent goroutines that fit best.
fn go_order(scenario: &Scenario, observed: &[u32]) -> Result<Vec<u32>> {
    let workload = scenario.workload()?;
    let starts = (0..PHASES).flat_map(|first_tick| {
        (0..SILENT).flat_map(move |silent| {
            (0..SILENT - silent).map(move |silent_shared| Config {
                first_tick,
                silent,
                silent_shared,
                ..Config::new(Policy::Go, 1, Costs::NONE)
            })
        })
    });
    let orders = starts.map(|config| run(config, workload.clone(), observed).order);
    Ok(closest(orders, observed))
}

/// The order that tokio's scheduler gives from the start and with the times of polls that fit best.
fn tokio_order(scenario: &Scenario, observed: &[u32]) -> Result<Vec<u32>> {
    let (policy, interval) = match scenario.runtime.as_str() {
        "current" => (Policy::TokioCurrent, None),
        "multi1" => (Policy::Tokio, None),
        other => match other.strip_prefix("multi1_g") {
            Some(interval) => {
                let interval = interval.parse::<NonZeroU32>();
                let interval = interval.with_context(|| format!("{other} names no interval"))?;
                (Policy::Tokio, Some(interval.get()))
            }
            None if other.is_empty() => bail!("{} names no runtime", scenario.name()),
            None => bail!("there is no runtime {other}"),
        },
    };
    let workload = scenario.workload()?;
    let workload = match scenario.scenario.as_str() {
        "spawn" | "yield" | "pingpong" => awaited_in_order(&workload),
        _ => workload,
    };
    let starts = (0..LOOKED).map(|first_tick| Config {
        first_tick,
        interval,
        ..Config::new(policy, 1, Costs::NONE)
    });
    let orders = starts.map(|config| tuned::order(&config, &workload, observed));
    Ok(closest(orders, observed))
}

/// Replays Go's orders: a scenario passes when its commonest order comes out from some start.
pub(crate) fn replay_go(text: &str) -> Result<Outcome> {
    replay(text, go_order, "some start")
}

/// Replays tokio's orders: a scenario passes when its commonest order comes out from some times of the polls.
pub(crate) fn replay_tokio(text: &str) -> Result<Outcome> {
    replay(text, tokio_order, "some times of the polls")
}

fn replay(
    text: &str,
    closest: fn(&Scenario, &[u32]) -> Result<Vec<u32>>,
    by: &str,
) -> Result<Outcome> {
    let recording: Recording = serde_json::from_str(text)?;
    ensure!(!recording.scenarios.is_empty(), "it holds no scenario");
    let mut outcome = Outcome::default();
    let (mut explained, mut runs) = (0, 0);
    for scenario in &recording.scenarios {
        // Of several equally common ones the first.
        let ranked = scenario.observed.iter().enumerate();
        let commonest = ranked.max_by_key(|(nth, observed)| (observed.count, Reverse(*nth)));
        let (commonest, _) =
            commonest.with_context(|| format!("{} was never run", scenario.name()))?;
        runs += u64::from(scenario.runs);
        for (nth, observed) in scenario.observed.iter().enumerate() {
            let got = closest(scenario, &observed.order)?;
            if got == observed.order {
                explained += u64::from(observed.count);
            }
            if nth == commonest {
                note(&mut outcome, scenario, &observed.order, &got);
            }
        }
    }
    outcome
        .notes
        .push(format!("{explained} of {runs} runs are explained by {by}"));
    Ok(outcome)
}

/// Counts a scenario as passed, or says where the orders part.
fn note(outcome: &mut Outcome, scenario: &Scenario, expected: &[u32], got: &[u32]) {
    let parts = (0..got.len().max(expected.len())).find(|&nth| got.get(nth) != expected.get(nth));
    match parts {
        None => outcome.passed += 1,
        Some(nth) => outcome.differences.push(Difference {
            sequence: scenario.name(),
            step: format!("task {nth} to run"),
            expected: told(expected.get(nth)),
            got: told(got.get(nth)),
        }),
    }
}

fn told(task: Option<&u32>) -> String {
    task.map_or("none".to_owned(), u32::to_string)
}
