//! The schedule found, as a test that fails: to be pasted into a file of `crates/schedulers/tests`.

use schedulers::Op;

use super::puzzle::TASKS;
use super::{Goal, YouSchedule};

/// Before the programs.
const HEAD: &str = "
use core::time::Duration;

use clock::Instant;
use schedulers::{Config, Costs, Machine, Op, Policy, Workload};

#[test]
fn every_task_ends_under_this_schedule() {
    let run = |millis| Op::Run(Duration::from_millis(millis));
";
/// Before the programs, too.
const PROGRAMS: &str = "    #[rustfmt::skip]
    let programs = vec![
";
/// Between the programs and the choices.
const MIDDLE: &str = "    ];
    let arrivals = (0..5).map(|task| (Instant::ZERO, task)).collect();
    let workload = Workload::arriving(programs, arrivals)
        .with_channels(&[1, 1])
        .with_flags(1);
    let config = Config::new(Policy::Manual, 2, Costs::NONE);
    let mut machine = Machine::new(config, workload, 1);
    let mut told = Vec::new();
    // When, which worker, and the place of the task among those that were ready.
    #[rustfmt::skip]
    let choices = [";
/// Behind the choices.
const TAIL: &str = "];
    for (millis, worker, place) in choices {
        let at = Instant::from_millis(millis);
        while machine.next_deadline().is_some_and(|due| due <= at) {
            machine.step(&mut told);
        }
        assert!(machine.choose(worker, place, &mut told));
    }
    // What was not chosen runs in the order it became ready.
    loop {
        while machine.next_deadline().is_some() {
            machine.step(&mut told);
        }
        let asks = machine.asking().next();
        if !asks.is_some_and(|worker| machine.choose(worker, 0, &mut told)) {
            break;
        }
    }
    assert_eq!(machine.alive(), 0, \"tasks that wait for ever\");
";

impl YouSchedule {
    /// The test's text.
    pub(super) fn export(&self) -> String {
        let goal = match self.goal {
            Goal::Deadlock => "a deadlock",
            Goal::LostWakeUp => "a lost wake-up",
            Goal::Makespan => "the shortest run",
        };
        let mut text = format!(
            "//! A schedule chosen by hand in the lab `you-schedule`, seed {}, in search of {goal}.\n",
            self.seed
        );
        text += HEAD;
        text += match self.goal {
            Goal::Deadlock => {
                "    // A lock is a channel with one place: who fills it holds the lock.\n"
            }
            Goal::LostWakeUp => "    // Looking at the flag and going to sleep are two steps.\n",
            Goal::Makespan => "",
        };
        text += PROGRAMS;
        for task in 0..TASKS {
            let name = self.puzzle.names[task];
            let program: Vec<String> = self.puzzle.programs[task].iter().map(code).collect();
            text += &format!(
                "        /* {task} {name} */ vec![{}],\n",
                program.join(", ")
            );
        }
        text += MIDDLE;
        let choices: Vec<String> = (self.chosen.iter())
            .map(|(at, worker, place)| {
                format!("({}, {worker}, {place})", at.as_nanos() / 1_000_000)
            })
            .collect();
        text += &choices.join(", ");
        text += TAIL;
        if self.goal == Goal::Makespan {
            text += &format!(
                "    assert_eq!(machine.now(), Instant::from_millis({}), \"a shorter run exists\");\n",
                self.puzzle.bounds[1]
            );
        }
        text + "}\n"
    }
}

/// An operation of a puzzle as Rust.
fn code(op: &Op) -> String {
    match op {
        Op::Run(time) => format!("run({})", time.as_millis()),
        Op::Send { channel, .. } => format!("Op::Send {{ channel: {channel}, count: 1 }}"),
        Op::Receive(channel) => format!("Op::Receive({channel})"),
        Op::ReadFlag(_) => "Op::ReadFlag(0)".to_owned(),
        Op::WaitFlag(_) => "Op::WaitFlag(0)".to_owned(),
        _ => "Op::RaiseFlag(0)".to_owned(),
    }
}
