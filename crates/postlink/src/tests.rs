//! The output folder is mirrored exactly, and untouched where nothing changed.

use std::fs;
use std::path::PathBuf;

use crate::mirror::{files_below, mirror};
use crate::sizes::brotli_size;

/// An empty folder for one test, below the system's temporary folder.
fn scratch(name: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("headroom-postlink-{}-{name}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(folder.join("from/snippets")).unwrap();
    folder
}

#[test]
fn a_second_run_over_equal_files_writes_nothing() {
    let folder = scratch("equal");
    let (from, to) = (folder.join("from"), folder.join("to"));
    fs::write(from.join("simulator.js"), "glue").unwrap();
    fs::write(from.join("snippets/timer.js"), "timer").unwrap();
    assert_eq!(mirror(&from, &to).unwrap(), 2);
    assert_eq!(mirror(&from, &to).unwrap(), 0);
}

#[test]
fn a_changed_file_is_written_and_a_stale_one_removed() {
    let folder = scratch("changed");
    let (from, to) = (folder.join("from"), folder.join("to"));
    fs::write(from.join("simulator.js"), "new glue").unwrap();
    fs::create_dir_all(&to).unwrap();
    fs::write(to.join("simulator.js"), "old glue").unwrap();
    fs::write(to.join("forgotten.js"), "from an earlier version").unwrap();
    assert_eq!(mirror(&from, &to).unwrap(), 2);
    assert_eq!(files_below(&to).unwrap(), [PathBuf::from("simulator.js")]);
    assert_eq!(
        fs::read_to_string(to.join("simulator.js")).unwrap(),
        "new glue"
    );
}

#[test]
fn brotli_makes_a_repetitive_file_much_smaller() {
    let bytes = b"allow, allow, reject; ".repeat(1000);
    assert!(brotli_size(&bytes).unwrap() < bytes.len() / 50);
}
