//! Runs the real programs with nobody reading what they say.

use std::process::Command;

/// A pipe that nobody reads any more, as after `| head -1`.
fn closed() -> std::io::PipeWriter {
    std::io::pipe().unwrap().1
}

/// Runs with nobody reading anything, and says the exit code.
fn unheard(program: &str, flags: &[&str]) -> Option<i32> {
    let closed = closed();
    let mut command = Command::new(program);
    command.args(flags).stdout(closed.try_clone().unwrap());
    command.stderr(closed).status().unwrap().code()
}

#[test]
fn a_reader_who_has_read_enough_ends_the_program_quietly() {
    let program = env!("CARGO_BIN_EXE_exercises");
    let flags = ["token-bucket", "--solution"];
    let output = Command::new(program)
        .args(flags)
        .stdout(closed())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), said.as_str()), (Some(0), ""));
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
