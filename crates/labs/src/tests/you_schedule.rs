//! The reader as scheduler: what is reachable, what choosing and undoing do, and the test that comes out of it.

use std::collections::BTreeMap;

use clock::Instant;

use super::{knob, open};
use crate::lab::Lab;
use crate::tape::Tape;
use crate::you_schedule::YouSchedule;
use crate::{AnyRun, Run};

const LAB: &str = "you-schedule";
const DEADLOCK: &str = "Deadlock: tasks 0 and 1 wait for each other.";
const LOST: &str = "Lost wake-up: task 0 sleeps, and the signal is over.";
const FASTEST: &str = "no order is faster.";
const WANTED: [&str; 3] = [DEADLOCK, LOST, FASTEST];
/// Seeds that every puzzle is tried on.
const SEEDS: u64 = 40;

/// A line of play: the lab, its tape, and the tasks chosen.
#[derive(Clone)]
struct Play {
    lab: YouSchedule,
    tape: Tape,
    chosen: Vec<usize>,
}

impl Play {
    fn new(goal: usize, seed: u64) -> Self {
        let mut params = <YouSchedule as Lab>::Params::default();
        (YouSchedule::KNOBS[0].set)(&mut params, goal as f64);
        Self {
            lab: YouSchedule::new(&params, seed),
            tape: Tape::new(2),
            chosen: Vec::new(),
        }
    }

    fn now(&self) -> Instant {
        let events = self.tape.events();
        events.last().map_or(Instant::ZERO, |event| event.at)
    }

    /// Every way to the end, with what the lab says there.
    fn ends(mut self, told: &mut Vec<(Vec<usize>, String)>) {
        while Lab::next_at(&self.lab).is_some() {
            Lab::step(&mut self.lab, &mut self.tape);
        }
        let choices = Lab::choices(&self.lab).expect("it waits for its reader");
        if choices == 0 {
            let summary = Lab::frame(&self.lab, self.now(), &self.tape).summary;
            told.push((self.chosen, summary));
            return;
        }
        for task in (0..32).filter(|task| choices & 1 << task != 0) {
            let mut next = self.clone();
            // The last event need not be of this instant, and the lab takes its own time.
            let now = next.now();
            Lab::act(&mut next.lab, now, task, &mut next.tape);
            next.chosen.push(task);
            next.ends(told);
        }
    }
}

fn ends(goal: usize, seed: u64) -> Vec<(Vec<usize>, String)> {
    let mut told = Vec::new();
    Play::new(goal, seed).ends(&mut told);
    told
}

#[test]
fn every_goal_can_be_reached_and_not_by_every_schedule() {
    for (goal, wanted) in WANTED.into_iter().enumerate() {
        for seed in 1..=SEEDS {
            let told = ends(goal, seed);
            let reached = told
                .iter()
                .filter(|(_, told)| told.contains(wanted))
                .count();
            assert!(reached > 0, "goal {goal}, seed {seed}: {} ways", told.len());
            assert!(reached < told.len(), "goal {goal}, seed {seed}: every way");
        }
    }
}

#[test]
fn taking_the_tasks_in_the_order_of_their_numbers_breaks_nothing() {
    for (goal, wanted) in WANTED.into_iter().enumerate().take(2) {
        for seed in 1..=SEEDS {
            let mut run = puzzle(goal, seed);
            while let Some(task) = first(&*run) {
                run.act(task);
                run.finish();
            }
            assert!(
                !run.frame().summary.contains(wanted),
                "goal {goal}, seed {seed}"
            );
        }
    }
}

#[test]
fn a_puzzle_that_goes_wrong_leaves_tasks_for_ever_and_one_that_does_not_ends_them_all() {
    for (goal, wanted) in WANTED.into_iter().enumerate().take(2) {
        for (chosen, told) in ends(goal, 7) {
            let mut run = played(goal, 7, &chosen);
            run.finish();
            let ended = counter(&*run, "ended");
            assert_eq!(ended < 5.0, told.contains(wanted), "{chosen:?}: {told}");
        }
    }
}

#[test]
fn the_best_and_the_worst_run_shown_are_those_of_all_orders() {
    for seed in 1..=SEEDS {
        let spans: BTreeMap<u64, usize> = (ends(2, seed).iter())
            .map(|(_, told)| (after(told, "done after "), 0))
            .collect();
        let (_, told) = &ends(2, seed)[0];
        let (best, worst) = (after(told, "best order "), after(told, "worst "));
        assert_eq!(spans.keys().next(), Some(&best), "seed {seed}: {told}");
        assert_eq!(spans.keys().last(), Some(&worst), "seed {seed}: {told}");
        assert!(after(told, "lower bound ") <= best, "seed {seed}");
        assert!(
            (best..=worst).contains(&after(told, "longest first ")),
            "seed {seed}"
        );
    }
}

/// The number that stands behind these words.
fn after(text: &str, words: &str) -> u64 {
    let (_, rest) = text.split_once(words).expect("the words stand there");
    let end = rest
        .find(|letter: char| !letter.is_ascii_digit())
        .expect("more follows");
    rest[..end].parse().expect("a number")
}

#[test]
fn undoing_gives_back_the_exact_log_choice_by_choice() {
    for (goal, wanted) in WANTED.into_iter().enumerate() {
        let chosen = way(goal, 7, wanted);
        let mut run = puzzle(goal, 7);
        let mut before = Vec::new();
        for &task in &chosen {
            before.push((run.hash_here(), run.now(), run.frame(), run.acted().len()));
            run.act(task);
            run.finish();
            while run.look_ahead(1_000) {}
        }
        for expected in before.into_iter().rev() {
            assert!(run.undo());
            let here = (run.hash_here(), run.now(), run.frame(), run.acted().len());
            assert_eq!(here, expected, "goal {goal}");
            assert_eq!(
                run.seen(),
                run.now(),
                "nothing of what was undone stays in sight"
            );
        }
        assert!(!run.undo(), "nothing was done before the first choice");
        assert_eq!(played(goal, 7, &chosen).finish(), again(run, &chosen));
    }
}

fn again(mut run: Box<dyn AnyRun>, chosen: &[usize]) -> u64 {
    play(&mut *run, chosen);
    run.finish()
}

#[test]
fn undoing_in_the_past_takes_back_the_last_choice_before_it() {
    let chosen = way(0, 7, DEADLOCK);
    let mut run = played(0, 7, &chosen);
    run.finish();
    run.seek(Instant::ZERO);
    // Both workers were asked at the start.
    assert!(run.undo());
    assert_eq!(
        run.acted().len(),
        1,
        "the later choices are forgotten with it"
    );
    assert!(
        run.choices()
            .is_some_and(|choices| choices & 1 << chosen[1] != 0)
    );
}

#[test]
fn undoing_takes_back_an_action_of_any_lab() {
    let mut run = open("one-bucket", 7);
    run.seek(Instant::from_millis(2_000));
    let before = (run.hash_here(), run.frame());
    run.act(0);
    run.seek(Instant::from_millis(6_000));
    assert!(run.undo());
    assert_eq!(run.now(), Instant::from_millis(2_000));
    assert_eq!((run.hash_here(), run.frame()), before);
}

#[test]
fn the_clock_stands_while_a_worker_asks_and_goes_on_with_a_choice() {
    let mut run = open(LAB, 7);
    run.seek(Instant::from_millis(10));
    assert_eq!(run.now(), Instant::ZERO);
    assert_eq!(run.choices(), Some(0b1_1111), "all five tasks are ready");
    run.act(2);
    run.advance(core::time::Duration::from_millis(5));
    assert_eq!(run.now(), Instant::ZERO, "the other worker asks, too");
    assert_eq!(run.choices(), Some(0b1_1011));
    run.act(2);
    assert_eq!(
        run.choices(),
        Some(0b1_1011),
        "a task that is not ready cannot be chosen"
    );
    run.act(3);
    assert_eq!(run.choices(), Some(0), "both work");
    run.finish();
    assert!(run.now() > Instant::ZERO);
    assert_ne!(run.choices(), Some(0), "one of them has ended its task");
}

#[test]
fn another_goal_begins_without_the_choices_made_for_the_last_one() {
    let mut run = played(0, 7, &way(0, 7, DEADLOCK));
    knob(&mut *run, "goal", 1.0);
    assert_eq!(run.acted(), []);
    assert_eq!(run.now(), Instant::ZERO);
    assert_eq!(counter(&*run, "choices"), 0.0);
}

#[test]
fn going_back_and_forth_over_choices_repeats_them() {
    let chosen = way(1, 7, LOST);
    let mut run = played(1, 7, &chosen);
    let hash = run.finish();
    let frame = run.frame();
    for micros in [0, 1_000, 4_500, 39_000] {
        run.seek(Instant::from_nanos(micros * 1_000));
        let here = run.frame();
        let mut fresh = played(1, 7, &chosen);
        fresh.seek(Instant::from_nanos(micros * 1_000));
        assert_eq!(here, fresh.frame(), "at {micros} µs");
    }
    while run.step_back() {}
    while run.step() {}
    assert_eq!((run.finish(), run.frame()), (hash, frame));
}

/// What stands in a test that is known to fail.
const FAILS: &str = "#[test]\n#[should_panic = \"tasks that wait for ever\"]\n";

#[test]
fn the_exported_tests_are_those_that_fail_in_the_schedulers_crate() {
    let kept = [
        include_str!("../../../schedulers/tests/deadlock_found.rs"),
        include_str!("../../../schedulers/tests/wake_up_lost.rs"),
    ];
    for (goal, kept) in kept.into_iter().enumerate() {
        let mut run = played(goal, 1, &way(goal, 1, WANTED[goal]));
        run.finish();
        let test = run.test().expect("this lab makes tests");
        assert_eq!(test.replace("#[test]\n", FAILS), kept, "goal {goal}");
    }
}

#[test]
fn the_test_of_the_last_goal_asks_for_the_shortest_run() {
    let mut run = played(2, 1, &way(2, 1, FASTEST));
    run.finish();
    let summary = run.frame().summary;
    let best = after(&summary, "done after ");
    let test = run.test().expect("this lab makes tests");
    let line = format!("assert_eq!(machine.now(), Instant::from_millis({best}), ");
    assert!(test.contains(&line), "{test}");
}

/// A puzzle at its first question.
fn puzzle(goal: usize, seed: u64) -> Box<dyn AnyRun> {
    let mut run: Box<dyn AnyRun> = Box::new(Run::<YouSchedule>::new(Default::default(), seed));
    run.set_knob(0, goal as f64);
    run.seek(Instant::ZERO);
    run
}

/// The same after these choices.
fn played(goal: usize, seed: u64, chosen: &[usize]) -> Box<dyn AnyRun> {
    let mut run = puzzle(goal, seed);
    play(&mut *run, chosen);
    run
}

fn play(run: &mut dyn AnyRun, chosen: &[usize]) {
    for &task in chosen {
        run.finish();
        run.act(task);
    }
}

/// The first schedule that leads to what is wanted.
fn way(goal: usize, seed: u64, wanted: &str) -> Vec<usize> {
    let ends = ends(goal, seed);
    let way = ends.into_iter().find(|(_, told)| told.contains(wanted));
    way.expect("it can be reached").0
}

fn first(run: &dyn AnyRun) -> Option<usize> {
    let choices = run.choices().filter(|&choices| choices != 0)?;
    Some(choices.trailing_zeros() as usize)
}

fn counter(run: &dyn AnyRun, label: &str) -> f64 {
    let counters = run.frame().counters;
    let counter = counters.iter().find(|counter| counter.label == label);
    counter.expect("the lab has this counter").value
}
