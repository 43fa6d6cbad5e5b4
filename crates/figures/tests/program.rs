//! Runs the real program with nobody reading what it says.

use std::path::PathBuf;

#[path = "../../lab/tests/unread/mod.rs"]
mod unread;

use unread::{unheard, unread};

const PROGRAM: &str = env!("CARGO_BIN_EXE_figures");

#[test]
fn a_reader_who_has_read_enough_still_gets_every_figure() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("unread");
    let flags = ["--out", folder.to_str().unwrap()];
    assert_eq!(unread(PROGRAM, &["--help"]), (Some(0), String::new()));
    assert_eq!(unheard(PROGRAM, &flags), Some(0));
    for entry in labs::ALL {
        assert!(
            folder.join(format!("{}.svg", entry.id)).exists(),
            "{}",
            entry.id
        );
    }
    assert_eq!(unheard(PROGRAM, &["--theme", "sepia"]), Some(2));
}
