//! The files of one folder under one path prefix, with headers that make a browser ask again every time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use axum::http::{Method, StatusCode, Uri, uri};
use axum::response::{IntoResponse, Redirect, Response};
use tokio::sync::watch;
use tower_http::services::{ServeDir, ServeFile};

use crate::reload::{self, Stamp};

/// The path a site lives under: `/`, or like `/books/headroom/`, always with a slash at both ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prefix(String);

impl Prefix {
    /// Takes a prefix as somebody types it, with or without its outer slashes.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let inner = text.trim_matches('/');
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~/".contains(c);
        if !inner.chars().all(plain)
            || inner.contains("//")
            || inner.split('/').any(|part| part == "..")
        {
            return Err(
                "a prefix is made of letters, digits, '-', '_', '.', '~' and '/'".to_owned(),
            );
        }
        Ok(Self(if inner.is_empty() {
            "/".to_owned()
        } else {
            format!("/{inner}/")
        }))
    }

    /// The prefix with a slash at both ends.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The prefix without its last slash: empty for `/`.
    fn without_last_slash(&self) -> &str {
        &self.0[..self.0.len() - 1]
    }
}

/// One folder, served under one prefix, with or without live reload.
pub(crate) struct Site {
    dir: PathBuf,
    prefix: Prefix,
    stamps: Option<watch::Receiver<Stamp>>,
}

impl Site {
    /// Serves `dir` under `prefix`; with `stamps`, pages reload when the stamp's number changes.
    pub(crate) fn new(
        dir: PathBuf,
        prefix: Prefix,
        stamps: Option<watch::Receiver<Stamp>>,
    ) -> Self {
        Self {
            dir,
            prefix,
            stamps,
        }
    }
}

/// Answers every request there is.
pub(crate) async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let path = request.uri().path();
    if path == site.prefix.without_last_slash() {
        return Redirect::permanent(site.prefix.as_str()).into_response();
    }
    let Some(rest) = path.strip_prefix(site.prefix.as_str()).map(str::to_owned) else {
        return (
            StatusCode::NOT_FOUND,
            format!("The site is at {}", site.prefix.as_str()),
        )
            .into_response();
    };
    match (&site.stamps, rest.as_str()) {
        (Some(_), reload::CLIENT_PATH) => reload::client(),
        (Some(stamps), reload::EVENTS_PATH) => reload::events(stamps.clone()),
        (stamps, _) => {
            let injects = request.method() == Method::GET && !rest.ends_with("print.html");
            let response = file(&site, &rest, request).await;
            match stamps {
                Some(stamps) if injects && is_html(&response) => {
                    let stamp = stamps.borrow().number;
                    reload::with_client(response, site.prefix.as_str(), stamp).await
                }
                _ => response,
            }
        }
    }
}

fn is_html(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE);
    content_type
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("text/html"))
}

/// The file at `rest`, a path relative to the folder; the book's own 404.html where there is none.
async fn file(site: &Site, rest: &str, mut request: Request) -> Response {
    let path_and_query = match request.uri().query() {
        Some(query) => format!("/{rest}?{query}"),
        None => format!("/{rest}"),
    };
    let Ok(path_and_query) = path_and_query.parse::<uri::PathAndQuery>() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    *request.uri_mut() = Uri::from(path_and_query);
    let mut response = match from_folder(&site.dir, site.prefix.without_last_slash(), request).await
    {
        Ok(response) => response,
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    };
    let headers = response.headers_mut();
    // The browser keeps its copy but asks each time whether it is still good: ETag and Last-Modified answer that.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // As strict hosts do: a wrong MIME type must fail here already.
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn from_folder(dir: &Path, prefix: &str, request: Request) -> std::io::Result<Response> {
    let missing = ServeFile::new(dir.join("404.html"));
    let mut files = ServeDir::new(dir)
        .redirect_path_prefix(prefix)
        .not_found_service(missing);
    files
        .try_call(request)
        .await
        .map(|response| response.map(Body::new))
}
