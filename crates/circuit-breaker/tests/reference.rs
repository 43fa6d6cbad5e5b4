//! Replays recordings of the originals: every decision, every state and every count must be the same.

fn check(model: &str, text: &str, sequences: usize) {
    let model = conform::find(model).unwrap();
    let outcome = (model.replay)(text).unwrap();
    assert!(outcome.differences.is_empty(), "{outcome}");
    assert_eq!(outcome.passed, sequences);
}

#[test]
fn hystrix_decides_as_hystrix_go() {
    check("hystrix", include_str!("data/breaker_hystrix_go.json"), 23);
}

#[test]
fn gobreaker_decides_as_sony_gobreaker() {
    check(
        "gobreaker",
        include_str!("data/breaker_gobreaker_v2.json"),
        22,
    );
}

#[test]
fn resilience4j_decides_as_resilience4j() {
    check(
        "resilience4j",
        include_str!("data/breaker_resilience4j.json"),
        21,
    );
}
