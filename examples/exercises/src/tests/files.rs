//! The reader's file is never lost.

use std::fs;

use crate::commands::chosen;
use crate::files::{Folder, anchors, section};

fn folder() -> (tempfile::TempDir, Folder) {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("starter.rs"), "//! The starter.\n").unwrap();
    let folder = Folder::new(place.path().to_owned());
    (place, folder)
}

#[test]
fn the_first_begin_copies_the_starter_and_later_ones_change_nothing() {
    let (_place, folder) = folder();
    assert!(!folder.is_begun());
    assert!(folder.begin().unwrap());
    assert_eq!(folder.read("exercise.rs").unwrap(), "//! The starter.\n");
    fs::write(folder.exercise(), "//! Mine.\n").unwrap();
    assert!(!folder.begin().unwrap());
    assert_eq!(folder.read("exercise.rs").unwrap(), "//! Mine.\n");
}

#[test]
fn every_reset_keeps_what_was_there_under_a_name_of_its_own() {
    let (_place, folder) = folder();
    assert_eq!(folder.reset().unwrap(), None);
    for (text, backup) in [
        ("//! First.\n", "exercise.rs.bak"),
        ("//! Second.\n", "exercise.rs.bak2"),
        ("//! Third.\n", "exercise.rs.bak3"),
    ] {
        fs::write(folder.exercise(), text).unwrap();
        assert!(folder.reset().unwrap().unwrap().ends_with(backup));
        assert_eq!(folder.read("exercise.rs").unwrap(), "//! The starter.\n");
    }
    assert_eq!(folder.read("exercise.rs.bak").unwrap(), "//! First.\n");
    assert_eq!(folder.read("exercise.rs.bak2").unwrap(), "//! Second.\n");
}

#[test]
fn a_section_is_what_stands_below_its_heading_up_to_the_next() {
    let markdown = "# Hints\n\n## one\n\nFirst.\n\n### more\n\n## two\n## three\nLast.\n";
    assert_eq!(section(markdown, "one").unwrap(), "First.\n\n### more");
    assert_eq!(section(markdown, "two"), None, "an empty one is none");
    assert_eq!(section(markdown, "three").unwrap(), "Last.");
    assert_eq!(section(markdown, "thr"), None);
}

#[test]
fn anchors_are_those_of_the_book() {
    assert_eq!(
        anchors("# 4.2a\n## Now or later\ntext\n## What's next, then?\n"),
        ["now-or-later", "whats-next-then"]
    );
}

#[test]
fn an_unknown_exercise_is_refused_with_the_list_of_those_there_are() {
    let sentence = chosen("leaky-cauldron").unwrap_err().to_string();
    assert!(sentence.contains("leaky-cauldron"), "{sentence}");
    assert!(sentence.contains("token-bucket"), "{sentence}");
}
