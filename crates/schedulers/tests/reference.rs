//! Replays recordings of the real schedulers: each scenario's most frequent order must be an order of the model.

fn check(model: &str, text: &str, scenarios: usize) {
    let model = conform::find(model).unwrap();
    let outcome = (model.replay)(text).unwrap();
    assert!(outcome.differences.is_empty(), "{outcome}");
    assert_eq!(outcome.passed, scenarios);
}

#[test]
fn goroutines_run_in_the_order_of_go() {
    check(
        "go-scheduler",
        include_str!("data/go_scheduler_order.json"),
        11,
    );
    check(
        "go-scheduler",
        include_str!("data/go_scheduler_order_more.json"),
        14,
    );
}

#[test]
fn tasks_run_in_the_order_of_tokio() {
    check(
        "tokio-scheduler",
        include_str!("data/tokio_scheduler_order.json"),
        23,
    );
    check(
        "tokio-scheduler",
        include_str!("data/tokio_scheduler_order_more.json"),
        14,
    );
}
