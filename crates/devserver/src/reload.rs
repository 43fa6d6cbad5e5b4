//! Live reload: pages listen to Server-Sent Events and reload when a stamp file changes.
//!
//! Whoever rebuilds the book writes the stamp file: its first line is a number that differs from the last one, any
//! further lines are a problem (a compile error). A page knows the number it was served at. A newer number
//! without a problem reloads it; a problem is shown over it, and the page stays.

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue, LAST_MODIFIED,
};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::watch;

/// Where a page finds the script, relative to the prefix; a file, so that `script-src 'self'` allows it.
pub(crate) const CLIENT_PATH: &str = "__reload/client.js";
/// Where the script listens, relative to the prefix.
pub(crate) const EVENTS_PATH: &str = "__reload/events";

/// How often the stamp file is read: a tenth of what a reader notices.
const POLL_INTERVAL: Duration = Duration::from_millis(100);
/// The largest page into which the script is put; the longest chapter is a tenth of it.
const PAGE_BYTES_MAX: usize = 32 << 20;

/// What the stamp file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Differs from build to build; 0 before the first.
    pub(crate) number: u64,
    /// Why the last build failed; empty if it did not.
    pub(crate) problem: String,
}

impl Stamp {
    /// Reads the text of a stamp file; a half-written one counts as nothing.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (number, problem) = text.split_once('\n')?;
        Some(Self {
            number: number.trim().parse().ok()?,
            problem: problem.trim_end().replace('\r', ""),
        })
    }

    /// The same text for the wire.
    fn to_event(&self) -> Event {
        Event::default().data(format!("{}\n{}", self.number, self.problem))
    }
}

/// Follows the stamp file for as long as somebody listens.
pub(crate) fn follow(file: PathBuf) -> watch::Receiver<Stamp> {
    let read = move || {
        std::fs::read_to_string(&file)
            .ok()
            .and_then(|text| Stamp::parse(&text))
    };
    let (sender, receiver) = watch::channel(read().unwrap_or_default());
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(POLL_INTERVAL);
        while !sender.is_closed() {
            ticks.tick().await;
            if let Some(stamp) = read() {
                sender.send_if_modified(|old| {
                    let changed = *old != stamp;
                    *old = stamp;
                    changed
                });
            }
        }
    });
    receiver
}

/// The script that listens.
pub(crate) fn client() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, include_str!("client.js")).into_response()
}

/// The present stamp at once, then every later one.
pub(crate) fn events(stamps: watch::Receiver<Stamp>) -> Response {
    let first = true;
    let events = stream::unfold((stamps, first), |(mut stamps, first)| async move {
        if !first {
            stamps.changed().await.ok()?;
        }
        let event = stamps.borrow_and_update().to_event();
        Some((Ok::<_, Infallible>(event), (stamps, false)))
    });
    Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// The same page with the script in it, as served at stamp `number`.
pub(crate) async fn with_client(response: Response, prefix: &str, number: u64) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(page) = to_bytes(body, PAGE_BYTES_MAX).await else {
        return (
            StatusCode::INTERNAL_SERVER_ERROR,
            "The page could not be read.",
        )
            .into_response();
    };
    let page = inject(&String::from_utf8_lossy(&page), prefix, number);
    // The page differs from the file now, so nothing about the file may be used to keep it.
    for header in [CONTENT_LENGTH, ETAG, LAST_MODIFIED] {
        parts.headers.remove(header);
    }
    parts
        .headers
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, Body::from(page))
}

/// Puts the script tag before the end of the body, or at the end of a page that never closes it.
pub(crate) fn inject(page: &str, prefix: &str, number: u64) -> String {
    let tag = format!("<script src=\"{prefix}{CLIENT_PATH}?seen={number}\"></script>\n");
    let at = page.rfind("</body>").unwrap_or(page.len());
    format!("{}{tag}{}", &page[..at], &page[at..])
}
