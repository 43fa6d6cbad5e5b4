//! Runs a program with nobody reading what it says; the tests of every program a reader starts share this file.

use std::process::Command;

/// A pipe that nobody reads any more, as after `| head -1`.
fn closed() -> std::io::PipeWriter {
    std::io::pipe().unwrap().1
}

/// Runs with nobody reading standard output, and says the exit code and what came on standard error.
pub(crate) fn unread(program: &str, flags: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(program);
    let output = command.args(flags).stdout(closed()).output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Runs with nobody reading anything, and says the exit code.
pub(crate) fn unheard(program: &str, flags: &[&str]) -> Option<i32> {
    let (mut command, closed) = (Command::new(program), closed());
    command.args(flags).stdout(closed.try_clone().unwrap());
    command.stderr(closed).status().unwrap().code()
}
