//! axe-core, the accessibility checker the browser tests run in each page: a test file, fetched and never published.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::places::Places;
use crate::process::{self, Lines};
use crate::steps::Step;

/// The version the pages are held against: a newer one may have new rules.
const VERSION: &str = "4.14.1";
/// It is half a megabyte.
const LIMIT: Duration = Duration::from_secs(120);

/// The path of `axe.min.js`, fetched through npm the first time.
pub(crate) fn provide(places: &Places, step: &Step) -> Result<PathBuf> {
    let folder = places.target.join(format!("axe-core-{VERSION}"));
    let script = folder.join("package").join("axe.min.js");
    if script.is_file() {
        return Ok(script);
    }
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let mut pack = places.other("npm");
    pack.args(["pack", "--silent", &format!("axe-core@{VERSION}")])
        .current_dir(&folder);
    process::run(pack, step, Lines::WhenItFails, LIMIT)?;
    let mut unpack = places.other("tar");
    unpack
        .args([
            "-xzf",
            &format!("axe-core-{VERSION}.tgz"),
            "package/axe.min.js",
        ])
        .current_dir(&folder);
    process::run(unpack, step, Lines::WhenItFails, LIMIT)?;
    if !script.is_file() {
        bail!("npm's axe-core {VERSION} has no axe.min.js");
    }
    Ok(script)
}
