//! Replays the orders in which real schedulers ran tasks: Go's on one P, and tokio's on one thread.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use schedulers::{Config, Costs, Event, Machine, Op, Policy, Program, What, Workload};
use serde::Deserialize;

use crate::recording::{Difference, Outcome};

/// Go's 61 phases of the look at the shared queue.
const PHASES: u32 = 61;
/// Fewer than so many goroutines of the runtime itself may be ahead, in the P's own queue or in the shared one.
const SILENT: u32 = 4;
/// What starting a task and going from one to the next took where tokio's orders were recorded.
///
/// tokio looks at its shared queue the more rarely the shorter its polls are, so where more than 257 tasks are started at once the
/// order depends on time: in the recording the interval came out as 34 to 40, and 38 most often, which is what these times give.
const RECORDED: Costs = Costs {
    create: Duration::from_nanos(1_020),
    switch: Duration::from_nanos(100),
    ..Costs::NONE
};
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
            n < 20_000 && k < 1_000,
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
        vec![
            Op::Receive(from),
            Op::Note(id),
            Op::Send {
                channel: to,
                count: 1,
            },
            Op::Repeat(k),
        ]
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

/// What is noted, in order.
fn order(config: Config, workload: Workload) -> Vec<u32> {
    let mut machine = Machine::new(config, workload, 1);
    let (mut events, mut order) = (Vec::new(), Vec::new());
    for _ in 0..STEPS_MAX {
        if machine.next_deadline().is_none() {
            break;
        }
        machine.step(&mut events);
        let noted = |event: Event| (event.what == What::Notes).then_some(event.value);
        order.extend(events.drain(..).filter_map(noted));
    }
    order
}

/// Every order that Go's scheduler could give, by phase and silent goroutines.
fn go_orders(scenario: &Scenario) -> Result<Vec<Vec<u32>>> {
    let workload = scenario.workload()?;
    let mut orders = Vec::new();
    for first_tick in 0..PHASES {
        for silent in 0..SILENT {
            for silent_shared in 0..SILENT - silent {
                let plain = Config::new(Policy::Go, 1, Costs::NONE);
                let config = Config {
                    first_tick,
                    silent,
                    silent_shared,
                    ..plain
                };
                orders.push(order(config, workload.clone()));
            }
        }
    }
    Ok(orders)
}

fn tokio_order(scenario: &Scenario) -> Result<Vec<u32>> {
    let (policy, interval) = match scenario.runtime.as_str() {
        "current" => (Policy::TokioCurrent, None),
        "multi1" => (Policy::Tokio, None),
        other => match other.strip_prefix("multi1_g") {
            Some(interval) => (
                Policy::Tokio,
                Some(interval.parse().context("no interval")?),
            ),
            None => bail!("there is no runtime {other}"),
        },
    };
    let config = Config {
        interval,
        ..Config::new(policy, 1, RECORDED)
    };
    Ok(order(config, scenario.workload()?))
}

/// Replays Go's orders: a scenario passes when its commonest order comes out from some start.
pub(crate) fn replay_go(text: &str) -> Result<Outcome> {
    let (mut explained, mut runs) = (0, 0);
    let mut outcome = replay(text, |scenario, commonest| {
        let orders = go_orders(scenario)?;
        let comes_out = |observed: &&Observed| orders.contains(&observed.order);
        explained += scenario
            .observed
            .iter()
            .filter(comes_out)
            .map(|seen| seen.count)
            .sum::<u32>();
        runs += scenario.runs;
        let found = orders.iter().find(|order| **order == commonest.order);
        Ok(found.or(orders.first()).cloned().unwrap_or_default())
    })?;
    outcome.notes.push(format!(
        "{explained} of {runs} runs are explained by some start"
    ));
    Ok(outcome)
}

/// Replays tokio's orders, as they stand.
pub(crate) fn replay_tokio(text: &str) -> Result<Outcome> {
    let (mut explained, mut runs) = (0, 0);
    let mut outcome = replay(text, |scenario, _| {
        let got = tokio_order(scenario)?;
        let same = |observed: &&Observed| observed.order == got;
        explained += scenario
            .observed
            .iter()
            .filter(same)
            .map(|seen| seen.count)
            .sum::<u32>();
        runs += scenario.runs;
        Ok(got)
    })?;
    outcome
        .notes
        .push(format!("{explained} of {runs} runs are explained"));
    Ok(outcome)
}

fn replay(
    text: &str,
    mut run: impl FnMut(&Scenario, &Observed) -> Result<Vec<u32>>,
) -> Result<Outcome> {
    let recording: Recording = serde_json::from_str(text)?;
    ensure!(!recording.scenarios.is_empty(), "it holds no scenario");
    let mut outcome = Outcome::default();
    for scenario in &recording.scenarios {
        let commonest = scenario
            .observed
            .iter()
            .max_by_key(|observed| observed.count);
        let commonest = commonest.with_context(|| format!("{} was never run", scenario.name()))?;
        let got = run(scenario, commonest)?;
        match (0..got.len().max(commonest.order.len()))
            .find(|&nth| got.get(nth) != commonest.order.get(nth))
        {
            None => outcome.passed += 1,
            Some(nth) => outcome.differences.push(Difference {
                sequence: scenario.name(),
                step: format!("task {nth} to run"),
                expected: told(commonest.order.get(nth)),
                got: told(got.get(nth)),
            }),
        }
    }
    Ok(outcome)
}

fn told(task: Option<&u32>) -> String {
    task.map_or("none".to_owned(), u32::to_string)
}
