//! Replays recordings of the originals: every decision, every time and every bit must be the same.

fn check(model: &str, text: &str, sequences: usize) {
    let model = conform::find(model).unwrap();
    let outcome = (model.replay)(text).unwrap();
    assert!(outcome.differences.is_empty(), "{outcome}");
    assert_eq!(outcome.passed, sequences);
}

#[test]
fn the_token_bucket_decides_as_x_time_rate() {
    check(
        "token-bucket",
        include_str!("data/token_bucket_xtimerate.json"),
        42,
    );
}

#[test]
fn waiters_fare_as_with_x_time_rate() {
    check(
        "token-bucket-wait",
        include_str!("data/token_bucket_xtimerate_wait.json"),
        12,
    );
}

#[test]
fn gcra_decides_as_governor() {
    check("gcra", include_str!("data/gcra_governor.json"), 21);
}
