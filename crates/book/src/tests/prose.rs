//! The numbers in the prose are those of the runs it speaks of.

use clock::Instant;
use labs::AnyRun;

const RATE_LIMITING: &str = include_str!("../../../../src/scalability/rate-limiting.md");
const OUTPUT: &str = include_str!("../../../../src/scalability/rate-limiting/output.txt");

/// The lab as a page opens it.
fn lab(id: &str, seed: u64) -> Box<dyn AnyRun> {
    labs::find(id).expect("the page names it").open(seed)
}

/// The page says so, word for word.
fn said(words: &str) {
    assert!(
        RATE_LIMITING.contains(words),
        "the page does not say: {words}"
    );
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
        "this run {} requests",
        counter(run, 1.08, "rejected")
    ));
    said(&format!("and {} had been", counter(run, 1.08, "admitted")));
    said(&format!(
        "the count is {} admitted",
        counter(run, 30.0, "admitted")
    ));
    let events = run.tape().events();
    let empty = events
        .iter()
        .find(|event| run.kinds()[usize::from(event.kind)].name == "bucket empty");
    let at = empty.expect("it runs empty").at.as_nanos() / 1_000_000;
    said(&format!("and {} ms later it was empty", at - 1_000));
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
