//! Many tasks that sleep: bounds on the end of the run, and what so many cost.

use clock::Instant;
use schedulers::Costs;

use crate::{AnyRun, Query};

/// The lab on a runtime (0 Go, 1 tokio, 2 threads) with other knobs.
fn lab(runtime: f64, knobs: &[(&str, f64)]) -> Box<dyn AnyRun> {
    let mut run = crate::find("hundred-thousand")
        .expect("it is registered")
        .open(7);
    let specs = run.knobs();
    for &(id, value) in [("runtime", runtime)].iter().chain(knobs) {
        let place = specs.iter().position(|(spec, _)| spec.id == id);
        run.set_knob(place.expect("it has this knob"), value);
    }
    run
}

fn ask(run: &mut dyn AnyRun, query: &str) -> f64 {
    let query = Query::parse(query).expect("it is a query");
    query.ask(run).expect("the run answers").value
}

#[test]
fn the_last_is_done_no_earlier_than_one_starter_and_one_sleep_allow() {
    for (runtime, costs) in [Costs::GO, Costs::TOKIO, Costs::THREADS]
        .into_iter()
        .enumerate()
    {
        let mut run = lab(runtime as f64, &[]);
        let done = ask(&mut *run, "counter(all done after, 6)");
        // One task starts all, one after the other; the last then sleeps.
        let least = 100_000.0 * costs.create.as_secs_f64() + 0.1;
        // Were four processors to do all that is to be done one after the other, it would take so long at the most.
        let each = costs.create + 3 * costs.switch + costs.steal;
        let most = 0.1 + 100_000.0 * (each.as_secs_f64() + 2e-6);
        assert!(
            done + 5e-4 >= least && done <= most,
            "{runtime}: {least} <= {done} <= {most}"
        );
        assert!((ask(&mut *run, "counter(done, 6)") - 100_000.0).abs() < 0.5);
    }
}

#[test]
fn so_much_memory_is_used_as_tasks_are_alive_at_once() {
    // They sleep for longer than it takes to start them all, so that all are alive at once.
    for (runtime, costs) in [Costs::GO, Costs::TOKIO].into_iter().enumerate() {
        let mut run = lab(runtime as f64, &[("sleep", 1_000.0)]);
        let expected = 100_001.0 * costs.task_bytes as f64 / 1e6;
        let used = ask(&mut *run, "counter(in memory, 2)");
        assert!(
            used >= expected.floor() && used < expected + 1.0,
            "{used} for {expected}"
        );
    }
    // Threads: the first ones are done when the last are started, unless they sleep longer.
    let brief = ask(&mut *lab(2.0, &[]), "counter(in memory, 6)");
    let long = ask(
        &mut *lab(2.0, &[("sleep", 5_000.0)]),
        "counter(in memory, 6)",
    );
    assert!(
        (3_600.0..3_602.0).contains(&long),
        "{long} MB of 36 KB each"
    );
    assert!(brief < long / 30.0, "{brief} MB");
}

#[test]
fn the_log_follows_a_few_and_a_seek_ends_where_the_run_was() {
    let mut run = lab(0.0, &[]);
    run.finish();
    assert!(run.tape().events().len() < 1_000);
    let moment = Instant::from_millis(120);
    run.seek(moment);
    let seen = run.frame();
    run.seek(Instant::from_secs_f64(6.0));
    run.seek(moment);
    assert_eq!(run.frame(), seen);
}
