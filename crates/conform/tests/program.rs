//! Runs the real program with nobody reading what it says.

#[path = "../../lab/tests/unread/mod.rs"]
mod unread;

use unread::{unheard, unread};

const PROGRAM: &str = env!("CARGO_BIN_EXE_conform");

#[test]
fn a_reader_who_has_read_enough_changes_no_verdict() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../rate-limiter/tests/data/");
    let recording = [data, "token_bucket_xtimerate.json"].concat();
    let agrees = ["token-bucket", &recording];
    assert_eq!(unread(PROGRAM, &agrees), (Some(0), String::new()));
    assert_eq!(unheard(PROGRAM, &agrees), Some(0));
    assert_eq!(unheard(PROGRAM, &["guesswork", &recording]), Some(2));
}
