//! A challenge stands in the page as the engine has it.

use crate::fill;

/// The problems of a source, as `line: message`.
fn problems(source: &str) -> Vec<String> {
    let found = fill(source).1.into_iter();
    found
        .map(|problem| format!("{}: {}", problem.line, problem.message))
        .collect()
}

#[test]
fn every_challenge_is_filled_with_its_goals_and_exactly_the_knobs_it_allows() {
    for challenge in labs::CHALLENGES {
        let (page, found) = fill(&format!(
            "<hd-challenge name=\"{}\"></hd-challenge>",
            challenge.id
        ));
        assert_eq!(found, []);
        for goal in challenge.goals {
            assert!(page.contains(&format!("<li>{}</li>", goal.label)), "{page}");
            assert!(!page.contains(goal.query), "the query is the engine's own");
        }
        assert_eq!(page.matches("data-knob=").count(), challenge.knobs.len());
        for knob in challenge.knobs {
            assert!(page.contains(&format!("data-knob=\"{knob}\"")));
        }
        assert!(page.contains(&format!("data-needed=\"{}\"", challenge.needed)));
    }
}

#[test]
fn the_sliders_have_the_ranges_of_the_lab_and_a_logarithmic_one_stands_by_its_logarithm() {
    let (page, _) = fill("<hd-challenge name=\"newsletter\"></hd-challenge>");
    assert!(page.contains(
        "min=\"1\" max=\"200\" step=\"1\" value=\"50\" id=\"challenge-newsletter-burst\""
    ));
    // A rate of 10 on a scale from 1 to 10,000 is a quarter of the way.
    assert!(
        page.contains("step=\"any\" value=\"0.25\" data-log=\"1,10000\" data-value=\"10\""),
        "{page}"
    );
    assert!(page.contains("cargo xtask challenge newsletter --knob rate=10 --knob burst=50"));
    assert!(page.contains("data-given=\"offered=8,opening=80,arrivals=1\""));
}

#[test]
fn a_filled_challenge_has_no_blank_line_inside_which_would_end_it_in_markdown() {
    let (page, _) = fill("<hd-challenge name=\"newsletter\"></hd-challenge>");
    assert!(!page.trim().contains("\n\n"));
    // Markdown takes a tag of an unknown name for a block only when it stands alone on its line.
    assert!(
        page.trim()
            .lines()
            .next()
            .is_some_and(|line| line.ends_with('>') && line.matches('<').count() == 1)
    );
}

#[test]
fn an_unknown_challenge_is_named_with_its_line_and_the_known_ones() {
    let found = problems("\n<hd-challenge name=\"letters\"></hd-challenge>");
    let known: Vec<&str> = labs::CHALLENGES.iter().map(|known| known.id).collect();
    let known = known.join(", ");
    let expected = format!("2: there is no challenge \"letters\"; there are {known}");
    assert_eq!(found, [expected]);
}

#[test]
fn a_challenge_twice_on_a_page_or_with_a_text_of_its_own_is_refused() {
    let twice = "<hd-challenge name=\"newsletter\"></hd-challenge>\n".repeat(2);
    assert_eq!(
        problems(&twice),
        ["2: the challenge \"newsletter\" already stands in line 1"]
    );
    let text = problems("<hd-challenge name=\"newsletter\">Try it.</hd-challenge>");
    assert_eq!(text.len(), 1);
    assert!(text[0].contains("has the engine's own text"), "{text:?}");
}
