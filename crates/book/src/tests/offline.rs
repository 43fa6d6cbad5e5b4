//! A site that is opened from disk has everything beside it, and asks for nothing by network.

use std::path::Path;

use serde_json::json;

use super::build::{book, read, write};
use crate::offline::{page, simulator};
use crate::site;
use crate::sources::Sources;

const HEAD: &str = "<html><head><meta charset=\"UTF-8\"></head>";

#[test]
fn the_policy_admits_files_and_the_pages_own_scripts_and_no_network() {
    let finished = page(&format!("{HEAD}<script>a()</script>"), "../").expect("it has a head");
    for part in [
        "default-src 'none'; script-src file: 'wasm-unsafe-eval' 'sha256-",
        "connect-src 'none'",
        "<script src=\"../theme/offline.js\"></script>",
    ] {
        assert!(finished.contains(part), "{finished}");
    }
    let policy = finished.find("Content-Security-Policy").expect("a policy");
    assert!(policy < finished.find("<script").expect("a script"));
    assert_eq!(page("<p>Hello</p>", ""), None);
}

#[test]
fn the_simulator_is_one_script_with_module_and_sources_in_it() {
    let sources = Sources::from([("a.rs:take".to_owned(), json!({ "line": 3, "text": "'\n" }))]);
    let script = simulator("let wasm_bindgen = 1;", &[0, 0x61, 0x73, 0x6d], &sources);
    for part in [
        "let wasm_bindgen = 1;",
        "const module = 'AGFzbQ==';",
        r#"headroom.sources = {"a.rs:take":{"line":3,"text":"'\n"}};"#,
    ] {
        assert!(script.contains(part), "{script}");
    }
}

#[test]
fn an_offline_book_preloads_nothing_and_has_no_page_that_only_a_host_shows() {
    let root = book(&[
        (
            "src/search.md",
            "# Search\n\n<hd-lab lab=\"one-bucket\"></hd-lab>\n",
        ),
        ("src/wasm/simulator.js", "a module"),
        ("src/wasm/simulator_bg.wasm", "binary"),
        ("glue/simulator.js", "a classic script"),
        ("glue/simulator_bg.wasm", "asm"),
    ]);
    let (dest, glue) = (root.path().join("site"), root.path().join("glue"));
    site::build_offline(root.path(), &glue, &dest).expect("the book is sound");
    let html = read(&root, "search.html");
    assert!(html.contains("<svg"), "the still figure is there");
    for never in ["preload", "crossorigin", "hd-wasm"] {
        assert!(!html.contains(never), "{never}");
    }
    assert!(read(&root, "wasm/simulator.js").contains("a classic script"));
    assert!(read(&root, "theme/offline.js").contains("offline: true"));
    for gone in ["404.html", "wasm/simulator_bg.wasm"] {
        assert!(!dest.join(gone).exists(), "{gone}");
    }
}

#[test]
fn an_offline_book_without_a_simulator_says_which_file_is_missing() {
    let root = book(&[("src/search.md", "# Search\n")]);
    write(root.path(), "glue/simulator.js", "glue");
    let (dest, glue) = (root.path().join("site"), root.path().join("glue"));
    let told = site::build_offline(root.path(), &glue, &dest).expect_err("there is no module");
    assert!(told.to_string().contains("simulator_bg.wasm"), "{told:#}");
    assert!(!Path::new(&dest).join("wasm").exists());
}
