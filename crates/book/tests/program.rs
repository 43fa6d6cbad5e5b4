//! The program as mdBook and a shell call it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_book");

/// A book with one page that says `text`, filled by the program.
fn book(text: &str) -> TempDir {
    let root = tempfile::tempdir().expect("there is room for a folder");
    let write = |path: &str, text: &str| {
        std::fs::write(root.path().join(path), text).expect("a file");
    };
    std::fs::create_dir(root.path().join("src")).expect("a folder");
    let config = format!("[preprocessor.headroom]\ncommand = {PROGRAM:?}\nbefore = [\"links\"]\n");
    write("book.toml", &config);
    write("src/SUMMARY.md", "# Summary\n\n- [Search](search.md)\n");
    write("src/search.md", text);
    root
}

fn run(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(PROGRAM);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null());
    command.output().expect("the program starts")
}

#[test]
fn stock_mdbook_fills_labs_through_the_program() {
    let root = book("# Search\n\n<hd-lab lab=\"one-bucket\" seed=\"9\"></hd-lab>\n");
    let stock = mdbook_driver::MDBook::load(root.path()).expect("the book is sound");
    stock.build().expect("the program fills it");
    let page = std::fs::read_to_string(root.path().join("book/search.html")).expect("a page");
    assert!(page.contains("hd-card"), "the lab has no card");
    assert!(page.contains("seed 9"));
}

#[test]
fn stock_mdbook_fails_when_the_program_finds_a_mistake() {
    let root = book("# Search\n\n<hd-lab lab=\"none\"></hd-lab>\n");
    let stock = mdbook_driver::MDBook::load(root.path()).expect("the book can be read");
    assert!(stock.build().is_err());
}

#[test]
fn it_supports_the_page_and_the_tests_and_nothing_else() {
    let here = Path::new(".");
    for (renderer, code) in [("html", 0), ("test", 0), ("epub", 1)] {
        assert_eq!(
            run(&["supports", renderer], here).status.code(),
            Some(code),
            "{renderer}"
        );
    }
}

#[test]
fn a_command_it_does_not_know_is_answered_in_words() {
    let output = run(&["bulid"], Path::new("."));
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stderr).starts_with("book: \"bulid\" is not a command.")
    );
}

#[test]
fn checking_tells_each_mistake_on_a_line_of_its_own() {
    let root = book("# Search\n\n<hd-lab lab=\"none\"></hd-lab>\n\n[gone](gone.md)\n");
    let output = run(&["check"], root.path());
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    let begins: Vec<_> = words
        .lines()
        .map(|line| line.split(": ").next().unwrap_or(""))
        .collect();
    assert_eq!(begins, ["src/search.md:3", "src/search.md:5"], "{words}");
}

#[test]
fn a_sound_book_passes_the_check_and_is_built_where_it_is_wanted() {
    let root = book("# Search\n\n<hd-lab lab=\"one-bucket\"></hd-lab>\n");
    assert_eq!(run(&["check"], root.path()).status.code(), Some(0));
    let built = run(&["build", "--dest", "site"], root.path());
    assert_eq!(
        built.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    assert!(root.path().join("site/search.html").is_file());
}

#[test]
fn garbage_instead_of_a_book_is_an_error_in_words() {
    let output = run(&[], Path::new("."));
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not what mdBook writes"));
}
