//! The whole build, on small books in a temporary folder.

use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::{check, site, sources};

/// A book with these files below its root.
pub(super) fn book(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().expect("there is room for a folder");
    let config = "[book]\ntitle = \"Shop\"\n[build]\ncreate-missing = false\n[output.html.playground]\nrunnable = false\n";
    write(root.path(), "book.toml", config);
    write(
        root.path(),
        "src/SUMMARY.md",
        "# Summary\n\n- [Search](search.md)\n",
    );
    for (path, text) in files {
        write(root.path(), path, text);
    }
    root
}

pub(super) fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().expect("it lies in the root")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

pub(super) fn read(root: &TempDir, path: &str) -> String {
    std::fs::read_to_string(root.path().join("site").join(path)).expect("the page was built")
}

fn build(root: &TempDir) -> Result<(), String> {
    site::build(root.path(), &root.path().join("site")).map_err(|error| format!("{error:#}"))
}

#[test]
fn a_book_is_built_with_its_labs_filled() {
    let root = book(&[(
        "src/search.md",
        "# Search\n\n<hd-lab lab=\"one-bucket\"></hd-lab>\n",
    )]);
    build(&root).expect("the book is sound");
    let page = read(&root, "search.html");
    assert!(page.contains("<hd-lab lab=\"one-bucket\">"));
    assert!(page.contains("<svg"));
    assert!(page.contains("Content-Security-Policy"));
    assert!(
        !page.contains("hd-wasm"),
        "there is no simulator to have a version"
    );
}

#[test]
fn the_simulators_version_changes_with_each_of_its_files() {
    let judged = |glue: &str, module: &str, judge: &str| {
        let root = book(&[
            ("src/search.md", "# Search\n"),
            ("src/wasm/simulator.js", glue),
            ("src/wasm/simulator_bg.wasm", module),
            ("src/judge.js", judge),
        ]);
        build(&root).expect("the book is sound");
        let page = read(&root, "search.html");
        let at = page.find("name=\"hd-wasm\" content=\"").expect("a version") + 24;
        page[at - 1..at + 15].to_owned()
    };
    let version = |glue, module| judged(glue, module, "c");
    let first = version("a", "b");
    assert_eq!(first, version("a", "b"));
    assert_ne!(first, version("a2", "b"));
    assert_ne!(first, version("a", "b2"));
    assert_ne!(first, judged("a", "b", "c2"));
}

#[test]
fn a_wrong_element_fails_the_build_with_file_and_line_and_leaves_the_old_site() {
    let root = book(&[("src/search.md", "# Search\n")]);
    build(&root).expect("the book is sound");
    write(
        root.path(),
        "src/search.md",
        "# Search\n\n<hd-lab lab=\"none\"></hd-lab>\n",
    );
    let error = build(&root).expect_err("there is no such lab");
    assert!(
        error.starts_with("src/search.md:3: there is no lab \"none\""),
        "{error}"
    );
    assert!(read(&root, "search.html").contains("Search"));
}

#[test]
fn includes_of_a_missing_file_line_or_anchor_fail_with_file_and_line() {
    let page = "# Search\n\n```rust\n{{#include ../code.rs:there}}\n{{#include ../none.rs}}\n{{#include ../code.rs:gone}}\n\
                {{#include ../code.rs:2:9}}\n{{#include ../code.rs:empty}}\n{{#includ ../code.rs}}\n\\{{#include ../none.rs}}\n\
                {{#include ../code.rs:1:3}}\n```\n";
    let code = "// ANCHOR: there\nfn a() {}\n// ANCHOR_END: there\n// ANCHOR: empty\n// ANCHOR_END: empty\n";
    let root = book(&[("src/search.md", page), ("code.rs", code)]);
    let found = check::problems(root.path()).expect("the sources can be read");
    let begins = [
        "src/search.md:5: ../none.rs cannot be included",
        "src/search.md:6: ../code.rs has no anchor gone",
        "src/search.md:7: ../code.rs has no lines 2:9",
        "src/search.md:8: ../code.rs has no anchor empty",
        "src/search.md:9: there is no directive includ",
    ];
    assert_eq!(found.len(), begins.len(), "{found:?}");
    for (problem, begin) in found.iter().zip(begins) {
        assert!(problem.starts_with(begin), "{problem}, not {begin}");
    }
}

#[test]
fn included_code_arrives_in_the_page() {
    let root = book(&[
        (
            "src/search.md",
            "# Search\n\n```rust\n{{#include ../code.rs:there}}\n```\n",
        ),
        (
            "code.rs",
            "// ANCHOR: there\nfn a_search() {}\n// ANCHOR_END: there\n",
        ),
    ]);
    build(&root).expect("the book is sound");
    let page = read(&root, "search.html");
    assert!(page.contains("a_search"));
    assert!(!page.contains("ANCHOR"));
}

#[test]
fn links_to_missing_pages_and_pages_nobody_lists_are_told() {
    let root = book(&[
        (
            "src/search.md",
            "# Search\n\n[good](#search) [good](search.md#x) [good](https://example.org)\n[bad](other.md)\n",
        ),
        ("src/draft.md", "# Draft\n"),
    ]);
    let found = check::problems(root.path()).expect("the sources can be read");
    assert_eq!(
        found,
        [
            "src/draft.md:1: SUMMARY.md does not list this page",
            "src/search.md:4: the link leads to other.md, which is not there",
        ]
    );
}

#[test]
fn what_mdbook_only_warns_of_fails_the_build() {
    let root = book(&[("src/search.md", "# Search\n\n<div>\n\nnever closed\n")]);
    let error = build(&root).expect_err("a div is left open");
    assert!(error.contains("div"), "{error}");
}

#[test]
fn a_directive_left_in_a_page_fails_the_build() {
    let root = book(&[("src/search.md", "# Search\n\nWrite \\{{#include x}} so.\n")]);
    let error = build(&root).expect_err("it is left in the page");
    assert!(error.contains("search.html"), "{error}");
}

#[test]
fn a_listed_page_that_is_missing_fails_the_build() {
    let root = book(&[]);
    assert!(build(&root).is_err());
}

#[test]
fn the_code_a_lab_names_is_there_without_its_margin_and_marks() {
    let code = "mod a {\n    // ANCHOR: take\n    fn take() {\n        // ANCHOR: inner\n        one();\n        // ANCHOR_END: inner\n\n    }\n    // ANCHOR_END: take\n    // ANCHOR: none\n    // ANCHOR_END: none\n}\n";
    let root = book(&[("crates/a.rs", code)]);
    let text = |place: &str| sources::text(root.path(), place);
    assert_eq!(
        text("crates/a.rs:take"),
        Ok(json!({ "line": 3, "text": "fn take() {\n    one();\n\n}" }))
    );
    assert_eq!(
        text("crates/a.rs:inner"),
        Ok(json!({ "line": 5, "text": "one();" }))
    );
    for (place, says) in [
        ("crates/a.rs:give", "has no anchor give"),
        ("crates/a.rs:none", "is empty"),
        ("crates/b.rs:take", "cannot be read"),
        ("crates/a.rs", "not of the form"),
    ] {
        let told = text(place).expect_err("it is not there");
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn a_missing_source_of_a_lab_fails_the_build_in_a_sentence() {
    let root = book(&[("src/search.md", "# Search\n"), ("crates/empty.rs", "")]);
    let told = build(&root).expect_err("no lab finds its source there");
    assert!(
        told.contains("the lab one-bucket names its source crates/"),
        "{told}"
    );
    assert!(!root.path().join("site").exists());
}

#[test]
fn the_progress_page_lists_every_page_with_something_to_do_and_links_to_it() {
    let root = book(&[
        (
            "src/search.md",
            "# Search\n\n<hd-predict id=\"passed\" for=\"shop\" kind=\"number\" ask=\"counter(rejected, 1.08)\" from=\"0\" to=\"80\">\nHow many?\n</hd-predict>\n\n\
             <hd-lab id=\"shop\" lab=\"one-bucket\"></hd-lab>\n\n<hd-lab lab=\"one-bucket\" seed=\"9\"></hd-lab>\n\n<hd-challenge name=\"newsletter\"></hd-challenge>\n",
        ),
        ("src/plain.md", "# Plain\n\nNothing to do.\n"),
        (
            "src/all/wide.md",
            "# Wide\n\n<hd-lab lab=\"one-bucket\" wide></hd-lab>\n",
        ),
        ("src/you/done.md", "# Done\n\n<hd-progress></hd-progress>\n"),
    ]);
    let summary = "# Summary\n\n- [Search](search.md)\n- [Plain](plain.md)\n- [Wide](all/wide.md)\n- [Done](you/done.md)\n";
    write(root.path(), "src/SUMMARY.md", summary);
    build(&root).expect("the book is sound");
    let page = read(&root, "you/done.html");
    assert_eq!(page.matches("<tr data-page=").count(), 1, "{page}");
    assert!(page.contains(
        "<tr data-page=\"search.html\"><th scope=\"row\"><a href=\"../search.html\">Search</a>"
    ));
    assert!(page.contains("data-ids=\"passed\""));
    assert!(page.contains("data-ids=\"challenge-newsletter\""));
    assert!(
        page.contains("data-ids=\"lab-one-bucket\""),
        "a lab twice on a page is one"
    );
    assert!(page.contains("reading it takes JavaScript"));
}
