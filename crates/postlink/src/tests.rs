//! The output folder is mirrored exactly, and untouched where nothing changed; names are short on both sides.

use std::fs;
use std::path::PathBuf;

use crate::mirror::{files_below, mirror};
use crate::shorten::Names;
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

/// The short forms of two names that wasm-bindgen made up, and of one that a page calls.
fn shortened() -> (Names, [String; 4]) {
    let mut names = Names::default();
    let mut of = [
        "__wbg_fill_cb36fe21a8d46cd7",
        "mount",
        "__wbindgen_free",
        "__wbg_fill_cb36fe21a8d46cd7",
    ]
    .map(str::to_owned);
    of.iter_mut().for_each(|name| names.shorten(name));
    (names, of)
}

#[test]
fn made_up_names_get_one_short_name_each_and_those_a_page_calls_stay() {
    assert_eq!(shortened().1, ["$0", "mount", "$1", "$0"]);
}

#[test]
fn glue_has_the_same_short_names_and_no_comments() {
    let glue = "/**\n * Frees.\n */\nexport function mount() {\n    // Not __wbindgen_free.\n\n    wasm.__wbindgen_free(__wbindgen_freed, \"a // b\");\n}\n\
                /* one line */\n__wbg_fill_cb36fe21a8d46cd7: __wbg_fill_0;\n";
    assert_eq!(
        shortened().0.glue(glue),
        "export function mount() {\nwasm.$1(__wbindgen_freed, \"a // b\");\n}\n$0: __wbg_fill_0;\n"
    );
}
