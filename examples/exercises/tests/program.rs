//! Runs the real programs with nobody reading what they say.

use std::process::Command;

#[path = "../../../crates/lab/tests/unread/mod.rs"]
mod unread;

use unread::{unheard, unread};

#[test]
fn a_reader_who_has_read_enough_ends_the_program_quietly() {
    let program = env!("CARGO_BIN_EXE_exercises");
    let flags = ["token-bucket", "--solution"];
    assert_eq!(unread(program, &flags), (Some(0), String::new()));
    assert_eq!(unheard(program, &flags), Some(0));
    assert_eq!(unheard(program, &["no-such-exercise"]), Some(2));
}

#[test]
fn the_checks_come_to_the_same_verdict_with_nobody_reading() {
    let program = env!("CARGO_BIN_EXE_exercise-token-bucket");
    let output = Command::new(program).output().unwrap();
    assert!(!output.stdout.is_empty());
    assert_eq!(unheard(program, &[]), output.status.code());
    assert_eq!(unheard(program, &["--guesswork"]), Some(2));
}
