//! The rules of `cargo xtask check`: includes, arrows, tidiness.

use super::*;

fn include(line: usize, file: &str, part: Part) -> Include {
    Include {
        line,
        file: file.to_owned(),
        part,
    }
}

fn anchor(name: &str) -> Part {
    Part::Anchor(name.to_owned())
}

#[test]
fn every_form_of_include_is_read() {
    let lib = "../../crates/rate-limiter/src/lib.rs";
    for (written, part) in [
        ("", Part::Whole),
        (":try_acquire", anchor("try_acquire")),
        (":12", Part::Lines(12, Some(12))),
        (":12:20", Part::Lines(12, Some(20))),
        (":12:", Part::Lines(12, None)),
        ("::20", Part::Lines(1, Some(20))),
    ] {
        let markdown = format!("# Bucket\n\n```rust\n{{{{#include {lib}{written}}}}}\n```\n");
        assert_eq!(parse(&markdown), [include(4, lib, part)], "{written}");
    }
}

#[test]
fn only_directives_that_name_a_file_are_includes() {
    let markdown = "{{#title Headroom}} \\{{#include shown.rs}} {{#rustdoc_include a.rs:one}} {{#include b.rs:two}}";
    assert_eq!(
        parse(markdown),
        [
            include(1, "a.rs", anchor("one")),
            include(1, "b.rs", anchor("two"))
        ]
    );
    assert_eq!(
        parse("{{#playground c.rs editable}}"),
        [include(1, "c.rs", Part::Whole)]
    );
    assert_eq!(parse("{{#include unfinished.rs"), []);
}

#[test]
fn an_anchor_must_open_close_and_hold_something() {
    let text = "// ANCHOR: refill\nlet level = 3;\n// ANCHOR_END: refill\n// ANCHOR: empty\n// ANCHOR_END: empty\n";
    assert_eq!(lacks(text, &anchor("refill")), None);
    assert!(lacks(text, &anchor("empty")).is_some());
    assert!(
        lacks(text, &anchor("ref")).is_some(),
        "a name is matched whole"
    );
    assert!(
        lacks("// ANCHOR: refill\nlet level = 3;\n", &anchor("refill")).is_some(),
        "never closed"
    );
    assert!(
        lacks("// ANCHOR_END: a\nx\n// ANCHOR: a\n", &anchor("a")).is_some(),
        "closed before it opens"
    );
}

#[test]
fn included_lines_must_exist() {
    let text = "one\ntwo\nthree\n";
    assert_eq!(lacks(text, &Part::Lines(1, Some(3))), None);
    assert_eq!(lacks(text, &Part::Lines(3, None)), None);
    assert!(lacks(text, &Part::Lines(1, Some(4))).is_some());
    assert!(lacks(text, &Part::Lines(4, None)).is_some());
    assert!(lacks(text, &Part::Lines(0, Some(1))).is_some());
}

/// A package with the dependencies its manifest names.
fn package(name: &str, depends_on: &[&str]) -> Package {
    let folder = if name == "rate-limiting" {
        "examples"
    } else {
        "crates"
    };
    let depends_on = depends_on.iter().map(|name| (*name).to_owned()).collect();
    Package {
        name: name.to_owned(),
        layer: Layer::of(name, &Path::new(folder).join(name)),
        depends_on,
    }
}

/// The packages as the architecture draws them.
fn workspace() -> Vec<Package> {
    vec![
        package("clock", &[]),
        package("sim", &["clock", "libm"]),
        package("rate-limiter", &["clock"]),
        package("circuit-breaker", &["clock"]),
        package("labs", &["clock", "sim", "rate-limiter", "circuit-breaker"]),
        package("draw", &["labs", "plotters"]),
        package("simulator", &["labs", "draw", "yew"]),
        package(
            "drivers",
            &["clock", "rate-limiter", "circuit-breaker", "tokio"],
        ),
        package("rate-limiting", &["drivers", "rate-limiter", "axum"]),
        package("bench", &["rate-limiter", "sim", "governor"]),
    ]
}

#[test]
fn the_arrows_as_drawn_are_allowed() {
    assert_eq!(forbidden_arrows(&workspace()), Vec::<String>::new());
}

#[test]
fn an_arrow_that_is_not_drawn_is_found() {
    for (from, to) in [
        ("rate-limiter", "circuit-breaker"),
        ("rate-limiter", "sim"),
        ("sim", "labs"),
        ("labs", "draw"),
        ("labs", "drivers"),
        ("draw", "rate-limiter"),
        ("simulator", "rate-limiter"),
        ("drivers", "sim"),
        ("rate-limiting", "labs"),
        ("labs", "bench"),
    ] {
        let mut packages = workspace();
        let package = packages
            .iter_mut()
            .find(|package| package.name == from)
            .unwrap();
        package.depends_on.push(to.to_owned());
        let findings = forbidden_arrows(&packages);
        assert_eq!(findings.len(), 1, "{from} to {to}: {findings:?}");
        assert!(
            findings[0].starts_with(from) && findings[0].contains(to),
            "{findings:?}"
        );
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn below_draw_nobody_links_a_runtime_a_page_or_a_chart() {
    assert_eq!(
        forbidden_below_labs("labs", &names(&["clock", "libm", "tokiox", "yewish"])),
        Vec::<String>::new()
    );
    let findings = forbidden_below_labs("labs", &names(&["plotters-backend", "tokio-util", "yew"]));
    assert_eq!(findings.len(), 3, "{findings:?}");
    assert!(
        Layer::Labs.is_below_draw()
            && Layer::Mechanism.is_below_draw()
            && !Layer::Draw.is_below_draw()
    );
}

#[test]
fn a_page_has_no_tokio() {
    assert_eq!(
        forbidden_in_page(&names(&["simulator", "tokise", "tokio-stream"])),
        Vec::<String>::new()
    );
    assert_eq!(forbidden_in_page(&names(&["simulator", "tokio"])).len(), 1);
}

#[test]
fn rust_files_open_by_saying_what_they_are() {
    assert_eq!(
        about(Path::new("a.rs"), "//! The bucket.\n"),
        Vec::<String>::new()
    );
    assert_eq!(
        about(Path::new("a.rs"), "use std::fmt;\n//! Late.\n").len(),
        1
    );
    assert_eq!(
        about(Path::new("a.md"), "# Not Rust\n"),
        Vec::<String>::new()
    );
}

#[test]
fn places_outside_the_repository_are_found_with_their_line() {
    let outside = format!("fine\nsee {}DESIGN.md\n", concat!("../sh", "ared/"));
    let findings = about(Path::new("README.md"), &outside);
    assert_eq!(findings.len(), 1);
    assert!(findings[0].starts_with("README.md:2:"), "{findings:?}");
}

#[test]
fn the_map_names_paths_in_backticks_and_nothing_else() {
    let map = "See `crates/sim/src/queue.rs` and `book.toml`.\n`crates/<mechanism>/`, `try_acquire`, `a/b`, crates/x";
    assert_eq!(
        named_paths(map),
        [
            (1, "crates/sim/src/queue.rs".to_owned()),
            (1, "book.toml".to_owned())
        ]
    );
}

#[test]
fn what_a_reader_wrote_in_an_exercise_is_under_no_rule() {
    for (path, own) in [
        ("examples/exercises/token-bucket/exercise.rs", true),
        ("examples/exercises/token-bucket/exercise.rs.bak2", true),
        ("examples/exercises/token-bucket/solution.rs", false),
        ("crates/labs/src/exercise.rs", false),
    ] {
        assert_eq!(is_readers_own(Path::new(path)), own, "{path}");
    }
}
