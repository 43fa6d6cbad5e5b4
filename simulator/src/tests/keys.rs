//! Keys.

use clock::Instant;

use crate::keys::{Focus, command, stays};
use crate::world::Command;

#[track_caller]
fn check(key: &str, shift: bool, focus: Focus, expected: Option<Command>) {
    assert_eq!(
        command(key, shift, focus),
        expected,
        "{key:?} with shift {shift} on {focus:?}"
    );
}

#[test]
fn the_figure_answers_to_every_key_of_the_lab() {
    let card = Focus::Card;
    check(" ", false, card, Some(Command::Toggle));
    check("ArrowRight", false, card, Some(Command::Step));
    check("ArrowLeft", false, card, Some(Command::StepBack));
    check("ArrowRight", true, card, Some(Command::SeekBy(1.0)));
    check("ArrowLeft", true, card, Some(Command::SeekBy(-1.0)));
    check("Home", false, card, Some(Command::Seek(Instant::ZERO)));
    check("End", false, card, Some(Command::End));
    check("[", false, card, Some(Command::Slower));
    check("]", false, card, Some(Command::Faster));
    check("s", false, card, None);
    check("Backspace", false, card, Some(Command::Undo));
    check("Tab", false, card, None);
}

#[test]
fn a_control_keeps_the_keys_that_are_its_own() {
    check(" ", false, Focus::Button, None);
    check("ArrowRight", false, Focus::Button, Some(Command::Step));
    check("ArrowDown", false, Focus::Choice, None);
    check(" ", false, Focus::Choice, None);
    check("]", false, Focus::Choice, Some(Command::Faster));
    check("Home", false, Focus::Knob(2), None);
    check(
        "ArrowUp",
        false,
        Focus::Knob(2),
        Some(Command::NudgeKnob(2, 1)),
    );
    check(
        "PageDown",
        false,
        Focus::Knob(2),
        Some(Command::NudgeKnob(2, -10)),
    );
    check(" ", false, Focus::Knob(2), Some(Command::Toggle));
    check("ArrowRight", false, Focus::Time, Some(Command::Step));
    check("PageUp", false, Focus::Time, Some(Command::SeekBy(1.0)));
    check("PageUp", false, Focus::Card, None);
}

#[test]
fn a_field_keeps_every_key() {
    for key in [
        " ",
        "[",
        "]",
        "ArrowLeft",
        "ArrowRight",
        "Home",
        "End",
        "s",
        "Enter",
    ] {
        for shift in [false, true] {
            check(key, shift, Focus::Field, None);
        }
        assert!(
            stays(key, Focus::Field),
            "{key:?} would turn the book's pages"
        );
    }
}

#[test]
fn keys_that_turn_the_books_pages_never_leave_a_lab() {
    for focus in [
        Focus::Card,
        Focus::Button,
        Focus::Time,
        Focus::Knob(0),
        Focus::Choice,
        Focus::Field,
    ] {
        assert!(
            stays("ArrowLeft", focus) && stays("ArrowRight", focus),
            "{focus:?}"
        );
    }
    assert!(stays("s", Focus::Choice));
    assert!(!stays("s", Focus::Button));
    assert!(!stays("Escape", Focus::Choice));
}
