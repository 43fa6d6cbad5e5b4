//! Questions are answered as a reader of the log would.

use crate::query::Query;
use crate::registry::find;

fn ask(query: &str) -> Result<f64, String> {
    let mut run = find("one-bucket").expect("the first lab").open(7);
    Query::parse(query)?
        .ask(&mut *run)
        .map(|answer| answer.value)
}

fn told(query: &str) -> String {
    ask(query).expect_err("it is refused")
}

#[test]
fn a_counter_and_the_log_agree() {
    assert_eq!(ask("counter(rejected, 30)"), ask("count(rejected)"));
    assert_eq!(
        ask("counter(admitted, 1.08)"),
        ask("count(admitted, 0..1.08)")
    );
}

#[test]
fn stretches_begin_with_their_first_moment_and_end_before_their_last() {
    let first = ask("time(bucket empty)").expect("it runs empty");
    assert_eq!(ask(&format!("count(bucket empty, 0..{first})")), Ok(0.0));
    assert_eq!(
        ask(&format!("count(bucket empty, {first}..30)")),
        ask("count(bucket empty)")
    );
}

#[test]
fn two_values_can_be_put_together() {
    let (admitted, rejected) = (
        ask("count(admitted)").unwrap(),
        ask("count(rejected)").unwrap(),
    );
    assert_eq!(
        ask("count(rejected) / count(admitted)"),
        Ok(rejected / admitted)
    );
    assert_eq!(ask("count(rejected) + 2.5"), Ok(rejected + 2.5));
    assert_eq!(ask("10 * knob(burst)"), Ok(500.0));
    assert_eq!(ask("max(burst) - 50"), Ok(0.0));
}

#[test]
fn a_comparison_says_whether_it_holds_and_by_how_much_it_is_missed() {
    let mut run = find("one-bucket").expect("the first lab").open(7);
    let mut answer = |query: &str| Query::parse(query).unwrap().ask(&mut *run).unwrap();
    assert_eq!(answer("knob(burst) <= 50").holds, Some(true));
    assert_eq!(answer("knob(burst) < 50").holds, Some(false));
    assert_eq!(answer("knob(burst) >= 50").holds, Some(true));
    assert_eq!(answer("knob(burst) > 50").holds, Some(false));
    assert_eq!(answer("knob(burst) = 50").holds, Some(true));
    assert_eq!(answer("knob(burst) <= 40").miss, 0.25);
    assert_eq!(answer("knob(burst) <= 50").miss, 0.0);
}

#[test]
fn the_busiest_second_is_the_burst_and_at_most_one_second_of_refill() {
    let busiest = ask("busiest(admitted, 1)").unwrap();
    assert!((50.0..=60.0).contains(&busiest), "{busiest}");
}

#[test]
fn what_cannot_be_asked_is_told_in_a_sentence() {
    assert!(told("counter(apples, 3)").contains("no counter “apples”; it has admitted"));
    assert!(told("count(apples)").contains("no entries “apples”"));
    assert!(told("line(apples, 3)").contains("no line “apples”"));
    assert!(told("knob(apples)").contains("no knob “apples”"));
    assert!(told("time(burst, 3)").contains("entry number 3"));
    assert!(told("time(bucket empty, 0)").contains("not a place"));
    assert!(told("count(admitted, 3)").contains("not a stretch"));
    assert!(told("counter(admitted, -1)").contains("no moment"));
    assert!(told("counter(admitted)").contains("needs a second argument"));
    assert!(told("guess(admitted)").contains("is not one of counter"));
    assert!(told("count(admitted) ^ 2").contains("not one of + - * /"));
    assert!(told("1 + 2 + 3").contains("too much"));
    assert!(told("count(admitted) < much").contains("not a number"));
    assert!(told("").contains("not a number"));
    assert!(told(&"(".repeat(100_000)).len() < 300);
}
