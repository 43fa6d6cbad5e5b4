//! Attributes of a lab's element.

use clock::Instant;

use crate::setup::{Attributes, Setup};

fn read(change: impl FnOnce(&mut Attributes)) -> Setup {
    let mut attributes = Attributes {
        lab: "one-bucket".into(),
        ..Attributes::default()
    };
    change(&mut attributes);
    Setup::read(&attributes)
}

#[test]
fn without_attributes_everything_is_the_labs_default() {
    let setup = read(|_| ());
    assert!(setup.problems.is_empty());
    assert_eq!((setup.seed, setup.at), (1, Instant::ZERO));
    assert_eq!(setup.knobs, setup.defaults);
    assert_eq!(setup.shown, (0..setup.knobs.len()).collect::<Vec<_>>());
}

#[test]
fn good_attributes_are_used() {
    let run = labs::find("one-bucket").expect("a lab").open(1);
    let (spec, _) = run.knobs()[0];
    let setup = read(|attributes| {
        attributes.seed = "18446744073709551615".into();
        attributes.at = "0.5".into();
        attributes.knobs = format!(" {} = {} ", spec.id, spec.range.max());
        attributes.show = Some(spec.id.into());
    });
    assert!(setup.problems.is_empty(), "{:?}", setup.problems);
    assert_eq!(
        (setup.seed, setup.at),
        (u64::MAX, Instant::from_millis(500))
    );
    assert_eq!(
        (setup.knobs[0], &setup.shown[..]),
        (spec.range.max(), &[0][..])
    );
    let opened = setup.open();
    assert_eq!(
        (opened.now(), opened.knobs()[0].1),
        (setup.at, spec.range.max())
    );
}

#[test]
fn an_empty_list_shows_no_knob_at_first() {
    assert!(
        read(|attributes| attributes.show = Some(String::new()))
            .shown
            .is_empty()
    );
}

#[track_caller]
fn check(word: &str, change: impl FnOnce(&mut Attributes)) {
    let setup = read(change);
    assert_eq!(setup.problems.len(), 1, "{:?}", setup.problems);
    let sentence = &setup.problems[0];
    assert!(
        sentence.contains(word) && sentence.ends_with('.') && sentence.len() < 200,
        "{sentence}"
    );
    assert_eq!((setup.seed, setup.at), (1, Instant::ZERO));
    assert_eq!(setup.knobs, setup.defaults);
}

#[test]
fn each_bad_attribute_costs_one_sentence_and_gives_its_default() {
    let knob = labs::find("one-bucket").expect("a lab").open(1).knobs()[0]
        .0
        .id;
    check("lab", |attributes| attributes.lab = "no-such-lab".into());
    check("seed", |attributes| attributes.seed = "-3".into());
    check("seed", |attributes| attributes.seed = "9".repeat(500));
    check("moment", |attributes| attributes.at = "NaN".into());
    check("moment", |attributes| attributes.at = "1e9".into());
    check("value", |attributes| {
        attributes.knobs = format!("{knob}=-1e300")
    });
    check("value", |attributes| {
        attributes.knobs = format!("{knob}=NaN")
    });
    check("value", |attributes| attributes.knobs = knob.to_owned());
    check("setting", |attributes| {
        attributes.knobs = "no-such-knob=1".into()
    });
    check("setting", |attributes| {
        attributes.show = Some("no-such-knob".into())
    });
}
