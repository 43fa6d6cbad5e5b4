//! Choices made from facts alone: toolchain, edits, includes, arrows, tidiness, packages.

use std::path::Path;

use notify::event::{AccessKind, DataChange, EventKind, Flag, ModifyKind};
use notify::{Event, event::CreateKind};

use crate::check::arrows::{
    Layer, Package, forbidden_arrows, forbidden_below_labs, forbidden_in_page,
};
use crate::check::includes::{Include, Part, lacks, parse};
use crate::check::tidy::{about, is_readers_own, named_paths};
use crate::packages::{self, CHROMIUM, REDIS};
use crate::process::{cargo_progress, without_colours};
use crate::suite::firefox::{about_the_network, lacking};
use crate::suite::passed;
use crate::toolchain::{
    Facts, Leg, Preference, Toolchain, Tried, new_enough, newest_linker, next_leg,
};
use crate::watch::{Change, of_event, of_path};

mod rules;

/// A machine with nothing.
fn bare() -> Facts {
    Facts::default()
}

fn debian() -> Toolchain {
    Toolchain::Debian {
        linker: "wasm-ld-22".to_owned(),
    }
}

/// A machine with Debian's toolchain.
fn with_debian() -> Facts {
    Facts {
        debian_linker: Some("wasm-ld-22".to_owned()),
        ..bare()
    }
}

const NOTHING_TRIED: Tried = Tried {
    rustup: false,
    apt: false,
};

#[test]
fn an_installed_standard_library_is_used_without_asking_anybody() {
    let facts = Facts {
        installed: true,
        rustup: true,
        may_install: true,
        ..with_debian()
    };
    assert_eq!(
        next_leg(&facts, NOTHING_TRIED, Preference::Auto),
        Leg::Use(Toolchain::Installed)
    );
}

#[test]
fn rustup_is_asked_once_and_before_debian() {
    let facts = Facts {
        rustup: true,
        may_install: true,
        ..with_debian()
    };
    assert_eq!(
        next_leg(&facts, NOTHING_TRIED, Preference::Auto),
        Leg::AddTarget
    );
    let tried = Tried {
        rustup: true,
        apt: false,
    };
    assert_eq!(
        next_leg(&facts, tried, Preference::Auto),
        Leg::Use(debian())
    );
}

#[test]
fn debian_packages_are_installed_once_and_only_by_who_may() {
    let root = Facts {
        may_install: true,
        ..bare()
    };
    assert_eq!(
        next_leg(&root, NOTHING_TRIED, Preference::Auto),
        Leg::InstallDebian
    );
    assert_eq!(
        next_leg(
            &root,
            Tried {
                rustup: false,
                apt: true
            },
            Preference::Auto
        ),
        Leg::GiveUp
    );
    assert_eq!(
        next_leg(&bare(), NOTHING_TRIED, Preference::Auto),
        Leg::GiveUp
    );
}

#[test]
fn a_preference_rules_the_other_toolchain_out() {
    let everything = Facts {
        installed: true,
        rustup: true,
        may_install: true,
        ..with_debian()
    };
    assert_eq!(
        next_leg(&everything, NOTHING_TRIED, Preference::Debian),
        Leg::Use(debian())
    );
    let only_debian = Facts {
        may_install: true,
        ..with_debian()
    };
    assert_eq!(
        next_leg(&only_debian, NOTHING_TRIED, Preference::Rustup),
        Leg::GiveUp
    );
}

#[test]
fn the_newest_linker_is_the_one_with_the_largest_number() {
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    let linker = |found: &[&str]| newest_linker(&names(found));
    assert_eq!(
        linker(&["wasm-ld-9", "wasm-ld-22", "ld.lld-23"]).as_deref(),
        Some("wasm-ld-22")
    );
    assert_eq!(
        linker(&["wasm-ld", "wasm-ld-19"]).as_deref(),
        Some("wasm-ld-19")
    );
    assert_eq!(linker(&["wasm-ld"]).as_deref(), Some("wasm-ld"));
    assert_eq!(linker(&["ld"]), None);
}

#[test]
fn debians_old_compiler_counts_as_none() {
    assert!(new_enough("rustc 1.95.0 (59807616e 2026-04-14)", "1.95"));
    assert!(new_enough("rustc 2.0.0", "1.95"));
    assert!(!new_enough(
        "rustc 1.94.1 (built from a source tarball)",
        "1.95"
    ));
    assert!(!new_enough("rustc 1.63.0", "1.95"));
    assert!(!new_enough("", "1.95"));
}

#[test]
fn an_edit_asks_for_as_little_as_will_do() {
    for (path, change) in [
        ("src/limiting/token-bucket.md", Change::Page),
        ("src/limiting/go/limiter.go", Change::Page),
        ("theme/labs.js", Change::Page),
        ("book.toml", Change::Page),
        ("crates/labs/README.md", Change::Page),
        ("crates/rate-limiter/src/lib.rs", Change::Code),
        (
            "crates/rate-limiter/tests/data/gcra_governor.json",
            Change::Code,
        ),
        ("simulator/src/shell.rs", Change::Code),
        ("examples/rate-limiting/src/main.rs", Change::Code),
        ("Cargo.toml", Change::Code),
        ("README.md", Change::Nothing),
    ] {
        assert_eq!(of_path(Path::new(path)), change, "{path}");
    }
}

#[test]
fn what_the_build_itself_writes_is_no_edit() {
    for path in [
        "src/wasm/simulator_bg.wasm",
        "src/wasm",
        "book/index.html",
        "target/debug/book",
        ".git/index",
        "",
    ] {
        assert_eq!(of_path(Path::new(path)), Change::Nothing, "{path}");
    }
}

#[test]
fn what_editors_write_beside_a_file_is_no_edit() {
    for path in [
        "src/.intro.md.swp",
        "src/intro.md~",
        "src/4913",
        "crates/labs/src/.#lib.rs",
        "src/#intro.md#",
    ] {
        assert_eq!(of_path(Path::new(path)), Change::Nothing, "{path}");
    }
}

#[test]
fn reading_a_file_is_no_edit_and_writing_it_is() {
    let root = Path::new("/home/reader/headroom");
    let event = |kind| Event::new(kind).add_path(root.join("src/intro.md"));
    assert_eq!(
        of_event(root, &event(EventKind::Access(AccessKind::Read))),
        Change::Nothing
    );
    assert_eq!(
        of_event(root, &event(EventKind::Create(CreateKind::File))),
        Change::Page
    );
    let written = EventKind::Modify(ModifyKind::Data(DataChange::Content));
    assert_eq!(of_event(root, &event(written)), Change::Page);
    let renamed = event(written).add_path(root.join("simulator/src/lib.rs"));
    assert_eq!(of_event(root, &renamed), Change::Code, "the larger of two");
    assert_eq!(
        of_event(root, &Event::new(EventKind::Other).set_flag(Flag::Rescan)),
        Change::Code,
        "events were lost"
    );
}

#[test]
fn only_programs_that_no_alternative_meets_are_missing() {
    let chrome = |program: &str| program == "google-chrome";
    assert_eq!(packages::missing(&[CHROMIUM, REDIS], chrome), [REDIS]);
    assert_eq!(packages::missing(&[CHROMIUM, REDIS], |_| true), []);
}

#[test]
fn cargos_progress_is_told_from_the_compilers_messages() {
    assert_eq!(cargo_progress("   Compiling yew v0.23.0"), Some("yew"));
    assert_eq!(cargo_progress(" Documenting sim v0.1.0"), Some("sim"));
    assert_eq!(cargo_progress("Documenting sim v0.1.0"), Some("sim"));
    assert_eq!(cargo_progress("error[E0308]: mismatched types"), None);
    assert_eq!(cargo_progress("  --> crates/sim/src/lib.rs:3:1"), None);
    assert_eq!(cargo_progress("Running out of tokens is no progress"), None);
}

#[test]
fn colours_are_taken_out_and_nothing_else() {
    let coloured = "\x1b[0m\x1b[1m\x1b[38;5;9merror[E0432]\x1b[0m: [x]";
    assert_eq!(without_colours(coloured), "error[E0432]: [x]");
    assert_eq!(without_colours("cut off \x1b[38"), "cut off ");
}

#[test]
fn passed_tests_are_counted_from_good_results_only() {
    assert_eq!(
        passed("test result: ok. 12 passed; 0 failed; 0 ignored"),
        Some(12)
    );
    assert_eq!(passed("test result: FAILED. 3 passed; 1 failed"), None);
    assert_eq!(passed("test tests::a_test ... ok"), None);
}

#[test]
fn firefox_may_be_missing_for_want_of_a_network_and_for_nothing_else() {
    for output in [
        "error: download of config.json failed\n[6] Could not resolve hostname",
        "E: Failed to fetch firefox-esr.deb  Temporary failure resolving the mirror",
    ] {
        assert!(about_the_network(output), "{output}");
    }
    for output in [
        "",
        "E: Unable to locate package firefox-esr",
        "error: failed to compile geckodriver v0.37.1",
    ] {
        assert!(!about_the_network(output), "{output}");
    }
    assert_eq!(
        lacking("cargo could not build geckodriver", true),
        "firefox was not tried: cargo could not build geckodriver, because the network cannot be reached"
    );
}
