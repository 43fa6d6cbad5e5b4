//! Runs the real program with nobody reading what it says.

use std::path::PathBuf;
use std::process::Command;

/// A pipe that nobody reads any more, as after `| head -1`.
fn closed() -> std::io::PipeWriter {
    std::io::pipe().unwrap().1
}

/// Runs with nobody reading standard output, and says the exit code and what came on standard error.
fn unread(flags: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_figures"))
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
    let (mut command, closed) = (Command::new(env!("CARGO_BIN_EXE_figures")), closed());
    command.args(flags).stdout(closed.try_clone().unwrap());
    command.stderr(closed).status().unwrap().code()
}

#[test]
fn a_reader_who_has_read_enough_still_gets_every_figure() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("unread");
    let flags = ["--out", folder.to_str().unwrap()];
    assert_eq!(unread(&["--help"]), (Some(0), String::new()));
    assert_eq!(unheard(&flags), Some(0));
    for entry in labs::ALL {
        assert!(
            folder.join(format!("{}.svg", entry.id)).exists(),
            "{}",
            entry.id
        );
    }
    assert_eq!(unheard(&["--theme", "sepia"]), Some(2));
}
