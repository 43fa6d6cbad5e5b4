//! What mdBook leaves to others, written into every page of the built site: a content policy, the version of the
//! simulator, and a 404 page that works under any path.

use core::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// Where mdBook puts the character set; a policy only governs what follows it.
pub(crate) const HEAD: &str = "<meta charset=\"UTF-8\">";
/// The module and its glue, which must always be of the same build.
const SIMULATOR: [&str; 2] = ["wasm/simulator.js", "wasm/simulator_bg.wasm"];
/// What the page asks for by the same version.
const BESIDE: &str = "wasm/sources.json";
/// The worker that judges challenges; it is asked for under the same version.
const JUDGE: &str = "judge.js";

/// A host shows the 404 page at any depth and does not say where the book begins: where its table of contents is.
/// The request is synchronous because the style sheets that follow depend on its answer.
const FIND_BASE: &str = "<script>
            let folder = location.pathname;
            for (let found = false; !found && folder.includes('/');) {
                folder = folder.slice(0, folder.lastIndexOf('/'));
                const request = new XMLHttpRequest();
                request.open('HEAD', folder + '/toc.html', false);
                try { request.send(); found = request.status === 200; } catch (error) { found = true; }
            }
            document.head.append(Object.assign(document.createElement('base'), { href: folder + '/' }));
        </script>";

/// The faces a page sets its first screen in; asked for at once, they are there before the text is painted, and no line breaks anew.
const FACES: [&str; 4] = [
    "open-sans-v17-all-charsets-regular",
    "open-sans-v17-all-charsets-italic",
    "open-sans-v17-all-charsets-600",
    "source-code-pro-v11-all-charsets-500",
];

/// Finishes every page of the site in `dest`; returns what is wrong with them.
pub(crate) fn site(dest: &Path) -> Result<Vec<String>> {
    let version = simulator_version(dest)?;
    let faces = faces(dest)?;
    every_page(dest, |html, above| {
        page(html, version.as_deref(), &faces, above)
    })
}

/// Finishes every page below `dest` by `finished`, which is given the page and what leads from it to the root of the
/// site; returns what is wrong with them.
pub(crate) fn every_page(
    dest: &Path,
    finished: impl Fn(&str, &str) -> Option<String>,
) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for path in pages(dest)? {
        let html = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let place = path.strip_prefix(dest).unwrap_or(&path);
        let name = place.display().to_string();
        if let Some(line) = html.lines().position(|line| line.contains("{{#")) {
            wrong.push(format!(
                "{name}:{}: a directive {{{{#…}}}} is left in the page",
                line + 1
            ));
        }
        let above = "../".repeat(place.components().count() - 1);
        match finished(&html, &above) {
            Some(finished) => std::fs::write(&path, finished)
                .with_context(|| format!("cannot write {}", path.display()))?,
            None => wrong.push(format!(
                "{name}: the page has no {HEAD} to put the policy behind"
            )),
        }
    }
    Ok(wrong)
}

/// The page with all that was missing, `above` leading from it to the root of the site; `None` if it has no head.
pub(crate) fn page(
    html: &str,
    version: Option<&str>,
    faces: &[String],
    above: &str,
) -> Option<String> {
    // The 404 page does not know its own depth until its script has run.
    let knows_its_depth = !html.contains("<base href");
    let html = html.replacen("<base href=\"/\">", FIND_BASE, 1);
    let at = html.find(HEAD)? + HEAD.len();
    let mut head = format!(
        "\n        <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">",
        policy(&html)
    );
    if let Some(version) = version {
        write!(
            head,
            "\n        <meta name=\"hd-wasm\" content=\"{version}\">"
        )
        .expect("writing to a String cannot fail");
    }
    if knows_its_depth {
        for face in faces {
            ask_early(
                &mut head,
                "preload",
                &format!("{above}{face}"),
                " as=\"font\" type=\"font/woff2\"",
            );
        }
    }
    if let (true, true, Some(version)) = (knows_its_depth, html.contains("<hd-lab"), version) {
        let [glue, module] = SIMULATOR.map(|name| format!("{above}{name}?v={version}"));
        ask_early(&mut head, "modulepreload", &glue, "");
        ask_early(&mut head, "preload", &module, " as=\"fetch\"");
    }
    Some(labs_first(&format!("{}{head}{}", &html[..at], &html[at..])))
}

/// The page with the script of the labs moved up to its head: mdBook puts it behind its own search and highlighting,
/// and a reader waits for the lab and not for those.
pub(crate) fn labs_first(html: &str) -> String {
    let script = html.lines().map(str::trim).find(|line| {
        line.starts_with("<script src=")
            && line.contains("theme/labs")
            && line.ends_with("></script>")
    });
    match (script, html.split_once("</head>")) {
        (Some(script), Some((head, body))) => {
            let early = script.replacen("<script ", "<script async ", 1);
            format!(
                "{head}    {early}\n    </head>{}",
                body.replacen(script, "", 1)
            )
        }
        _ => html.to_owned(),
    }
}

/// Lets the browser ask for a file before it meets what needs it.
fn ask_early(head: &mut String, how: &str, address: &str, kind: &str) {
    write!(
        head,
        "\n        <link rel=\"{how}\" href=\"{address}\"{kind} crossorigin>"
    )
    .expect("writing to a String cannot fail");
}

/// Only this site's own files, and of scripts in the page only those that are in it now.
fn policy(html: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'",
        hashes(html)
    )
}

/// The scripts that stand in the page, as a policy names them.
pub(crate) fn hashes(html: &str) -> String {
    let mut hashes: Vec<String> = Vec::new();
    for script in inline_scripts(html) {
        let hash = format!(
            "'sha256-{}'",
            BASE64_STANDARD.encode(Sha256::digest(script))
        );
        if !hashes.contains(&hash) {
            hashes.push(hash);
        }
    }
    hashes.join(" ")
}

/// The text of every `<script>` without attributes; mdBook writes those that stand in the page so.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</script>").map(|it| it.0))
}

/// A fingerprint of the simulator's files; `None` when it has not been built.
fn simulator_version(dest: &Path) -> Result<Option<String>> {
    let mut hash = Sha256::new();
    for name in SIMULATOR {
        let path = dest.join(name);
        if !path.is_file() {
            return Ok(None);
        }
        let bytes =
            std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        hash.update(bytes);
    }
    for beside in [BESIDE, JUDGE] {
        let Ok(bytes) = std::fs::read(dest.join(beside)) else {
            continue;
        };
        hash.update(bytes);
    }
    let digest = hash.finalize();
    Ok(Some(
        digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    ))
}

/// The built files of [`FACES`], from the root of the site.
fn faces(dest: &Path) -> Result<Vec<String>> {
    let folder = dest.join("fonts");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if FACES.iter().any(|face| is_face(&name, face)) {
            found.push(format!("fonts/{name}"));
        }
    }
    found.sort();
    Ok(found)
}

/// `name` is the file of this face, with a fingerprint before its ending or without: not that of its italics.
fn is_face(name: &str, face: &str) -> bool {
    let rest = name
        .strip_prefix(face)
        .and_then(|rest| rest.strip_suffix(".woff2"));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// All pages below `dest`, sorted.
fn pages(dest: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut open) = (Vec::new(), vec![dest.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "html")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
