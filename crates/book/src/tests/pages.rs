//! Every page gets a content policy that admits its own scripts and no others.

use crate::finish::page;

const HEAD: &str = "<html><head><meta charset=\"UTF-8\"></head>";

#[test]
fn the_policy_names_each_script_of_the_page_once() {
    let html =
        format!("{HEAD}<script>a()</script><script src=\"b.js\"></script><script>a()</script>");
    let finished = page(&html, None, &[], "").expect("it has a head");
    // The digest of "a()", by `printf 'a()' | openssl dgst -sha256 -binary | base64`.
    let hash = "'sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4='";
    assert_eq!(finished.matches("sha256-").count(), 1, "{finished}");
    assert!(finished.contains(hash), "{finished}");
    assert!(finished.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-"));
    assert!(!finished.contains("script-src 'self' 'unsafe-inline'"));
}

#[test]
fn the_policy_stands_before_anything_it_governs() {
    let finished = page(
        &format!("{HEAD}<script>a()</script>"),
        Some("0123"),
        &[],
        "",
    )
    .expect("a head");
    let policy = finished.find("Content-Security-Policy").expect("a policy");
    assert!(policy < finished.find("<script>").expect("a script"));
    assert!(finished.contains("<meta name=\"hd-wasm\" content=\"0123\">"));
}

#[test]
fn a_page_without_a_head_is_not_finished() {
    assert_eq!(page("<p>Hello</p>", None, &[], ""), None);
}

#[test]
fn the_page_for_missing_pages_looks_for_the_book_it_belongs_to() {
    let html = HEAD.replace("</head>", "<base href=\"/\"></head>");
    let finished = page(&html, None, &[], "").expect("a head");
    assert!(!finished.contains("<base href=\"/\">"));
    assert!(finished.contains("toc.html"));
    assert_eq!(finished.matches("sha256-").count(), 1);
}

#[test]
fn a_page_asks_early_for_its_fonts_and_with_a_lab_for_the_simulator() {
    let faces = ["fonts/open-sans.woff2".to_owned()];
    let plain = page(HEAD, Some("0123"), &faces, "../").expect("a head");
    assert!(
        plain.contains("href=\"../fonts/open-sans.woff2\" as=\"font\""),
        "{plain}"
    );
    assert!(!plain.contains("simulator"));
    let lab = page(
        &format!("{HEAD}<hd-lab></hd-lab>"),
        Some("0123"),
        &faces,
        "",
    )
    .expect("a head");
    assert!(
        lab.contains("rel=\"modulepreload\" href=\"wasm/simulator.js?v=0123\""),
        "{lab}"
    );
    assert!(
        lab.contains("href=\"wasm/simulator_bg.wasm?v=0123\" as=\"fetch\""),
        "{lab}"
    );
}

#[test]
fn the_script_of_the_labs_comes_before_those_of_the_frame() {
    let body = "<body>\n<script src=\"searcher.js\"></script>\n<script src=\"../theme/labs-12.js\"></script>\n</body>";
    let finished = page(&format!("{HEAD}{body}"), None, &[], "../").expect("a head");
    assert_eq!(finished.matches("labs-12.js").count(), 1);
    let labs = finished
        .find("<script async src=\"../theme/labs-12.js\">")
        .expect("it is there");
    assert!(labs < finished.find("</head>").expect("a head"));
}
