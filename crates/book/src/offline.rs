//! The site as a folder that opens from disk: browsers refuse `fetch` and modules from `file://`, so the simulator is a classic
//! script with the WebAssembly in it, and no page needs anything but scripts, styles, fonts and pictures beside it.

use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use crate::finish::{self, HEAD};
use crate::sources::Sources;

/// Loads the simulator when the first lab wants it; every page has it in its head.
const LOADER: &str = include_str!("../../../theme/offline.js");
/// Where the loader is in the site.
const LOADER_AT: &str = "theme/offline.js";
/// Where the loader looks for the simulator.
const SIMULATOR_AT: &str = "wasm/simulator.js";

/// Turns the site that mdBook has written to `dest` into one for `file://`; `glue` is the folder in which wasm-bindgen's glue
/// for classic scripts lies beside its module. Returns what is wrong with the pages.
pub(crate) fn site(glue: &Path, sources: &Sources, dest: &Path) -> Result<Vec<String>> {
    let read = |name: &str| {
        let path = glue.join(name);
        std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let module = read("simulator_bg.wasm")?;
    let glue = String::from_utf8(read("simulator.js")?).context("simulator.js is not text")?;
    let wasm = dest.join("wasm");
    if wasm.is_dir() {
        // What is published is of no use here.
        std::fs::remove_dir_all(&wasm)
            .with_context(|| format!("cannot remove {}", wasm.display()))?;
    }
    write(dest, SIMULATOR_AT, &simulator(&glue, &module, sources))?;
    write(dest, LOADER_AT, LOADER)?;
    // Only a host can show it.
    let missing = dest.join("404.html");
    if missing.is_file() {
        std::fs::remove_file(&missing)
            .with_context(|| format!("cannot remove {}", missing.display()))?;
    }
    finish::every_page(dest, page)
}

fn write(dest: &Path, name: &str, text: &str) -> Result<()> {
    let path = dest.join(name);
    let folder = path.parent().unwrap_or(dest);
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&path, text))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The simulator as one script: it leaves the code behind the labs' decisions in `headroom.sources`, and in
/// `headroom.start` what starts the module.
///
/// The module is base64 and not packed: decoding is one call that every browser has, and whoever packs the folder packs it too.
pub(crate) fn simulator(glue: &str, module: &[u8], sources: &Sources) -> String {
    format!(
        "(() => {{\n{glue}\nheadroom.sources = {};\n\
         const module = '{}';\n\
         headroom.start = async () => {{\n  \
           await wasm_bindgen({{ module_or_path: Uint8Array.from(atob(module), (letter) => letter.charCodeAt(0)) }});\n  \
           return wasm_bindgen;\n\
         }};\n}})();\n",
        json!(sources),
        BASE64_STANDARD.encode(module)
    )
}

/// The page with its policy and the loader before all other scripts; `None` if it has no head.
pub(crate) fn page(html: &str, above: &str) -> Option<String> {
    let at = html.find(HEAD)? + HEAD.len();
    let head = format!(
        "\n        <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\
         \n        <script src=\"{above}{LOADER_AT}\"></script>",
        policy(html)
    );
    Some(finish::labs_first(&format!(
        "{}{head}{}",
        &html[..at],
        &html[at..]
    )))
}

/// Files of this machine alone, nothing by network; not every browser takes a file's own folder for its `'self'`.
fn policy(html: &str) -> String {
    format!(
        "default-src 'none'; script-src file: 'wasm-unsafe-eval' {}; style-src file: 'unsafe-inline'; \
         font-src file:; img-src file: data:; connect-src 'none'; object-src 'none'; base-uri 'none'; \
         form-action 'none'",
        finish::hashes(html)
    )
}
