//! Runs the real program with nobody reading what it says.

use std::process::Command;

/// A pipe that nobody reads any more, as after `| head -1`.
fn closed() -> std::io::PipeWriter {
    std::io::pipe().unwrap().1
}

/// Runs with nobody reading standard output, and says the exit code and what came on standard error.
fn unread(flags: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_conform"))
        .args(flags)
        .stdout(closed())
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Runs with nobody reading anything, and says the exit code.
fn unheard(flags: &[&str]) -> Option<i32> {
    let (mut command, closed) = (Command::new(env!("CARGO_BIN_EXE_conform")), closed());
    command.args(flags).stdout(closed.try_clone().unwrap());
    command.stderr(closed).status().unwrap().code()
}

#[test]
fn a_reader_who_has_read_enough_changes_no_verdict() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../rate-limiter/tests/data/");
    let recording = [data, "token_bucket_xtimerate.json"].concat();
    let agrees = ["token-bucket", &recording];
    assert_eq!(unread(&agrees), (Some(0), String::new()));
    assert_eq!(unheard(&agrees), Some(0));
    assert_eq!(unheard(&["guesswork", &recording]), Some(2));
}
