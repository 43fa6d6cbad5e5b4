//! The numbers in the prose are those of the runs it speaks of.

use std::sync::LazyLock;

use clock::Instant;
use labs::{AnyRun, Query};

const RATE_LIMITING: &str = include_str!("../../../../src/scalability/rate-limiting.md");
const CIRCUIT_BREAKING: &str = include_str!("../../../../src/scalability/circuit-breaking.md");
const OUTPUT: &str = include_str!("../../../../src/scalability/rate-limiting/output.txt");

/// The lab as a page opens it.
fn lab(id: &str, seed: u64) -> Box<dyn AnyRun> {
    labs::find(id).expect("the page names it").open(seed)
}

/// What a reader of the page sees: its elements filled, without their tags.
static SEEN: LazyLock<String> = LazyLock::new(|| {
    let filled = crate::fill(RATE_LIMITING).0;
    let mut seen = String::new();
    for part in filled.split('<') {
        seen.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    seen
});

/// The page says so, word for word.
fn said(words: &str) {
    assert!(SEEN.contains(words), "the page does not say: {words}");
}

/// A number of the frame at this moment, by its label.
fn counter(run: &mut dyn AnyRun, secs: f64, label: &str) -> f64 {
    run.seek(Instant::from_secs_f64(secs));
    let frame = run.frame();
    let found = frame.counters.iter().find(|counter| counter.label == label);
    found
        .unwrap_or_else(|| panic!("no counter {label} in {:?}", frame.counters))
        .value
}

#[test]
fn one_bucket_does_what_the_page_says() {
    let mut run = lab("one-bucket", 7);
    let run = &mut *run;
    said(&format!(
        "held {:.1} tokens when the burst came",
        counter(run, 0.999, "in the bucket")
    ));
    said(&format!(
        "the count is {} admitted",
        counter(run, 30.0, "admitted")
    ));
    let events = run.tape().events();
    let empty = events
        .iter()
        .find(|event| run.kinds()[usize::from(event.kind)].name == "bucket empty");
    let at = empty.expect("it runs empty").at.as_nanos() / 1_000_000;
    said(&format!("{} ms later it was empty", at - 1_000));
}

#[test]
fn no_seed_admits_more_than_the_burst_and_the_refill() {
    for seed in 1..=100 {
        let admitted = counter(&mut *lab("one-bucket", seed), 30.0, "admitted");
        assert!(admitted <= 350.0, "seed {seed} admitted {admitted}");
    }
    said("can admit more than 350");
}

#[test]
fn a_burst_knob_of_100_passes_the_newsletter_whole() {
    let mut run = lab("one-bucket", 7);
    let burst = run
        .knobs()
        .iter()
        .position(|(spec, _)| spec.id == "burst")
        .expect("a knob");
    run.set_knob(burst, 100.0);
    assert_eq!(counter(&mut *run, 1.08, "rejected"), 0.0);
}

#[test]
fn the_captured_output_is_what_the_page_makes_of_it() {
    let admitted = OUTPUT
        .lines()
        .find(|line| line.starts_with("admitted"))
        .expect("a row");
    let admitted = admitted.split_whitespace().nth(1).expect("a number");
    said(&format!("**{admitted} admitted.**"));
    assert!(OUTPUT.contains("decides 0 of the server's"));
    said("**0 decided differently.**");
}

/// The times, in nanoseconds, of the entries of this kind.
fn times(run: &dyn AnyRun, name: &str, nth: usize) -> Vec<u64> {
    let kinds = run
        .kinds()
        .iter()
        .enumerate()
        .filter(|(_, kind)| kind.name == name);
    let kind = kinds
        .map(|(index, _)| index)
        .nth(nth)
        .expect("the lab has such a kind");
    let events = run
        .tape()
        .events()
        .iter()
        .filter(|event| usize::from(event.kind) == kind);
    events.map(|event| event.at.as_nanos()).collect()
}

/// The most of these times that lie within one second.
fn most_in_a_second(times: &[u64]) -> usize {
    let within = |end: &u64| {
        times
            .iter()
            .filter(|&at| at <= end && at + 1_000_000_000 > *end)
            .count()
    };
    times.iter().map(within).max().unwrap_or(0)
}

#[test]
fn six_algorithms_do_what_the_table_says() {
    let mut run = lab("six-algorithms", 7);
    run.finish();
    let arrived = times(&*run, "arrival", 0).len();
    said(&format!("Passed of {arrived}"));
    // What a queue admits has passed when it leaves.
    for (row, kind) in [
        ("token bucket", "token bucket"),
        ("GCRA", "GCRA"),
        ("leaky bucket (queue)", "leaves queue"),
        ("fixed window", "fixed window"),
        ("sliding log", "sliding log"),
        ("sliding counter", "sliding counter"),
    ] {
        let passed = times(&*run, kind, 0);
        let begin = format!("| {row} |");
        let line = RATE_LIMITING
            .lines()
            .find(|line| line.starts_with(&begin))
            .expect("a row");
        let end = format!("| {} | {} |", passed.len(), most_in_a_second(&passed));
        assert!(line.ends_with(&end), "{line} should end with {end}");
    }
    let first = times(&*run, "burst", 0)[0] as f64 / 1e9;
    said(&format!("The first burst begins at {first:.3} s."));
}

#[test]
fn across_the_edge_the_fixed_window_passes_twice_its_limit() {
    let mut run = lab("six-algorithms", 7);
    said(&format!(
        "By 1.2 s the fixed window has passed {}",
        counter(&mut *run, 1.2, "fixed window, most")
    ));
    said(&format!(
        "The sliding log has passed {}.",
        counter(&mut *run, 1.2, "sliding log, most")
    ));
    assert_eq!(
        counter(&mut *run, 1.2, "sliding log"),
        80.0,
        "bytes of the log in the table"
    );
}

#[test]
fn reserving_and_waiting_does_what_the_page_says() {
    let mut run = lab("reserve-and-wait", 7);
    said(&format!(
        "At 2.1 s {} requests",
        counter(&mut *run, 2.1, "waiting")
    ));
    said(&format!(
        "the bucket owes {:.1} tokens",
        -counter(&mut *run, 2.1, "in the bucket")
    ));
    run.finish();
    said(&format!(
        "at once, {} times in this run",
        times(&*run, "refused", 0).len()
    ));
    let unused = times(&*run, "slot unused", 0).len();
    said(&format!(
        "nobody there, {unused} times in this run, which at 10 a second is {:.1} seconds",
        unused as f64 / 10.0
    ));
    let default = |id: &str| {
        run.knobs()
            .iter()
            .find(|(spec, _)| spec.id == id)
            .expect("a knob")
            .1
    };
    let knobs = [
        "rate",
        "burst",
        "offered",
        "burst-size",
        "deadline",
        "with-deadline",
        "cancelled",
    ];
    assert_eq!(
        knobs.map(default),
        [10.0, 5.0, 9.0, 15.0, 1_000.0, 50.0, 15.0],
        "as the page introduces it"
    );
}

#[test]
fn under_poisson_arrivals_the_bucket_spends_what_quiet_moments_saved() {
    let mut run = lab("six-algorithms", 7);
    let arrivals = run
        .knobs()
        .iter()
        .position(|(spec, _)| spec.id == "arrivals")
        .expect("a knob");
    run.set_knob(arrivals, 1.0);
    run.finish();
    let (bucket, log) = (
        times(&*run, "token bucket", 0),
        times(&*run, "sliding log", 0),
    );
    let arrived = times(&*run, "arrival", 0).len();
    let most = most_in_a_second(&bucket);
    said(&format!(
        "the most, {} of {arrived}, up to {most} of them in one second",
        bucket.len()
    ));
    said(&format!(
        "the log passes {}, and never more than {}",
        log.len(),
        most_in_a_second(&log)
    ));
}

/// In how many of the seeds 1 to 30 each of these lines has this mean or more over the last ten seconds, with so many attempts.
fn reach_150(lines: &[&str], attempts: f64) -> Vec<usize> {
    let queries: Vec<Query> = (lines.iter())
        .map(|line| Query::parse(&format!("mean({line}, 30..40) >= 150")).expect("a query"))
        .collect();
    let mut reached = vec![0; lines.len()];
    for seed in 1..=30 {
        let mut run = lab("shedding", seed);
        let knob = run
            .knobs()
            .iter()
            .position(|(spec, _)| spec.id == "attempts")
            .expect("a knob");
        run.set_knob(knob, attempts);
        for (count, query) in reached.iter_mut().zip(&queries) {
            let answer = query.ask(&mut *run).expect("an answer");
            *count += usize::from(answer.holds == Some(true));
        }
    }
    reached
}

/// A query asks one line of a run, and a build would make the 30 runs for each of the sixteen figures; here they are made once.
#[test]
fn over_30_seeds_the_services_turn_away_as_the_table_says() {
    let lines = [
        "long queue",
        "short queue",
        "queue delay",
        "CoDel",
        "priority",
        "AIMD",
        "Gradient2",
        "Vegas",
    ];
    let (once, thrice) = std::thread::scope(|scope| {
        let once = scope.spawn(|| reach_150(&lines, 1.0));
        let thrice = reach_150(&lines, 3.0);
        (once.join().expect("it counts"), thrice)
    });
    for (nth, line) in lines.iter().enumerate() {
        let asked = format!("knobs=\"attempts=3\" ask=\"mean({line}, 30..40)\"");
        let row = CIRCUIT_BREAKING
            .lines()
            .find(|row| row.starts_with("| ") && row.contains(&asked))
            .expect("a row");
        let end = format!("| {} | {} |", once[nth], thrice[nth]);
        assert!(row.ends_with(&end), "{row} should end with {end}");
    }
}

/// The runs of a recorded output are of the clock on the wall: what the page says of them is what stands there.
#[test]
fn the_breakers_output_is_what_the_page_makes_of_it() {
    let output = include_str!("../../../../src/scalability/circuit-breaking/output.txt");
    let all = output.split("in all\n").nth(1).expect("the sum");
    let calls = |name: &str| {
        let row = all.lines().find(|row| row.trim().starts_with(name));
        let row = row.expect("a row").split_whitespace();
        let digits = row.last().expect("a number").to_owned();
        match digits.len() {
            4 => format!("{},{}", &digits[..1], &digits[1..]),
            _ => digits,
        }
    };
    let reach = format!("{} instead of {}", calls("resilience4j"), calls("without"));
    assert!(CIRCUIT_BREAKING.contains(&reach), "{reach}");
}
