//! A challenge can be met and can be failed, and its judge is fair.

use crate::challenge::{CHALLENGES, Challenge, Judged, SEEDS, Verdict, challenge};
use crate::query::Query;

fn verdict(challenge: &Challenge, settings: &[(&str, f64)]) -> Verdict {
    let settings: Vec<(String, f64)> = settings
        .iter()
        .map(|&(id, value)| (id.to_owned(), value))
        .collect();
    let mut verdict = Verdict::default();
    for nth in 0..SEEDS {
        verdict.add(challenge.judge(&settings, Challenge::seed(nth)));
    }
    verdict
}

#[test]
fn every_challenge_names_a_lab_with_its_knobs_and_goals_that_can_be_asked() {
    for challenge in CHALLENGES {
        let mut run = challenge.open(&[], 1);
        for &id in challenge.knobs {
            assert!(
                run.knobs().iter().any(|(spec, _)| spec.id == id),
                "{}: {id}",
                challenge.id
            );
        }
        for goal in challenge.goals {
            let answer = Query::parse(goal.query).and_then(|query| query.ask(&mut *run));
            assert!(
                answer.as_ref().is_ok_and(|answer| answer.holds.is_some()),
                "{}: {answer:?}",
                goal.query
            );
        }
        assert!(challenge.needed <= SEEDS && challenge.needed > 0);
    }
}

#[test]
fn no_challenge_is_met_by_its_default_settings() {
    for challenge in CHALLENGES {
        let verdict = verdict(challenge, &[]);
        assert!(
            verdict.met < challenge.needed,
            "{}: {} met",
            challenge.id,
            verdict.met
        );
        assert!(
            verdict.worst.is_some(),
            "{} names the worst run",
            challenge.id
        );
    }
}

#[test]
fn the_newsletter_can_be_met() {
    let challenge = challenge("newsletter").expect("it is listed");
    // A search over the two knobs found a narrow ridge; this is on it, and the article's 10 and 50 are not.
    let good = verdict(challenge, &[("rate", 12.0), ("burst", 58.0)]);
    assert!(good.met >= challenge.needed, "{good:?}");
    let article = verdict(challenge, &[("rate", 10.0), ("burst", 50.0)]);
    assert!(article.met < 50, "{article:?}");
}

#[test]
fn settings_that_may_not_be_turned_are_ignored() {
    let challenge = challenge("newsletter").expect("it is listed");
    let cheating = [("opening".to_owned(), 0.0)];
    assert_eq!(challenge.judge(&cheating, 5), challenge.judge(&[], 5));
}

#[test]
fn the_worst_run_is_the_one_that_misses_by_most() {
    let judged = |seed, miss| Judged {
        seed,
        goals: vec![(1.0, miss == 0.0)],
        miss,
    };
    let mut verdict = Verdict::default();
    for (seed, miss) in [(1, 0.0), (2, 0.3), (3, 0.5), (4, 0.5)] {
        verdict.add(judged(seed, miss));
    }
    assert_eq!((verdict.met, verdict.runs), (1, 4));
    assert_eq!(verdict.worst.map(|worst| worst.seed), Some(3));
}
