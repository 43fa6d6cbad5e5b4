//! Pages come under any prefix with the right headers, and hear of a new build only where that was asked for.

use std::path::PathBuf;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use axum::response::Response;
use tokio::sync::watch;

use crate::reload::{Stamp, inject};
use crate::site::{Prefix, Site, answer};

/// A small site in a fresh temporary folder.
fn folder(name: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("headroom-devserver-{}-{name}", std::process::id()));
    std::fs::create_dir_all(folder.join("limiting")).unwrap();
    for (file, text) in [
        ("index.html", "<html><body><p>Headroom</p></body></html>"),
        ("404.html", "<html><body>Not here.</body></html>"),
        (
            "limiting/index.html",
            "<html><body>Rate limiting</body></html>",
        ),
        ("simulator_bg.wasm", "\0asm"),
        ("simulator.js", "export default 1;"),
        ("bucket.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ] {
        std::fs::write(folder.join(file), text).unwrap();
    }
    folder
}

fn site(name: &str, prefix: &str, stamps: Option<watch::Receiver<Stamp>>) -> Arc<Site> {
    Arc::new(Site::new(
        folder(name),
        Prefix::parse(prefix).unwrap(),
        stamps,
    ))
}

async fn get(site: &Arc<Site>, path: &str) -> Response {
    let request = Request::get(path).body(Body::empty()).unwrap();
    answer(State(Arc::clone(site)), request).await
}

async fn text(response: Response) -> String {
    String::from_utf8(
        to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap()
            .to_vec(),
    )
    .unwrap()
}

#[test]
fn a_prefix_may_be_typed_with_or_without_slashes() {
    for (typed, meant) in [
        ("/", "/"),
        ("", "/"),
        ("headroom", "/headroom/"),
        ("/some/path/", "/some/path/"),
    ] {
        assert_eq!(Prefix::parse(typed).unwrap().as_str(), meant);
    }
    for bad in ["a b", "a//b", "../up", "a?b"] {
        assert!(Prefix::parse(bad).is_err(), "{bad}");
    }
}

#[tokio::test]
async fn a_site_answers_under_its_prefix_and_nowhere_else() {
    let site = site("prefix", "/some/path/", None);
    assert_eq!(get(&site, "/some/path/").await.status(), 200);
    assert_eq!(
        get(&site, "/some/path/index.html?theme=navy")
            .await
            .status(),
        200
    );
    assert_eq!(get(&site, "/").await.status(), 404);
    assert_eq!(get(&site, "/index.html").await.status(), 404);
    assert_eq!(get(&site, "/some/pathological").await.status(), 404);
    assert_eq!(
        get(&site, "/some/path").await.headers()[LOCATION],
        "/some/path/"
    );
    assert_eq!(
        get(&site, "/some/path/limiting").await.headers()[LOCATION],
        "/some/path/limiting/"
    );
}

#[tokio::test]
async fn a_missing_page_is_the_books_own_404() {
    let response = get(&site("missing", "/", None), "/no-such-page.html").await;
    assert_eq!(response.status(), 404);
    assert!(text(response).await.contains("Not here."));
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let site = site("outside", "/", None);
    for path in [
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/limiting/..%2f..%2fsecret",
    ] {
        assert_eq!(get(&site, path).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn files_have_the_type_a_strict_browser_wants_and_are_asked_for_again() {
    let site = site("types", "/", None);
    for (path, wanted) in [
        ("/", "text/html"),
        ("/simulator.js", "text/javascript"),
        ("/simulator_bg.wasm", "application/wasm"),
        ("/bucket.svg", "image/svg+xml"),
    ] {
        let response = get(&site, path).await;
        assert!(
            response.headers()[CONTENT_TYPE]
                .to_str()
                .unwrap()
                .starts_with(wanted),
            "{path}"
        );
        assert_eq!(response.headers()[CACHE_CONTROL], "no-cache");
    }
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_twice() {
    let site = site("etag", "/", None);
    let etag = get(&site, "/simulator.js").await.headers()[ETAG].clone();
    let request = Request::get("/simulator.js")
        .header(IF_NONE_MATCH, etag)
        .body(Body::empty())
        .unwrap();
    assert_eq!(answer(State(site), request).await.status(), 304);
}

#[tokio::test]
async fn without_reload_a_page_is_served_as_it_is() {
    let site = site("plain", "/", None);
    assert_eq!(
        text(get(&site, "/").await).await,
        "<html><body><p>Headroom</p></body></html>"
    );
    assert_eq!(get(&site, "/__reload/client.js").await.status(), 404);
}

#[tokio::test]
async fn with_reload_a_page_listens_and_knows_its_build() {
    let (_sender, stamps) = watch::channel(Stamp {
        number: 7,
        problem: String::new(),
    });
    let site = site("reload", "/book/", Some(stamps));
    let response = get(&site, "/book/").await;
    assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    assert!(!response.headers().contains_key(ETAG));
    let page = text(response).await;
    assert!(
        page.contains(r#"<script src="/book/__reload/client.js?seen=7"></script>"#),
        "{page}"
    );
    assert_eq!(get(&site, "/book/__reload/client.js").await.status(), 200);
    assert_eq!(
        text(get(&site, "/book/simulator.js").await).await,
        "export default 1;"
    );
}

#[tokio::test]
async fn a_listener_hears_the_present_build_at_once() {
    let (sender, stamps) = watch::channel(Stamp {
        number: 7,
        problem: "error: mismatched types".to_owned(),
    });
    let site = site("events", "/", Some(stamps));
    let response = get(&site, "/__reload/events").await;
    drop(sender);
    assert_eq!(
        text(response).await,
        "data: 7\ndata: error: mismatched types\n\n"
    );
}

#[test]
fn a_stamp_is_a_number_and_perhaps_a_problem() {
    let stamp = |number, problem: &str| {
        Some(Stamp {
            number,
            problem: problem.to_owned(),
        })
    };
    assert_eq!(Stamp::parse("12\n"), stamp(12, ""));
    assert_eq!(
        Stamp::parse("12\nerror: a\r\nat b\n"),
        stamp(12, "error: a\nat b")
    );
    assert_eq!(
        Stamp::parse("12"),
        None,
        "the writer has not finished the first line"
    );
    assert_eq!(Stamp::parse("soon\n"), None);
}

#[test]
fn the_script_goes_before_the_last_end_of_body_or_at_the_end() {
    let tag = "<script src=\"/__reload/client.js?seen=1\"></script>\n";
    assert_eq!(inject("<p>a</body>", "/", 1), format!("<p>a{tag}</body>"));
    assert_eq!(inject("<p>a", "/", 1), format!("<p>a{tag}"));
}
